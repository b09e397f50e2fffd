"""What every test gets without asking, and the fixtures that any test may ask for."""

from __future__ import annotations

import signal

import pytest
from hypothesis import HealthCheck, settings

# Before any test module imports it: its assertions are to be explained like those of tests.
pytest.register_assert_rewrite("tests.lab.running")

pytest_plugins = ["tests.leak_plugin", "tests.displays", "tests.pythons"]

# Other programs may take the processor at any moment, which says nothing about a test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

# A shell's background jobs are born deaf to Ctrl+C, and what nohup starts to the end of a terminal.
# The program respects that, but here it is to be heard: what tests start inherits this.
for _name, _handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    _number = getattr(signal, _name, None)  # there is no SIGHUP on Windows
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)
