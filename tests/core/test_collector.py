"""The receiving ends of a run, against senders of every kind: honest, late, silent and hostile."""

import os
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import AuthenticationError
from multiprocessing.connection import (
    Client,
    Connection,
    Listener,
    answer_challenge,
    deliver_challenge,
)
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from core import collector, events
from core.collector import Collector
from core.recording import Recording
from tests.core.recordings import at, recording
from tests.waiting import wait_until

KEY = b"the key of this run"
Channel: TypeAlias = "Connection[Any, Any]"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="speaks through socket files")


class Collecting:
    """A collector that is open, and what it collects into."""

    def __init__(self, folder: Path) -> None:
        self.recording: Recording = recording()
        self.collector = Collector(folder)
        self.address = self.collector.open(self.recording, KEY)

    @contextmanager
    def connected(self, key: bytes = KEY) -> Iterator[Channel]:
        connection = Client(self.address, authkey=key)
        try:
            yield connection
        finally:
            connection.close()


@pytest.fixture
def collecting() -> Iterator[Collecting]:
    """Open a collector in a folder whose name is short enough for a socket file."""
    with tempfile.TemporaryDirectory() as folder:
        collecting = Collecting(Path(folder))
        yield collecting
        collecting.collector.close()


def hello(pid: int, role: str = "main") -> events.Event:
    which: Any = role
    return events.Process(pid, 1, which, at(0), "3.11.7", False)


def work(task: int, worker: int = 0) -> list[events.Event]:
    return [
        events.Submitted([task], [at(0)], [0], [0], [""]),
        events.Started([task], [at(1)], [worker]),
        events.Finished([task], [at(2)], [0], [events.DONE], [task]),
    ]


def send(connection: Channel, *what: events.Event) -> None:
    connection.send_bytes(events.encode(list(what)))


def assert_closed(connection: Channel) -> None:
    with pytest.raises((EOFError, ConnectionError)):
        connection.recv_bytes()


def test_what_processes_say_is_recorded(collecting: Collecting) -> None:
    with collecting.connected() as main, collecting.connected() as worker:
        send(main, hello(10), events.Worker(0, 7, "MainThread", at(0)), *work(0))
        send(worker, hello(11, "worker"), events.Worker(0, 8, "MainThread", at(0)), *work(1))
    collecting.collector.close()
    record = collecting.recording
    assert {process.pid for process in record.processes} == {10, 11}
    assert [record.result(task) for task in range(2)] == ["0", "1"]
    assert {record.workers[lane].pid for lane in record.tasks.worker} == {10, 11}
    assert record.troubles == []


def test_a_hundred_processes_at_once(collecting: Collecting) -> None:
    everybody_is_there = threading.Barrier(100, timeout=60)

    def speak(number: int) -> None:
        with collecting.connected() as connection:
            everybody_is_there.wait()
            send(connection, hello(number), events.Worker(0, 1, "", at(0)), *work(number))

    speakers = [threading.Thread(target=speak, args=(number,)) for number in range(100)]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()
    collecting.collector.close()
    record = collecting.recording
    assert [record.result(task) for task in range(100)] == [str(task) for task in range(100)]
    assert len(record.processes) == 100


def test_one_who_has_said_everything_before_the_handshake_was_read(collecting: Collecting) -> None:
    """A short script on a busy machine: it is over when its connection is just being accepted."""
    connection = Client(collecting.address)
    answer_challenge(connection, KEY)
    closer = threading.Thread(target=collecting.collector.close)
    closer.start()
    wait_until(lambda: collecting.collector._closing)
    deliver_challenge(connection, KEY)
    send(connection, hello(10))
    connection.close()
    closer.join()
    assert [process.pid for process in collecting.recording.processes] == [10]


def test_silence_holds_up_nobody(collecting: Collecting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "_PATIENCE_S", 0.1)
    silent = [socket.socket(socket.AF_UNIX) for _ in range(3)]
    for one in silent:
        one.connect(collecting.address)
    with collecting.connected() as connection:
        send(connection, hello(10))
    wait_until(lambda: collecting.recording.processes)
    collecting.collector.close()  # returns, though they still say nothing
    for one in silent:
        one.close()
    assert collecting.recording.troubles == []


def test_a_wrong_key_is_refused(collecting: Collecting) -> None:
    with pytest.raises(AuthenticationError), collecting.connected(b"another key"):
        pass
    with collecting.connected() as connection:
        send(connection, hello(10))
    collecting.collector.close()
    assert collecting.recording.troubles == ["A connection without the run's key was refused."]
    assert len(collecting.recording.processes) == 1


@pytest.mark.parametrize(
    "nonsense",
    [b"GET / HTTP/1.1\r\n\r\n", struct.pack("!i", 4) + b"nope", struct.pack("!i", 10**6), b"\xff"],
)
def test_nonsense_instead_of_a_handshake(nonsense: bytes, collecting: Collecting) -> None:
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(collecting.address)
        stranger.sendall(nonsense)
    with collecting.connected() as connection:
        send(connection, hello(10))
    collecting.collector.close()
    assert len(collecting.recording.processes) == 1
    assert all(trouble.endswith(".") for trouble in collecting.recording.troubles)


def test_nonsense_in_the_second_half_of_the_handshake(collecting: Collecting) -> None:
    connection = Client(collecting.address)
    answer_challenge(connection, KEY)
    connection.send_bytes(b"this is no challenge")
    assert_closed(connection)
    connection.close()
    collecting.collector.close()
    assert collecting.recording.troubles == ["A connection without the run's key was refused."]


@pytest.mark.parametrize(
    ("nonsense", "reason"),
    [
        (b"", "could not be read"),
        (b"\0\xff" * 50, "could not be read"),
        (b"{}", "could not be read"),
        (b'[["no such event", 1]]', "could not be read"),
        (b'[["started", [0], [0], [5]]]', "never announced"),
        (b'[["delivered", [0, 1], [0]]]', "unequal length"),
        (b'[["delivered", [-1], [0]]]', "out of bounds"),
        (b"[" * 100_000, "could not be read"),
    ],
)
def test_nonsense_ends_its_own_connection_only(
    nonsense: bytes, reason: str, collecting: Collecting
) -> None:
    with collecting.connected() as honest, collecting.connected() as other:
        send(other, hello(11), events.Worker(0, 1, "", at(0)), *work(0))
        other.send_bytes(nonsense)
        assert_closed(other)
        send(honest, hello(10), events.Worker(0, 1, "", at(0)), *work(1))
    collecting.collector.close()
    record = collecting.recording
    assert [record.result(task) for task in range(2)] == ["0", "1"]  # what came before is kept
    (trouble,) = record.troubles
    assert reason in trouble
    assert trouble.endswith(". That connection was closed.")


def test_a_message_that_is_too_large_is_not_read(collecting: Collecting) -> None:
    with collecting.connected() as connection:
        send(connection, hello(10))
        os.write(connection.fileno(), struct.pack("!iQ", -1, events.MAX_MESSAGE_BYTES + 1))
        assert_closed(connection)
    collecting.collector.close()
    assert collecting.recording.troubles == [
        "A message of the lab process could not be read: bad message length. "
        "That connection was closed."
    ]


def test_who_does_not_say_who_speaks_is_not_heard(collecting: Collecting) -> None:
    with collecting.connected() as connection:
        send(connection, *work(0))
        assert_closed(connection)
    collecting.collector.close()
    assert len(collecting.recording) == 0
    assert len(collecting.recording.troubles) == 1


def test_an_end_in_the_middle_of_a_message_is_an_end(collecting: Collecting) -> None:
    with collecting.connected() as connection:
        send(connection, hello(10))
        os.write(connection.fileno(), struct.pack("!i", 1000) + b'[["deliv')
    collecting.collector.close()
    assert len(collecting.recording.processes) == 1
    assert collecting.recording.troubles == []


def test_a_process_that_outlives_the_run_is_let_go(
    collecting: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "_PATIENCE_S", 0.1)
    with collecting.connected() as connection:
        send(connection, hello(10))
        wait_until(lambda: collecting.recording.processes)
        collecting.collector.close()  # returns though the other end is open
        assert_closed(connection)


def test_who_cannot_be_accepted_is_refused_and_not_kept_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Exhausted(Listener):
        def accept(self) -> Channel:
            raise OSError(24, "Too many open files")

    monkeypatch.setattr(collector, "Listener", Exhausted)
    with tempfile.TemporaryDirectory() as folder:
        collecting = Collecting(Path(folder))
        wait_until(lambda: collecting.recording.troubles)
        with pytest.raises(OSError, match=r"No such file|refused"), collecting.connected():
            pass
        collecting.collector.close()
    assert "Too many open files" in collecting.recording.troubles[0]


def test_it_closes_twice_and_unopened(collecting: Collecting) -> None:
    collecting.collector.close()
    collecting.collector.close()
    with tempfile.TemporaryDirectory() as folder:
        Collector(Path(folder)).close()


@pytest.mark.parametrize(
    "message",
    [
        b'[["activity",[1],[1],[5],[7]]]',
        b'[["activity",[1,1],[1,1],[9,5],[0,1]]]',
        b'[["activity",[0],[1],[5],[1]]]',
        b'[["cores",5,[2.0],0]]',
    ],
)
def test_a_watcher_that_says_what_cannot_be_is_heard_no_more(
    collecting: Collecting, message: bytes
) -> None:
    with collecting.connected() as watcher, collecting.connected() as lab:
        send(watcher, hello(7, "watcher"))
        watcher.send_bytes(message)
        assert_closed(watcher)
        send(lab, hello(1), events.Worker(0, 5, "worker", at(0)), *work(0))
        wait_until(lambda: len(collecting.recording))  # the run goes on
    assert len(collecting.recording.troubles) == 1
    assert collecting.recording.activity() == ()
