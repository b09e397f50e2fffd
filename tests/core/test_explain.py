"""The sentences about a run: chosen by what was measured, and by nothing else."""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import pytest

from core.card import RUN_FACTS
from core.card_reader import read_card, read_explanations
from core.demos import all_demos, demo_named
from core.explain import COMMON, explain, figures_about, watch_facts
from core.expressions import ExpressionError
from core.own_card import own_card
from tests.core.cards import card_text
from tests.demos.rules import check_rules, facts_of


def race_facts(count: float, **changes: Any) -> dict[str, Any]:
    return facts_of("race_counter", **watch_facts("counter", count, 2_000_000)) | changes


def said(demo: str, facts: dict[str, Any], language: str = "en") -> str:
    return " ".join(explain(demo_named(demo).card, facts, language))


def many_facts(demo: str) -> Iterator[dict[str, Any]]:
    """Yield runs of all kinds, among them one for every rule of the demo's card."""
    for mode, failed, tasks, measured, free in itertools.product(
        ("sequential", "threads", "processes"),
        (0, 1, 3),
        (1, 3),
        (
            {},
            *(
                {"speedup": speedup, "sequential_s": 2.02}
                for speedup in (0.5, 0.7, 1.0, 1.17, 2.18)
            ),
        ),
        (False, True),
    ):
        common = {"mode": mode, "failed": min(failed, tasks), "tasks": tasks} | measured
        for workers, threads_s, cores, cpu_s in itertools.product(
            (1, 3), (None, 0.9, 1.1), (1, 2), (0.1, 9)
        ):
            changes = {"workers": workers, "threads_s": threads_s, "cores": cores}
            changes["WORKERS"] = workers if free else 3  # one may do all the work of three
            yield facts_of(demo, free_threaded=free, cpu_s=cpu_s, **common, **changes)


@pytest.mark.parametrize("demo", ["downloads", "fibonacci"])
def test_every_run_has_its_sentences_and_every_rule_its_run(demo: str) -> None:
    check_rules(demo, many_facts(demo))


def test_downloads_in_threads_overlap() -> None:
    facts = facts_of("downloads", sequential_s=2.0219, speedup=2.0219 / 0.9271)
    assert said("downloads", facts) == (
        "3 threads did 3 downloads in 0.927 s: while one waits for its answer, the others wait for "
        "theirs at the same time. One after the other they took 2.02 s, so this was 2.18 times as "
        "fast; the tutorial went from 2.02 s to 0.927 s."
    )
    assert "速度は2.18倍で" in said("downloads", facts, "ja")


def test_nothing_is_compared_that_was_not_measured() -> None:
    for unmeasured in ({}, {"sequential_s": None, "speedup": math.nan}):
        text = said("downloads", facts_of("downloads", **unmeasured))
        assert "times as fast" not in text
        assert "Run it in sequential mode too" in text


def test_failed_downloads_come_first_and_alone() -> None:
    facts = facts_of("downloads", failed=1, sequential_s=2.0, speedup=2.0)
    assert said("downloads", facts).startswith("1 of 3 downloads failed; an exception stays in")
    assert "tutorial" not in said("downloads", facts)
    all_failed = facts_of("downloads", failed=3)
    assert said("downloads", all_failed).startswith("None of the 3 downloads succeeded")


def test_lost_updates_are_counted_beside_the_figure_of_the_tutorial() -> None:
    text = said("race_counter", race_facts(1_400_000))
    assert "600,000 of 2,000,000 increments were lost (30 %)" in text
    assert text.endswith("The tutorial's counter ended at 1,602,716 of 2,000,000.")


def test_a_line_that_only_looks_safe_is_told_apart_from_luck() -> None:
    plain = {"increment": "self.count = self.count + 1"}
    old, new = ({"python": version} for version in ("3.9", "3.10"))
    free = {"free_threaded": True}
    assert "this line is not safe" in said("race_counter", race_facts(2_000_000, **plain, **new))
    for changes in ({}, plain | old, plain | new | free, {"increment": "pass"}):
        assert "by luck" in said("race_counter", race_facts(2_000_000, **changes))


def test_each_process_counts_on_a_copy() -> None:
    facts = race_facts(0, mode="processes")
    assert "each worker process counted on its own copy" in said("race_counter", facts)
    assert "コピー" in said("race_counter", facts, "ja")


def test_the_lock_keeps_every_increment() -> None:
    text = said("race_counter", race_facts(2_000_000, USE_LOCK=True))
    assert text.startswith("All 2,000,000 increments arrived: only the thread that holds the lock")
    assert "With its lock, the tutorial's counter reached 2,000,000 too." in text


@pytest.mark.parametrize(
    ("facts", "start"),
    [
        ({"mode": "threads", "speedup": 1.02, "sequential_s": 0.946}, "3 threads took 0.927 s, ab"),
        ({"mode": "threads", "speedup": 0.5, "sequential_s": 0.463}, "3 threads took 0.927 s, lo"),
        ({"mode": "processes", "speedup": 1.9, "sequential_s": 1.77}, "3 processes took 0.927 s i"),
        ({"mode": "sequential"}, "One after the other, 3 tasks took 0.927 s, and the processor"),
    ],
)
def test_fibonacci_shows_what_the_gil_does(facts: dict[str, Any], start: str) -> None:
    text = said("fibonacci", facts_of("fibonacci", **facts))
    assert text.startswith(start)
    assert "N = 1,000,000" in text


@pytest.mark.parametrize(
    ("outcome", "start"),
    [
        ("stopped", "The run was stopped before its end"),
        ("timed out", "The run took longer than allowed"),
        ("failed", "The script did not reach its end"),
    ],
)
def test_a_run_that_did_not_end_well_shows_nothing_about_its_demo(outcome: str, start: str) -> None:
    for demo in all_demos():
        facts = facts_of(demo.name, outcome=outcome, elapsed_s=math.nan)
        (sentence,) = explain(demo.card, facts, "en")
        assert sentence.startswith(start)


def test_a_run_that_goes_on_has_no_sentences_yet() -> None:
    assert explain(demo_named("fibonacci").card, {"mode": "threads", "outcome": ""}, "en") == []


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"tasks": 0}, "The script ran to its end in 0.927 s and gave no task to an executor."),
        (
            {"tasks": 0, "troubles": 1},
            "The script ran to its end in 0.927 s; none of its tasks were seen.",
        ),
        ({"tasks": 1}, "One task took 0.927 s, 0.0123 s of it on the processor."),
        (
            {"workers": 1},
            "One worker did 3 tasks in 0.927 s; they took 0.0123 s of processor time.",
        ),
        (
            {"failed": 2, "sequential_s": 1.0, "speedup": 1.08},
            "3 workers did 3 tasks in 0.927 s; they took 0.0123 s of processor time together. "
            "2 of 3 tasks ended with an exception; the timeline shows which. "
            "One after the other, the tasks took 1 s: this run was 1.08 times as fast.",
        ),
        (
            {"failed": 1, "tasks": 4},
            "3 workers did 4 tasks in 0.927 s; they took 0.0123 s of processor time together. "
            "One of 4 tasks ended with an exception; the timeline shows which.",
        ),
    ],
)
def test_a_script_without_a_card_is_explained_in_general(
    changes: dict[str, Any], text: str
) -> None:
    card = own_card("own.py", "from concurrent import futures\n")
    facts = {name: value for name, value in facts_of("fibonacci").items() if name in RUN_FACTS}
    assert " ".join(explain(card, facts | changes, "en")) == text
    assert explain(card, facts | changes, "ja")


def test_a_rule_that_does_not_fit_the_facts_is_an_error_and_not_silence() -> None:
    text = card_text("""
[[explanation]]
part = "a"
when = "python > 3"
en = "x"
ja = "x"
""")
    with pytest.raises(ExpressionError, match=r"'3\.11' is not a number"):
        explain(read_card(text), {"outcome": "done", "python": "3.11"}, "en")


def test_the_common_rules_use_the_facts_of_every_run_only() -> None:
    assert read_explanations(COMMON, RUN_FACTS)


def test_the_facts_about_a_watch() -> None:
    assert watch_facts("counter", 15, 20) == {
        "counter": 15,
        "counter_expected": 20,
        "counter_lost": 5,
        "counter_lost_pct": 25,
    }
    assert watch_facts("counter", 15, None) == {"counter": 15}
    assert "counter_lost_pct" not in watch_facts("counter", 0, 0)


def test_a_figure_of_the_tutorial_stands_beside_runs_of_its_kind() -> None:
    race = demo_named("race_counter").card
    knobs = {"THREADS": 2, "INCREMENTS": 1_000_000, "USE_LOCK": False}
    names = [figure.name for figure in figures_about(race, "threads", knobs)]
    assert names == ["tutorial_count"]
    (locked,) = figures_about(race, "threads", knobs | {"USE_LOCK": True})
    assert locked.sentence("en") == "With a lock, the tutorial's counter reached 2,000,000."
    assert figures_about(race, "threads", knobs | {"THREADS": 1}) == ()
    assert figures_about(race, "processes", knobs) == ()
    assert figures_about(race, "threads", {}) == ()  # the knobs were edited out of the script
    figures = {(figure.mode, figure.value) for demo in all_demos() for figure in demo.card.figures}
    assert figures == {
        ("sequential", 2.02),
        ("threads", 0.927),
        ("threads", 1_602_716),
        ("threads", 2_000_000),
        ("sequential", 71),
        ("threads", 138),
        ("processes", 20),
    }
