"""The whole program in a real X window: every control of each demo, and the numbers on screen."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from gui.theme import LIGHT
from tests.e2e.remote import RUN_S, Remote, remote
from tests.gui.small_demos import FOREVER
from tests.waiting import wait_until

TIME = re.compile(r"[\d.,]+ m?s")


@pytest.fixture
def window(window_manager: str, tmp_path: Path) -> Iterator[Remote]:
    with remote(window_manager, tmp_path) as window:
        yield window


def number(window: Remote, name: str) -> int:
    return int(window.says(name).replace(",", ""))


def choose(window: Remote, title: str) -> None:
    window.click_at(window.ask("row", title.replace(" ", "_")))


def replace(window: Remote, name: str, text: str) -> None:
    window.click(name)
    window.keys("ctrl+a")
    window.type(text)


def test_the_race_is_lost_and_won(window: Remote) -> None:
    choose(window, "Race on a counter")
    window.click("mode_threads")
    window.run()
    assert TIME.fullmatch(window.says("elapsed_display"))
    assert number(window, "counter_expected") == 2_000_000
    actual, lost = number(window, "counter_actual"), number(window, "counter_lost")
    assert lost > 0
    assert actual + lost == 2_000_000
    window.wait_to_say("explanation", f"{lost:,} of 2,000,000")
    window.wait_to_say("output_log", f"{actual:,} of 2,000,000")
    window.click("knob_USE_LOCK")
    window.wait_to_say("code_view", "USE_LOCK = True\n")
    window.run()
    assert number(window, "counter_actual") == 2_000_000
    assert number(window, "counter_lost") == 0


@pytest.mark.slow
def test_every_other_control_of_the_race(window: Remote) -> None:
    choose(window, "Race on a counter")
    window.click("preset_INCREMENTS_0")
    window.wait_to_say("code_view", "INCREMENTS = 10_000\n")
    window.click("preset_INCREMENTS_1")
    window.wait_to_say("code_view", "INCREMENTS = 1_000_000\n")
    replace(window, "knob_INCREMENTS", "500")
    window.wait_to_say("code_view", "INCREMENTS = 500\n")
    window.click("knob_THREADS")
    window.keys("Up")
    window.wait_to_say("code_view", "THREADS = 3\n")
    window.click("knob_increment")
    window.keys("Down", "Return")
    window.wait_for('"looks safe: the tutorial\'s line"', "says", "knob_increment")
    window.wait_to_say("code_view", "self.count = self.count + 1  # knob: increment")
    for mode, executor in (("sequential", "None"), ("processes", "futures.ProcessPoolExecutor")):
        window.click(f"mode_{mode}")
        window.wait_to_say("code_view", f"EXECUTOR = {executor}\n")
        window.run()
        assert number(window, "counter_expected") == 1_500
    assert number(window, "counter_actual") == 0


@pytest.mark.slow
def test_every_control_of_downloads(window: Remote, tmp_path: Path) -> None:
    choose(window, "Downloads")
    window.click("compare_button")
    window.wait_for("true", "shown", "compare_progress")
    window.wait_until_settled()
    window.wait_to_say("explanation", "Sequential 2.")
    assert len(window.says("output_log").splitlines()) == 3
    window.click("knob_MAX_WORKERS")
    window.keys("Down")
    window.wait_to_say("code_view", "MAX_WORKERS = 2\n")
    saved = tmp_path / "saved"
    saved.mkdir()
    replace(window, "knob_FOLDER", str(saved))
    window.wait_to_say("code_view", f'FOLDER = "{saved}"')
    window.click("presets_URLS")
    window.keys("Down", "Down", "Return")
    window.wait_to_say("code_view", "status=500")
    window.run()
    assert len(list(saved.iterdir())) == 2
    window.wait_to_say("output_log", "500")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        *(pytest.param(other, marks=pytest.mark.slow) for other in ("data:,x", "ftp://a/b", "no")),
    ],
)
def test_an_address_that_is_no_web_address_gets_a_sentence(window: Remote, address: str) -> None:
    choose(window, "Downloads")
    replace(window, "knob_URLS", address)
    window.wait_to_say("problem_URLS", "http")
    assert address not in window.says("code_view")


@pytest.mark.slow
def test_every_control_of_fibonacci(window: Remote) -> None:
    choose(window, "Big Fibonacci numbers")
    window.click("preset_N_1")
    window.wait_to_say("code_view", "N = 1_000_000\n")
    window.click("preset_N_0")
    replace(window, "knob_N", "1000")
    window.click("knob_TASKS")
    window.keys("ctrl+a", "3")
    for mode in ("sequential", "threads", "processes"):
        window.click(f"mode_{mode}")
        window.run()
        assert window.says("output_log").splitlines() == ["209 digits, from 434665 to 228875"] * 3
        assert TIME.fullmatch(window.says("elapsed_display"))
    window.click("runtime_box")
    window.keys("Escape")
    assert window.says("runtime_box").startswith("Python ")


@pytest.mark.slow
def test_the_keyboard_alone_will_do(window: Remote, tmp_path: Path) -> None:
    choose(window, "Big Fibonacci numbers")
    window.keys("ctrl+1")
    window.wait_to_say("code_view", "EXECUTOR = None\n")
    window.keys("ctrl+2")
    window.click("preset_N_1")
    window.keys("ctrl+r")
    window.wait_for("true", "busy")
    window.keys("Escape")
    window.wait_until_settled()
    assert window.says("explanation_heading") == "The run was stopped"
    window.keys("ctrl+plus", "ctrl+plus")
    window.wait_for("1.5", "zoom")
    window.keys("ctrl+0")
    window.wait_for("1.0", "zoom")
    window.keys("F11")
    window.wait_for("true", "full_screen")
    window.keys("F11")
    window.wait_for("false", "full_screen")


def test_what_is_painted_is_what_the_theme_says(window: Remote) -> None:
    choose(window, "Race on a counter")
    x, y = window.ask("where", "mode_threads")
    wait_until(
        lambda: window.ask("pixel", str(x), str(y - 12)) == LIGHT.threads.lower(),
        what="the pressed button of the mode in its colour",
    )


@pytest.mark.slow
def test_nothing_is_cut_off_on_a_projector(window_manager: str, tmp_path: Path) -> None:
    with remote(window_manager, tmp_path, size="1024x768", language="ja") as window:
        for zoom in ("1.0", "1.25", "1.5", "1.75", "2.0", "2.25", "2.5"):
            window.wait_for(zoom, "zoom")
            wait_until(lambda: window.ask("cut_off") == [], what=f"all in sight at {zoom}")
            window.keys("ctrl+plus")


def test_a_script_of_ones_own_is_shown_and_not_run(window_manager: str, tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    touched = tmp_path / "touched"
    script.write_text(f"open({str(touched)!r}, 'w').close()\ndef main(): print('hello')\nmain()\n")
    with remote(window_manager, tmp_path, script) as window:
        assert window.says("code_view") == script.read_text()
        window.wait_until_settled()
        assert not touched.exists()
        window.run()
        assert window.says("output_log") == "hello"
        assert touched.exists()


def children(window: Remote) -> list[psutil.Process]:
    return psutil.Process(window.process.pid).children(recursive=True)


@pytest.fixture
def endless(window_manager: str, tmp_path: Path) -> Iterator[Remote]:
    """Start the application and in it a script that never ends."""
    script = tmp_path / "forever.py"
    script.write_text(FOREVER)
    with remote(window_manager, tmp_path, script) as window:
        window.click("run_button")
        window.wait_for('"begun"', "says", "output_log")
        yield window


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        *(pytest.param(one, marks=pytest.mark.slow) for one in (signal.SIGINT, signal.SIGHUP)),
    ],
)
def test_a_polite_signal_ends_everything(endless: Remote, number: signal.Signals) -> None:
    before = children(endless)
    assert before
    endless.process.send_signal(number)
    assert endless.process.wait(RUN_S) == 0
    assert not any(child.is_running() for child in before)


def test_a_killed_window_leaves_nothing(endless: Remote) -> None:
    before = children(endless)
    endless.process.kill()
    endless.process.wait(RUN_S)
    wait_until(lambda: not any(child.is_running() for child in before), what="all are gone")


def test_the_next_run_works_after_the_lab_process_was_killed(endless: Remote) -> None:
    for child in children(endless):
        with suppress(psutil.NoSuchProcess):  # some end with the one before
            child.kill()
    endless.wait_until_settled()
    assert endless.says("explanation_heading") == "The run failed"
    assert "SIGKILL" in endless.says("explanation")
    endless.click("run_button")
    endless.wait_for('"begun"', "says", "output_log")
    endless.click("stop_button")
    endless.wait_until_settled()
