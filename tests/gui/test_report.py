"""The report of a session: made of real runs, read as browsers read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QLabel

from core.exports import html
from core.sweep import SweepPlan
from gui.app import Application
from gui.report import report_of
from gui.scripts import script_from_text
from gui.texts import Texts
from gui.theme import DARK, LIGHT
from tests.gui.small_demos import COUNT

VOID = {"meta", "br", "hr", "img", "input", "link"}

HOSTILE = """from concurrent import futures

EXECUTOR = futures.ThreadPoolExecutor
NOTE = "<img src=x onerror=alert(1)>"

def shout(text):
    return text  # </script><script>alert(1)</script> &amp; </pre>

def main():
    with EXECUTOR(1) as executor:
        for result in executor.map(shout, ["</text></svg><script>\\x1b\\x00", "</title>&"]):
            print(result)
    raise ValueError("<b>bold</b>")

if __name__ == "__main__": main()
"""


class Page(HTMLParser):
    """Reads a page: its elements in order, its text, and whether each that opens is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if len({name for name, _ in attrs}) < len(attrs):
            self.faults.append(f"an attribute twice in {tag}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def check(text: str) -> Page:
    """Check that a page is well-formed and loads nothing; return what is in it."""
    assert text.startswith("<!DOCTYPE html>\n<html lang=")
    page = Page(text)
    assert (page.faults, page.open) == ([], [])
    names = [tag for tag, _ in page.elements]
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & set(names)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            assert "://" not in (value or ""), (tag, name, value)
            if name in ("href", "src"):
                assert (value or "").startswith(("#", "data:image/"))
            for reference in re.findall(r"url\(#?([^)]*)\)", value or ""):
                assert reference in ids
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    for svg in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        ElementTree.fromstring(svg)
    return page


def report(parts: Application, language: str = "en") -> str:
    texts = Texts(language)
    return html.page(report_of(parts.session.results, texts, texts("report.title")))


@pytest.fixture
def session_of_runs(parts: Application, run_out: Callable[[Application], None]) -> Application:
    """Run a demo in both modes, and in one of them once more with another setting."""
    for mode in ("sequential", "threads"):
        parts.session.script.set_mode(mode)
        parts.session.runner.run()
        run_out(parts)
    parts.session.script.set_knob("LOUD", True)
    parts.session.runner.run()
    run_out(parts)
    return parts


def check_numbers(parts: Application) -> None:
    """Check that the numbers of a report are those of the runs."""
    comparison = parts.session.results.comparison
    (section,) = report_of(parts.session.results, Texts("en"), "").sections
    rows = [row for table in section.tables for row in table.rows]
    assert [row[:2] for row in rows] == [("Sequential", "1"), ("Threads", "1"), ("Threads", "1")]
    assert [row[-1].startswith("× ") for row in rows] == [True, True, False]
    assert len(comparison.workloads()) == len(section.tables) == 2
    # What is compared stands with its numbers; of one mode alone there is nothing to compare.
    (both,), alone = (table.pictures for table in section.tables)
    assert alone == ()
    assert all(mode in both.svg for mode in ("Sequential", "Threads"))
    assert section.title == "Doubling numbers"  # and not the demo that was not run


def test_a_report_tells_what_ran_and_what_was_measured(session_of_runs: Application) -> None:
    parts = session_of_runs
    page = check(report(parts))
    told = page.text
    assert "Doubling numbers" in told
    assert parts.session.script.text.rstrip() in told
    for sentence in (
        "The tutorial says: Threads double <all> the numbers.",
        "Holds here: 3 < 9 were doubled.",
        "The tutorial says: One after the other takes longer.",
        "3 numbers were doubled one by one.",
        "3 numbers were doubled by threads.",
        "Sequential (Loud: no)",
        "Threads (Loud: yes)",
    ):
        assert sentence in told, sentence
    charts = re.findall("<svg.*?<title>(.*?)</title>", report(parts), re.DOTALL)
    assert charts.count("Timeline") == 3
    assert len(charts) == 4
    check_numbers(parts)


def test_a_report_speaks_the_language_of_the_window_and_is_light(
    parts: Application, run_out: Callable[[Application], None]
) -> None:
    parts.appearance.set_look("dark")
    parts.session.runner.run()
    run_out(parts)
    text = report(parts, "ja")
    page = check(text)
    assert '<html lang="ja">' in text
    for words in ("セッションのレポート", "倍にする", "タイムライン", "中央値", "倍にしました"):
        assert words in page.text
    assert "Measured" not in page.text
    assert LIGHT.paper.lower() in text
    assert DARK.paper.lower() not in text


def test_a_sweep_is_in_the_report(
    parts: Application, run_out: Callable[[Application], None]
) -> None:
    sweeps = parts.window.sweep.sweeps
    parts.session.open(script_from_text(COUNT.replace("WORKERS", "MAX_WORKERS")))
    assert sweeps.is_possible
    sweeps.start(SweepPlan(knob="MAX_WORKERS", mode="threads", workers=(1, 2)))
    run_out(parts)
    texts = Texts("en")
    swept = report_of(parts.session.results, texts, "", sweeps.by_script)
    text = html.page(swept)
    check(text)
    assert "<title>Speed-up" in text
    assert len(swept.sections[0].tables) == 2
    assert "MAX_WORKERS: 1" in text


def test_what_a_script_says_is_text_in_the_report(
    parts: Application, run_out: Callable[[Application], None], tmp_path: Path
) -> None:
    path = tmp_path / "mine & yours.py"
    path.write_text(HOSTILE)
    parts.window.open_file(path)
    parts.session.runner.run()
    run_out(parts)
    page = check(report(parts))
    assert "</script><script>alert(1)</script> &amp; </pre>" in page.text
    assert "<img src=x onerror=alert(1)>" in page.text
    assert "ValueError: <b>bold</b>" in page.text
    assert "mine & yours.py" in page.text


def answer(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def save_report(parts: Application) -> None:
    (entry,) = [a for a in parts.window.findChildren(QAction) if "repor&t" in a.text()]
    entry.trigger()


def told(parts: Application) -> str:
    label = parts.window.findChild(QLabel, "explanation")
    assert label is not None
    return label.text()


def test_a_report_is_saved_from_the_menu(
    parts: Application,
    run_out: Callable[[Application], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer(monkeypatch, tmp_path / "lesson")
    save_report(parts)
    assert told(parts) == "There is nothing to report yet; run a demo first."
    parts.session.runner.run()
    run_out(parts)
    save_report(parts)
    check((tmp_path / "lesson.html").read_text(encoding="utf-8"))
    answer(monkeypatch, tmp_path / "no" / "lesson.html")
    save_report(parts)
    assert told(parts).startswith("lesson.html cannot be saved (No such file or directory)")
