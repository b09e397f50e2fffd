"""Where something is saved: the name that is written is the name that was asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from core.exports import EXPORTS
from gui.app import Application
from gui.save_dialog import ask_where_to_save
from gui.texts import LANGUAGES, Texts

PNG, SVG = "PNG (*.png)", "SVG (*.svg)"
KINDS = {PNG: ".png", SVG: ".svg"}


class Answers:
    """Answers the dialogs in place of a person, and remembers what they asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *names: Path | str) -> None:
        self.names = [str(name) for name in names]
        self.proposed: list[str] = []
        self.questions: list[str] = []
        self.says_yes = True
        self.kind = ""
        monkeypatch.setattr(QFileDialog, "getSaveFileName", self._choose)
        monkeypatch.setattr(QMessageBox, "question", self._decide)

    def _choose(self, _window: object, _title: str, name: str, _kinds: str) -> tuple[str, str]:
        self.proposed.append(name)
        return self.names.pop(0), self.kind

    def _decide(self, _window: object, _title: str, question: str) -> QMessageBox.StandardButton:
        self.questions.append(question)
        buttons = QMessageBox.StandardButton
        return buttons.Yes if self.says_yes else buttons.No


def ask(folder: Path, *, is_strict: bool = False, language: str = "en") -> Path | None:
    texts = Texts(language)
    return ask_where_to_save(None, texts, "Save", folder / "x.png", KINDS, is_strict=is_strict)


def test_a_name_without_a_suffix_gets_that_of_the_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers(monkeypatch, tmp_path / "a", tmp_path / "a", tmp_path / "a.txt", "")
    assert ask(tmp_path) == tmp_path / "a.png"
    answers.kind = SVG
    assert ask(tmp_path) == tmp_path / "a.svg"
    assert ask(tmp_path) == tmp_path / "a.txt"
    assert ask(tmp_path) is None, "the dialog was left"
    assert answers.questions == []


def test_where_the_suffix_says_what_is_written_another_one_is_part_of_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Answers(monkeypatch, tmp_path / "v1.2", tmp_path / "A.SVG")
    assert ask(tmp_path, is_strict=True) == tmp_path / "v1.2.png"
    assert ask(tmp_path, is_strict=True) == tmp_path / "A.SVG"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_only_the_suffix_names_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    (tmp_path / "a.png").write_text("dear")
    answers = Answers(monkeypatch, tmp_path / "a")
    assert ask(tmp_path, language=language) == tmp_path / "a.png"
    (question,) = answers.questions
    assert "a.png" in question


def test_a_name_that_no_file_can_have_is_left_to_the_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = Answers(monkeypatch, tmp_path / ("n" * 300))
    assert ask(tmp_path) == tmp_path / f"{'n' * 300}.png"
    assert answers.questions == []


def test_who_says_no_chooses_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.png").write_text("dear")
    answers = Answers(monkeypatch, tmp_path / "a", tmp_path / "b")
    answers.says_yes = False
    assert ask(tmp_path) == tmp_path / "b.png"
    assert answers.proposed == [str(tmp_path / "x.png"), str(tmp_path / "a.png")]
    assert len(answers.questions) == 1


def test_a_name_that_the_dialog_itself_asked_about_is_not_asked_about_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_text("dear")
    answers = Answers(monkeypatch, tmp_path / "a.png")
    assert ask(tmp_path) == tmp_path / "a.png"
    assert answers.questions == []


@pytest.mark.usefixtures("qapp")
def test_the_real_dialogs_ask_once_about_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("dear")
    with agreeing() as asked:
        path = ask_where_to_save(None, Texts("en"), "Save", tmp_path / "a.png", KINDS)
        assert path == tmp_path / "a.png"
        assert len(asked) == 1, "Qt's own question"
        path = ask_where_to_save(None, Texts("en"), "Save", tmp_path / "a", KINDS)
        assert path == tmp_path / "a.png"
        assert len(asked) == 2
        assert "a.png" in asked[1]


@contextmanager
def agreeing() -> Iterator[list[str]]:
    """Agree to what a dialog proposes, and to each question that comes of it; hand those out."""
    asked: list[str] = []
    goes_on = True

    def agree() -> None:
        if not goes_on:
            return
        QTimer.singleShot(0, agree)  # before: a dialog that is agreed to may ask back at once
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QMessageBox):
            asked.append(dialog.text())
            dialog.button(QMessageBox.StandardButton.Yes).click()
        elif isinstance(dialog, QFileDialog):
            dialog.accept()

    agree()
    try:
        yield asked
    finally:
        goes_on = False


SAVED = {
    "Save a repor&t of the session…": ".html",
    "Save the charts as a p&icture…": ".png",
    "Save the re&cording…": ".jsonl",
    "&Save the script…": ".py",
    **{f"{export.label['en']}…": export.suffix for export in EXPORTS},
}
"""Everything that the window saves."""


def test_nothing_in_the_window_is_written_over_unasked(
    parts: Application,
    run_out: Callable[[Application], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts.session.runner.run()
    run_out(parts)
    entries = {each.text(): each for each in parts.window.findChildren(QAction)}
    assert set(SAVED) <= set(entries), sorted(entries)
    for text, suffix in SAVED.items():
        dear = tmp_path / f"dear{suffix}"
        dear.write_text("dear")
        answers = Answers(monkeypatch, tmp_path / "dear", "")
        answers.says_yes = False
        entries[text].trigger()
        assert len(answers.questions) == 1, text
        assert dear.name in answers.questions[0]
        assert dear.read_text() == "dear"
