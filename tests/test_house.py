"""The rules of the house: who imports whom, and what no file may contain."""

from __future__ import annotations

import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAB = "the lab imports itself and the standard library, nothing else"
WATCHER = "the watcher imports itself and the standard library, nothing else"
CHARTS = "charts know data and theme, never panels or the window"
CONTRACTS = {
    "gui -> core",
    "nothing imports main",
    "core knows no Qt",
    LAB,
    WATCHER,
    "the guard process imports little",
    "the events know nothing of the rest",
    CHARTS,
}


def _verdicts(folder: Path) -> dict[str, str]:
    """Run the import linter in a folder: KEPT or BROKEN by the name of the contract."""
    code = "from importlinter.cli import lint_imports; lint_imports(no_cache=True)"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=True,
    )
    verdicts = dict(re.findall(r"^(.+) (KEPT|BROKEN)$", answer.stdout, re.MULTILINE))
    assert set(verdicts) == CONTRACTS, answer.stdout + answer.stderr
    return verdicts


def test_the_import_contracts_are_kept() -> None:
    assert set(_verdicts(ROOT).values()) == {"KEPT"}


@pytest.mark.parametrize(
    ("file", "violation", "broken"),
    [
        ("core/planted.py", "import PySide6.QtCore", "core knows no Qt"),
        ("core/sites/planted.py", "import pyqtgraph", "core knows no Qt"),
        ("core/planted.py", "import gui.panels", "gui -> core"),
        ("gui/charts/planted.py", "import main", "nothing imports main"),
        ("core/lab/planted.py", "import core.events", LAB),
        ("core/lab/planted.py", "from ..planted_beside import x", LAB),
        ("core/lab/planted.py", "def f():\n    import msgspec", LAB),
        ("core/watcher/planted.py", "import core.activity", WATCHER),
        ("core/guard_process.py", "import core.guard", "the guard process imports little"),
        ("core/events.py", "import core.recording", "the events know nothing of the rest"),
        ("gui/charts/planted.py", "import gui.panels.planted", CHARTS),
        ("gui/charts/planted.py", "from gui import bridge", CHARTS),
    ],
)
def test_a_planted_violation_breaks_its_contract(
    file: str, violation: str, broken: str, tmp_path: Path
) -> None:
    for package in ("core", "gui", "tools"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for beside in ("core/planted_beside.py", "gui/panels/planted.py"):
        (tmp_path / beside).write_text("x = 1\n")
    with (tmp_path / file).open("a") as planted:
        planted.write(f"\n{violation}\n")
    assert _verdicts(tmp_path)[broken] == "BROKEN"


def test_importing_all_of_core_loads_no_qt() -> None:
    code = """if True:
        import importlib, pkgutil, sys
        import core
        names = [module.name for module in pkgutil.walk_packages(core.__path__, "core.")]
        for name in names:
            if not name.endswith(".__main__"):
                importlib.import_module(name)
        loaded = {name.partition(".")[0] for name in sys.modules}
        print(len(names), *sorted(loaded & {"PySide6", "shiboken6", "pyqtgraph"}))
    """
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    count, *qt = answer.stdout.split()
    assert int(count) > 1
    assert qt == []


def test_the_lab_is_python_3_9_and_standard_library() -> None:
    files = sorted((ROOT / "core" / "lab").rglob("*.py"))
    assert files
    for file in files:
        tree = ast.parse(file.read_text("utf-8"), str(file), feature_version=(3, 9))
        foreign = {name for name in _absolute_imports(tree) if name not in sys.stdlib_module_names}
        assert foreign == set(), file


def _absolute_imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert node.module is not None
            yield node.module.partition(".")[0]


def test_only_the_bridge_knows_threads() -> None:
    knowing = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "gui").rglob("*.py")
        if _names(file) & {"QThread", "QThreadPool", "QRunnable", "QtConcurrent", "threading"}
    }
    assert knowing <= {"gui/bridge.py"}


def _names(file: Path) -> set[str]:
    with file.open("rb") as source:
        tokens = tokenize.tokenize(source.readline)
        return {token.string for token in tokens if token.type == tokenize.NAME}


def _project_files(root: Path) -> Iterator[Path]:
    """Walk the project without what `.gitignore` names: an unpacked archive knows no git."""
    ignored = [line.rstrip("/") for line in (root / ".gitignore").read_text("utf-8").split()]
    for folder, subfolders, names in os.walk(root):
        at_top = Path(folder) == root

        def is_ours(name: str, at_top: bool = at_top) -> bool:
            places = (name, f"/{name}") if at_top else (name,)
            return name != ".git" and not any(fnmatch(p, i) for p in places for i in ignored)

        subfolders[:] = filter(is_ours, subfolders)
        yield from (Path(folder) / name for name in names if is_ours(name))


def _texts() -> Iterator[tuple[str, str]]:
    """Read every text file of the project."""
    for path in _project_files(ROOT):
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or a link that leads nowhere


def test_files_that_git_ignores_are_not_the_projects(tmp_path: Path) -> None:
    ours = {"main.py", "core/a.py", "core/tour/b.py"}
    others = {".git/config", ".venv/x.py", "tour/a.png", "core/__pycache__/a.pyc", "core/b.pyc"}
    for name in ours | others:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text((ROOT / ".gitignore").read_text("utf-8"), "utf-8")
    found = {path.relative_to(tmp_path).as_posix() for path in _project_files(tmp_path)}
    assert found == ours | {".gitignore"}


@pytest.mark.parametrize(
    "forbidden",
    [
        r"(?<![\w.~-])/(root|home|work|Users|opt)/[\w.]",  # a path of somebody's machine
        r"(pypi|pythonhosted)" + r"\.org",
        r"--(extra-)?index" + "-url",
        r"--find" + "-links",
    ],
)
def test_no_file_names_a_machine_or_a_registry(forbidden: str) -> None:
    texts = dict(_texts())
    assert "pyproject.toml" in texts
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(forbidden, line)
    ]
    assert found == []


def _pins(file: str) -> dict[str, str]:
    text = (ROOT / file).read_text("utf-8").replace("\\\n", " ")
    requirements = [
        line for line in text.splitlines() if line and not line.lstrip().startswith("#")
    ]
    assert all("--hash=sha256:" in line for line in requirements)
    return dict(line.split()[0].split("==") for line in requirements)


def test_requirements_are_pinned_and_the_tests_use_what_the_program_uses() -> None:
    program, tests = _pins("requirements.txt"), _pins("requirements-dev.txt")
    assert program["pyside6-essentials"] != "6.12.0"
    assert program.items() < tests.items()


def test_every_exemption_carries_its_reason() -> None:
    reason = re.compile(r"# (noqa: [A-Z]+\d+(, [A-Z]+\d+)*|type: ignore\[[\w, -]+\])\W+\w\S* \S+")
    bare = [
        f"{name}:{number}: {comment}"
        for name, text in _texts()
        if name.endswith(".py")
        for number, comment in _comments(text)
        if re.match(r"#\s*(noqa|type:\s*ignore)", comment) and not reason.match(comment)
    ]
    assert bare == []


def _comments(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
