"""What is missing in the system is one sentence, wherever it is missed, and nothing stays."""

import errno
import sys
import threading
from collections.abc import Callable
from typing import NoReturn

import pytest

from core.asking import answer_of
from core.no_room import NoRoom, no_room, room_needed
from core.runtimes import find_runtimes
from core.sites import Sites


def no_thread(*_: object) -> NoReturn:
    raise RuntimeError("can't start new thread")


@pytest.mark.parametrize(
    ("error", "lacking"),
    [
        (RuntimeError("can't start new thread"), "threads"),
        (BlockingIOError(errno.EAGAIN, "as of fork"), "processes"),
        (OSError(errno.EMFILE, "too many"), "files"),
        (OSError(errno.ENFILE, "too many"), "files_of_all"),
        (OSError(errno.ENOMEM, "no memory"), "memory"),
        (MemoryError(), "memory"),
        (ImportError("libc.so: failed to map segment from shared object"), "memory"),
        (ImportError("libc.so: cannot open shared object file: Too many open files"), "files"),
    ],
)
def test_what_is_missing_is_told(error: Exception, lacking: str) -> None:
    with pytest.raises(NoRoom, match=r"^[A-Z][^.]*\.$") as caught, room_needed():
        raise error
    assert caught.value.lacking == lacking


@pytest.mark.parametrize(
    "error", [RuntimeError("another"), OSError(errno.ENOSPC, "a full disk"), ValueError("no")]
)
def test_other_errors_stay_what_they_are(error: Exception) -> None:
    assert no_room(error) is None
    with pytest.raises(type(error)) as caught, room_needed():
        raise error
    assert caught.value is error


@pytest.mark.parametrize(
    "begin", [lambda: answer_of(sys.executable, ["-c", "print(1)"], 30.0), lambda: Sites.start(0)]
)
def test_without_a_thread_nothing_is_asked(
    monkeypatch: pytest.MonkeyPatch, begin: Callable[[], object]
) -> None:
    monkeypatch.setattr(threading, "_start_new_thread", no_thread)
    with pytest.raises(NoRoom, match="one more thread"):
        begin()


def test_without_threads_this_python_is_still_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "_start_new_thread", no_thread)
    assert [runtime.path for runtime in find_runtimes()][:1] == [sys.executable]
