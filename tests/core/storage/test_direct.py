"""Pipes, terminals and open files: written to directly, never replaced, never waited for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.storage.direct import opened_directly, write_all

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such names")


def write(path: Path, content: bytes = b"new") -> None:
    stream = opened_directly(path)
    assert stream is not None
    with stream:
        write_all(stream, content)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Return the two ends of a pipe."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


@pytest.mark.parametrize("folder", ["/dev/fd", "/proc/self/fd"])
def test_an_open_file_is_written_to_and_stays_open(folder: str, pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    for _ in range(2):
        write(Path(folder, str(writer)))
        assert os.read(reader, 100) == b"new"


def test_a_link_to_an_open_file_is_one(tmp_path: Path, pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    (tmp_path / "log").symlink_to(f"/dev/fd/{writer}")
    write(tmp_path / "log")
    assert os.read(reader, 100) == b"new"


def test_a_file_that_is_open_is_written_on_where_it_is(tmp_path: Path) -> None:
    """As a shell has it: what was printed before stays, and so does the file."""
    path = tmp_path / "out"
    with path.open("wb", buffering=0) as stream:
        stream.write(b"printed ")
        write(Path(f"/dev/fd/{stream.fileno()}"))
        stream.write(b" and more")
    assert path.read_bytes() == b"printed new and more"


def test_an_open_file_that_is_only_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "in").touch()
    with (tmp_path / "in").open("rb") as stream, pytest.raises(OSError, match="Bad file"):
        write(Path(f"/dev/fd/{stream.fileno()}"))
    with pytest.raises(OSError, match="Bad file descriptor"):
        write(Path("/dev/fd/987654"))


def test_a_pipe_is_written_to_while_somebody_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(OSError, match="nobody reads from this pipe"):
        opened_directly(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(path)
        assert os.read(reader, 100) == b"new"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_null_takes_everything_and_full_nothing() -> None:
    write(Path("/dev/null"))
    with pytest.raises(OSError, match="No space left on device"):
        write(Path("/dev/full"))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_other_devices_are_refused() -> None:
    with pytest.raises(OSError, match="it is a device"):
        opened_directly(Path("/dev/random"))


def test_where_a_file_is_or_could_be_nothing_is_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    for name in ("file", "none", "", "no/folder", "1"):
        assert opened_directly(tmp_path / name) is None
    assert (tmp_path / "file").read_bytes() == b"old"


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("one")
    with pytest.raises(OSError, match="Too many levels"):
        opened_directly(tmp_path / "one")
