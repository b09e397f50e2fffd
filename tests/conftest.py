"""What every test gets without asking, and the fixtures that any test may ask for."""

from __future__ import annotations

pytest_plugins = ["tests.leak_plugin", "tests.displays", "tests.pythons"]
