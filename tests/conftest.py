"""What every test gets without asking, and the fixtures that any test may ask for."""

from __future__ import annotations

import pytest

# Before any test module imports it: its assertions are to be explained like those of tests.
pytest.register_assert_rewrite("tests.lab.running")

pytest_plugins = ["tests.leak_plugin", "tests.displays", "tests.pythons"]
