"""Runs that are replayed, pinned, kept, saved, exported and swept, with a real mouse and keys."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.remote import RUN_S, Remote, remote
from tests.gui.small_demos import FOREVER
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

DEMO = "Big_Fibonacci_numbers"


@pytest.fixture
def window(window_manager: str, tmp_path: Path) -> Iterator[Remote]:
    """Start the application and run a demo that computes for a moment."""
    with remote(window_manager, tmp_path) as window:
        window.click_at(window.ask("row", DEMO))
        window.click("mode_threads")
        window.run()
        yield window


def place_s(window: Remote) -> float:
    return float(window.says("replay_time").split(" / ")[0])


def end_s(window: Remote) -> float:
    return float(window.says("replay_time").split(" / ")[1].removesuffix(" s"))


def save_as(window: Remote, path: Path) -> None:
    """Answer the dialog that asks for a file."""
    window.wait_for('"fileNameEdit"', "keyboard")
    window.keys("ctrl+a")
    window.type(str(path))
    wait_until(lambda: window.ask("typed") == str(path), what="the path in the dialog")
    wait_until(lambda: is_left(window), RUN_S, "the end of the dialog")


def is_left(window: Remote) -> bool:
    """Press Return in a dialog that is still there: the first closes its list of proposals."""
    if window.ask("front") != "main_window":
        window.keys("Return")
    return bool(window.ask("front") == "main_window")


def test_a_run_is_scrubbed_stepped_through_and_replayed(window: Remote) -> None:
    assert place_s(window) == end_s(window) > 0
    whole = window.says("elapsed_display")
    window.click_at(window.ask("on_slider", "0.5"))
    wait_until(lambda: 0.3 < place_s(window) / end_s(window) < 0.7, what="the middle of the run")
    definition = window.says("code_view").splitlines().index("def fibonacci(n):") + 1
    window.wait_for(f"[{definition}]", "marked")
    middle_s = place_s(window)
    window.click("replay_forward")
    wait_until(lambda: place_s(window) > middle_s, what="the next event")
    window.keys("Left", "Left")
    wait_until(lambda: place_s(window) < middle_s, what="the event before")
    window.keys("Home")
    window.wait_for("[]", "marked")
    window.click("replay_speed_64")
    window.keys("space")
    wait_until(lambda: 0 < place_s(window) < end_s(window), what="it is replayed")
    window.click("replay_play")
    window.wait_for("true", "settled")
    stopped_s = place_s(window)
    window.click("replay_speed_1")
    window.click("replay_play")
    wait_until(lambda: place_s(window) > stopped_s, what="it goes on from there")
    wait_until(lambda: place_s(window) == end_s(window), what="the end")
    assert window.says("elapsed_display") == whole


def test_a_run_is_paused_on_screen_while_it_goes_on(window_manager: str, tmp_path: Path) -> None:
    script = tmp_path / "forever.py"
    script.write_text(FOREVER)
    with remote(window_manager, tmp_path, script) as window:
        window.click("run_button")
        window.wait_for('"begun"', "says", "output_log")
        window.click("replay_play")
        window.wait_for("true", "enabled", "replay_live")
        paused_s, seen_s = place_s(window), end_s(window)
        wait_until(lambda: end_s(window) > seen_s, what="it goes on underneath")
        assert place_s(window) == paused_s
        window.click("replay_live")
        wait_until(lambda: place_s(window) > paused_s, what="now is seen again")
        window.click("stop_button")
        window.wait_until_settled()


def test_a_pinned_run_is_an_outline_behind_the_next_one(window: Remote) -> None:
    assert window.ask("ghost") == ""
    window.click("replay_pin")
    window.click("mode_processes")
    window.run()
    assert window.ask("ghost") == "threads"
    window.keys("ctrl+p")
    window.wait_for('""', "ghost")


def test_a_recording_is_saved_and_opened_by_the_menu(window: Remote, tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    elapsed, printed = window.says("elapsed_display"), window.says("output_log")
    window.choose("File", "Save the recording…")
    save_as(window, path)
    wait_until(path.exists, what="the recording")
    window.click_at(window.ask("row", "Downloads"))
    window.wait_for('""', "says", "elapsed_display")
    window.choose("File", "Open a script or recording…")
    save_as(window, path)
    window.wait_to_say("explanation_heading", "Recording: Threads")
    window.wait_until_settled()
    assert (window.says("elapsed_display"), window.says("output_log")) == (elapsed, printed)
    assert window.ask("runs") == 1  # opening it ran nothing


def test_a_recent_run_comes_back_after_a_restart(window_manager: str, tmp_path: Path) -> None:
    with remote(window_manager, tmp_path) as window:
        window.click_at(window.ask("row", DEMO))
        window.run()
        elapsed = window.says("elapsed_display")
        window.wait_for("true", "can", "File", "Recent_runs")
    with remote(window_manager, tmp_path) as window:
        window.click_at(window.ask("row", DEMO))
        window.wait_for("true", "can", "File", "Recent_runs")
        assert window.says("elapsed_display") == ""
        window.choose("File", "Recent runs")
        wait_until(lambda: len(window.ask("entries")) == 1, what="the runs of this demo")
        (entry,) = window.ask("entries")
        assert elapsed in entry
        window.click_at(window.ask("entry", entry.replace(" ", "_")))
        window.wait_for(f'"{elapsed}"', "says", "elapsed_display")
        assert window.says("explanation_heading").startswith("Recording:")
        assert window.ask("runs") == 0


def test_a_run_is_exported_by_the_menu(window: Remote, tmp_path: Path) -> None:
    table = tmp_path / "tasks.csv"
    window.choose("File", "Export the run", "Table of the tasks (CSV)…")
    save_as(window, table)
    wait_until(table.exists, what="the table")
    with table.open(encoding="utf-8-sig", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == 8  # a row a task: as the demo comes
    report = tmp_path / "session.html"
    window.choose("File", "Save a report of the session…")
    save_as(window, report)
    wait_until(report.exists, what="the report")
    assert window.says("elapsed_display") in report.read_text(encoding="utf-8")


def test_a_chart_is_copied_as_a_picture(window: Remote) -> None:
    window.click_at(window.ask("where", "timeline_chart"), button=3)
    window.wait_to_offer("Copy picture")
    window.click_at(window.ask("entry", "Copy_picture"))
    wait_until(lambda: "image/svg+xml" in window.ask("clipboard"), what="the picture")
    assert "application/x-qt-image" in window.ask("clipboard")


def test_workers_are_swept_and_the_sweep_is_stopped(window: Remote) -> None:
    window.click_at(window.ask("row", "Encryption"))
    window.click("preset_ROUNDS_0")
    window.choose("Run", "Sweep over workers…")
    window.wait_for('"sweep_dialog"', "front")
    window.click("sweep_start")
    window.wait_for("true", "shown", "speedup_chart")
    window.wait_until_settled()
    assert "Amdahl" in window.ask("described", "speedup_chart")
    window.click("preset_ROUNDS_1")
    window.choose("Run", "Sweep over workers…")
    window.wait_for('"sweep_dialog"', "front")
    window.keys("Return")
    window.wait_for("true", "shown", "compare_progress")
    window.keys("Escape")
    window.wait_until_settled()
    window.click("run_button")
    window.wait_for("false", "shown", "speedup_chart")  # a plain run shows its own charts
    window.keys("Escape")
    window.wait_until_settled()
