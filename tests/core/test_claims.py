"""Which claim is spoken of, what runs say about it, and which runs it takes."""

from typing import Any

from core.card import Card, Claim, Localized, Verdict
from core.card_reader import read_card
from core.claims import claim_in_question, figures_of, judge, measurements
from core.demos import all_demos, demo_named
from core.own_card import own_card
from tests.core.cards import card_text

CARD = card_text(
    """
[[knob]]
name = "SIZE"
kind = "int"
label = { en = "Size", ja = "大きさ" }
help = { en = "How large.", ja = "大きさ。" }

[[figure]]
name = "then_s"
mode = "threads"
value = 20
unit = "s"
when = "SIZE == 9"
text = { en = "{value:seconds}", ja = "{value:seconds}" }

[[figure]]
name = "small_s"
mode = "threads"
value = 1
unit = "s"
when = "SIZE == 1"
text = { en = "{value:seconds}", ja = "{value:seconds}" }

[[claim]]
name = "threads_help"
en = "Threads help."
ja = "スレッドは役に立つ。"
mode = "threads"
before = ["sequential"]
[[claim.verdict]]
holds = "yes"
when = "speedup > 1"
en = "They were {speedup:times} as fast."
ja = "{speedup:times}の速さでした。"
[[claim.verdict]]
holds = "partly"
when = "speedup > 0.5"
en = "They took {elapsed_s:seconds}."
ja = "{elapsed_s:seconds}でした。"

[[claim]]
name = "processes_help"
en = "Processes help."
ja = "プロセスは役に立つ。"
mode = "processes"
before = ["sequential", "threads"]
[[claim.verdict]]
holds = "no"
when = 'outcome == "failed"'
en = "They failed."
ja = "失敗しました。"

[[claim]]
name = "large_threads_help"
en = "Large ones too."
ja = "大きくても役に立つ。"
mode = "threads"
knobs = { SIZE = 9 }
[[claim.verdict]]
holds = "yes"
when = "SIZE == 9 and tasks == 1"
en = "One did."
ja = "一つでした。"
""",
    modes=("sequential", "threads", "processes"),
)


def card() -> Card:
    return read_card(CARD)


def facts(**changes: Any) -> dict[str, Any]:
    return {"mode": "threads", "outcome": "done", "elapsed_s": 2.0, "SIZE": 1} | changes


def test_the_first_verdict_that_holds_says_what_was_measured() -> None:
    claim = card().claims[0]
    judged = judge(claim, card(), facts(speedup=2.5))
    assert judged is not None
    assert (judged.claim, judged.holds) == (claim, "yes")
    assert judged.measured.en == "They were 2.5 times as fast."
    assert judged.measured.in_language("ja") == "2.5倍の速さでした。"
    partly = judge(claim, card(), facts(speedup=0.75))
    assert partly is not None
    assert (partly.holds, partly.measured.en) == ("partly", "They took 2 s.")


def test_a_run_that_measured_nothing_for_it_says_nothing() -> None:
    claim = card().claims[0]
    runs: tuple[dict[str, Any], ...]
    runs = ({}, {"speedup": None}, {"speedup": 0.1}, {"speedup": 9, "mode": "processes"})
    assert [judge(claim, card(), facts(**run)) for run in runs] == [None] * 4
    assert judge(claim, card(), {}) is None
    assert judge(claim, card(), facts(speedup=9, outcome="")) is None  # it goes on


def test_a_run_that_failed_can_judge() -> None:
    judged = judge(card().claims[1], card(), facts(mode="processes", outcome="failed"))
    assert judged is not None
    assert (judged.holds, judged.measured.en) == ("no", "They failed.")


def names(found: tuple[Claim | None, object]) -> tuple[str | None, bool]:
    claim, judgement = found
    return claim.name if claim else None, judgement is not None


def test_the_claim_spoken_of_is_the_one_that_is_judged_or_about_the_mode_or_the_first() -> None:
    large = facts(SIZE=9, tasks=1)
    assert names(claim_in_question(card(), large, "processes")) == ("large_threads_help", True)
    assert names(claim_in_question(card(), {}, "processes")) == ("processes_help", False)
    assert names(claim_in_question(card(), {}, "sequential")) == ("threads_help", False)
    assert names(claim_in_question(card(), {}, None)) == ("threads_help", False)
    own = own_card("own.py", "from concurrent import futures\n")
    assert claim_in_question(own, facts(), "threads") == (None, None)


def test_no_run_is_needed_twice_and_none_comes_before_those_it_is_compared_with() -> None:
    small, large = measurements(card().claims)
    assert small.knobs == {}
    assert small.modes == ("sequential", "threads", "processes")
    assert [claim.name for claim in small.claims] == ["threads_help", "processes_help"]
    assert (dict(large.knobs), large.modes) == ({"SIZE": 9}, ("threads",))
    assert measurements(()) == ()


def test_claims_with_equal_knobs_share_their_runs_however_they_are_written() -> None:
    verdict = Verdict("yes", "True", Localized("x"))
    one, other = (
        Claim(name, Localized("x"), "threads", (), knobs, (verdict,))
        for name, knobs in (("a", {"A": [1], "B": 2}), ("b", {"B": 2, "A": [1]}))
    )
    (together,) = measurements([one, other])
    assert together.claims == (one, other)


def test_the_figures_of_a_claim_are_those_about_the_same_work_or_else_the_same_modes() -> None:
    claims = card().claims
    assert [figure.name for figure in figures_of(claims[0], card(), {"SIZE": 1})] == ["small_s"]
    assert [figure.name for figure in figures_of(claims[2], card(), {"SIZE": 9})] == ["then_s"]
    both = [figure.name for figure in figures_of(claims[0], card(), {"SIZE": 5})]
    assert both == ["then_s", "small_s"]
    fibonacci = demo_named("fibonacci").card
    values = [figure.value for figure in figures_of(fibonacci.claims[0], fibonacci, {"N": 1_000})]
    assert values == [71, 20]


def test_every_demo_stands_for_a_claim_that_a_run_can_judge() -> None:
    for demo in all_demos():
        assert demo.card.claims, demo.name
        assert all(claim.verdicts for claim in demo.card.claims), demo.name
