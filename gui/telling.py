"""What the explanation panel says: pure functions from the session's state to sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core import number_format
from core.card import Card, CardKnob
from core.claims import claim_in_question
from core.comparison import Workload
from core.explain import explain, explain_by_card
from core.incidents import stall_now
from core.modes import mode_named
from core.no_room import NoRoom
from core.recording import Recording
from core.refusals import JobProblem
from core.run_facts import Ending
from core.script import SyntaxProblem
from gui.panels.explanation import ClaimLine
from gui.refusals import refusal_sentence
from gui.session import Session
from gui.stall_telling import stall_sentence
from gui.texts import Texts
from gui.trouble_telling import trouble_sentence, trouble_sentences


@dataclass(frozen=True, slots=True)
class Message:
    """A heading, a claim of the tutorial if there is one, and sentences.

    ``attention`` when something went wrong.
    """

    heading: str
    text: str
    attention: bool = False
    claim: ClaimLine | None = None


def message_of(session: Session, texts: Texts) -> Message:
    """Return what there is to say now, the most urgent thing first."""
    if session.refusal:
        return Message(texts("explanation.refused"), _refusal(session, texts), attention=True)
    if session.script.problem is not None:
        sentence = syntax_sentence(session.script.problem, texts)
        return Message(texts("explanation.cannot_read"), sentence, attention=True)
    if session.runner.busy:
        return replace(_while_busy(session, texts), claim=claim_line(session, {}, texts))
    recording = session.recording
    if (
        recording is None
        or recording.ending is None
        or recording.header.script != session.script.text
    ):
        return replace(_about(session, texts), claim=claim_line(session, {}, texts))
    facts = session.facts()
    message = _of_run(session, recording, facts, texts)
    if session.results.was_opened(recording):
        message = replace(message, heading=_heading_of_recording(recording, message, texts))
    return replace(message, claim=claim_line(session, facts, texts))


def when(made_at: str) -> str:
    """Return date and time as they were where the run was made."""
    return f"{datetime.fromisoformat(made_at):%Y-%m-%d %H:%M}"


def _heading_of_recording(recording: Recording, message: Message, texts: Texts) -> str:
    """Return a heading by which nobody takes an opened recording for a run of today."""
    header = recording.header
    return texts(
        "recording.heading",
        heading=message.heading,
        python=header.python,
        when=when(header.made_at),
    )


def claim_line(session: Session, facts: Mapping[str, object], texts: Texts) -> ClaimLine | None:
    """Return the claim to show beside a run with these facts; None for a script without any."""
    claim, judgement = claim_in_question(session.script.demo.card, facts, session.script.mode)
    if claim is None:
        return None
    sentence = texts("explanation.claim", claim=claim.text.in_language(texts.language))
    if judgement is None:
        return ClaimLine(sentence)
    verdict = texts(f"explanation.holds_{judgement.holds}")
    measured = judgement.measured.in_language(texts.language)
    return ClaimLine(sentence, judgement.holds, verdict, measured)


def syntax_sentence(problem: SyntaxProblem, texts: Texts) -> str:
    """Return where Python stopped reading, and why."""
    if problem.line is None:
        return texts("problem.syntax", reason=problem.reason)
    return texts("problem.syntax_line", line=problem.line, reason=problem.reason)


def knob_sentence(knob: CardKnob, english: str, texts: Texts) -> str:
    """Return why a knob cannot have a value; in other languages what it can have."""
    if texts.language == "en":
        return english
    label = knob.label.in_language(texts.language)
    low, high = knob.minimum, knob.maximum
    if low is None or high is None:
        return texts(f"knob_problem.{knob.kind}", label=label)
    return texts("knob_problem.range", label=label, low=f"{low:,}", high=f"{high:,}")


def mode_label(mode: str, texts: Texts) -> str:
    """Return what people call a mode; a script without one runs as it is."""
    try:
        return mode_named(mode).label[texts.language]
    except ValueError:
        return texts("explanation.as_written")


def _refusal(session: Session, texts: Texts) -> str:
    if isinstance(session.refusal, JobProblem | NoRoom | OSError):
        return refusal_sentence(session.refusal, texts)
    refusal = str(session.refusal)
    for name, sentence in session.script.knob_problems.items():
        knob = session.script.demo.card.knob(name)
        if sentence == refusal and knob is not None:
            return knob_sentence(knob, sentence, texts)
    return refusal


def _about(session: Session, texts: Texts) -> Message:
    card = session.script.demo.card
    heading = card.title.in_language(texts.language)
    if session.script.demo is session.shelf.own:
        return Message(heading, texts("explanation.own_summary"))
    return Message(heading, card.summary.in_language(texts.language))


def _while_busy(session: Session, texts: Texts) -> Message:
    mode = mode_label(session.script.mode or "", texts)
    heading = texts("explanation.running", mode=mode)
    if session.runner.sweeping:
        number = min(session.runner.batch_done + 1, session.runner.batch_size)
        heading = texts(
            "explanation.sweeping", number=number, total=session.runner.batch_size, mode=mode
        )
    if session.runner.comparing:
        number = min(session.runner.batch_done + 1, session.runner.batch_size)
        heading = texts(
            "explanation.comparing", number=number, total=session.runner.batch_size, mode=mode
        )
    recording = session.recording
    stall = stall_now(recording) if recording is not None else None
    if recording is not None and stall is not None:
        heading = texts("stall.heading", running=heading)
        return Message(heading, stall_sentence(recording, stall, texts), attention=True)
    return Message(heading, session.script.demo.card.summary.in_language(texts.language))


def _of_run(
    session: Session, recording: Recording, facts: Mapping[str, object], texts: Texts
) -> Message:
    message = run_message(session.script.demo.card, recording, facts, texts)
    assert recording.ending is not None  # noqa: S101 - the caller looked
    if not session.runner.compared or recording.ending.outcome != "done":
        return message
    text = message.text
    if (
        "comparison" in session.script.demo.card.views
    ):  # where times are not the point, none are told
        text = f"{_medians(session, recording, texts)} {text}"
    return replace(message, heading=texts("explanation.compared"), text=text)


def run_message(
    card: Card, recording: Recording, facts: Mapping[str, object], texts: Texts
) -> Message:
    """Return how a run that ended went, and what it showed."""
    assert recording.ending is not None  # noqa: S101 - the caller looked
    outcome = recording.ending.outcome
    if outcome == "failed":
        heading = texts("explanation.ended_failed")
        sentences = [ending_sentence(recording, texts)]
        sentences += explain_by_card(card, facts, texts.language)
    else:
        sentences = explain(card, facts, texts.language)
        heading = _heading(recording, outcome, texts)
    sentences += _troubles(recording, texts)
    return Message(heading, " ".join(sentences), attention=outcome not in ("done", "stopped"))


def _heading(recording: Recording, outcome: str, texts: Texts) -> str:
    """Return the heading of a run that did not fail."""
    if outcome == "done":
        return mode_label(recording.header.mode, texts)
    return texts(f"explanation.ended_{outcome.replace(' ', '_')}")


def ending_sentence(recording: Recording, texts: Texts) -> str:
    """Return why a run failed, in one sentence."""
    assert recording.ending is not None  # noqa: S101 - the caller looked
    if texts.language == "en":
        return recording.ending.message
    raised = recording.raised
    if raised is None:
        return _ending_of_process(recording.ending, texts)
    error = f"{raised.kind}: {raised.message}" if raised.message else raised.kind
    if raised.line is None:
        return texts("ending.raised", error=error)
    return texts("ending.raised_line", line=raised.line, error=error)


def _ending_of_process(ending: Ending, texts: Texts) -> str:
    told = trouble_sentence(ending.message, texts)
    if told != ending.message or ending.exit_code is None:
        return told
    if ending.exit_code < 0:
        return texts("ending.killed", signal=-ending.exit_code)
    return texts("ending.exit", code=ending.exit_code)


def _troubles(recording: Recording, texts: Texts) -> list[str]:
    """Return what was not seen as one more sentence; nothing where all was."""
    told = trouble_sentences(recording, texts)
    return [texts("explanation.trouble", troubles=" ".join(told))] if told else []


def _medians(session: Session, recording: Recording, texts: Texts) -> str:
    """Return the time of each mode, and how much faster than sequential it is."""
    parts = []
    for mode, result in session.comparison.modes_of(Workload.of(recording.header)).items():
        part = f"{mode_label(mode, texts)} {number_format.seconds(result.median_s, texts.language)}"
        if result.speedup is not None and mode != "sequential":
            part += f" ({number_format.ratio(result.speedup, texts.language)})"
        parts.append(part)
    return texts("explanation.medians", medians=texts("explanation.comma").join(parts))
