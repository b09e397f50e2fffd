"""The report of a session: what ran, what it showed and what was measured, in one language."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core import number_format
from core.card import Card, Claim
from core.claims import judge
from core.comparison import Comparison, ModeResult, Workload
from core.exports.html import ClaimPart, Report, RunPart, Section, Table
from core.run_facts import Header
from core.script import MODE_KNOB
from gui.report_charts import comparison_pictures, run_pictures
from gui.results import Finished, Results
from gui.telling import mode_label, run_message
from gui.texts import Texts


def report_of(results: Results, texts: Texts, title: str) -> Report:
    """Return the report of the runs of a session; it has no sections when nothing ran."""
    sections = tuple(_section(results, results.finished(name), texts) for name in results.scripts())
    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    facts = [(texts("report.made"), made)]
    newest = [run.recording.header for name in results.scripts() for run in results.finished(name)]
    machines = dict.fromkeys(_machine(header, texts) for header in newest)
    facts += [(texts("report.machine"), machine) for machine in machines]
    return Report(texts.language, title, tuple(facts), texts("report.contents"), sections)


def _machine(header: Header, texts: Texts) -> str:
    machine = header.machine
    return texts("report.machine_is", system=machine.get("system"), cores=machine.get("cores"))


def _section(results: Results, runs: tuple[Finished, ...], texts: Texts) -> Section:
    newest, card = runs[-1]
    language, comparison = texts.language, results.comparison
    return Section(
        title=card.title.in_language(language),
        summary=card.summary.in_language(language),
        facts=tuple(_facts(newest.header, card, texts)),
        claims=tuple(_claim(results, runs, claim, texts) for claim in card.claims),
        tables=tuple(_tables(comparison, newest.header.demo, card, texts)),
        pictures=tuple(comparison_pictures(card, comparison, Workload.of(newest.header), texts)),
        runs=tuple(_run(results, run, texts) for run in runs),
        script_heading=texts("report.script"),
        script=newest.header.script,
    )


def _facts(header: Header, card: Card, texts: Texts) -> Iterator[tuple[str, str]]:
    yield texts("report.python"), _python(header.python, header.free_threaded, texts)
    for name, value in header.knobs.items():
        if name != MODE_KNOB:
            yield _label(name, card, texts), _value(value)


def _python(version: str, free_threaded: bool, texts: Texts) -> str:
    return texts("report.free_threaded", version=version) if free_threaded else version


def _label(name: str, card: Card, texts: Texts) -> str:
    knob = card.knob(name)
    return name if knob is None else knob.label.in_language(texts.language)


def _value(value: Any) -> str:
    return f"{value:,}" if type(value) in (int, float) else str(value)


def _claim(results: Results, runs: tuple[Finished, ...], claim: Claim, texts: Texts) -> ClaimPart:
    """Return a claim with what the newest run that judges it says."""
    sentence = texts("explanation.claim", claim=claim.text.in_language(texts.language))
    for recording, card in reversed(runs):
        judgement = judge(claim, card, results.facts(recording, card))
        if judgement is not None:
            verdict = texts(f"explanation.holds_{judgement.holds}")
            measured = judgement.measured.in_language(texts.language)
            return ClaimPart(sentence, judgement.holds, verdict, measured)
    return ClaimPart(sentence, "", texts("report.not_judged"), "")


def _tables(comparison: Comparison, script: str, card: Card, texts: Texts) -> Iterator[Table]:
    """Yield the numbers of each workload of a script, the first measured first."""
    heads = ("mode", "runs", "median", "fastest", "slowest", "speedup")
    for workload in comparison.workloads():
        if workload.demo == script:
            yield Table(
                _caption(workload, card, texts),
                tuple(texts(f"report.{head}") for head in heads),
                tuple(_row(each, texts) for each in comparison.modes_of(workload).values()),
            )


def _caption(workload: Workload, card: Card, texts: Texts) -> str:
    python = _python(workload.python, workload.free_threaded, texts)
    told = [
        f"{_label(name, card, texts)} {_value(value)}"
        for name, value in json.loads(workload.knobs).items()
    ]
    if not told:
        return texts("report.numbers_plain", python=python)
    return texts("report.numbers", knobs=texts("explanation.comma").join(told), python=python)


def _row(result: ModeResult, texts: Texts) -> tuple[str, ...]:
    language = texts.language
    times_s = (result.median_s, result.min_s, max(run.elapsed_s for run in result.runs))
    speedup = result.speedup
    return (
        mode_label(result.mode, texts),
        number_format.count(len(result.runs)),
        *(number_format.seconds(time_s, language) for time_s in times_s),
        number_format.UNKNOWN if speedup is None else number_format.ratio(speedup, language),
    )


def _run(results: Results, run: Finished, texts: Texts) -> RunPart:
    recording, card = run
    message = run_message(card, recording, results.facts(recording, card), texts)
    mode = mode_label(recording.header.mode, texts)
    heading = mode
    if message.heading != mode:
        heading = texts("report.run", mode=mode, ending=message.heading)
    drawn = run_pictures(recording, card, results.comparison, texts)
    return RunPart(heading, message.text, message.attention, tuple(drawn))
