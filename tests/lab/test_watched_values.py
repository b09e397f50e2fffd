"""Watches read the script's own objects while it runs, and exactly in the end."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from core.run import Run
from tests.lab.running import in_lab, lines, write_script
from tests.pythons import Python
from tests.waiting import wait_until

COUNTING = """
    import sys
    import threading
    import time
    from concurrent import futures

    class Counter:
        def __init__(self):
            self.count = 0
            self.looks = 0

        @property
        def broken(self):
            raise self.Odd

        @property
        def later(self):
            self.looks += 1
            if self.looks > 1:
                raise ValueError("no more")
            return 1.5

        class Odd(Exception):
            def __repr__(self):
                raise RuntimeError("not even that")
            __str__ = __repr__

    counter = Counter()
    text = "seven"
    flag = True
    large = 2 ** 80
    huge = 10 ** 400
    nan = float("nan")
    down = 1000

    def main():
        global late, down
        while not sys.argv[1:]:
            counter.count += 1
            time.sleep(0)
        for number in range(1, 12_346):
            counter.count = number
            down -= 1
        late = -2.5

    if __name__ == "__main__":
        main()
        counter.count += 1  # beside the timed part, and yet it is the last value
    """

WATCHES = {
    "count": "counter.count",
    "broken": "counter.broken",
    "later": "counter.later",
    "text": "text",
    "flag": "flag",
    "large": "large",
    "huge": "huge",
    "nan": "nan",
    "down": "down",
    "late": "late",
    "missing": "nobody.home",
    "no attribute": "counter.nothing",
    "private": "counter.count.real.imag",
}


def test_every_kind_of_watch(each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, COUNTING)
    recording = in_lab(each_python, path, watches=WATCHES, arguments=("quick",))
    assert recording.ending is not None
    assert (recording.ending.outcome, lines(recording, "stderr")) == ("done", [])
    assert recording.watched() == {
        "count": 12_346,
        "down": 1000 - 12_345,
        "late": -2.5,
        "later": 1.5,
        "large": 2.0**80,
        "private": 0,
    }
    off = sorted(trouble.removeprefix("Watch ") for trouble in recording.troubles)
    kinds = {text.partition(" was switched off: ")[0]: text for text in off}
    assert kinds.keys() == {"broken", "flag", "huge", "later", "nan", "no attribute", "text"}
    assert len(off) == len(kinds)  # each says so once, whichever thread found out
    assert kinds["later"].endswith(": ValueError: no more.")
    assert kinds["text"].endswith(": TypeError: text is no plain number.")
    at_s, values = recording.watch("count")
    assert (np.diff(at_s) >= 0).all()
    assert values[-1] == 12_346


def test_a_watch_is_live(each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, COUNTING)

    def while_it_counts(run: Run) -> None:
        wait_until(lambda: len(set(run.recording.watch("count")[1])) > 5)
        run.stop()

    recording = in_lab(
        each_python, path, watches={"count": "counter.count"}, during=while_it_counts
    )
    at_s, values = recording.watch("count")
    assert (np.diff(values) >= 0).all()
    assert (np.diff(at_s) > 0).all()
    assert recording.watch("of no such name")[0].size == 0
