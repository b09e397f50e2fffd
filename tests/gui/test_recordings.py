"""Recordings in the window: opened, dropped, saved, kept and brought back; opening runs nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QListWidget, QMenu
from pytestqt.qtbot import QtBot

from core.demos import Demo
from core.jobs import knobs_of
from core.recent_runs import RecentRuns
from core.recording import Recording
from core.recording_file import open_recording, save
from gui.app import Application
from gui.settings import Settings
from tests.core.recordings import at, finished_run, recording, submit, timed
from tests.core.storage.spools import spooled, written
from tests.gui.conftest import RUN_MS, put_away
from tests.gui.test_files import choose_file, drop, shown, told
from tests.waiting import wait_until

RunOut = Callable[[Application], None]


@pytest.fixture
def runs(tmp_path: Path) -> RecentRuns:
    return RecentRuns(tmp_path / "runs")


@pytest.fixture
def parts(
    qtbot: QtBot,
    qapp: QApplication,
    settings: Settings,
    small_demos: tuple[Demo, ...],
    runs: RecentRuns,
) -> Iterator[Application]:
    """Hand out the application that keeps runs."""
    parts = Application(qapp, settings, small_demos, runs)
    with qtbot.waitSignal(parts.window.painted):
        parts.window.show()
    yield parts
    put_away(parts)


def recorded(path: Path, demo: str, script: str) -> Path:
    """Save a recording of two tasks."""
    fields = {"demo": demo, "script": script, "knobs": knobs_of(script), "python": "3.9.1"}
    record = recording(**fields)
    submit(record, (0, 0.1), (1, 0.1))
    timed(record, 0.125, 1.375)
    record.add_output(at(1), "stdout", ["it was long ago"])
    record.finish("done", 0, "", at(1.5))
    save(record, path)
    return path


def menu_entries(parts: Application, title: str) -> list[QAction]:
    """Return the entries of a submenu, found by its title."""
    (menu,) = [menu for menu in parts.window.findChildren(QMenu) if menu.title() == title]
    return menu.actions()


def wait_opened(qtbot: QtBot, parts: Application) -> None:
    session = parts.session
    qtbot.waitUntil(lambda: session.results.was_opened(session.recording), timeout=RUN_MS)


def test_a_recorded_demo_is_shown_with_its_card_and_not_run(
    parts: Application, tmp_path: Path, qtbot: QtBot, run_out: RunOut
) -> None:
    session = parts.session
    demo = session.shelf.demos["count"]
    text = demo.text.replace("NUMBERS = 3", "NUMBERS = 5")
    assert text != demo.text
    session.open(session.shelf.demos["forever"])
    parts.window.open_file(recorded(tmp_path / "any.name", "count", text))
    wait_opened(qtbot, parts)
    assert session.script.demo is demo
    assert shown(parts) == text
    assert session.script.values["NUMBERS"] == 5
    assert session.recording is not None
    assert session.recording.header.python == "3.9.1"
    assert not session.runner.busy
    run_out(parts)
    assert session.workload in session.comparison.workloads()
    assert len(session.results.comparison) == 0  # nothing was measured today


def test_run_runs_that_text_anew(
    parts: Application, tmp_path: Path, qtbot: QtBot, run_out: RunOut
) -> None:
    session = parts.session
    text = session.shelf.demos["count"].text.replace("NUMBERS = 3", "NUMBERS = 2")
    parts.window.open_file(recorded(tmp_path / "x.jsonl", "count", text))
    wait_opened(qtbot, parts)
    with qtbot.waitSignal(parts.bridge.run_ended, timeout=RUN_MS):
        session.runner.run()
    run_out(parts)
    assert session.recording is not None
    assert session.recording.header.script == text
    assert session.recording.header.python != "3.9.1"
    assert not session.results.was_opened(session.recording)
    assert len(session.comparison) == 1


def test_another_script_comes_as_one_of_ones_own(
    parts: Application, tmp_path: Path, qtbot: QtBot
) -> None:
    session = parts.session
    text = "import nothing_of_the_kind\nX = 1\n"
    assert drop(parts, recorded(tmp_path / "x.jsonl", "count", text))
    wait_opened(qtbot, parts)
    assert session.script.demo is session.shelf.own
    assert session.script.demo.name == "count.py"
    assert shown(parts) == text
    assert session.shelf.demos["count"].text != text
    assert "記録" not in told(parts)


def test_a_recording_of_what_this_python_cannot_read_is_shown(
    parts: Application, tmp_path: Path, qtbot: QtBot
) -> None:
    parts.window.open_file(recorded(tmp_path / "x.jsonl", "mine.py", "if if\n"))
    wait_opened(qtbot, parts)
    assert shown(parts) == "if if\n"
    assert parts.session.script.demo.name == "mine.py"


@pytest.mark.parametrize(
    ("language", "content"),
    [("en", b'{"a": 1}\n'), ("ja", b'{"format": "futures-lab recording"'), ("ja", b"{")],
)
def test_what_is_no_recording_gets_a_sentence_and_changes_nothing(
    parts: Application, tmp_path: Path, qtbot: QtBot, content: bytes, language: str
) -> None:
    parts.appearance.set_language(language)
    session, before = parts.session, shown(parts)
    path = tmp_path / "thing.jsonl"
    path.write_bytes(content)
    parts.window.open_file(path)
    qtbot.waitUntil(lambda: bool(session.refusal))
    assert "thing.jsonl" in told(parts)
    assert told(parts).endswith("。" if language == "ja" else ".")
    assert shown(parts) == before
    assert session.recording is None


def test_the_run_that_is_shown_is_saved_and_opened_again(
    parts: Application,
    tmp_path: Path,
    qtbot: QtBot,
    run_out: RunOut,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, path = parts.session, tmp_path / "saved.jsonl"
    (entry,) = [a for a in parts.window.findChildren(QAction) if a.text() == "Save the re&cording…"]
    assert not entry.isEnabled()
    session.runner.run()
    run_out(parts)
    assert entry.isEnabled()
    choose_file(monkeypatch, "getSaveFileName", path)
    entry.trigger()
    qtbot.waitUntil(path.exists)
    made = session.recording
    assert made is not None
    assert open_recording(path).header == made.header
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "no/x"), ""))
    entry.trigger()
    qtbot.waitUntil(lambda: bool(session.refusal))
    assert told(parts).startswith(
        "x.jsonl cannot be saved (No such file or directory); choose another"
    )


def test_finished_runs_are_kept_and_brought_back_after_a_restart(
    parts: Application,
    runs: RecentRuns,
    qtbot: QtBot,
    qapp: QApplication,
    settings: Settings,
    small_demos: tuple[Demo, ...],
    run_out: RunOut,
) -> None:
    session = parts.session
    session.open(session.shelf.demos["count"])
    with qtbot.waitSignal(parts.recordings.runs_listed, check_params_cb=bool, timeout=RUN_MS):
        session.runner.run()
    run_out(parts)
    (entry,) = menu_entries(parts, "Rece&nt runs")
    made = session.recording
    assert made is not None
    assert entry.text().startswith("Threads · ")
    session.open(session.shelf.demos["forever"])
    qtbot.waitUntil(lambda: not menu_entries(parts, "Rece&nt runs"))

    again = Application(qapp, settings, small_demos, runs)
    try:
        with qtbot.waitSignal(again.window.painted):
            again.window.show()
        again.session.open(again.session.shelf.demos["count"])
        qtbot.waitUntil(lambda: len(menu_entries(again, "Rece&nt runs")) == 1, timeout=RUN_MS)
        (entry,) = menu_entries(again, "Rece&nt runs")
        entry.trigger()
        wait_opened(qtbot, again)
        back = again.session.recording
        assert back is not None
        assert back.header == made.header
        assert back.elapsed_s == made.elapsed_s
        run_out(again)
    finally:
        put_away(again)


def test_runs_of_ones_own_scripts_are_nobodys_business(
    parts: Application, tmp_path: Path, run_out: RunOut, runs: RecentRuns
) -> None:
    script = tmp_path / "mine.py"
    script.write_text("def main():\n    pass\n\nmain()\n")
    parts.window.open_file(script)
    parts.session.runner.run()
    run_out(parts)
    assert not runs.folder.exists()


def test_a_damaged_run_is_left_out_and_told(
    parts: Application, runs: RecentRuns, qtbot: QtBot
) -> None:
    record = recording(demo="count")
    start_of_file = recorded(runs.folder.parent / "x", "count", "")
    whole = start_of_file.read_bytes()
    record.finish("done", 0, "", at(1))
    runs.keep("count", record)
    (runs.folder / "count" / "00000000T000000.jsonl").write_bytes(whole[:-20])
    parts.session.open(parts.session.shelf.demos["forever"])
    parts.session.open(parts.session.shelf.demos["count"])
    qtbot.waitUntil(lambda: bool(parts.session.refusal))
    assert "00000000T000000.jsonl is cut off" in told(parts)
    assert len(menu_entries(parts, "Rece&nt runs")) == 1


def test_a_recording_that_comes_while_something_runs_is_not_shown(
    parts: Application, tmp_path: Path, qtbot: QtBot, run_out: RunOut
) -> None:
    session = parts.session
    path = recorded(tmp_path / "x.jsonl", "count", "X = 1\n")
    session.open(session.shelf.demos["forever"])
    (examples,) = [
        m for m in parts.window.findChildren(QMenu) if m.title() == "&Example recordings"
    ]
    qtbot.waitUntil(examples.isEnabled, timeout=RUN_MS)
    session.runner.run()
    assert not examples.isEnabled()
    parts.recordings.open(path)
    qtbot.waitUntil(lambda: bool(session.refusal))
    assert "while something runs" in told(parts)
    session.runner.stop()
    run_out(parts)
    assert examples.isEnabled()
    assert shown(parts) != "X = 1\n"


def test_the_same_recording_counts_once(parts: Application, tmp_path: Path, qtbot: QtBot) -> None:
    path = recorded(tmp_path / "x.jsonl", "count", parts.session.shelf.demos["count"].text)
    for _ in range(2):
        before = parts.session.recording
        parts.window.open_file(path)
        qtbot.waitUntil(lambda: parts.session.recording is not before)  # noqa: B023 - called at once
    assert len(parts.session.comparison) == 1


def test_closing_waits_for_what_is_to_be_kept(
    parts: Application, runs: RecentRuns, qtbot: QtBot
) -> None:
    record = recording(demo="count")
    record.finish("done", 0, "", at(1))
    for _ in range(20):
        parts.bridge.run_ended.emit(record)
    parts.close()
    assert len(list(runs.folder.rglob("*.jsonl"))) == 20


def test_a_run_is_written_down_while_it_goes_on_and_saved_when_the_window_closes(
    parts: Application, runs: RecentRuns, qtbot: QtBot
) -> None:
    session = parts.session
    session.open(session.shelf.demos["forever"])
    with qtbot.waitSignal(parts.bridge.run_started, timeout=RUN_MS):
        session.runner.run()
    (growing,) = (runs.folder / "forever").iterdir()
    assert growing.suffix == ".growing"
    parts.close()
    (path,) = (runs.folder / "forever").iterdir()
    ending = open_recording(path).ending
    assert ending is not None
    assert ending.outcome == "stopped"


def test_a_run_whose_window_was_killed_is_listed_and_says_that_it_ends_early(
    parts: Application, runs: RecentRuns, qtbot: QtBot
) -> None:
    session = parts.session
    (runs.folder / "count").mkdir(parents=True)
    lines = spooled(record=recording(demo="count", script=session.shelf.demos["count"].text))
    name = "20250101T000000.000000-1-000000.jsonl.growing"
    written(runs.folder / "count" / name, lines)
    session.open(session.shelf.demos["forever"])
    session.open(session.shelf.demos["count"])
    qtbot.waitUntil(lambda: len(menu_entries(parts, "Rece&nt runs")) == 1)
    (entry,) = menu_entries(parts, "Rece&nt runs")
    assert entry.text().startswith("Threads · ends early · ")
    entry.trigger()
    wait_opened(qtbot, parts)
    assert "The recording ends early: the program that recorded the run was killed" in told(parts)
    parts.appearance.set_language("ja")
    assert "記録は途中で終わっています。" in told(parts)


def test_the_examples_are_in_the_menu_and_open(parts: Application, qtbot: QtBot) -> None:
    title = "&Example recordings"
    qtbot.waitUntil(lambda: len(menu_entries(parts, title)) == 2, timeout=RUN_MS)
    processes, threads = menu_entries(parts, title)
    assert processes.text().startswith("fibonacci: Processes · ")
    assert threads.text().startswith("fibonacci: Threads · ")
    for entry, mode in ((threads, "threads"), (processes, "processes")):
        before = parts.session.recording
        entry.trigger()
        qtbot.waitUntil(lambda: parts.session.recording is not before)  # noqa: B023 - called at once
        assert parts.session.script.mode == mode
    compared = parts.session.comparison.modes_of(parts.session.workload)
    assert set(compared) == {"threads", "processes"}


def test_reading_that_nobody_waits_for_is_given_up(
    parts: Application, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is endless, as far as the window knows; then another one, then the end."""
    begun = threading.Semaphore(0)

    def read_for_ever(path: Path, is_wanted: Callable[[], bool]) -> Recording:
        begun.release()
        wait_until(lambda: not is_wanted())
        return open_recording(path, is_wanted)

    path = recorded(tmp_path / "x.jsonl", "count", "X = 1\n")
    with monkeypatch.context() as patched:
        patched.setattr("gui.recordings.open_recording", read_for_ever)
        parts.recordings.open(path)
        assert begun.acquire(timeout=60)
    parts.window.open_file(path)
    wait_opened(qtbot, parts)
    assert shown(parts) == "X = 1\n"
    assert parts.session.refusal == ""
    monkeypatch.setattr("gui.recordings.open_recording", read_for_ever)
    parts.recordings.open(path)
    assert begun.acquire(timeout=60)
    parts.close()  # would wait for ever
    assert parts.bridge.is_closed


def test_that_runs_are_not_kept_is_told_once(
    parts: Application, runs: RecentRuns, qtbot: QtBot, run_out: RunOut
) -> None:
    runs.folder.touch()
    session = parts.session
    session.open(session.shelf.demos["count"])
    session.runner.run()
    run_out(parts)
    qtbot.waitUntil(lambda: bool(session.refusal))
    assert str(runs.folder) in told(parts)
    done: list[object] = []
    parts.bridge.aside_done.connect(done.append)
    session.runner.run()
    run_out(parts)
    qtbot.waitUntil(lambda: bool(done), timeout=RUN_MS)
    assert session.refusal == ""
    assert session.recording is not None


def test_names_that_look_like_markup_are_text(
    parts: Application, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "x.jsonl"
    save(finished_run(demo="<h1>x", script="X = 1\n", python="<s>3.9"), path)
    parts.window.open_file(path)
    wait_opened(qtbot, parts)
    labels = [label for label in parts.window.findChildren(QLabel) if "<s>" in label.text()]
    assert labels
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    (demos,) = parts.window.findChildren(QListWidget, "demo_list")
    tips = [demos.item(row).toolTip() for row in range(demos.count())]
    assert any("h1>x" in tip for tip in tips)
    assert not any("<" in tip for tip in tips)
