"""What cannot be run says why: modes that a demo lacks, modules, memory, in both languages."""

from __future__ import annotations

import dataclasses
import errno
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from core import needs
from core.card import Localized
from core.demos import Demo, demo_named
from core.no_room import Lacking, NoRoom
from core.refusals import JobProblem, MissingModules, NoSuchMode, TooLittleMemory
from core.sweep import NothingToSweep
from gui.app import Application
from gui.refusals import refusal_sentence
from gui.texts import LANGUAGES, Texts
from tests.gui.conftest import RUN_MS
from tests.lab.running import program

REASON = Localized("Processes cannot double.", {"ja": "プロセスは倍にできません。"})
MATRIX = demo_named("matrix")
CARD = MATRIX.card
ABSENT = "no_such_module"


@pytest.fixture
def small_demos(small_demos: tuple[Demo, ...]) -> tuple[Demo, ...]:
    """Hand out small demos; the first lacks a mode and takes memory, the second lacks a module."""
    first, second = small_demos
    memory = "NUMBERS * 10 ** 8 + WORKERS"
    count = dataclasses.replace(first.card, why_not={"processes": REASON}, memory=memory)
    needy = dataclasses.replace(second.card, needs=(ABSENT,))
    return dataclasses.replace(first, card=count), dataclasses.replace(second, card=needy)


def button(parts: Application, mode: str) -> QAbstractButton:
    found = parts.window.findChild(QAbstractButton, f"mode_{mode}")
    assert isinstance(found, QAbstractButton)
    return found


def told(parts: Application, name: str = "explanation") -> str:
    label = parts.window.findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_a_mode_that_is_lacking_says_why_at_its_button(parts: Application) -> None:
    lacking, usable = button(parts, "processes"), button(parts, "threads")
    assert (lacking.isVisible(), lacking.isEnabled()) == (True, False)
    assert lacking.toolTip() == "Processes: not in this demo. Processes cannot double."
    assert lacking.accessibleDescription() == REASON.en
    assert usable.isEnabled()
    assert usable.accessibleDescription() == ""
    assert "Ctrl+2" in usable.toolTip()


def test_a_mode_without_a_reason_is_not_shown(parts: Application) -> None:
    parts.session.open_named("forever")
    assert not button(parts, "processes").isVisible()
    assert button(parts, "threads").isEnabled()
    parts.session.open_named("count")
    assert button(parts, "processes").isVisible()


def test_a_mode_that_is_lacking_stays_so_after_a_run(
    parts: Application, run_out: Callable[[Application], None]
) -> None:
    parts.session.runner.run()
    assert not button(parts, "threads").isEnabled()
    run_out(parts)
    assert button(parts, "threads").isEnabled()
    assert not button(parts, "processes").isEnabled()


def test_the_keys_of_a_mode_that_is_lacking_say_why(parts: Application) -> None:
    QTest.keyClick(parts.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert told(parts) == REASON.en
    assert told(parts, "explanation_heading") == "It did not run"
    assert parts.session.script.mode == "threads"
    QTest.keyClick(parts.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert parts.session.script.mode == "sequential"
    assert told(parts) != REASON.en


def test_a_module_that_the_chosen_python_lacks_is_told_and_nothing_is_started(
    qtbot: QtBot, parts: Application, tmp_path: Path
) -> None:
    session = parts.session
    python = program(tmp_path / "python3", f'exec "{sys.executable}" "$@"')
    session.runner.set_python(str(python))
    session.open_named("forever")
    session.runner.run()
    qtbot.waitUntil(lambda: not session.runner.busy, timeout=RUN_MS)
    assert told(parts).startswith(f"“Waiting for ever” needs {ABSENT}, which Python 3.")
    assert f"({python} -m pip install {ABSENT})" in told(parts)
    assert session.recording is None


def test_too_little_memory_is_told_and_nothing_is_started(
    qtbot: QtBot, parts: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needs, "_free_bytes", lambda: 6_100_000_000)
    session = parts.session
    session.script.set_knob("NUMBERS", 999)
    session.runner.run()
    qtbot.waitUntil(lambda: not session.runner.busy, timeout=RUN_MS)
    assert told(parts) == (
        "“Doubling numbers” with Workers = 2 and Numbers = 999 needs 99.9 GB of memory, and "
        "6.1 GB are free; make Workers or Numbers smaller."
    )
    assert session.recording is None


PROBLEMS = [
    (
        MissingModules("matrix", CARD, "Python 3.9.18", "/a/python", ("numpy", "scipy")),
        {
            "en": "“Matrix products” needs numpy and scipy, which Python 3.9.18 does not have; "
            "choose another Python, or install it for this one "
            "(/a/python -m pip install numpy scipy).",
            "ja": "「行列の積」に必要な numpy、scipy が Python 3.9.18 にありません。"
            "別の Python を選ぶか、この Python にインストールしてください"
            "（/a/python -m pip install numpy scipy）。",
        },
    ),
    (
        TooLittleMemory("matrix", CARD, [(CARD.knobs[1], 100_000)], 240e9, 6.127e9),
        {
            "en": "“Matrix products” with Size = 100,000 needs 240 GB of memory, and 6.13 GB are "
            "free; make Size smaller.",
            "ja": "「行列の積」は 行列の大きさ = 100,000 では 240 GB のメモリを使いますが、"
            "空きは 6.13 GB です。行列の大きさを小さくしてください。",
        },
    ),
    (
        NoSuchMode("x", dataclasses.replace(CARD, why_not={"processes": REASON}), "processes"),
        {"en": REASON.en, "ja": "プロセスは倍にできません。"},
    ),
    (
        NoSuchMode("matrix", CARD, "cluster"),
        {
            "en": "“Matrix products” does not have this mode; choose another one.",
            "ja": "「行列の積」にこのモードはありません。別のモードを選んでください。",
        },
    ),
    (
        NothingToSweep(
            dataclasses.replace(MATRIX, card=dataclasses.replace(CARD, why_no_sweep=REASON)), "knob"
        ),
        {
            "en": f"It cannot be swept over workers: {REASON.en}",
            "ja": "ワーカー数を変えた実行はできません。プロセスは倍にできません。",
        },
    ),
    (
        NothingToSweep(MATRIX, "modes"),
        {
            "en": "This script has no mode with workers, so there is nothing to sweep; give its "
            "tasks to an executor.",
            "ja": "このスクリプトにはワーカーを使うモードがないため、ワーカー数を変えられません。"
            "タスクをエグゼキュータに渡してください。",
        },
    ),
    (JobProblem("Why."), {"en": "Why.", "ja": "Why."}),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("problem", "sentences"), PROBLEMS)
def test_a_refusal_is_told_in_the_language_of_the_window(
    problem: JobProblem, sentences: dict[str, str], language: str
) -> None:
    assert refusal_sentence(problem, Texts(language)) == sentences[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lacking", get_args(Lacking))
def test_the_window_says_what_there_is_no_room_for(language: str, lacking: Lacking) -> None:
    sentence = refusal_sentence(NoRoom(lacking), Texts(language))
    assert sentence == str(NoRoom(lacking)) if language == "en" else sentence.endswith("。")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_window_says_what_the_system_refused(language: str) -> None:
    error = OSError(errno.EIO, "Input/output error")
    assert "(Input" in refusal_sentence(error, Texts(language)).replace("（", "(")
