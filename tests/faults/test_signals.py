"""SIGTERM ends a run also when the system has no room for anything any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.cases import Nursery, complaints
from tests.faults.injector import ERRORS, KINDS

ENDLESS = """\
import threading
try:
    print("begun", flush=True)
    threading.Event().wait()
except KeyboardInterrupt:  # whose traceback would be the script's own
    pass
"""

QUICK = ("thread", "open")
CALLS = [
    pytest.param(kind, marks=() if kind in QUICK else pytest.mark.slow)
    for kind in KINDS
    if kind != "removal"
]


@pytest.mark.parametrize("kind", CALLS)
def test_a_signal_ends_the_run(nursery: Nursery, tmp_path: Path, kind: str) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS)
    outcome = nursery.run(
        words=["run", str(script)],
        fault=[kind, 1, ERRORS[kind][0]],
        is_lasting=True,
        interrupt_at="begun",
    )
    assert complaints(outcome, kind) == []
    assert outcome.status == 3
    assert "The run was stopped" in outcome.err
