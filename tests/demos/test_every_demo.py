"""What holds for each demo, whatever it shows: it can be stopped, it refuses bad values."""

from typing import Any

import pytest

from core.card import CardKnob
from core.demos import all_demos, demo_named
from core.jobs import build_job
from core.knob_values import check_value
from core.laboratory import Laboratory
from core.local_sites import LocalSites
from core.script import BadKnobValue, set_knob
from tests.waiting import wait_until

RUNS = [(demo.name, mode) for demo in all_demos() for mode in demo.card.modes]
FIRST_MODES = {demo.name: demo.card.default_mode for demo in all_demos()}
KNOBS = [
    (demo.name, knob) for demo in all_demos() for knob in demo.card.knobs if knob.kind != "line"
]
BOUNDED = [(name, knob) for name, knob in KNOBS if knob.kind in ("int", "float")]

WRONG_KINDS: dict[str, tuple[Any, ...]] = {
    "int": (1.5, "three", True, None),
    "float": ("long", None, float("nan")),
    "bool": (2, "yes", None),
    "choice": ("none of them", -1, None),
    "text": (1, None),
    "lines": ("one", [1], None),
    "urls": (["file:///etc/hostname"], ["nowhere"], None),
    "folder": (1, "/no/such/folder", None),
}


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        pytest.param(*run, marks=() if FIRST_MODES[run[0]] == run[1] else pytest.mark.slow)
        for run in RUNS
    ],
    ids=lambda word: word,
)
def test_it_can_be_stopped_as_soon_as_it_runs(name: str, mode: str) -> None:
    """Nothing of it may be left, which the leak checks see to."""
    demo = demo_named(name)
    with LocalSites() as sites, Laboratory() as laboratory:
        run = laboratory.start(build_job(demo, demo.text, mode=mode, sites=sites))
        wait_until(lambda: run.recording.main_started_s > 0 or not run.recording.running)
        run.stop()
        ending = run.wait()
    # One that takes only a moment may have been faster.
    assert ending.outcome == "stopped" or (ending.outcome, ending.message) == ("done", "")


def beyond(knob: CardKnob) -> list[float]:
    """Return the values just beyond the bounds of a knob."""
    step = 1 if knob.kind == "int" else 0.5
    low = [] if knob.minimum is None else [knob.minimum - step]
    return low + ([] if knob.maximum is None else [knob.maximum + step])


def check_sentence(knob: CardKnob, sentence: str) -> None:
    assert knob.name in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(("name", "knob"), KNOBS, ids=[f"{n}-{knob.name}" for n, knob in KNOBS])
def test_what_a_knob_cannot_be_is_refused_in_one_sentence(name: str, knob: CardKnob) -> None:
    """In the window, where somebody types it into a control."""
    for value in (*WRONG_KINDS[knob.kind], *beyond(knob)):
        with pytest.raises(BadKnobValue) as refused:
            check_value(knob, value)
        check_sentence(knob, str(refused.value))


@pytest.mark.parametrize(
    ("name", "knob"), BOUNDED, ids=[f"{name}-{knob.name}" for name, knob in BOUNDED]
)
def test_what_is_out_of_bounds_is_refused_before_anything_runs(name: str, knob: CardKnob) -> None:
    """On the command line, or where somebody typed it into the script."""
    demo = demo_named(name)
    for value in beyond(knob):
        number = int(value) if knob.kind == "int" else value
        with LocalSites() as sites, pytest.raises(BadKnobValue) as refused:
            build_job(demo, set_knob(demo.text, knob.name, number), sites=sites)
        check_sentence(knob, str(refused.value))


@pytest.mark.parametrize("workers", [0, 10_000])
def test_nobody_gets_no_workers_or_ten_thousand(workers: int) -> None:
    asked = [(n, knob) for n, knob in BOUNDED if "WORKERS" in knob.name or "THREADS" in knob.name]
    assert len(asked) >= 8
    for _, knob in asked:
        with pytest.raises(BadKnobValue):
            check_value(knob, workers)
