"""The report of a session: what ran, what it showed and what was measured, in one language."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from core import number_format
from core.card import Card, Claim
from core.claims import judge
from core.comparison import Comparison, ModeResult, Workload
from core.exports.html import ClaimPart, Report, RunPart, Section, Table
from core.local_time import local_now
from core.run_facts import Header
from core.sweep import Sweep
from gui.knob_telling import differing, knobs_told, sentence_of
from gui.report_charts import comparison_pictures, run_pictures, sweep_pictures
from gui.results import Finished, Results
from gui.telling import mode_label, run_message
from gui.texts import Texts


def report_of(
    results: Results, texts: Texts, title: str, sweeps: Mapping[str, Sweep] | None = None
) -> Report:
    """Return the report of the runs of a session; it has no sections when nothing ran.

    Parameters
    ----------
    sweeps
        The newest sweep of each script, by its name.
    """
    sections = tuple(
        _section(results, results.finished(name), texts, (sweeps or {}).get(name))
        for name in results.scripts()
    )
    made = local_now().strftime("%Y-%m-%d %H:%M %Z")
    facts = [(texts("report.made"), made)]
    newest = [run.recording.header for name in results.scripts() for run in results.finished(name)]
    machines = dict.fromkeys(_machine(header, texts) for header in newest)
    facts += [(texts("report.machine"), machine) for machine in machines]
    return Report(texts.language, title, tuple(facts), texts("report.contents"), sections)


def _machine(header: Header, texts: Texts) -> str:
    machine = header.machine
    known = {name: machine.get(name, number_format.UNKNOWN) for name in ("system", "cores")}
    return texts("report.machine_is", **known)


def _section(
    results: Results, runs: tuple[Finished, ...], texts: Texts, sweep: Sweep | None
) -> Section:
    newest, card = runs[-1]
    language, comparison = texts.language, results.comparison
    return Section(
        title=card.title.in_language(language),
        summary=card.summary.in_language(language),
        facts=tuple(_facts(newest.header, card, texts)),
        claims=tuple(_claim(results, runs, claim, texts) for claim in card.claims),
        tables=tuple(_tables(comparison, newest.header.demo, card, texts)),
        pictures=tuple(sweep_pictures(sweep, texts)),
        runs=tuple(_run(results, run, runs, texts) for run in runs),
        script_heading=texts("report.script"),
        script=newest.header.script,
    )


def _facts(header: Header, card: Card, texts: Texts) -> Iterator[tuple[str, str]]:
    yield texts("report.python"), _python(header.python, header.free_threaded, texts)
    yield from knobs_told(header.knobs, card, texts)


def _python(version: str, free_threaded: bool, texts: Texts) -> str:
    return texts("report.free_threaded", version=version) if free_threaded else version


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
    workloads = [each for each in comparison.workloads() if each.demo == script]
    knobs = [json.loads(workload.knobs) for workload in workloads]
    for workload, own in zip(workloads, knobs, strict=True):
        yield Table(
            _caption(workload, differing(own, knobs), card, texts),
            tuple(texts(f"report.{head}") for head in heads),
            tuple(_row(each, texts) for each in comparison.modes_of(workload).values()),
            tuple(comparison_pictures(card, comparison, workload, texts)),
        )


def _caption(workload: Workload, knobs: Mapping[str, Any], card: Card, texts: Texts) -> str:
    python = _python(workload.python, workload.free_threaded, texts)
    if not knobs:
        return texts("report.numbers_plain", python=python)
    return texts("report.numbers", knobs=sentence_of(knobs, card, texts), python=python)


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


def _run(results: Results, run: Finished, runs: tuple[Finished, ...], texts: Texts) -> RunPart:
    recording, card = run
    message = run_message(card, recording, results.facts(recording, card), texts)
    heading = mode = mode_label(recording.header.mode, texts)
    if message.heading != mode:
        heading = texts("report.run", mode=mode, ending=message.heading)
    knobs = differing(recording.header.knobs, [each.recording.header.knobs for each in runs])
    if knobs:
        heading = texts("report.run_with", run=heading, knobs=sentence_of(knobs, card, texts))
    drawn = run_pictures(recording, card, results.comparison, texts)
    return RunPart(heading, message.text, message.attention, tuple(drawn))
