"""A sweep: which runs it takes, what it turns, and what it says of the times."""

import math
import re
from pathlib import Path

import pytest

from core.card import SCRIPT_MODE, SWEEP_PAGE, CardError
from core.card_reader import read_card
from core.demos import Demo, all_demos
from core.own_card import own_card
from core.script import ScriptError, find_knobs, mode_of, workers_names
from core.sweep import (
    NothingToSweep,
    Sweep,
    SweepPlan,
    SweepProblem,
    candidates,
    plan_for,
    sweep_modes,
    text_with,
    why_nothing,
    worker_counts,
)

POOL = """from concurrent import futures

MAX_WORKERS = 3
TASKS = 8
EXECUTOR = futures.ThreadPoolExecutor

def main():
    with EXECUTOR(MAX_WORKERS) as pool:
        list(pool.map(abs, range(TASKS)))

if __name__ == "__main__": main()
"""
PLAN = SweepPlan("MAX_WORKERS", "threads", (1, 2, 4), 2)


def own(text: str) -> Demo:
    return Demo("own.py", Path("own.py"), text, own_card("own.py", text))


def values(demo: Demo) -> dict[str, object]:
    return {knob.name: knob.value for knob in find_knobs(demo.text)}


@pytest.mark.parametrize(
    ("most", "doubling"),
    [(1, (1,)), (2, (1, 2)), (3, (1, 2, 3)), (4, (1, 2, 4)), (6, (1, 2, 4, 6)), (8, (1, 2, 4, 8))],
)
def test_the_numbers_of_workers_begin_with_one(most: int, doubling: tuple[int, ...]) -> None:
    assert worker_counts(most) == doubling
    assert worker_counts(most, "all") == tuple(range(1, most + 1))


def test_all_numbers_come_in_turn() -> None:
    assert PLAN.runs == (1, 2, 4, 1, 2, 4)


def test_speed_up_is_over_the_measured_time_of_one_worker() -> None:
    sweep = Sweep(PLAN)
    assert sweep.points == ()
    assert math.isnan(sweep.serial)
    for workers, elapsed_s in ((1, 4.0), (2, 2.5), (1, 6.0), (2, 2.0)):
        sweep = sweep.with_run(workers, elapsed_s)
    alone, two = sweep.points
    assert (alone.low, alone.median, alone.high) == pytest.approx((5 / 6, 1.0, 5 / 4))
    assert (two.low, two.median, two.high) == pytest.approx((2.0, 5 / 2.25, 2.5))
    assert sweep.done == 4
    assert sweep.serial == 0.0  # a little better than ideal


def test_without_a_run_of_one_worker_there_is_nothing_to_compare_with() -> None:
    assert Sweep(PLAN).with_run(2, 1.0).points == ()


def test_the_knob_of_an_own_script_is_found_where_the_executor_gets_its_workers() -> None:
    assert workers_names(POOL) == ("MAX_WORKERS",)
    assert workers_names(POOL.replace("EXECUTOR(MAX", "EXECUTOR(max_workers=MAX")) == (
        "MAX_WORKERS",
    )
    assert own(POOL).card.workers == "MAX_WORKERS"
    assert SWEEP_PAGE in own(POOL).card.pages


def test_a_knob_that_is_also_the_amount_of_work_is_no_number_of_workers() -> None:
    text = POOL.replace("EXECUTOR(MAX_WORKERS)", "EXECUTOR(TASKS)")
    assert workers_names(text) == ()
    assert own(text).card.workers is None
    assert candidates(own(text), values(own(text))) == ("MAX_WORKERS", "TASKS")  # type: ignore[arg-type]  # any value


def test_a_demo_whose_card_names_no_workers_is_not_swept() -> None:
    for demo in all_demos():
        found = candidates(demo, values(demo))  # type: ignore[arg-type]  # any value
        assert found == ((demo.card.workers,) if demo.card.workers else ())
        assert (SWEEP_PAGE in demo.card.pages) == (demo.card.workers is not None)
        if demo.card.workers:
            assert workers_names(demo.text) == (demo.card.workers,)  # turning it does no other work


@pytest.mark.parametrize("name", ["NOBODY", "EXECUTOR"])
def test_a_card_names_a_whole_number_as_its_workers(name: str) -> None:
    path = next(each.path for each in all_demos() if each.card.workers).with_suffix(".toml")
    text = re.sub('^workers = ".*"', f'workers = "{name}"', path.read_text("utf-8"), flags=re.M)
    with pytest.raises(CardError, match=f"workers is '{name}', which is no knob"):
        read_card(text)


def test_a_card_that_names_its_workers_gives_no_reason_against_a_sweep() -> None:
    path = next(each.path for each in all_demos() if each.card.workers).with_suffix(".toml")
    reason = '[why_no_sweep]\nen = "No."\nja = "いいえ。"\n'
    with pytest.raises(CardError, match="why_no_sweep is there, although workers names what"):
        read_card(f"{path.read_text('utf-8')}\n{reason}")


def test_each_run_has_its_mode_and_its_workers() -> None:
    demo = own(POOL)
    text = text_with(demo, demo.text, SweepPlan("MAX_WORKERS", "processes", (1, 4)), 4)
    assert mode_of(text) == "processes"
    assert {knob.name: knob.value for knob in find_knobs(text)}["MAX_WORKERS"] == 4


def test_a_script_without_modes_is_swept_as_it_is_written() -> None:
    text = POOL.replace("EXECUTOR = futures.ThreadPoolExecutor\n", "").replace(
        "EXECUTOR(", "futures.ThreadPoolExecutor("
    )
    demo = own(text)
    assert sweep_modes(demo.card) == (SCRIPT_MODE,)
    plan = plan_for(demo, demo.text, SCRIPT_MODE, (4, 2))
    assert plan.workers == (1, 2, 4)
    assert "MAX_WORKERS = 4" in text_with(demo, demo.text, plan, 4)


def test_what_cannot_be_swept_says_why() -> None:
    demo = own(POOL)
    with pytest.raises(SweepProblem, match="no workers in sequential mode"):
        plan_for(demo, demo.text, "sequential", (1, 2))
    with pytest.raises(SweepProblem, match=r"^EXECUTOR cannot be the number of workers of own"):
        plan_for(demo, demo.text, "threads", (1, 2), knob="EXECUTOR")
    demos = {each.name: each for each in all_demos()}
    unnamed = next(each for each in demos.values() if not each.card.workers)
    with pytest.raises(NothingToSweep, match=r"cannot be swept over workers: [A-Z]") as caught:
        plan_for(unnamed, unnamed.text, unnamed.card.modes[-1], (1, 2))
    assert caught.value.reason == unnamed.card.why_no_sweep
    named = next(each for each in demos.values() if each.card.workers)
    with pytest.raises(ScriptError):
        plan_for(named, named.text, sweep_modes(named.card)[0], (10_000,))
    with pytest.raises(SweepProblem, match=r"goes up to 61 workers; 10,000 is too many\."):
        plan_for(demo, demo.text, "processes", (10_000,))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (POOL, ""),
        (re.sub(r"(MAX_WORKERS|TASKS) = .*", "", POOL), "has no constant that can be its number"),
        ("N = 2\nEXECUTOR = None\nprint(EXECUTOR is None)\n", "has no mode with workers"),
    ],
)
def test_why_a_script_of_ones_own_cannot_be_swept(text: str, sentence: str) -> None:
    demo = own(text)
    problem = why_nothing(demo, values(demo))  # type: ignore[arg-type]  # any value
    assert sentence in str(problem)
    assert (problem is None) == (not sentence)
