"""A time limit on a process that is being listened to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def ended_after(timeout_s: float, end: Callable[[], object]) -> Iterator[threading.Event]:
    """Call ``end()``, in another thread, if the block takes longer; the event says that it did.

    Whatever reads from the process in the block gets its end of file by that.

    Raises
    ------
    RuntimeError
        There is no room for the thread; nothing of the block has happened.
    """
    late = threading.Event()

    def give_up() -> None:
        late.set()
        end()

    timer = threading.Timer(timeout_s, give_up)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        timer.join()
