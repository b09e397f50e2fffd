"""What is told of processes that ended without a goodbye: once, and where it says something."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core import events
from core.silent_ends import SilentEnds, is_ending, losses, lost_mark
from tests.core.recordings import at, recording

GONE = 2**31 - 1  # no process has this number

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc tells of processes")


def test_each_kind_is_told_once_with_its_count() -> None:
    ends = SilentEnds()
    for pid in GONE, os.getpid():
        for role in "main", "worker", "worker", "watcher":
            ends.add(pid, role)
    assert ends.sentences() == [
        "The script closed the lab's connection; what follows was not seen.",
        "The script closed the lab's connection in 2 worker processes; "
        "what follows there was not seen.",
        "The script's process ended without saying goodbye (os._exit or killed): "
        "what it saw last may be missing.",
        "2 worker processes ended without saying goodbye (os._exit or killed): "
        "what was seen there last may be missing.",
    ]


def test_nobody_has_to_be_told_of_ends_that_are_known() -> None:
    ends = SilentEnds()
    ends.add(GONE, "main")
    ends.add(GONE, "worker")
    assert ends.sentences(is_stopped=True) == []
    assert ["worker" in sentence for sentence in ends.sentences(is_broken=True)] == [False]


def test_who_said_no_hello_is_a_worker_unless_it_goes_on() -> None:
    ends = SilentEnds()
    ends.add(os.getpid(), "")
    assert ends.sentences() == []
    ends.add(GONE, "")
    (sentence,) = ends.sentences()
    assert sentence.startswith("1 worker process ended without saying goodbye")
    ends.leave_out(GONE)
    assert ends.sentences() == []


def test_tasks_that_nobody_saw_run_are_told_where_nothing_else_is() -> None:
    record = recording()
    record.apply(1, events.Submitted([0, 1], [at(0), at(0)], [1, 1], [0, 0], ["", ""]))
    record.apply(1, events.Settled([0, 1], [at(1), at(1)], [events.DONE] * 2, ["", ""]))
    ends = SilentEnds()
    assert losses(ends, record, is_stopped=True) == []
    assert losses(ends, record, is_stopped=False) == [
        "2 tasks ran in worker processes that could not be observed."
    ]
    ends.add(GONE, "worker")
    assert len(losses(ends, record, is_stopped=False)) == 1


def test_who_marked_its_connection_as_lost_had_it_closed(tmp_path: Path) -> None:
    address = str(tmp_path / "events")
    Path(lost_mark(address, GONE)).mkdir()
    ends = SilentEnds()
    ends.add(GONE, "main", address)
    assert ends.sentences() == [
        "The script closed the lab's connection; what follows was not seen."
    ]


def test_a_process_ends_before_it_is_reaped() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert not is_ending(os.getpid())
    with process.stdout:
        process.stdout.read()  # until it has closed what it had open
    assert is_ending(process.pid)
    process.wait()
    assert is_ending(process.pid)
