"""Where the command line records a run to, and what becomes of the file that grew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core import events
from core.recording import Recording
from core.recording_file import RecordingFileProblem, open_recording
from core.recording_problems import too_long
from core.storage.record_target import RecordTarget
from core.storage.spool import Spool
from tests.core.recordings import at, recording
from tests.core.storage.spools import MESSAGES
from tests.core.test_recording_file import check_equal


def begun(target: RecordTarget) -> tuple[Recording, Spool]:
    """Begin a run, and let some messages arrive."""
    record = recording()
    spool = target.begin(record)
    assert spool is not None
    for pid, sent in MESSAGES:
        for event in sent:
            record.apply(pid, event)
        spool.add(pid, events.encode(list(sent)), sent)
    return record, spool


def ended(target: RecordTarget) -> Recording:
    record, spool = begun(target)
    record.finish("done", 0, "", at(5))
    spool.finish()
    return record


def names_in(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize(
    ("name", "grows_in"),
    [
        ("run.jsonl", "run.unfinished.jsonl"),
        ("run", "run.unfinished"),
        (".run", ".run.unfinished"),
        ("a.b.c", "a.b.unfinished.c"),
        ("n" * 255, "n" * 244 + ".unfinished"),
        (os.fsdecode(b"caf\xe9.jsonl"), os.fsdecode(b"caf\xe9.unfinished.jsonl")),
    ],
)
def test_it_grows_beside_the_file_and_goes_when_that_is_whole(
    tmp_path: Path, name: str, grows_in: str
) -> None:
    with RecordTarget(tmp_path / name) as target:
        assert names_in(tmp_path) == []
        record = ended(target)
        assert names_in(tmp_path) == [grows_in]
        target.save(record)
    assert names_in(tmp_path) == [name]
    check_equal(open_recording(tmp_path / name), record)


def test_it_grows_where_a_link_points_to(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder/run.jsonl")
    with RecordTarget(tmp_path / "link") as target:
        record = ended(target)
        assert names_in(tmp_path / "folder") == ["run.unfinished.jsonl"]
        target.save(record)
    assert names_in(tmp_path / "folder") == ["run.jsonl"]


def test_two_runs_may_have_the_same_file_in_mind(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    precious = tmp_path / "run.unfinished-2.jsonl"
    precious.symlink_to("precious")
    with RecordTarget(path) as one, RecordTarget(path) as other:
        first, second = ended(one), ended(other)
        names = [f"run.unfinished{number}.jsonl" for number in ("-2", "-3", "")]
        assert names_in(tmp_path) == names
        one.save(first)
        other.save(second)
    assert names_in(tmp_path) == ["run.jsonl", precious.name]


def test_an_interrupt_while_saving_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("old")
    path.chmod(0o600)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("core.storage.record_target.save", interrupted)
    with RecordTarget(path) as target:
        record = ended(target)
        with pytest.raises(KeyboardInterrupt):
            target.save(record)
    assert names_in(tmp_path) == ["run.jsonl"]
    assert path.stat().st_mode & 0o777 == 0o600
    check_equal(open_recording(path), record)


def test_a_run_that_is_too_long_says_where_its_beginning_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_record: Recording, path: Path) -> None:
        raise too_long(path, 128 << 20)

    monkeypatch.setattr("core.storage.record_target.save", refuse)
    with RecordTarget(tmp_path / "run") as target:
        record, spool = begun(target)
        record.finish("done", 0, "", at(5))
        spool._give_up()
        spool.finish()
        with pytest.raises(RecordingFileProblem) as caught:
            target.save(record)
    growing = tmp_path / "run.unfinished"
    assert str(caught.value) == (
        "The run is too long for a recording; "
        f"what was written while it ran is in {growing}, which can be opened."
    )
    ending = open_recording(growing).ending
    assert ending is not None
    assert ending.outcome == "cut off"


def test_a_run_that_does_not_begin_leaves_nothing(tmp_path: Path) -> None:
    with RecordTarget(tmp_path / "run") as target:
        _, spool = begun(target)
        spool.remove()
    assert names_in(tmp_path) == []
