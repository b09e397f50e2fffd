"""Opening, dropping, pasting and saving scripts; nothing of it runs anything."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel

from gui.app import Application
from gui.panels.code_view import CodeView

SCRIPT = "NUMBER = 3\n\ndef main():\n    print(NUMBER)\n\nmain()\n"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(SCRIPT)
    return path


def shown(parts: Application) -> str:
    code = parts.window.findChild(CodeView, "code_view")
    assert code is not None
    return code.text


def told(parts: Application) -> str:
    label = parts.window.findChild(QLabel, "explanation")
    assert label is not None
    return label.text()


def choose_file(monkeypatch: pytest.MonkeyPatch, dialog: str, path: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, dialog, lambda *_: (str(path), ""))


def press(parts: Application, key: Qt.Key, *, shift: bool = False) -> None:
    modifiers = Qt.KeyboardModifier.ControlModifier
    if shift:
        modifiers |= Qt.KeyboardModifier.ShiftModifier
    parts.window.activateWindow()
    QTest.keyClick(parts.window, key, modifiers)


def drop(parts: Application, *files: Path) -> bool:
    """Drag files over the window and let them go; return whether it takes them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    place, copy = QPoint(20, 20), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place, copy, mime, left, none)
    enter.ignore()
    QGuiApplication.sendEvent(parts.window, enter)
    if enter.isAccepted():
        QGuiApplication.sendEvent(parts.window, QDropEvent(QPointF(place), copy, mime, left, none))
    return enter.isAccepted()


def test_a_file_is_opened_by_a_dialog_and_not_run(
    parts: Application, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_file(monkeypatch, "getOpenFileName", script)
    press(parts, Qt.Key.Key_O)
    assert shown(parts) == SCRIPT
    assert "mine.py" in parts.window.windowTitle()
    assert not parts.session.runner.busy
    assert parts.session.recording is None


def test_a_dialog_that_is_left_changes_nothing(
    parts: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shown(parts)
    for dialog, key in (("getOpenFileName", Qt.Key.Key_O), ("getSaveFileName", Qt.Key.Key_S)):
        choose_file(monkeypatch, dialog, "")
        press(parts, key)
    assert shown(parts) == before


def test_the_script_is_saved_as_it_stands(
    parts: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.session.script.set_knob("NUMBERS", 7)
    saved = tmp_path / "saved.py"
    choose_file(monkeypatch, "getSaveFileName", saved)
    press(parts, Qt.Key.Key_S)
    assert saved.read_bytes().decode() == parts.session.script.text
    assert "NUMBERS = 7" in parts.session.script.text


def test_line_ends_survive_opening_and_saving(
    parts: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "windows.py"
    script.write_bytes(b"A = 1\r\nB = 2\r\n")
    parts.window.open_file(script)
    assert shown(parts) == "A = 1\nB = 2\n"
    choose_file(monkeypatch, "getSaveFileName", tmp_path / "again.py")
    press(parts, Qt.Key.Key_S)
    assert (tmp_path / "again.py").read_bytes() == script.read_bytes()


def test_a_place_that_cannot_be_written_gets_a_sentence(
    parts: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_file(monkeypatch, "getSaveFileName", tmp_path / "no" / "folder.py")
    press(parts, Qt.Key.Key_S)
    sentence = "folder.py cannot be saved (No such file or directory); choose another place."
    assert told(parts) == sentence


def test_a_full_disk_leaves_the_script_that_was_there(
    parts: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "dear.py"
    path.write_text("dear = 1\n")
    path.chmod(0o755)
    choose_file(monkeypatch, "getSaveFileName", path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, hard))  # as if there were 20 bytes left
    try:
        press(parts, Qt.Key.Key_S)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert told(parts).startswith("dear.py cannot be saved (File too large)")
    assert path.read_text() == "dear = 1\n"
    press(parts, Qt.Key.Key_S)
    assert path.read_text() == parts.session.script.text
    assert path.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00a", b"a = '\x00'", b"x" * 2_000_000, b"caf\xe9 = 1", None]
)
def test_a_file_that_is_no_script_gets_a_sentence(
    parts: Application, tmp_path: Path, content: bytes | None, language: str
) -> None:
    parts.appearance.set_language(language)
    before = shown(parts)
    path = tmp_path / "thing.py"
    if content is not None:
        path.write_bytes(content)
    parts.window.open_file(path)
    assert shown(parts) == before
    assert "thing.py" in told(parts)
    assert ("開けません" in told(parts)) == (language == "ja")


def test_a_folder_is_no_script(parts: Application, tmp_path: Path) -> None:
    parts.window.open_file(tmp_path)
    assert told(parts) == f"{tmp_path} is not a file; give a Python script."


def test_a_script_with_a_fault_is_shown_with_its_line(parts: Application, tmp_path: Path) -> None:
    script = tmp_path / "wrong.py"
    script.write_text("A = 1\nif A\n")
    parts.window.open_file(script)
    assert shown(parts) == "A = 1\nif A\n"
    assert told(parts).startswith("Line 2: ")


def test_a_script_is_dropped_on_the_window(parts: Application, script: Path) -> None:
    assert drop(parts, script)
    assert shown(parts) == SCRIPT


def test_several_files_at_once_get_a_sentence(parts: Application, script: Path) -> None:
    before = shown(parts)
    assert drop(parts, script, script)
    assert shown(parts) == before
    assert told(parts) == "Drop one script or recording at a time."


def test_nothing_is_dropped_while_something_runs(
    parts: Application, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(parts.session.runner), "busy", True)
    assert not drop(parts, script)


def test_a_text_is_pasted_as_a_script(parts: Application) -> None:
    QGuiApplication.clipboard().setText(SCRIPT)
    press(parts, Qt.Key.Key_V, shift=True)
    assert shown(parts) == SCRIPT
    assert parts.session.script.demo is parts.session.shelf.own
    assert parts.session.recording is None


def test_an_empty_clipboard_gets_a_sentence(parts: Application) -> None:
    QGuiApplication.clipboard().clear()
    press(parts, Qt.Key.Key_V, shift=True)
    assert told(parts) == "There is no text to paste; copy a Python script first."


def test_a_demo_goes_back_to_what_it_was(parts: Application) -> None:
    before = shown(parts)
    parts.session.script.set_knob("NUMBERS", 7)
    (action,) = [a for a in parts.window.findChildren(QAction) if "demo as it was" in a.text()]
    action.trigger()
    assert shown(parts) == before
