"""Whatever fails in the process of the local sites or in the watcher: the owner hears of it."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from core import watcher_process
from core.laboratory import Laboratory
from core.no_room import NoRoom
from core.sites import Sites, SitesError, process
from tests.faults.injector import ERRORS, KINDS
from tests.lab.running import ended, job, write_script

TIMEOUT_S = 30.0

QUICK = {("thread", 1), ("open", 1), ("connect", 1), ("read", 1), ("accept", 1)}
CALLS = [
    pytest.param(kind, number, marks=() if (kind, number) in QUICK else pytest.mark.slow)
    for kind in KINDS
    for number in (1, 2, 3)
]


def with_fault(command: list[str], kind: str, number: int, error: str) -> list[str]:
    """Return a command ``python OPTIONS -m MODULE WORDS`` with a fault in its process."""
    place = command.index("-m")
    module, words = command[place + 1], command[place + 2 :]
    fault = [module, kind, str(number), error]
    return [*command[:place], "-m", "tests.faults.inside", *fault, *words]


def started() -> Sites | Exception:
    try:
        return Sites.start(0)
    except (SitesError, NoRoom) as problem:
        return problem


@pytest.mark.parametrize(("kind", "number"), CALLS)
def test_the_sites_serve_or_say_why_not(
    monkeypatch: pytest.MonkeyPatch, kind: str, number: int
) -> None:
    command = process._command
    error = ERRORS[kind][0]
    monkeypatch.setattr(
        process, "_command", lambda port: with_fault(command(port), kind, number, error)
    )
    sites = started()
    if isinstance(sites, Exception):
        assert str(sites).endswith(".")
        return
    with sites:
        served = []
        for _ in range(3):  # the fault is one call; who comes after it is served
            try:
                with urllib.request.urlopen(f"{sites.address}/alpha", timeout=TIMEOUT_S) as page:
                    served.append(b"alpha" in page.read())
            except OSError:
                served.append(False)
        assert served[-1], served


@pytest.mark.parametrize(("kind", "number"), CALLS)
def test_a_run_goes_on_whatever_fails_in_its_watcher(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, number: int
) -> None:
    command = with_fault(watcher_process._COMMAND, kind, number, ERRORS[kind][0])
    monkeypatch.setattr(watcher_process, "_COMMAND", command)
    with Laboratory(is_watching=True) as laboratory:
        run = laboratory.start(job(write_script(tmp_path, SCRIPT)))
        ending = ended(run)
    recording = run.recording
    assert (ending.outcome, [line.text for line in recording.output]) == ("done", ["3"])
    for trouble in recording.troubles:
        assert trouble.startswith("The threads are watched no more: "), recording.troubles
    is_seen = recording.activity_sampled() is not None
    assert is_seen or recording.activity_note == "failed"


SCRIPT = """
    from concurrent import futures

    def main():
        with futures.ThreadPoolExecutor(1) as pool:
            print(pool.submit(sum, [1, 2]).result())

    if __name__ == "__main__":
        main()
    """
