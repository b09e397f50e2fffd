"""Whichever call of the lab fails beside the script: it runs as plain, and its run says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import laboratory
from core.laboratory import Laboratory
from core.run import NO_ROOM_TO_BEGIN
from tests.faults.injector import ERRORS, KINDS
from tests.lab.running import ended, job, write_script

SCRIPT = """
    from concurrent import futures

    def main():
        with futures.{pool}(2) as pool:
            print(sum(pool.map(abs, range(-5, 5))), len([pool.submit(abs, -1).result()]))

    if __name__ == "__main__":
        main()
    """

QUICK = {("thread", 1), ("socket", 1), ("connect", 1), ("dup", 1), ("open", 1)}
CALLS = [
    pytest.param(kind, number, marks=() if (kind, number) in QUICK else pytest.mark.slow)
    for kind in KINDS
    for number in (1, 2, 3, 4)
]


@pytest.mark.parametrize("pool", ["ThreadPoolExecutor", "ProcessPoolExecutor"])
@pytest.mark.parametrize(("kind", "number"), CALLS)
def test_the_script_runs_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, number: int, pool: str
) -> None:
    monkeypatch.setattr(laboratory, "LAB", Path(__file__).with_name("lab_entry.py"))
    monkeypatch.setenv("LAB_FAULT", f"{kind} {number} {ERRORS[kind][0]}")
    with Laboratory() as lab:
        run = lab.start(job(write_script(tmp_path, SCRIPT.format(pool=pool))))
        ending = ended(run)
    recording = run.recording
    lines = [line.text for line in recording.output]
    if lines[0] != "25 1":
        (line,) = lines
        is_unread = line.startswith("the script cannot be read: ")
        assert is_unread or ending.message.startswith(NO_ROOM_TO_BEGIN)
        return
    assert (ending.outcome, lines) == ("done", ["25 1"])
    assert len(recording) == 11 or recording.troubles, (len(recording), recording.troubles)
