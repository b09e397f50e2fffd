"""The owner's end of a lab process's stdin: it never waits long, and never ends a run by itself."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from core.lifeline import Lifeline

pytestmark = pytest.mark.skipif(os.name != "posix", reason="no socket is stdin there")


@pytest.fixture
def ends() -> Iterator[tuple[Lifeline, socket.socket]]:
    lifeline = Lifeline()
    other = socket.socket(fileno=os.dup(lifeline.stdin))
    lifeline.has_started()
    with other:
        yield lifeline, other
    lifeline.close()


def waiting_in(other: socket.socket) -> bytes:
    """Return what waits to be read, after which no end must come: it would end the process."""
    other.setblocking(False)
    received = b""
    try:
        while more := other.recv(1_000_000):
            received += more
    except BlockingIOError:
        return received
    pytest.fail("the process would end")


def test_orders_are_lines(ends: tuple[Lifeline, socket.socket]) -> None:
    lifeline, other = ends
    lifeline.send({"job": 1})
    lifeline.send({"cancel": 2})
    assert other.recv(100) == b'{"job": 1}\n{"cancel": 2}\n'
    lifeline.close()
    lifeline.close()
    assert other.recv(100) == b""


def test_one_who_reads_nothing_holds_up_nobody(ends: tuple[Lifeline, socket.socket]) -> None:
    lifeline, other = ends
    lifeline.send({"job": 1})
    lifeline.send({"cancel": "x" * 10_000_000})
    lifeline.send({"cancel": 2})  # not after half a line
    received = waiting_in(other)
    assert received.startswith(b'{"job": 1}\n{"cancel": "xxx')
    assert received.endswith(b"x")


def test_one_who_is_gone_is_told_nothing(ends: tuple[Lifeline, socket.socket]) -> None:
    lifeline, other = ends
    other.close()
    lifeline.send({"job": 1})
    lifeline.send({"cancel": 2})
