"""Real runs for tests of the exports: in threads and in processes, one that fails, one stopped."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from core.recording import Recording
from core.run import Run
from tests.core.command import script
from tests.lab.running import in_lab
from tests.pythons import Python
from tests.waiting import wait_until

WORK = """\
from concurrent import futures

TASKS = 6
WORDS = "naïve, \\"日本\\""
EXECUTOR = futures.ThreadPoolExecutor

def work(number, word):
    if number == 4:
        raise ValueError("not four;\\nnever")
    return f"{word}{number}"

def main():
    with EXECUTOR(2) as executor:
        jobs = [executor.submit(work, number, WORDS) for number in range(TASKS)]
        for job in futures.as_completed(jobs):
            print(job.exception() or job.result())

if __name__ == "__main__":
    main()
"""

ENDLESS = """\
from concurrent import futures
from threading import Event

def wait(number):
    return Event().wait(number * 1000)

def main():
    with futures.ThreadPoolExecutor(2) as executor:
        print(list(executor.map(wait, range(6))))

if __name__ == "__main__":
    main()
"""

FAILS = "def main():\n    raise KeyError('gone')\n\nif __name__ == '__main__':\n    main()\n"


@cache
def run_of(text: str, mode: str = "threads", *, stop: bool = False) -> Recording:
    """Run a script in the lab, once; one that is to be stopped has begun three tasks by then."""
    if mode == "processes":
        text = text.replace("ThreadPoolExecutor", "ProcessPoolExecutor")
    fields = {"knobs": {"TASKS": 6}, "watches": {"tasks": "TASKS"}}
    with TemporaryDirectory() as folder:
        path = script(Path(folder), text, f"{mode}.py")
        return in_lab(Python("", sys.executable), path, mode, _stop if stop else None, **fields)


def _stop(run: Run) -> None:
    wait_until(lambda: int((run.recording.tasks.worker >= 0).sum()) >= 3, 30.0, "three tasks")
    run.stop()
