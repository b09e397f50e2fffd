"""Whether the threads of a demo compute at once or take turns, on a machine with other work.

Elapsed times tell that only while the machine has nothing else to do. What each thread *could*
have done is told by the system exactly, however busy it is: the time that a thread ran plus the
time that it was ready and waited for a processor (Linux, `schedstat`). A thread that waits for
the GIL is neither.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.pythons import Python

SCHEDSTAT = Path("/proc/self/schedstat")
APART = 0.8
"""Between both extremes for two threads: 1 for threads that compute at once, 0.5 for turns."""
ROUNDS = 5

_DRIVER = """\
import contextlib, importlib, io, json, os, sys, threading, time
from concurrent import futures

class Both(futures.ThreadPoolExecutor):
    def submit(self, task, *arguments):
        return super().submit(measured, task, *arguments)

def measured(task, *arguments):
    with open("/proc/self/task/%d/schedstat" % threading.get_native_id(), "rb") as file:
        both.wait()
        able = able_ns(file)
        start = time.perf_counter_ns()
        try:
            return task(*arguments)
        finally:
            took = time.perf_counter_ns() - start
            shares.append((able_ns(file) - able) / took)

def able_ns(file):
    ran, waited = os.pread(file.fileno(), 100, 0).split()[:2]
    return int(ran) + int(waited)

sys.setswitchinterval(0.05)  # whoever waits for the GIL wakes up so often, and is ready then
both = threading.Barrier(2, timeout=60)
shares = []
script = importlib.import_module(sys.argv[1])
script.EXECUTOR = Both
with contextlib.redirect_stdout(io.StringIO()):
    script.main()
print(json.dumps(min(shares)))
"""


def able_share(python: Python, script: Path, environment: Mapping[str, str]) -> float:
    """Return in which share of its time a task could compute, in two threads with a task each.

    The smaller of both shares: the larger is that of a thread which is alone in the end.
    """
    ran = subprocess.run(
        [python.path, "-c", _DRIVER, script.stem],
        cwd=script.parent,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=250,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return float(json.loads(ran.stdout))


def are_side_by_side(
    python: Python, script: Path, expected: bool, environment: Mapping[str, str] | None = None
) -> bool:
    """Return whether two tasks compute at once; what is not expected is looked at again.

    A moment of the machine can hide either answer (one thread is over before the other begins);
    none makes up the wrong one again and again.
    """
    shares = []
    for _ in range(ROUNDS):
        shares.append(able_share(python, script, environment or {}))
        if (shares[-1] > APART) is expected:
            return expected
    sys.stderr.write(f"able to compute, in shares of the time of a task: {shares}\n")
    return not expected


needs_schedstat = pytest.mark.skipif(
    not SCHEDSTAT.exists(), reason="only Linux tells how long a thread waited for a processor"
)
