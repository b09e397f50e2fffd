"""The time of day is told whatever the environment says of the time zone."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("zone", ["UTC", "UTC+25", "XXX-24:59:59", ":/no/such/\x01", "A" * 300, ""])
def test_the_time_has_an_offset(zone: str) -> None:
    text = "from core.local_time import local_now; print(local_now().isoformat())"
    done = subprocess.run(
        [sys.executable, "-c", text],
        env=os.environ | {"TZ": zone},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert datetime.fromisoformat(done.stdout.strip()).tzinfo is not None
