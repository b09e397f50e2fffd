"""The one timer: it ticks only while something moves, and measures its gaps."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from gui.frame_clock import FRAME_MS, KEPT_GAPS, FrameClock


@pytest.fixture
def clock(qtbot: QtBot) -> Iterator[FrameClock]:
    """Return a clock that stands still, and stop it after the test."""
    clock = FrameClock()
    yield clock
    clock.stop()


def timer_of(clock: FrameClock) -> QTimer:
    timer = clock.findChild(QTimer)
    assert isinstance(timer, QTimer)
    return timer


def test_it_ticks_between_start_and_stop(clock: FrameClock, qtbot: QtBot) -> None:
    assert not clock.running
    with qtbot.waitSignals([clock.tick, clock.tick]):
        clock.start()
    assert clock.running
    clock.stop()
    assert not clock.running
    assert not timer_of(clock).isActive()


def test_it_is_precise_and_sixty_times_a_second(clock: FrameClock) -> None:
    assert timer_of(clock).timerType() == Qt.TimerType.PreciseTimer
    assert timer_of(clock).interval() == FRAME_MS == 16


def test_starting_twice_is_starting_once(clock: FrameClock) -> None:
    clock.start()
    before = timer_of(clock).timerId()
    clock.start()
    assert timer_of(clock).timerId() == before


def test_gaps_are_those_between_ticks_and_not_those_of_standing_still(qtbot: QtBot) -> None:
    readings = iter([10.0, 10.016, 10.050, 99.0, 99.020])
    clock = FrameClock(now=lambda: next(readings))
    timer = timer_of(clock)
    clock.start()
    for _ in range(3):
        timer.timeout.emit()
    clock.stop()
    clock.start()
    for _ in range(2):
        timer.timeout.emit()
    clock.stop()
    assert list(clock.gaps_ms) == pytest.approx([16.0, 34.0, 20.0])


def test_only_so_many_gaps_are_kept(clock: FrameClock) -> None:
    assert clock.gaps_ms.maxlen == KEPT_GAPS
