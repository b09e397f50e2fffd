"""Signals while something is written: they end it in order, and nothing half done is left."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from core.cli.supervision import SIGNALS


@contextmanager
def interruptible() -> Iterator[None]:
    """Let the first Ctrl+C, terminate or hang-up raise KeyboardInterrupt wherever we are.

    What cleans up after it is not interrupted again.
    """
    is_heard = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal is_heard
        if not is_heard:
            is_heard = True
            raise KeyboardInterrupt

    before = {
        number: signal.signal(number, interrupt)
        for number in SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN  # as by nohup: that is to stay so
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
