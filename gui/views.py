"""The charts and displays that follow a run, frame by frame.

Views read the recording themselves, here, in the window's thread, once a frame and only
while something moves.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal

from core import number_format
from core.card import SCRIPT_MODE, Card
from core.comparison import ModeResult, RunSummary
from core.explain import figures_about
from core.incidents import stall_now
from core.jobs import expected_values
from core.recording import Recording
from core.run_facts import Stall
from gui.aims import tell_aim
from gui.charts import (
    CHARTS,
    BytecodeChart,
    Chart,
    ComparisonChart,
    ComparisonRow,
    FuturesChart,
    TimelineChart,
)
from gui.frame_clock import FrameClock
from gui.panels.output_log import OutputPanel
from gui.panels.run_bar import RunBar
from gui.pins import Pins
from gui.replay import Replay
from gui.running_marks import RunningMarks
from gui.session import Session
from gui.telling import mode_label
from gui.texts import Texts
from gui.theme import Theme

_FACTORIES: Final = {kind.name: kind.factory for kind in CHARTS}
_TITLES: Final = {kind.name: kind.title for kind in CHARTS}

C = TypeVar("C", bound=Chart)

_LONG_S: Final = 100
"""From here on hundredths only flicker."""


@dataclass(frozen=True, slots=True)
class Followers:
    """What follows a run beside the charts."""

    output: OutputPanel
    run_bar: RunBar
    replay: Replay
    """Says up to which moment everything is drawn."""
    marks: RunningMarks
    pins: Pins


class Views(QObject):
    """Everything in the window that shows a recording.

    Attributes
    ----------
    page_shown : Signal
        Other charts than before are in front.
    stall_changed : Signal
        Nothing goes on any more in the run, or something does again.
    chart_made : Signal
        A chart was made, when it was first needed.

    Parameters
    ----------
    session : Session
        Tells what runs.
    followers : Followers
        What else shows something of a run.
    """

    page_shown = Signal()
    stall_changed = Signal()
    chart_made = Signal(Chart)

    def __init__(self, session: Session, followers: Followers, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self._session = session
        self._output, self._run_bar = followers.output, followers.run_bar
        self._replay, self._marks, self._pins = followers.replay, followers.marks, followers.pins
        self._theme = theme
        self._texts = texts
        self._charts: dict[str, Chart] = {}
        self._shown: tuple[str, ...] = ()
        self._pages: tuple[str, ...] = ()
        self._page = 0
        self._stall: Stall | None = None
        self.clock = FrameClock(self)
        self.clock.tick.connect(self.tick)
        self._replay.moved.connect(self.clock.start)
        self._pins.changed.connect(self._show_ghost)
        session.script.text_changed.connect(self._mark_running)
        session.runner.run_began.connect(self._follow)
        session.results_changed.connect(self.show_results)
        session.script.knobs_changed.connect(self._follow_knobs)

    def charts_for(self, card: Card) -> list[Chart]:
        """Return the charts that a card asks for, made when they are first needed."""
        self._shown = tuple(name for name in card.views if name in _FACTORIES)
        return [self._chart(name) for name in self._shown]

    def pages_for(self, card: Card) -> list[tuple[str, Chart]]:
        """Return the charts that have a page of their own, each with the title of its tab."""
        self._pages = tuple(name for name in card.pages if name in _FACTORIES)
        return [(_TITLES[name][self._texts.language], self._chart(name)) for name in self._pages]

    def show_page(self, page: int) -> None:
        """Draw what a page shows, now that it is in front; 0 are the charts of the run."""
        self._page = page
        recording = self._session.recording
        for chart in self._visible():
            if recording is None:
                chart.clear()
            else:
                chart.draw(recording, self._replay.cursor_s)
        self.page_shown.emit()

    @property
    def still(self) -> bool:
        """Whether there is nothing more to come: no frame to draw, no answer that is awaited."""
        bytecode = self.in_front(BytecodeChart)
        return not self.clock.running and (bytecode is None or not bytecode.waiting)

    def in_front(self, kind: type[C]) -> C | None:
        """Return the chart of a kind, if it is one of those that are to be seen now."""
        return next((chart for chart in self._visible() if isinstance(chart, kind)), None)

    @property
    def charts_in_front(self) -> tuple[Chart, ...]:
        """The charts that are to be seen now, from top to bottom."""
        return tuple(self._visible())

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        for chart in self._charts.values():
            chart.set_theme(theme)

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts
        for chart in self._charts.values():
            chart.set_language(texts.language)
        self._show_rows()
        if self._session.recording is not None:
            self._show_elapsed(self._session.recording)

    def tick(self) -> None:
        """Draw a frame; when all is drawn and nothing runs, tick no more."""
        recording = self._session.recording
        if recording is None:
            self.clock.stop()
            return
        self._replay.tick()
        cursor_s = self._replay.cursor_s
        for chart in self._visible():
            chart.draw(recording, cursor_s)
        self._show_elapsed(recording)
        self._mark_running()
        stall = stall_now(recording)
        if stall is not self._stall:
            self._stall = stall
            self.stall_changed.emit()
        more = self._output.tick(cursor_s)
        if not more and not self._replay.moving:
            self.clock.stop()

    def show_results(self) -> None:
        """Show the newest run of the script that is open, and the comparison with others."""
        recording = self._session.recording
        self._replay.follow(recording)
        self._output.follow(recording)
        if recording is None:
            for chart in self._visible():
                chart.clear()
            self._run_bar.show_elapsed("")
        self._show_ghost()
        self._show_aim()
        if recording is not None:
            self.clock.start()
            self.tick()

    def _follow(self, recording: Recording) -> None:
        self._replay.follow(recording)
        self._output.follow(recording)
        self._show_ghost()
        self._show_aim()
        self.clock.start()

    def _follow_knobs(self) -> None:
        """Compare the runs with the knobs on screen; the rest stays that of the run shown."""
        self._show_rows()
        if self._session.recording is None:
            self._show_aim()

    def _show_elapsed(self, recording: Recording) -> None:
        self._run_bar.show_elapsed(elapsed_text(recording, self._texts, self._replay.cursor_s))

    def _mark_running(self) -> None:
        replayed = self._replay.transport.state != "live"
        self._marks.show(self._session.recording, self._replay.cursor_s, reveal=replayed)

    def _show_ghost(self) -> None:
        """Show the pinned run behind another one."""
        timeline = self._charts.get("timeline")
        if isinstance(timeline, TimelineChart):
            timeline.set_ghost(self._pins.ghost)
        self._show_rows()

    def _show_rows(self) -> None:
        comparison = self._charts.get("comparison")
        if isinstance(comparison, ComparisonChart):
            comparison.set_rows(self._rows())

    def _show_aim(self) -> None:
        """Give the charts what no single recording knows: their aims and the other runs."""
        expected, runs = self._expected(), self._runs()
        for chart in self._charts.values():
            tell_aim(chart, self._session.script.demo.card, expected, runs)

    def _expected(self) -> dict[str, float]:
        """Return the aims of the run that is shown; before one, of the script as it stands."""
        session, recording = self._session, self._session.recording
        knobs = session.script.values if recording is None else recording.header.knobs
        return expected_values(session.script.demo.card, knobs)

    def _runs(self) -> Sequence[RunSummary]:
        """Return the finished runs that did the same work as the one that is shown."""
        session, recording = self._session, self._session.recording
        if recording is None:
            return ()
        workload = session.results.workload_of(recording.header, session.runner.python)
        return session.comparison.runs_of(workload)

    def _rows(self) -> list[ComparisonRow]:
        session = self._session
        results = session.comparison.modes_of(session.workload)
        modes = session.script.modes or (SCRIPT_MODE,)
        return [self._row(mode, results.get(mode), self._figure_s(mode)) for mode in modes]

    def _figure_s(self, mode: str) -> float | None:
        """Return the tutorial's seconds, if it did the work that the script does as it stands."""
        figures = figures_about(self._session.script.demo.card, mode, self._session.script.values)
        return next((figure.value for figure in figures if figure.unit == "s"), None)

    def _row(self, mode: str, result: ModeResult | None, figure_s: float | None) -> ComparisonRow:
        return ComparisonRow(
            mode=mode,
            label=mode_label(mode, self._texts),
            median_s=result.median_s if result else None,
            runs_s=tuple(run.elapsed_s for run in result.runs) if result else (),
            speedup=result.speedup if result else None,
            figure_s=figure_s,
            current=mode == (self._session.script.mode or SCRIPT_MODE),
            pinned_s=self._pinned_s(mode),
        )

    def _pinned_s(self, mode: str) -> float | None:
        """Return the time of the pinned run if it was in that mode and another one is shown."""
        ghost = self._pins.ghost
        if ghost is None or ghost.header.mode != mode or math.isnan(ghost.elapsed_s):
            return None
        return ghost.elapsed_s

    def _chart(self, name: str) -> Chart:
        if name not in self._charts:
            chart = _FACTORIES[name]()
            chart.set_theme(self._theme)
            chart.set_language(self._texts.language)
            if isinstance(chart, FuturesChart):
                chart.cancel_asked.connect(self._session.runner.cancel)
            self._charts[name] = chart
            self.chart_made.emit(chart)
        return self._charts[name]

    def _visible(self) -> list[Chart]:
        names = self._pages[self._page - 1 : self._page] if self._page else self._shown
        return [self._charts[name] for name in names]


def elapsed_text(recording: Recording, texts: Texts, cursor_s: float = math.inf) -> str:
    """Return how long ``main()`` took, or had taken at the cursor."""
    if cursor_s >= recording.main_ended_s and not math.isnan(recording.elapsed_s):
        return number_format.seconds(recording.elapsed_s, texts.language)
    if math.isnan(recording.main_started_s):
        return ""
    until_s = recording.ending.at_s if recording.ending else _now_s(recording)
    elapsed_s = max(0.0, min(until_s, cursor_s) - recording.main_started_s)
    value = f"{elapsed_s:,.2f}" if elapsed_s < _LONG_S else f"{elapsed_s:,.1f}"
    return texts("run_bar.seconds", value=value)


def _now_s(recording: Recording) -> float:
    return (time.perf_counter_ns() - recording.origin_ns) * 1e-9
