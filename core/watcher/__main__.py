"""Entry of the watcher: waits for one line of JSON on stdin, then watches until stdin ends.

Started ahead of time like the lab process. Stdin is its lifeline: the end of the run closes it,
and so does the end of the window, however that comes.
"""

import gc
import json
import os
import sys
import threading

from core.watcher.watch import Watch


def main() -> None:
    """Watch one run."""
    over = threading.Event()
    line = sys.stdin.buffer.readline()
    if not line:
        return  # the run that this was kept ready for never came
    threading.Thread(target=_await_end, args=(over,), name="lifeline", daemon=True).start()
    gc.freeze()  # what the imports left is looked through no more
    Watch(json.loads(line)).until(over)


def _await_end(over: threading.Event) -> None:
    while os.read(0, 1024):
        pass
    over.set()


if __name__ == "__main__":
    main()
    os._exit(0)  # nothing is left to clean up, and somebody waits for this end
