"""Where something is to be saved: one dialog for all that the window writes.

A file dialog asks before a file is written over, but about the name that was typed. Where that
lacks the suffix, another file is meant, and the question is asked here.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui.texts import Texts


def ask_where_to_save(
    window: QWidget | None,
    texts: Texts,
    title: str,
    proposed: Path,
    kinds: Mapping[str, str],
    *,
    is_strict: bool = False,
) -> Path | None:
    """Let a person choose a file; return its path, or None if the dialog was left.

    A file that is there already was agreed to be written over.

    Parameters
    ----------
    kinds
        The suffix (``".png"``) of each filter (``"PNG (*.png)"``) that the dialog offers.
    is_strict
        Whether the suffix says what is written, so that it has to be one of these.
    """
    while True:
        name, kind = QFileDialog.getSaveFileName(window, title, str(proposed), ";;".join(kinds))
        if not name:
            return None
        suffix = kinds.get(kind) or next(iter(kinds.values()))
        path = _with_suffix(Path(name), suffix, kinds.values() if is_strict else ())
        if path == Path(name) or not _is_there(path) or _is_agreed(window, texts, title, path):
            return path
        proposed = path


def _with_suffix(path: Path, suffix: str, known: Collection[str]) -> Path:
    """Return a path that says what it holds, if it does not yet; ``known``: the only suffixes."""
    says = path.suffix.lower() in known if known else bool(path.suffix)
    return path if says else path.with_name(path.name + suffix)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # what writes it says why it cannot be


def _is_agreed(window: QWidget | None, texts: Texts, title: str, path: Path) -> bool:
    question = texts("file.replace", name=path.name)
    return QMessageBox.question(window, title, question) == QMessageBox.StandardButton.Yes
