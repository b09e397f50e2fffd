"""Who decides the order of results: the tasks that end, or the one who takes them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import metrics
from core.demos import demo_named
from core.events import FAILED
from core.explain import verdict_on
from core.incidents import incident_facts
from core.recording import Recording
from core.script import set_knob, set_mode
from tests.demos.rules import check_rules, facts_of
from tests.lab.running import done_in_lab, in_lab, lines, plainly
from tests.pythons import Python, installed_pythons

DEMO = "completion_order"
SHORT = ["stew 0.3", "tea 0.05", "rice 0.17"]
BURNT = ["stew 0.3", "tea 0.05 burnt", "rice 0.17"]
BY_COMPLETION, BY_SUBMISSION = [1, 2, 0], [0, 1, 2]
WAYS = (
    *("as_completed", "map", "result"),
    *("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"),
)
SLOWER = (1, 2, 4, 16)
"""On a busy machine, or where workers take long to start, only long tasks end in order."""

Play = Callable[..., Recording]


@pytest.fixture
def play(tmp_path: Path, spread_python: Python) -> Play:
    """Return a function that runs the demo in the lab until its tasks ended as they should."""

    def run(how: str, mode: str = "threads", menu: list[str] = SHORT) -> Recording:
        fields: dict[str, Any] = {"tasks": ("cook",), "watches": {"nones": "serve.nones"}}
        path = tmp_path / f"{DEMO}.py"
        for times in SLOWER:
            fields["knobs"] = {"HOW": how, "MENU": slower(menu, times)}
            path.write_text(script(how, mode, slower(menu, times)), encoding="utf-8")
            recording = done_in_lab(spread_python, path, mode, **fields)
            if mode == "sequential" or ends(recording) == BY_COMPLETION:
                break
        return recording

    return run


def slower(menu: list[str], times: int) -> list[str]:
    """Return the menu with each dish taking so many times as long."""
    dishes = (dish.split() for dish in menu)
    return [" ".join([name, str(times * float(took)), *rest]) for name, took, *rest in dishes]


def script(how: str, mode: str = "threads", menu: list[str] = SHORT) -> str:
    text = set_mode(demo_named(DEMO).text, mode)
    return set_knob(set_knob(text, "HOW", how), "MENU", menu)


def ends(recording: Recording) -> list[int]:
    """Return the tasks by the end of each."""
    order: list[int] = metrics.completion_order(recording).tolist()
    return order


def deliveries(recording: Recording) -> list[int]:
    """Return the tasks by the time at which the script had the result of each."""
    order: list[int] = metrics.delivery_order(recording).tolist()
    return order


@pytest.mark.parametrize("mode", ["threads", "processes"])
def test_as_completed_delivers_in_the_order_of_the_ends(play: Play, mode: str) -> None:
    recording = play("as_completed", mode)
    assert deliveries(recording) == ends(recording) == BY_COMPLETION
    assert lines(recording) == ["tea", "rice", "stew"]
    assert incident_facts(recording)["overtaken"] == 1
    if mode == "threads":
        assert verdict_of("as_completed_yields_by_completion", recording) in ("yes", "partly")


def test_map_delivers_in_the_order_of_submission(play: Play) -> None:
    assert_in_order_of_submission(play("map"))


def assert_in_order_of_submission(recording: Recording) -> None:
    assert ends(recording) == BY_COMPLETION
    assert deliveries(recording) == BY_SUBMISSION
    assert lines(recording) == ["stew", "tea", "rice"]
    held_s = recording.tasks.delivered_s - recording.tasks.finished_s
    assert held_s[1] > held_s[0]  # the tea was ready long before its turn
    assert incident_facts(recording)["overtaken"] == 0


def test_result_waits_for_each_in_its_turn_and_never_gives_none(play: Play) -> None:
    recording = play("result")
    assert_in_order_of_submission(recording)
    assert recording.watched() == {"nones": 0}
    assert "None" not in lines(recording)
    tasks = recording.tasks
    # Asked for right after the submission, it came back when the task had ended.
    assert tasks.delivered_s[0] >= tasks.finished_s[0] > tasks.submitted_s[0]
    assert verdict_of("result_gives_none_before_the_end", recording) == "no"


def verdict_of(name: str, recording: Recording) -> str | None:
    """Return what a run says about a claim of the card."""
    card = demo_named(DEMO).card
    facts = {**recording.header.knobs, **recording.watched(), **incident_facts(recording)}
    facts |= {"mode": "threads", "outcome": "done", "tasks": len(recording)}
    claim = next(claim for claim in card.claims if claim.name == name)
    verdict = verdict_on(claim, card, facts)
    return verdict.holds if verdict else None


def test_waiting_for_all_delivers_nothing_before_the_last_has_ended(play: Play) -> None:
    recording = play("ALL_COMPLETED")
    tasks = recording.tasks
    assert np.unique(tasks.delivered_s).size == 1  # one set: nobody was first
    assert tasks.delivered_s[0] >= tasks.finished_s.max()
    assert sorted(lines(recording)) == ["rice", "stew", "tea"]


def test_waiting_for_the_first_delivers_it_early(play: Play) -> None:
    recording = play("FIRST_COMPLETED")
    assert deliveries(recording) == BY_COMPLETION
    assert recording.tasks.delivered_s[1] < recording.tasks.finished_s[0]


def test_waiting_for_an_exception_ends_at_the_first_or_at_the_last_end(play: Play) -> None:
    burnt = play("FIRST_EXCEPTION", menu=BURNT)
    tasks = burnt.tasks
    assert tasks.outcome[1] == FAILED
    assert lines(burnt)[0] == "tea burnt!"
    assert tasks.delivered_s[1] < tasks.finished_s[0]
    assert tasks.delivered_s[2] >= tasks.finished_s[0]  # the loop waited for all the rest
    tasks = play("FIRST_EXCEPTION").tasks
    assert tasks.delivered_s.min() >= tasks.finished_s.max()


def test_one_after_the_other_nothing_overtakes(play: Play) -> None:
    recording = play("FIRST_COMPLETED", "sequential")
    assert deliveries(recording) == ends(recording) == BY_SUBMISSION
    assert lines(recording) == ["stew", "tea", "rice"]


@pytest.mark.parametrize("mode", ["threads", "sequential"])
def test_an_exception_ends_map_and_the_sequential_loop(tmp_path: Path, mode: str) -> None:
    path = tmp_path / f"{DEMO}.py"
    path.write_text(script("map", mode, BURNT), encoding="utf-8")
    recording = in_lab(installed_pythons()[-1], path, mode, tasks=("cook",))
    assert recording.ending is not None
    assert recording.ending.outcome == "failed"
    assert lines(recording) == ["stew"]
    assert lines(recording, "stderr")[-1] == "ValueError: tea burnt"


def test_it_runs_alone(spread_python: Python, tmp_path: Path) -> None:
    path = tmp_path / f"{DEMO}.py"
    for times in SLOWER:
        path.write_text(script("as_completed", menu=slower(SHORT, times)), encoding="utf-8")
        said = plainly(spread_python, path)
        assert (said.exit_code, said.stderr) == (0, [])
        if said.stdout == ["tea", "rice", "stew"]:
            break
    assert said.stdout == ["tea", "rice", "stew"]


def many_runs() -> Iterator[dict[str, Any]]:
    """Yield runs of all kinds, among them one for every rule and every verdict of the card."""
    common = {"tasks": 5, "workers": 5, "nones": 0, "first_delivered_s": 0.204, "held_s": 0.0004}
    for mode in demo_named(DEMO).card.modes:
        for how in WAYS:
            for changes in (
                {},
                {"overtaken": 2},
                {"overtaken": 2, "held_s": 0.31},
                {"workers": 1},
                {"nones": 1},
                {"failed": 1},
                {"outcome": "failed", "failed": 1, "tasks": 4},
                {"outcome": "failed"},
                {"outcome": "stopped"},
            ):
                yield facts_of(DEMO, mode=mode, HOW=how, **(common | changes))


def test_every_run_has_its_sentences_and_every_rule_its_run() -> None:
    check_rules(DEMO, many_runs())


def test_what_was_not_delivered_has_no_first_time() -> None:
    card = demo_named(DEMO).card
    facts = facts_of(DEMO, HOW="result", tasks=5, workers=5, nones=0)
    assert [verdict_on(claim, card, facts) for claim in card.claims] == [None, None]
