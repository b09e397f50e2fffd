"""The facts that explanations are made of."""

import math
from typing import Any

import pytest

from core.card import NUMBER_FACTS, RUN_FACTS, SPREAD_FACTS
from core.comparison import Comparison, RunSummary, summary_of
from core.demos import all_demos, demo_named, usable_cores
from core.events import Delivered, Executor, Submitted, Watch
from core.explain import explain
from core.facts import facts_of
from core.jobs import knobs_of
from core.recording import Recording
from core.script import set_knob, set_mode
from tests.core.recordings import MAIN_PID, at, finished_run, recording


def run_in(mode: str, elapsed_s: float, **changes: Any) -> Recording:
    """Return a run of two tasks of the race, 70 of 100 counted."""
    text = set_mode(demo_named("race_counter").text, mode)
    fields: dict[str, Any] = {"demo": "race_counter", "mode": mode, "script": text}
    fields |= {"knobs": knobs_of(text), "python": "3.12.1"}
    record = finished_run(elapsed_s, **(fields | changes))
    record.apply(MAIN_PID, Watch("counter", [at(1)], [70]))
    return record


def summed_up(record: Recording) -> RunSummary:
    """Return the summary of a run whose counter should be 100."""
    return summary_of(record, {"counter": 100.0})


def test_a_run_alone_has_its_own_numbers() -> None:
    record = run_in("threads", 2.0)
    facts = facts_of(record, summed_up(record))
    assert facts["mode"] == "threads"
    assert facts["outcome"] == "done"
    assert facts["elapsed_s"] == pytest.approx(2.0)
    assert (facts["tasks"], facts["workers"], facts["failed"]) == (2, 1, 0)
    assert facts["cpu_s"] == pytest.approx(0.5)
    assert (facts["python"], facts["free_threaded"]) == ("3.12", False)
    assert facts["cores"] == usable_cores()
    assert (facts["THREADS"], facts["INCREMENTS"]) == (2, 1_000_000)
    assert (facts["counter"], facts["counter_expected"]) == (70, 100)
    assert (facts["counter_lost"], facts["counter_lost_pct"]) == (30, 30)
    assert not {"sequential_s", "threads_s", "processes_s", "speedup"} & set(facts)


def test_a_comparison_adds_the_other_modes() -> None:
    threads = run_in("threads", 2.0)
    comparison = Comparison()
    for record in (run_in("sequential", 3.0), run_in("sequential", 5.0), threads):
        comparison.add(summed_up(record))
    facts = facts_of(threads, summed_up(threads), comparison)
    assert facts["sequential_s"] == pytest.approx(4.0)
    assert facts["threads_s"] == pytest.approx(2.0)
    assert facts["speedup"] == pytest.approx(2.0)
    assert "processes_s" not in facts


def test_what_a_watch_told_is_summed_up_for_each_mode() -> None:
    comparison = Comparison()
    records = [run_in("threads", 1.0), run_in("processes", 1.0), run_in("processes", 1.0)]
    for record, late in zip(records, ([5, 9, 40], [1, 2, 3], [3, 4, 5]), strict=True):
        record.apply(MAIN_PID, Watch("late", [at(1)] * 3, list(late)))
        comparison.add(summed_up(record))
    facts = facts_of(records[0], summed_up(records[0]), comparison)
    told = (facts["late_entries"], facts["late_median"], facts["late_worst"])
    assert told == (3, 9.0, 40.0)
    assert facts["late_threads_median"] == 9.0
    assert facts["late_processes_median"] == 3.0
    assert "late_sequential_median" not in facts


def test_runs_of_other_work_add_nothing() -> None:
    threads = run_in("threads", 2.0)
    comparison = Comparison()
    comparison.add(summed_up(run_in("sequential", 3.0, python="3.9.2")))
    assert "sequential_s" not in facts_of(threads, summed_up(threads), comparison)


def test_what_was_not_measured_is_no_number() -> None:
    record = recording()
    facts = facts_of(record, summary_of(record, {"counter": 100.0}))
    elapsed_s, used_s = facts["elapsed_s"], facts["cpu_s"]
    assert isinstance(elapsed_s, float)
    assert isinstance(used_s, float)
    assert math.isnan(elapsed_s)
    assert math.isnan(used_s)
    assert "counter" not in facts


def test_every_fact_has_a_name_that_cards_may_use() -> None:
    record = run_in("threads", 2.0)
    record.apply(MAIN_PID, Executor(1, "threads", 2, "", at(0)))
    record.apply(MAIN_PID, Submitted([0], [at(0)], [1], [0], [""]))
    record.apply(MAIN_PID, Delivered([0], [at(1)]))
    comparison = Comparison()
    for mode in ("sequential", "threads", "processes"):
        comparison.add(summed_up(run_in(mode, 1.0)))
    facts = set(facts_of(record, summed_up(record), comparison))
    knobs = set(record.header.knobs)
    watch = {f"counter{end}" for end in NUMBER_FACTS + SPREAD_FACTS}
    assert facts - knobs - watch == RUN_FACTS - {"python_minor"}  # explain makes that one


@pytest.mark.parametrize("outcome", ["done", "failed", "stopped", "timed out"])
@pytest.mark.parametrize("demo", all_demos(), ids=lambda demo: demo.name)
def test_every_demo_can_explain_every_outcome(demo: Any, outcome: str) -> None:
    for mode in demo.card.modes:
        text = set_mode(demo.text, mode)
        fields = {"demo": demo.name, "mode": mode, "script": text, "knobs": knobs_of(text)}
        record = finished_run(1.5, outcome, python="3.11.7", **fields)
        facts = facts_of(record, summary_of(record, {}))
        for language in ("en", "ja"):
            assert explain(demo.card, facts, language)


def locked(text: str, elapsed_s: float, *, lock: bool) -> Recording:
    text = set_knob(text, "USE_LOCK", lock)
    return run_in("threads", elapsed_s, script=text, knobs=knobs_of(text))


def test_what_a_switch_costs_is_known_once_both_were_measured() -> None:
    text = set_mode(demo_named("race_counter").text, "threads")
    on = locked(text, 4.0, lock=True)
    comparison = Comparison()
    comparison.add(summed_up(on))
    others = (
        locked(set_knob(text, "THREADS", 3), 9.0, lock=False),  # other work
        locked(text + "# edited\n", 9.0, lock=False),
        run_in("sequential", 9.0),
    )
    for other in others:
        comparison.add(summed_up(other))
    assert "USE_LOCK_off_s" not in facts_of(on, summed_up(on), comparison)
    for elapsed_s in (1.0, 2.0, 5.0):
        comparison.add(summed_up(locked(text, elapsed_s, lock=False)))
    facts = facts_of(on, summed_up(on), comparison)
    assert facts["USE_LOCK_off_s"] == pytest.approx(2.0)
    assert facts["USE_LOCK_times"] == pytest.approx(2.0)
    assert {"USE_LOCK_off_s", "USE_LOCK_times"} <= demo_named("race_counter").card.fact_names()


def test_a_switch_that_is_off_costs_nothing_to_tell_of() -> None:
    text = set_mode(demo_named("race_counter").text, "threads")
    off, comparison = locked(text, 2.0, lock=False), Comparison()
    comparison.add(summed_up(off))
    assert not any(
        name.startswith("USE_LOCK_") for name in facts_of(off, summed_up(off), comparison)
    )
