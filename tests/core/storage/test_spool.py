"""A run that is written down while it goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import events
from core.no_room import NoRoom
from core.recording import Recording
from core.recording_file import open_recording
from core.recording_limits import MOST_LINE_BYTES
from core.storage.spool import Spool
from tests.core.recordings import MAIN_PID, at, recording
from tests.core.storage.spools import MESSAGES, Messages
from tests.core.test_recording_file import check_equal
from tests.waiting import wait_until


@pytest.fixture
def record() -> Recording:
    return recording()


@pytest.fixture
def spool(tmp_path: Path, record: Recording) -> Iterator[Spool]:
    spool = Spool(tmp_path / "growing", record)
    yield spool
    spool.remove()


def send(spool: Spool, record: Recording, messages: Messages = MESSAGES) -> None:
    """Let messages arrive, as the collector does."""
    for pid, sent in messages:
        for event in sent:
            record.apply(pid, event)
        spool.add(pid, events.encode(list(sent)), sent)


def finish(spool: Spool, record: Recording) -> None:
    record.finish("done", 0, "", at(5))
    spool.finish()


def tasks_in(path: Path) -> int:
    return len(open_recording(path))


def test_what_arrives_is_in_the_file_soon_and_all_of_it_at_the_end(
    spool: Spool, record: Recording
) -> None:
    send(spool, record)
    wait_until(lambda: tasks_in(spool.path) == 2)
    record.add_output(at(2), "stdout", ["printed"])
    wait_until(lambda: len(open_recording(spool.path).output) == 1)
    ending = open_recording(spool.path).ending
    assert ending is not None
    assert "still being recorded" in ending.message
    record.trouble("Not all was seen.")
    finish(spool, record)
    assert spool.is_whole
    check_equal(open_recording(spool.path), record)


def test_it_ends_early_when_nobody_writes_it_any_more(spool: Spool, record: Recording) -> None:
    send(spool, record)
    wait_until(lambda: tasks_in(spool.path) == 2)
    spool.release()  # as when its program was killed
    ending = open_recording(spool.path).ending
    assert ending is not None
    assert ending.message.startswith("The recording ends early: the program that recorded")
    spool.path.unlink()


def test_messages_may_be_laid_out_in_lines(spool: Spool, record: Recording) -> None:
    for pid, sent in MESSAGES:
        laid_out = json.dumps(json.loads(events.encode(list(sent))), indent=1).encode()
        spool.add(pid, laid_out.replace(b"\n", b"\r\n"), sent)
    spool.add(MAIN_PID, b"[]", [])
    finish(spool, record)
    assert tasks_in(spool.path) == 2


def test_long_messages_are_written_in_short_lines(spool: Spool, record: Recording) -> None:
    count = 1_000
    numbers = list(range(count))
    texts: list[str | int] = ["\N{SNOWMAN}" * 2_000] * count
    times = [at(1)] * count
    table = events.Table("table", at(1), [["\N{SNOWMAN}" * 2_000] * 2 for _ in range(400)])
    zeros = [0] * count
    long: Messages = [
        (MAIN_PID, [events.Submitted(numbers, times, zeros, zeros, texts)]),
        (MAIN_PID, [table, events.Settled(numbers, times, zeros, texts)]),
    ]
    send(spool, record, [*MESSAGES, *long])
    finish(spool, record)
    assert spool.is_whole
    with spool.path.open("rb") as stream:
        assert max(map(len, stream)) <= MOST_LINE_BYTES
    found = open_recording(spool.path)
    check_equal(found, record)
    assert found.tables == record.tables


def test_nothing_that_is_there_is_written_to(tmp_path: Path, record: Recording) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    (tmp_path / "link").symlink_to(precious)
    for path in (precious, tmp_path / "link"):
        with pytest.raises(FileExistsError):
            Spool(path, record)
    assert precious.read_bytes() == b"precious"


def test_a_file_that_somebody_put_in_its_place_stays(spool: Spool, record: Recording) -> None:
    spool.path.unlink()
    spool.path.write_bytes(b"precious")
    finish(spool, record)
    spool.remove()
    assert spool.path.read_bytes() == b"precious"


def test_a_full_disk_is_told_once_and_the_rest_is_written_when_there_is_room(
    small_disk: Path, record: Recording
) -> None:
    spool = Spool(small_disk / "growing", record)
    send(spool, record)
    wait_until(lambda: tasks_in(spool.path) == 2)
    filler = small_disk / "filler"
    fill(filler)
    record.add_output(at(3), "stdout", ["x" * 1_000] * 100)
    wait_until(lambda: bool(record.troubles))
    assert tasks_in(spool.path) == 2
    (trouble,) = record.troubles
    assert trouble == (
        f"What arrives cannot be written to {small_disk} (No space left on device); "
        "make room there, and the recording is saved at the end of the run."
    )
    record.add_output(at(3), "stdout", ["more"])
    filler.unlink()
    wait_until(lambda: len(open_recording(spool.path).output) == 101)
    finish(spool, record)
    assert spool.is_whole
    check_equal(open_recording(spool.path), record)
    assert len(record.troubles) == 1
    spool.remove()
    assert list(small_disk.iterdir()) == []


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4_096))
        except OSError:
            pass


def test_what_waits_for_a_full_disk_is_bounded(
    tmp_path: Path, record: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path / "growing", record)
    send(spool, record)
    wait_until(lambda: tasks_in(spool.path) == 2)
    with monkeypatch.context() as full:

        def write(*_: object) -> int:
            raise OSError(28, "No space left on device")

        full.setattr("core.storage.spool.os.write", write)
        full.setattr("core.storage.spool._MOST_WAITING_BYTES", 1_000_000)
        samples = events.Watch("counter", [at(1)] * 10_000, [1.5] * 10_000)
        message = events.encode([samples])
        for _ in range(30):
            spool.add(MAIN_PID, message, [samples])
        assert spool._is_given_up
        assert spool._waiting_bytes + spool._unwritten_bytes < 1_300_000
    finish(spool, record)
    assert not spool.is_whole
    assert tasks_in(spool.path) == 2
    spool.remove()


def test_too_many_samples_are_left_out_and_the_tasks_go_on(
    spool: Spool, record: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.recording_limits._MOST_SAMPLES", 5)
    samples = [(MAIN_PID, [events.Watch("counter", [at(1)], [1.5])])] * 10
    send(spool, record, [*samples, *MESSAGES])
    finish(spool, record)
    assert spool.is_whole
    found = open_recording(spool.path)
    assert len(found) == 2
    assert len(found.watch("counter")[0]) == 5


def test_too_much_to_be_opened_ends_the_file_where_it_still_opens(
    spool: Spool, record: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(spool, record)
    wait_until(lambda: tasks_in(spool.path) == 2)
    monkeypatch.setattr("core.storage.spool.LARGEST_BYTES", spool.path.stat().st_size)
    send(spool, record, [(MAIN_PID, [events.Delivered([0], [at(3)])])])
    finish(spool, record)
    assert not spool.is_whole
    assert tasks_in(spool.path) == 2


def test_a_thread_that_cannot_start_is_told_as_any_other_fault(
    tmp_path: Path, record: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("core.storage.spool.threading.Thread.start", refuse)
    with pytest.raises(NoRoom, match="one more thread"):
        Spool(tmp_path / "growing", record)
    assert list(tmp_path.iterdir()) == []


def test_its_mode_is_what_was_asked_for(tmp_path: Path, record: Recording) -> None:
    spool = Spool(tmp_path / "growing", record, mode=0o600)
    assert spool.path.stat().st_mode & 0o777 == 0o600
    finish(spool, record)
    spool.become(tmp_path / "whole")
    assert [each.name for each in tmp_path.iterdir()] == ["whole"]
    check_equal(open_recording(tmp_path / "whole"), record)
