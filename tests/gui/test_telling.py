"""What the explanation panel says."""

from __future__ import annotations

import dataclasses

import pytest

from core.card import CardKnob, CardKnobKind, Localized
from core.knob_values import check_value
from core.run_facts import Raised
from core.script import BadKnobValue, SyntaxProblem
from gui.panels.explanation import ClaimLine
from gui.scripts import script_from_text
from gui.session import Session
from gui.telling import (
    ending_sentence,
    knob_sentence,
    message_of,
    mode_label,
    syntax_sentence,
)
from gui.texts import LANGUAGES, Texts
from tests.core.recordings import recording
from tests.gui.idle_bridge import IdleBridge

KINDS: dict[CardKnobKind, object] = {
    "int": "x",
    "float": "x",
    "bool": 1,
    "text": 1,
    "lines": [],
    "urls": ["ftp://a"],
    "folder": "/no/such/folder",
    "line": "",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_a_run_the_card_speaks(session: Session, language: str) -> None:
    message = message_of(session, Texts(language))
    card = session.script.demo.card
    assert message.heading == card.title.in_language(language)
    assert message.text == card.summary.in_language(language)
    assert not message.attention


def test_an_own_script_is_introduced(session: Session, texts: Texts) -> None:
    session.open(script_from_text("A = 1\n"))
    assert "Nothing runs before you press Run" in message_of(session, texts).text


def test_while_it_runs_the_mode_is_told(session: Session, texts: Texts) -> None:
    session.runner.run()
    assert message_of(session, texts).heading == "Running: Threads"


def test_while_it_compares_the_number_of_the_run_is_told(session: Session, texts: Texts) -> None:
    session.runner.compare()
    assert message_of(session, texts).heading.startswith("Comparing: run 1 of 2")


def test_what_cannot_be_read_comes_before_everything_else(session: Session, texts: Texts) -> None:
    session.script.edit("def main(:\n")
    message = message_of(session, texts)
    assert message.attention
    assert message.text.startswith("Line 1: ")
    assert message.text.count(".") == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_syntax_problems_name_line_and_reason(language: str) -> None:
    texts = Texts(language)
    with_line = syntax_sentence(SyntaxProblem("invalid syntax", 7, "x ="), texts)
    assert "7" in with_line
    assert "invalid syntax" in with_line
    assert "nested" in syntax_sentence(SyntaxProblem("it is nested too deeply"), texts)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_knob_says_what_it_can_be(kind: CardKnobKind, language: str) -> None:
    knob = CardKnob("NAME", kind, Localized("name", {"ja": "名前"}), Localized("help"))
    with pytest.raises(BadKnobValue) as caught:
        check_value(knob, KINDS[kind])
    sentence = knob_sentence(knob, str(caught.value), Texts(language))
    assert sentence.startswith("名前") == (language == "ja")
    assert ("NAME" in sentence) == (language == "en")


def test_bounds_are_told_in_every_language() -> None:
    label = Localized("name", {"ja": "名前"})
    knob = CardKnob("NAME", "int", label, Localized("help"), minimum=1, maximum=9_000)
    assert "9,000" in knob_sentence(knob, "", Texts("ja"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (Raised("ValueError", "too much", 12), ("ValueError: too much", "12")),
        (Raised("KeyboardInterrupt", "", None), ("KeyboardInterrupt",)),
        (None, ("7",)),
    ],
)
def test_the_end_is_told_in_every_language(
    language: str, raised: Raised | None, told: tuple[str, ...]
) -> None:
    record = recording()
    record.raised = raised
    english = " ".join(("The script ended", *told))
    record.finish("failed", 7, english, record.origin_ns)
    sentence = ending_sentence(record, Texts(language))
    assert all(piece in sentence for piece in told)
    assert (sentence == english) == (language == "en")


def test_a_mode_without_a_name_is_as_written(texts: Texts) -> None:
    assert mode_label("threads", texts) == "Threads"
    assert mode_label("script", texts) == "As written"


@pytest.mark.parametrize("outcome", ["failed", "stopped", "timed out"])
def test_a_run_that_did_not_end_well_is_headed_by_it(
    session: Session, bridge: IdleBridge, texts: Texts, outcome: str
) -> None:
    session.runner.run()
    bridge.run_all(outcome)
    message = message_of(session, texts)
    assert message.heading == texts(f"explanation.ended_{outcome.replace(' ', '_')}")
    assert message.attention == (outcome != "stopped")


def test_a_part_of_the_observation_that_failed_is_told(
    session: Session, bridge: IdleBridge, texts: Texts
) -> None:
    session.runner.run()
    bridge.run_all()
    assert session.recording is not None
    session.recording.trouble("the watch was switched off.")
    assert "the watch was switched off." in message_of(session, texts).text


@pytest.mark.parametrize("outcome", ["done", "failed", "stopped", "timed out"])
def test_what_was_not_seen_is_told_however_the_run_ended(
    session: Session, bridge: IdleBridge, texts: Texts, outcome: str
) -> None:
    session.runner.run()
    bridge.run_all(outcome)
    assert session.recording is not None
    for number in (1, 2):
        session.recording.trouble(f"Trouble {number}.")
    assert message_of(session, texts).text.endswith("Note: Trouble 1. Trouble 2.")


def test_a_comparison_is_told_with_its_medians(
    session: Session, bridge: IdleBridge, texts: Texts
) -> None:
    session.runner.compare()
    bridge.run_all()
    message = message_of(session, texts)
    assert message.heading == "All modes, compared"
    assert message.text.startswith("Sequential 1 s, Threads 1 s (× 1).")


def test_where_times_are_not_the_point_no_medians_are_told(
    session: Session, bridge: IdleBridge, texts: Texts
) -> None:
    card = dataclasses.replace(session.script.demo.card, views=("timeline",))
    session.script.demo = dataclasses.replace(session.script.demo, card=card)
    session.runner.compare()
    bridge.run_all()
    message = message_of(session, texts)
    assert message.heading == "All modes, compared"
    assert "× 1" not in message.text


def told_claim(session: Session, language: str = "en") -> ClaimLine:
    claim = message_of(session, Texts(language)).claim
    assert claim is not None
    return claim


def test_before_a_run_the_claim_is_told_and_not_judged(session: Session) -> None:
    threads = ClaimLine("The tutorial says: Threads double <all> the numbers.")
    assert told_claim(session) == threads
    assert told_claim(session, "ja").sentence == "チュートリアルの主張：スレッドは数を倍にする。"
    session.runner.run()
    assert told_claim(session) == threads  # while it goes on


def test_the_claim_for_the_mode_on_screen_is_told(session: Session) -> None:
    session.script.set_mode("sequential")
    assert told_claim(session).sentence.endswith("One after the other takes longer.")


@pytest.mark.parametrize(
    ("workers", "holds", "verdict", "measured"),
    [
        (2, "yes", "Holds here:", "2 < 9 were doubled."),
        (3, "partly", "Holds in part:", "2 were doubled by three."),
    ],
)
def test_a_run_judges_the_claim(
    session: Session, bridge: IdleBridge, workers: int, holds: str, verdict: str, measured: str
) -> None:
    session.script.set_knob("WORKERS", workers)
    session.runner.run()
    bridge.run_all()
    assert told_claim(session)[1:] == (holds, verdict, measured)
    japanese = told_claim(session, "ja")
    assert japanese.verdict.endswith("成り立ちます：")
    assert japanese.measured.startswith("2個を")


def test_a_run_that_failed_may_judge_as_well(session: Session, bridge: IdleBridge) -> None:
    session.runner.run()
    bridge.run_all("failed")
    assert told_claim(session)[1:] == ("no", "Does not hold here:", "None were doubled.")


def test_a_run_that_says_nothing_leaves_the_claim_open(
    session: Session, bridge: IdleBridge
) -> None:
    session.script.set_knob("WORKERS", 4)
    session.runner.run()
    bridge.run_all()
    assert told_claim(session).holds is None


def test_a_comparison_judges_by_all_its_runs(session: Session, bridge: IdleBridge) -> None:
    session.script.set_mode("sequential")
    session.runner.compare()  # threads first, then the mode on screen
    bridge.run_all()
    claim = told_claim(session)
    assert claim.sentence.endswith("One after the other takes longer.")
    assert (claim.holds, claim.measured) == ("no", "Threads took 1 s.")


def test_a_text_that_has_not_run_is_not_judged(session: Session, bridge: IdleBridge) -> None:
    session.runner.run()
    bridge.run_all()
    assert told_claim(session).holds == "yes"
    session.script.set_knob("NUMBERS", 5)
    assert told_claim(session).holds is None


def test_what_has_no_claim_has_no_line_for_it(session: Session, texts: Texts) -> None:
    session.open(session.shelf.demos["forever"])
    assert message_of(session, texts).claim is None
    session.open(script_from_text("A = 1\n"))
    assert message_of(session, texts).claim is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_killed_lab_process_is_told_with_its_signal(language: str) -> None:
    record = recording()
    record.finish("failed", -9, "Killed by signal 9.", record.origin_ns)
    sentence = ending_sentence(record, Texts(language))
    assert "9" in sentence
    assert "-9" not in sentence


def test_a_killed_guard_is_told_in_the_language_of_the_window() -> None:
    record = recording()
    told = (
        "The guard process of the run ended (signal 9 (SIGKILL)), so the run was ended. "
        "What had arrived is kept; run it again."
    )
    record.finish("failed", None, told, record.origin_ns)
    assert ending_sentence(record, Texts("en")) == told
    assert "見守るプロセス" in ending_sentence(record, Texts("ja"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_that_kept_the_script_from_running_is_told_in_every_language(
    session: Session, language: str
) -> None:
    session.script.edit(session.script.text.replace("WORKERS = 2", "WORKERS = 99"))
    session.refuse(session.script.knob_problems["WORKERS"])
    label = {"en": "WORKERS", "ja": "ワーカー数"}[language]
    assert message_of(session, Texts(language)).text.startswith(label)
