"""Only what can be pickled crosses to a process and back; to a thread everything does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.comparison import summary_of
from core.demos import demo_named
from core.explain import explain, verdict_on
from core.facts import facts_of as facts_of_run
from core.recording import Recording
from core.run import Run
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.lab.running import PATIENCE_S, in_lab, lines, plainly, start_methods
from tests.pythons import Python
from tests.waiting import wait_until

CROSS = {"named function", "partial", "bound method"}
STAY = {"nested function", "lambda", "open file", "lock", "generator", "object of local class"}
TRAP = "exception"
WATCHED: dict[str, Any] = {"watches": {"crossings": "table"}, "tables": ("crossings",)}


def rows_of(output: list[str]) -> dict[str, tuple[list[bool], int | None, str]]:
    """Return what the script printed: ticks, pickled size and message of each thing."""
    rows = {}
    for line in output:
        name, *ticks, size, says = line.split(" | ", 5)
        rows[name] = (
            [tick == "True" for tick in ticks],
            None if size == "None" else int(size),
            says,
        )
    return rows


def write_with_start_method(folder: Path, method: str) -> Path:
    path = write_demo(folder, "pickle_limits", "processes")
    text = path.read_text(encoding="utf-8")
    guard = 'if __name__ == "__main__": '
    setting = f'__import__("multiprocessing").set_start_method("{method}")'
    assert guard in text
    path.write_text(text.replace(guard, f"{guard}{setting}; "), encoding="utf-8")
    return path


def check_crossings(python: Python, folder: Path, method: str) -> None:
    ran = plainly(python, write_with_start_method(folder, method))
    rows = rows_of(ran.stdout)
    assert (set(rows), ran.exit_code) == (CROSS | STAY | {TRAP}, 0)
    for name in CROSS:
        ticks, size, says = rows[name]
        assert (ticks, says) == ([True] * 3, "None"), name
        assert size, name
    for name in STAY:
        ticks, size, says = rows[name]
        assert (ticks, size) == ([False] * 3, None), name
        assert "pickle" in says or "local object" in says, name
    ticks, size, says = rows[TRAP]
    assert ticks == [False] * 3
    assert size
    assert "missing 1 required positional argument" in says
    # Of the exception alone Python says more than that a future failed: two workers died of it.
    assert sum(line.startswith("TypeError: ") for line in ran.stderr) == 2


def test_a_forked_worker_gets_and_returns_only_what_can_be_pickled(
    spread_python: Python, tmp_path: Path
) -> None:
    method = "fork" if "fork" in start_methods(spread_python) else "spawn"
    check_crossings(spread_python, tmp_path, method)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_worker_that_is_no_copy_does_so_too(
    method: str, spread_python: Python, tmp_path: Path
) -> None:
    assert method in start_methods(spread_python)
    check_crossings(spread_python, tmp_path, method)


@pytest.mark.parametrize("mode", ["threads", "sequential"])
def test_within_a_process_everything_is_handed_over(
    mode: str, spread_python: Python, tmp_path: Path
) -> None:
    ran = plainly(spread_python, write_demo(tmp_path, "pickle_limits", mode))
    rows = rows_of(ran.stdout)
    assert (set(rows), ran.stderr) == (CROSS | STAY | {TRAP}, [])
    assert all(ticks == [True] * 3 for ticks, _, _ in rows.values())
    assert {name for name, (_, size, _) in rows.items() if size is None} == STAY


def facts_in_lab(recording: Recording) -> dict[str, object]:
    return facts_of_run(recording, summary_of(recording, {}))


def test_the_lab_sees_the_table_and_the_broken_pools(spread_python: Python, tmp_path: Path) -> None:
    path = write_demo(tmp_path, "pickle_limits", "processes")
    recording = in_lab(spread_python, path, "processes", **WATCHED)
    assert recording.ending is not None
    assert (recording.ending.outcome, recording.troubles) == ("done", [])
    facts = facts_in_lab(recording)
    assert (facts["crossings_rows"], facts["crossings_yes"], facts["crossings_no"]) == (10, 9, 21)
    assert facts["broken"] == 3
    table = recording.table("crossings")
    assert table is not None
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["lambda"][:4] == (False, False, False, None)
    assert str(rows["lambda"][4]).startswith(("AttributeError: ", "PicklingError: "))
    assert str(rows[TRAP][4]).startswith("TypeError: ")
    # The table grew thing by thing.
    sizes = [len(version.rows) for version in recording.tables["crossings"]]
    assert sizes == sorted(sizes)
    demo = demo_named("pickle_limits")
    verdict = verdict_on(demo.card.claims[0], demo.card, facts)
    assert verdict is not None
    assert verdict.holds == "yes"
    assert "3 tries" in " ".join(explain(demo.card, facts, "en"))


def test_in_threads_the_lab_sees_ticks_only(spread_python: Python, tmp_path: Path) -> None:
    path = write_demo(tmp_path, "pickle_limits", "threads")
    recording = in_lab(spread_python, path, "threads", **WATCHED)
    assert lines(recording, "stderr") == []
    facts = facts_in_lab(recording)
    assert (facts["crossings_yes"], facts["crossings_no"], facts["broken"]) == (30, 0, 0)


def test_it_can_be_stopped_between_two_pools(spread_python: Python, tmp_path: Path) -> None:
    path = write_with_start_method(tmp_path, "spawn")  # slow enough to be stopped before its end

    def stop(run: Run) -> None:
        wait_until(lambda: run.recording.table("crossings") is not None, PATIENCE_S)
        run.stop()

    recording = in_lab(spread_python, path, "processes", stop, **WATCHED)
    assert recording.ending is not None
    assert recording.ending.outcome == "stopped"


def runs() -> Iterator[dict[str, Any]]:
    """Return the facts of runs of all kinds."""
    seen = {"crossings_rows": 10, "crossings_distinct": 7}
    crossed = {**seen, "crossings_yes": 30, "crossings_no": 0}
    usual = {**seen, "crossings_yes": 9, "crossings_no": 21, "broken": 3}
    yield facts_of("pickle_limits", mode="processes", **usual)
    yield facts_of("pickle_limits", mode="processes", **crossed)
    yield facts_of(
        "pickle_limits", mode="processes", crossings_rows=2, crossings_yes=0, crossings_no=6
    )
    yield facts_of("pickle_limits", mode="threads", **crossed)
    yield facts_of("pickle_limits", mode="sequential", **crossed)
    yield facts_of(
        "pickle_limits", mode="threads", crossings_rows=10, crossings_yes=29, crossings_no=1
    )


def test_every_sentence_has_its_run() -> None:
    check_rules("pickle_limits", runs())
