"""A process that ends at once, or whose sender fails, tells what it can and what is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.lab.running import (
    assert_complete,
    in_lab,
    lines,
    plainly,
    said,
    start_methods,
    write_script,
)
from tests.pythons import Python

NO_GOODBYE = (
    "The script's process ended without saying goodbye (os._exit or killed): "
    "what it saw last may be missing."
)
FAILED = "The lab failed to report what it saw; what follows was not seen."

EXITS_AT_ONCE = """
    import os
    from concurrent import futures

    with futures.ThreadPoolExecutor(4) as pool:
        print(sum(pool.map(abs, range(40))), flush=True)
    child = os.fork()
    if not child:
        os._exit(3)
    print(os.waitpid(child, 0)[1] >> 8, os._exit.__name__, os._exit.__doc__ is not None, flush=True)
    try:
        os._exit("no number")
    except TypeError:
        os._exit(5)
    """

WORKER_EXITS_AT_ONCE = """
    import multiprocessing
    import os
    import sys
    from concurrent import futures

    def main():
        context = multiprocessing.get_context(sys.argv[1])
        with futures.ProcessPoolExecutor(1, context) as pool:
            print(sum(pool.map(abs, range(10))))
            print(type(pool.submit(os._exit, 3).exception()).__name__)

    if __name__ == "__main__":
        main()
    """

SENDER_FAILS = """
    import sys
    import threading
    from concurrent import futures

    def main():
        with futures.ThreadPoolExecutor(2) as pool:
            print(sum(pool.map(abs, range(10))))
            for name, module in list(sys.modules.items()):
                if name.endswith("lab.channel"):
                    module.encode = None
            print(sum(pool.map(abs, range(10))))

    main()
    """


def test_what_was_seen_before_os_exit_is_told(each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, EXITS_AT_ONCE)
    recording = in_lab(each_python, path)
    alone = plainly(each_python, path)
    assert (said(recording).stdout, said(recording).exit_code) == (alone.stdout, alone.exit_code)
    assert lines(recording, "stderr") == []
    assert recording.troubles == [NO_GOODBYE]
    assert len(recording) == 40
    assert_complete(recording)


def test_a_task_that_ends_its_worker_has_begun(outer_python: Python, tmp_path: Path) -> None:
    for method in start_methods(outer_python):
        path = write_script(tmp_path, WORKER_EXITS_AT_ONCE)
        recording = in_lab(outer_python, path, arguments=(method,))
        assert lines(recording) == ["45", "BrokenProcessPool"]
        assert lines(recording, "stderr") == []
        assert not np.isnan(recording.tasks.started_s).any()


def test_a_sender_that_fails_says_so_once(outer_python: Python, tmp_path: Path) -> None:
    recording = in_lab(outer_python, write_script(tmp_path, SENDER_FAILS))
    assert recording.ending is not None
    assert (recording.ending.outcome, lines(recording)) == ("done", ["45", "45"])
    assert lines(recording, "stderr") == []
    assert recording.troubles == [FAILED]
