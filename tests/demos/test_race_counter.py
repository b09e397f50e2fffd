"""The race: whether updates get lost is what the bytecode says, on every Python."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.bytecode import LineCode, LineProblem, question_about
from core.bytecode_reader import BytecodeReader
from core.card import Card
from core.comparison import Comparison, summary_of
from core.demos import Demo, demo_named
from core.explain import explain, verdict_on, watch_facts
from core.facts import facts_of as measured_facts
from core.jobs import build_job, expected_values
from core.laboratory import Laboratory
from core.local_sites import LocalSites
from core.script import BadKnobValue, set_knob
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.lab.running import ended, plainly
from tests.pythons import Python, installed_pythons

INCREMENTS = 1_000_000
TRIES = 3
"""On a busy machine one thread may be through before the other begins."""

NAPS = 5_000
"""Each sleep(0) gives the processor away: fewer of them do."""


@pytest.fixture
def race() -> Demo:
    return demo_named("race_counter")


def lines(card: Card) -> dict[str, str]:
    knob = card.knob("increment")
    assert knob is not None
    return {line.name: line.code for line in knob.alternatives}


def race_facts(count: float, **changes: Any) -> dict[str, Any]:
    return facts_of("race_counter", **watch_facts("counter", count, 2_000_000)) | changes


def many_facts() -> Iterator[dict[str, Any]]:
    """Yield runs of all kinds, among them one for every rule and every verdict of the card."""
    texts = ["sum", *lines(demo_named("race_counter").card).values()]
    costs: list[dict[str, Any]] = [{}, {"USE_LOCK_off_s": 0.3, "USE_LOCK_times": 3.09}]
    for mode, failed, lock, line, threads, (python, free), count in itertools.product(
        ("sequential", "threads", "processes"),
        (0, 1),
        (False, True),
        texts,
        (1, 2),
        (("3.9", False), ("3.12", False), ("3.13", True)),
        (0, 1_602_716, 2_000_000),
    ):
        knobs = {"USE_LOCK": lock, "increment": line, "THREADS": threads}
        common = {"mode": mode, "failed": failed, "python": python, "free_threaded": free}
        for cost in costs if lock else costs[:1]:
            yield race_facts(count, **knobs, **common, **cost)


def test_every_run_has_its_sentences_and_every_rule_its_run() -> None:
    check_rules("race_counter", many_facts())


def bytecode_of(race: Demo, line: str, python: Python) -> LineCode:
    question = question_about(race.card, set_knob(race.text, "increment", line), python.path)
    assert question is not None
    found = BytecodeReader().read(question).found
    assert not isinstance(found, LineProblem), found
    return found


def loses(folder: Path, line: str, python: Python, increments: int) -> bool:
    """Return whether updates get lost in one of some real runs."""
    path = write_demo(folder, "race_counter", "threads", increment=line, INCREMENTS=increments)
    for _ in range(TRIES):
        said = plainly(python, path)
        assert (said.stderr, said.exit_code) == ([], 0)
        counted, expected = (int(n.replace(",", "")) for n in said.stdout[-1].split(" of "))
        assert expected == 2 * increments
        if counted < expected:
            return True
    return False


@pytest.mark.parametrize("name", ["call", "plain", "nap"])
def test_updates_get_lost_exactly_where_the_bytecode_has_a_place_for_a_switch(
    race: Demo, name: str, spread_python: Python, tmp_path: Path
) -> None:
    line = lines(race.card)[name]
    code = bytecode_of(race, line, spread_python)
    assert code.span is not None
    predicted = code.verdict in ("between", "anywhere")
    assert loses(tmp_path, line, spread_python, NAPS if name == "nap" else INCREMENTS) is predicted


def test_the_tutorials_line_has_a_place_for_a_switch_on_3_9_and_without_the_gil_only(
    race: Demo, spread_python: Python
) -> None:
    code = bytecode_of(race, lines(race.card)["plain"], spread_python)
    if spread_python.version.endswith("t"):
        assert code.verdict == "anywhere"
    else:
        assert code.verdict == ("between" if spread_python.version == "3.9" else "none")
    assert bytecode_of(race, lines(race.card)["call"], spread_python).verdict != "none"


def run_all(race: Demo, python: Python, texts: list[str]) -> list[dict[str, object]]:
    """Run texts of the race one after the other and return the facts of each run."""
    comparison, told = Comparison(), []
    with Laboratory(python.path) as laboratory, LocalSites() as sites:
        for text in texts:
            run = laboratory.start(build_job(race, text, sites=sites))
            ended(run)
            recording = run.recording
            summary = summary_of(recording, expected_values(race.card, recording.header.knobs))
            comparison.add(summary)
            told.append(measured_facts(recording, summary, comparison))
    return told


def test_the_claims_are_judged_and_the_lock_has_its_price(
    race: Demo,
) -> None:
    newest_python = installed_pythons()[-1]
    few = set_knob(race.text, "INCREMENTS", 200_000)
    plain = set_knob(few, "increment", lines(race.card)["plain"])
    unlocked, locked, safe = run_all(
        race, newest_python, [few, set_knob(few, "USE_LOCK", True), plain]
    )
    claims = {claim.name: claim for claim in race.card.claims}
    kept = verdict_on(claims["lock_keeps_updates"], race.card, locked)
    assert kept is not None
    assert kept.holds == "yes"
    assert locked["USE_LOCK_off_s"] == unlocked["elapsed_s"]
    (told, *_) = explain(race.card, locked, "en")
    assert "times as long as without the lock" in told
    if unlocked["counter_lost"]:  # so few may be through before they meet, on a busy machine
        lost = verdict_on(claims["switch_in_between_loses_updates"], race.card, unlocked)
        assert lost is not None
        assert lost.holds == "yes"
    said = verdict_on(claims["plain_line_loses_updates"], race.card, safe)
    is_free = newest_python.version.endswith("t")
    assert said is not None or is_free
    assert said is None or said.holds == ("yes" if is_free else "no")


def test_a_run_without_the_lock_judges_nothing_about_the_lock(race: Demo) -> None:
    (claim,) = [claim for claim in race.card.claims if claim.name == "lock_keeps_updates"]
    assert verdict_on(claim, race.card, race_facts(2_000_000, USE_LOCK=False)) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("INCREMENTS", -1), ("INCREMENTS", 0), ("THREADS", 0), ("THREADS", 10_000)],
)
def test_counts_that_make_no_sense_are_refused(race: Demo, name: str, value: int) -> None:
    with LocalSites() as sites, pytest.raises(BadKnobValue, match=name):
        build_job(race, set_knob(race.text, name, value), sites=sites)


def test_it_has_pages_for_the_bytecode_and_the_model(race: Demo) -> None:
    assert race.card.pages[:2] == ("bytecode", "by_hand")
