"""Watched tables: which are read, what their cells become, and when they are told."""

from __future__ import annotations

import enum
import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.lab import observe
from core.lab.tables import LONGEST, MOST_CELLS, MOST_ROWS, rows_of
from core.lab.watches import Watches
from core.run import Run
from tests.lab.running import in_lab, lines, write_script
from tests.pythons import Python
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def _nothing_observed() -> Iterator[None]:
    observe.state.begin()
    observe.connected()
    yield
    observe.state.begin()


def told() -> list[list[list[Any]]]:
    return [event[3] for event in observe.state.single if event[0] == "table"]


def troubles() -> list[str]:
    return [event[1] for event in observe.state.single if event[0] == "trouble"]


def test_rows_come_from_lists_and_from_dictionaries() -> None:
    rows = [["a", True, 1, 2.5, None], ("b", False)]
    assert rows_of(rows, "t") == [["a", True, 1, 2.5, None], ["b", False]]
    assert rows_of({"a": [1, 2], "b": 3, "c": ("x",)}, "t") == [["a", 1, 2], ["b", 3], ["c", "x"]]
    assert rows_of([], "t") == rows_of({}, "t") == []


class Colour(enum.IntEnum):
    """Numbers with names."""

    RED = 1


class Loud:
    """Something that cannot be written."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        (Colour.RED, 1),
        (2**63, "an integer of about 20 digits"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (b"bytes", "b'bytes'"),
        ([1, 2], "[1, 2]"),
        (ValueError("why"), "ValueError: why"),
        (Loud(), "<Loud, whose repr raised RuntimeError>"),
        ("\ud800", "?"),
    ],
)
def test_what_is_no_plain_cell_becomes_a_short_one(cell: Any, plain: Any) -> None:
    assert rows_of([[cell]], "t") == [[plain]]


def test_tables_are_bounded() -> None:
    rows = rows_of([["x" * 1_000] * 100] * 1_000, "t")
    assert rows is not None
    assert (len(rows), len(rows[0]), len(rows[0][0])) == (MOST_ROWS, MOST_CELLS, LONGEST)
    rows = rows_of({number: ["x"] * 100 for number in range(1_000)}, "t")
    assert rows is not None
    assert (len(rows), len(rows[0])) == (MOST_ROWS, MOST_CELLS)


def test_rows_left_out_are_told_once() -> None:
    watches = Watches({"w": "t"}, {"t": [[number] for number in range(MOST_ROWS + 1)]}, ["w"])
    watches.sample()
    watches._namespace["t"].append([1])
    watches.sample()
    assert troubles() == [f"Watch w shows the first {MOST_ROWS} rows of its table."]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (3, "TypeError: t is neither a list of rows nor a dictionary"),
        ("text", "TypeError: t is neither a list of rows nor a dictionary"),
        ([1], "TypeError: t has a row that is neither a list nor a tuple"),
        (["ab"], "TypeError: t has a row that is neither a list nor a tuple"),
    ],
)
def test_what_is_no_table_is_switched_off(value: Any, reason: str) -> None:
    watches = Watches({"w": "t", "number": "n"}, {"t": value, "n": 1}, ["w"])
    watches.sample()
    watches.sample()
    assert troubles() == [f"Watch w was switched off: {reason}."]
    assert told() == []
    assert len(observe.state.samples["number"]) == 2


def test_only_changes_are_told() -> None:
    rows: list[list[Any]] = []
    watches = Watches({"w": "box.rows"}, {"box": SimpleNamespace(rows=rows)}, ["w"])
    steps: list[list[Any]] = [[1], [2]]
    for step in steps:
        watches.sample()
        watches.sample()
        rows.append(step)
    watches.sample()
    rows[0][0] = True  # equal to 1, and yet a tick
    watches.sample()
    watches.sample()
    assert told() == [[], [[1]], [[1], [2]], [[True], [2]]]
    assert told()[-1][0][0] is True


def test_a_table_that_changes_while_it_is_read_is_read_again() -> None:
    class Changing(OrderedDict[str, int]):
        looks = 0

        def items(self) -> Any:
            self.looks += 1
            for item in super().items():
                if self.looks == 1:
                    self[f"new {len(self)}"] = 1
                yield item

    watches = Watches({"w": "t"}, {"t": Changing(a=1, b=2)}, ["w"])
    watches.sample()
    assert (told(), troubles()) == ([], [])
    watches.sample()
    assert (len(told()), troubles()) == (1, [])


def test_the_newer_reading_is_told_last() -> None:
    """Two threads sample: what the first began to read is told before the second reads."""
    reads, go_on = threading.Event(), threading.Event()

    class Slow:
        def __init__(self, number: int) -> None:
            self.number = number

        def __repr__(self) -> str:
            if self.number == 1:
                reads.set()
                go_on.wait(60)
            return f"number {self.number}"

    table = [[Slow(1)]]
    watches = Watches({"w": "t"}, {"t": table}, ["w"])
    first = threading.Thread(target=watches.sample)
    first.start()
    reads.wait(60)
    table[0] = [Slow(2)]
    second = threading.Thread(target=watches.sample)
    second.start()
    go_on.set()
    first.join()
    second.join()
    assert told() == [[["number 1"]], [["number 2"]]]


GROWING = """
    import sys
    import time

    table = {}
    rows = []

    def main():
        number = 0
        while not sys.argv[1:]:
            number += 1
            table["step"] = [number, number % 2 == 0]
            time.sleep(0)
        rows.append(("in time", 1))

    if __name__ == "__main__":
        main()
        table["end"] = None  # beside the timed part, and yet it is told
    """

TABLES = {"table": "table", "rows": "rows", "odd": "sys", "missing": "nobody.home"}


def test_the_last_tables_are_those_of_the_end(each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, GROWING)
    recording = in_lab(
        each_python, path, watches=TABLES, tables=tuple(TABLES), arguments=("quick",)
    )
    assert lines(recording, "stderr") == []
    at_end = {name: versions[-1].rows for name, versions in recording.tables.items()}
    assert at_end == {"table": (("end", None),), "rows": (("in time", 1),)}
    reason = "TypeError: sys is neither a list of rows nor a dictionary"
    assert recording.troubles == [f"Watch odd was switched off: {reason}."]


def test_a_table_is_live(each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, GROWING)

    def while_it_grows(run: Run) -> None:
        wait_until(lambda: len(run.recording.tables.get("table", ())) > 5)
        run.stop()

    recording = in_lab(
        each_python, path, watches={"table": "table"}, tables=("table",), during=while_it_grows
    )
    versions = recording.tables["table"]
    steps: list[Any] = [row[1] for version in versions for row in version.rows]
    assert steps == sorted(steps)
    assert [version.at_s for version in versions] == sorted(version.at_s for version in versions)
    early = recording.table("table", versions[2].at_s)
    assert early is not None
    assert early.rows == versions[2].rows
