"""The pipe behind a script's output: lines in, whatever the bytes, and an end in every case."""

import os
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from core import output
from core.output import LONGEST_LINE, OutputPipe
from core.recording import MAX_OUTPUT_LINES, Recording
from tests.core.recordings import ORIGIN_NS, header, recording
from tests.waiting import wait_until


class HeldUp(Recording):
    """A recording whose writers wait until they may."""

    def __init__(self) -> None:
        super().__init__(header(), ORIGIN_NS)
        self.entered = threading.Event()
        self.gate = threading.Event()

    def add_output(self, at_ns: int, stream: str, lines: list[str]) -> None:
        self.entered.set()
        self.gate.wait()
        super().add_output(at_ns, stream, lines)


HELD = (
    "A program that is no part of the run holds on to its output; "
    "what it prints after the end is not kept."
)


@contextmanager
def emptied(into: Recording, stream: str = "stdout") -> Iterator[OutputPipe]:
    """Open a pipe; at the end of the block it is closed, and everything has been read."""
    pipe = OutputPipe(stream)
    pipe.start(into)
    try:
        yield pipe
    finally:
        pipe.close()


def write(pipe: OutputPipe, data: bytes) -> None:
    while data:
        data = data[os.write(pipe.writer, data) :]


def texts(record: Recording) -> list[str]:
    return [line.text for line in record.output]


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\n\nno end", ["one", "", "no end"]),
        (b"dos\r\nmac\rmac\r\n", ["dos", "mac\rmac"]),
        (b"\0", ["\0"]),
        (b"a\0b\n\0\0\nc\0", ["a\0b", "\0\0", "c\0"]),
        (b"\xff\xfe\n", ["\ufffd\ufffd"]),
        ("漢字 é\n".encode(), ["漢字 é"]),
        (b"x" * LONGEST_LINE + b"\n", ["x" * LONGEST_LINE]),
        (b"x" * (LONGEST_LINE + 1) + b"\n", ["x" * (LONGEST_LINE - 1) + "…"]),
        ("🎉".encode() * (LONGEST_LINE + 1), ["🎉" * (LONGEST_LINE - 1) + "…"]),
    ],
)
@pytest.mark.parametrize("chunk", [65_536, 5, 1])
@pytest.mark.parametrize("can_poll", [True, False])
def test_lines_are_cut_out_of_bytes(
    data: bytes, lines: list[str], chunk: int, can_poll: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_CAN_POLL", can_poll)
    monkeypatch.setattr(output, "_CHUNK", chunk)  # what one read returns is chance otherwise
    record = recording()
    with emptied(record, "stderr") as pipe:
        write(pipe, data)
    assert texts(record) == lines
    assert {line.stream for line in record.output} <= {"stderr"}
    assert record.output_dropped == 0


def test_zero_bytes_that_are_read_while_the_pipe_closes() -> None:
    record = HeldUp()
    pipe = OutputPipe("stdout")
    pipe.start(record)
    write(pipe, b"first\n")
    record.entered.wait()
    # The pipe is filled to the brim while its reader is held up, and then closed.
    write(pipe, b"a\0b\n" + b"x" * 65_527 + b"\nlast\n"[:5])
    closer = threading.Thread(target=pipe.close)
    closer.start()
    wait_until(lambda: pipe._closing)
    record.gate.set()
    closer.join()
    assert [text[:5] for text in texts(record)] == ["first", "a\0b", "xxxxx", "last"]


def test_it_closes_while_somebody_else_holds_the_other_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_PATIENCE_S", 0.1)
    record = recording()
    with emptied(record) as pipe:
        held = os.dup(pipe.writer)
        write(pipe, b"before\n")
    os.close(held)
    assert texts(record) == ["before"]


def test_it_closes_while_somebody_else_goes_on_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_PATIENCE_S", 0.1)
    record = recording()
    pipe = OutputPipe("stdout")
    pipe.start(record)
    held = os.dup(pipe.writer)

    def write_for_ever() -> None:
        with suppress(BrokenPipeError):
            while True:
                os.write(held, b"more\n" * 100)

    writer = threading.Thread(target=write_for_ever)
    writer.start()
    wait_until(lambda: record.output_dropped)
    pipe.close()
    writer.join()
    os.close(held)
    assert set(texts(record)) == {"more"}
    assert record.troubles == [HELD]


def test_it_closes_while_somebody_else_reads_what_is_meant_for_it() -> None:
    record = recording()
    with emptied(record) as pipe:
        thief = os.open(f"/proc/self/fd/{pipe.writer}", os.O_RDONLY)
        stolen = threading.Thread(
            target=lambda: [None for _ in iter(lambda: os.read(thief, 9), b"")]
        )
        stolen.start()
        write(pipe, b"more\n" * 1000)
    stolen.join()
    os.close(thief)
    assert record.troubles == []


def _read_all(descriptor: int) -> None:
    while os.read(descriptor, 9):
        pass


def test_it_closes_while_somebody_keeps_the_pipe_from_blocking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(output, "_PATIENCE_S", 0.1)
    record = recording()
    pipe = OutputPipe("stdout")
    pipe.start(record)
    held = os.dup(pipe.writer)
    over = threading.Event()

    def change() -> None:
        while not over.is_set():
            os.set_blocking(held, False)

    changer = threading.Thread(target=change)
    changer.start()
    write(pipe, b"before\n")
    pipe.close()
    over.set()
    changer.join()
    os.close(held)
    assert texts(record) == ["before"]


def test_it_closes_when_the_pipe_is_full_and_does_not_block() -> None:
    record = HeldUp()
    pipe = OutputPipe("stdout")
    pipe.start(record)
    write(pipe, b"first\n")
    record.entered.wait()
    os.set_blocking(pipe.writer, False)
    with suppress(BlockingIOError):
        while True:
            os.write(pipe.writer, b"more\n")
    closer = threading.Thread(target=pipe.close)
    closer.start()
    wait_until(lambda: pipe._closing)
    record.gate.set()
    closer.join()
    assert set(texts(record)) == {"first", "more"}


def test_it_closes_when_it_was_never_started() -> None:
    pipe = OutputPipe("stdout")
    pipe.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(pipe.writer)


def test_beyond_the_limit_lines_are_counted_and_memory_is_bounded() -> None:
    record = recording()
    block = (b"y" * 99 + b"\n") * 10_000
    tracemalloc.start()
    try:
        with emptied(record) as pipe:
            for _ in range(50):
                write(pipe, block)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(record.output) == MAX_OUTPUT_LINES
    assert record.output_dropped == 50 * 10_000 - MAX_OUTPUT_LINES
    assert most < 20 * 1024 * 1024  # of 50 MB printed


def test_a_line_without_end_is_bounded() -> None:
    record = recording()
    tracemalloc.start()
    try:
        with emptied(record) as pipe:
            for _ in range(50):
                write(pipe, b"z" * 1_000_000)
            write(pipe, b"\nnext\n")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert texts(record) == ["z" * (LONGEST_LINE - 1) + "…", "next"]
    assert most < 10 * 1024 * 1024
