"""Ctrl+C in the terminal, its end and a polite ``kill`` end the application in order.

Python runs its signal handlers between two steps of Python code, and an idle window takes
none. So each signal writes a byte into a socket that Qt watches.
"""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from PySide6.QtCore import QSocketNotifier

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextmanager
def on_signals(leave: Callable[[], object]) -> Iterator[None]:
    """Call something on each signal, within the block, from the event loop.

    A signal that is ignored, as by nohup, stays so.
    """
    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)

    def hear() -> None:
        with suppress(BlockingIOError):
            reader.recv(64)
        leave()

    notifier.activated.connect(hear)
    heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before_fd = signal.set_wakeup_fd(writer.fileno())
    before = {number: signal.signal(number, lambda *_: None) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before_fd)
        notifier.setEnabled(False)
        reader.close()
        writer.close()
