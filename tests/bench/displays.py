"""An X server for the parts of the benchmark that need a real window."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.displays import x_server


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """Yield the environment that shows windows on a display of their own."""
    with x_server() as name:
        yield {**os.environ, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
