"""A real X server for tests that need real windows."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.waiting import wait_until

SCREEN = "1920x1080x24"
END_WITHIN_S = 60.0


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Hand a process over and end it, by its own id, when the block is left."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(END_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def x_server() -> Iterator[str]:
    """Start an Xvfb on a free display; its name (`:97`) is what DISPLAY must be."""
    reader, writer = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writer),
        "-screen",
        "0",
        SCREEN,
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    with os.fdopen(reader, "rb") as answer:
        try:
            server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
        finally:
            os.close(writer)  # else the read below would wait for ever on a server that failed
        with ended(server):
            number = answer.readline().strip().decode()
            assert number, "Xvfb did not start; ./test installs it, or says how"
            yield f":{number}"


@pytest.fixture
def x_display() -> Iterator[str]:
    """Hand out the name of a display of one's own."""
    with x_server() as name:
        yield name


@pytest.fixture
def window_manager(x_display: str) -> Iterator[str]:
    """Run openbox on the display, so that windows get the focus, move and go full screen."""
    environment = {**os.environ, "DISPLAY": x_display}
    manager = subprocess.Popen(
        ["openbox", "--sm-disable"], env=environment, stderr=subprocess.DEVNULL
    )
    with ended(manager):
        wait_until(lambda: _is_managed(environment), what="openbox manages the display")
        yield x_display


def _is_managed(environment: dict[str, str]) -> bool:
    answer = subprocess.run(
        ["xdotool", "get_desktop"], env=environment, capture_output=True, check=False
    )
    return answer.returncode == 0
