"""The pytest plugin that makes every test fail on what it leaves behind."""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.leaks import (
    SESSION_VARIABLE,
    Leak,
    Snapshot,
    leaks_since,
    new_processes,
    new_temporary_files,
)
from tests.waiting import wait_until

END_WITHIN_S = 60.0  # a killed process is gone long before

PRIVATE_FOLDER: pytest.StashKey[Path] = pytest.StashKey()
SAVED_ENVIRONMENT: pytest.StashKey[dict[str, str | None]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option: how long a test's remains may take to go."""
    parser.addini(
        "leak_deadline_s", "seconds that threads, processes and files have to end", default="30"
    )


def pytest_configure(config: pytest.Config) -> None:
    """
    Give the run a temporary folder, settings and a mark of its own.

    With a folder of its own, whatever is in it was made by this run, not by another program of
    the machine; its name is short because the path of a socket file may have only 108 bytes.
    """
    outer = tempfile.gettempdir()
    private = Path(tempfile.mkdtemp(prefix="flt-"))
    settings = private / "settings"
    temporary = private / "t"
    data = private / "data"
    settings.mkdir()
    data.mkdir()
    temporary.mkdir()
    changes = {
        "TMPDIR": str(temporary),
        "XDG_CONFIG_HOME": str(settings),  # never the settings of the person who runs the tests
        "XDG_DATA_HOME": str(data),  # nor the runs that this person keeps
        "PYTEST_DEBUG_TEMPROOT": os.environ.get(
            "PYTEST_DEBUG_TEMPROOT", outer
        ),  # tmp_path stays there
        # A run inside a run is part of both.
        SESSION_VARIABLE: f"{os.environ.get(SESSION_VARIABLE, '')}/{uuid.uuid4().hex}",
    }
    config.stash[PRIVATE_FOLDER] = private
    config.stash[SAVED_ENVIRONMENT] = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # a bare pytest does as ./test does
    tempfile.tempdir = str(temporary)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Undo what `pytest_configure` did."""
    for name, value in config.stash[SAVED_ENVIRONMENT].items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    tempfile.tempdir = None
    shutil.rmtree(config.stash[PRIVATE_FOLDER])


@pytest.fixture(scope="session", autouse=True)
def _no_leaks_of_the_session(pytestconfig: pytest.Config) -> Iterator[None]:
    """Catch what fixtures of a module or of the session leave, which no single test can see."""
    pids = frozenset(psutil.pids())
    yield
    fail_on(
        lambda: [*new_processes(pids), *new_temporary_files(frozenset())], _deadline_s(pytestconfig)
    )


@pytest.fixture(autouse=True)
def _no_leaks(pytestconfig: pytest.Config) -> Iterator[None]:
    """Compare the world after each test with the world before it."""
    before = Snapshot.take()
    yield
    for folder in ("settings", "data"):
        for entry in (pytestconfig.stash[PRIVATE_FOLDER] / folder).iterdir():
            _delete(entry)
    fail_on(lambda: leaks_since(before), _deadline_s(pytestconfig))


def _deadline_s(config: pytest.Config) -> float:
    return float(config.getini("leak_deadline_s"))


def fail_on(look: Callable[[], list[Leak]], deadline_s: float) -> None:
    """
    Fail if something is still there after a while; end and delete it.

    Parameters
    ----------
    look : callable
        Lists what is there now and should not be.
    deadline_s : float
        How long that may take to go by itself: a thread needs a moment to end.
    """
    if not look():
        return
    gc.collect()  # a cycle may hold the last reference; what it frees unclosed warns, and fails
    with suppress(AssertionError):
        wait_until(lambda: not look(), timeout_s=deadline_s)
    leaks = look()
    for leak in leaks:
        _remove(leak)
    if leaks:
        pytest.fail("left behind:\n" + "\n".join(f"  {leak}" for leak in leaks), pytrace=False)


def _remove(leak: Leak) -> None:
    if leak.pid:
        with suppress(psutil.NoSuchProcess):  # it ended after all
            process = psutil.Process(leak.pid)
            process.kill()
            process.wait(END_WITHIN_S)
    if leak.path:
        _delete(Path(leak.path))


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Fail on Qt messages of the teardown; pytest-qt looks only until the test's call ends."""
    __tracebackhide__ = True
    with _qt_messages() as messages:
        result = yield
    ignored = item.config.getini("qt_log_ignore") if messages else []
    unexpected = [text for text in messages if not any(re.search(i, text) for i in ignored)]
    if unexpected:
        pytest.fail("Qt messages during the teardown:\n  " + "\n  ".join(unexpected), pytrace=False)
    return result


@contextmanager
def _qt_messages() -> Iterator[list[str]]:
    """Collect Qt's warnings and worse while in the block, if Qt is loaded at all."""
    messages: list[str] = []
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        yield messages
        return
    harmless = {core.QtMsgType.QtDebugMsg, core.QtMsgType.QtInfoMsg}

    def collect(kind: Any, _context: Any, text: str) -> None:
        if kind not in harmless:
            messages.append(text)

    previous = core.qInstallMessageHandler(collect)
    try:
        yield messages
    finally:
        core.qInstallMessageHandler(previous)
