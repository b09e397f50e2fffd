"""Cyclic garbage goes in the window's thread only."""

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui import garbage
from gui.garbage import collect, collected_here


class Cycle:
    """Garbage that only the collector finds; it tells in which thread it went."""

    def __init__(self, went: list[int]) -> None:
        self.me = self
        self.went = went

    def __del__(self) -> None:
        self.went.append(threading.get_ident())


@pytest.fixture(autouse=True)
def automatic() -> Iterator[None]:
    """Begin as Python does."""
    before = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if before else gc.disable)()


def allocate() -> None:
    """Make so many objects that Python would collect of its own accord, in this thread."""
    assert len([[] for _ in range(20 * gc.get_threshold()[0])]) > 0


def test_another_thread_collects_nothing_and_the_event_loop_does(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "EVERY_MS", 1)
    went: list[int] = []
    with collected_here():
        Cycle(went)
        other = threading.Thread(target=allocate)
        other.start()
        other.join()
        assert went == []
        kept: list[list[int]] = [[] for _ in range(gc.get_threshold()[0] + 1)]  # something is due
        qtbot.waitUntil(lambda: bool(went))
        assert kept
    assert went == [threading.get_ident()]
    assert gc.isenabled()


def test_nothing_is_collected_that_is_not_due() -> None:
    gc.collect()
    gc.disable()
    went: list[int] = []
    Cycle(went)
    collect()
    assert went == []
    gc.collect()
    assert len(went) == 1
