"""Nothing writes a file for people but the atomic write: held against the sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

WRITERS = {"write_text", "write_bytes", "mkstemp", "NamedTemporaryFile", "QSaveFile", "replace"}
OTHERS = {
    "core/laboratory.py": "the copy of a script in the private folder of its run",
    "main.py": "the standard streams, where they were closed",
}
"""Who writes what no person keeps."""


def places(path: Path) -> Iterator[str]:
    """Yield where a source opens a file for writing."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
        modes = [text for text in texts if isinstance(text, str) and set(text) <= set("rwxab+t")]
        opens = name == "open" and any(set(mode) & set("wxa+") for mode in modes)
        of_files = name != "replace" or getattr(getattr(node.func, "value", None), "id", "") == "os"
        if opens or (name in WRITERS and of_files):
            yield f"{path.relative_to(ROOT)}:{node.lineno}: {name}"


def test_nothing_else_writes_files_for_people() -> None:
    sources = [ROOT / "main.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "gui").rglob("*.py")]
    found = [place for path in sources for place in places(path)]
    known = ("core/storage/", *OTHERS)
    assert [place for place in found if not place.startswith(known)] == []
    assert any(place.startswith("core/storage/") for place in found)
