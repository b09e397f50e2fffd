"""``python -m core.sites [--port N]``: serves the local sites until Ctrl+C.

Standard library only. It prints its address as the first line; whoever reads that line can
connect. With ``--lifeline`` it ends with its standard input.
"""

import argparse
import contextlib
import os
import signal
import socket
import sys
import threading
from time import sleep
from typing import Final

import core.sites
from core.no_room import no_room
from core.sites.answer import attend
from core.sites.process import NO_ROOM, PREFERRED_PORT

MAX_CLIENTS: Final = 200
"""Served at once; more wait in the system's queue. Stays below the 256 files of macOS."""

_QUEUE: Final = 128
_RETRY_S: Final = 0.05


def main() -> None:
    """Serve until the process ends."""
    options = _options()
    # Nothing to clean up, so Ctrl+C may end the process as it ends any other: at once, on
    # Windows too, where an accept() that waits would not let Python handle it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        if options.lifeline and not os.isatty(0):
            threading.Thread(target=_watch_lifeline, name="lifeline", daemon=True).start()
        listener = _listen(options.port)
    except (OSError, RuntimeError, MemoryError) as error:
        sys.exit(_refused(error, is_heard=options.lifeline))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    sys.stdout.write(f"{address}\n" if options.lifeline else f"{address}\nCtrl+C ends it.\n")
    sys.stdout.flush()
    _serve(listener, address)


def _refused(error: Exception, *, is_heard: bool) -> str | int:
    """Say why there are no sites: to the owner, if one listens, else as the exit does."""
    lacking = no_room(error)
    reason = getattr(error, "strerror", None) or str(error)
    if not is_heard:
        return str(lacking or f"The local web sites cannot listen on 127.0.0.1: {reason}.")
    sys.stdout.write(f"{NO_ROOM}{lacking.lacking}\n" if lacking else f"{reason}\n")
    return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m core.sites",
        description=core.sites.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port",
        type=int,
        default=PREFERRED_PORT,
        choices=range(65_536),
        metavar="N",
        help=f"port to listen on ({PREFERRED_PORT}); when it is taken, a free one is used",
    )
    parser.add_argument(
        "--lifeline",
        action="store_true",
        help="end when standard input does (for programs; a terminal does not count)",
    )
    return parser.parse_args()


def _watch_lifeline() -> None:
    """Leave at the end of standard input: the owner has closed it, or is no more."""
    with contextlib.suppress(OSError):  # an input that cannot be read has ended as well
        while os.read(0, 1_024):
            pass
    os._exit(0)


def _listen(preferred_port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", preferred_port), backlog=_QUEUE)
    except OSError:  # taken, or not for us
        return socket.create_server(("127.0.0.1", 0), backlog=_QUEUE)


def _serve(listener: socket.socket, address: str) -> None:
    room = threading.BoundedSemaphore(MAX_CLIENTS)
    while True:
        room.acquire()
        try:
            client, _ = listener.accept()
        except OSError:  # gone already, or no file is left: some are closed in bounded time
            room.release()
            sleep(_RETRY_S)
            continue
        try:
            threading.Thread(target=_attend, args=(client, address, room), daemon=True).start()
        except RuntimeError:  # no thread is left
            client.close()
            room.release()
            sleep(_RETRY_S)


def _attend(client: socket.socket, address: str, room: threading.BoundedSemaphore) -> None:
    try:
        # A client that went away is no fault, and there is nobody left to tell.
        with client, contextlib.suppress(OSError):
            attend(client, address)
    finally:
        room.release()


if __name__ == "__main__":
    main()
