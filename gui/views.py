"""The charts and displays that follow a run, frame by frame.

Views read the recording themselves, here, in the window's thread, once a frame and only
while something moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.comparison import RunSummary
from core.incidents import stall_now
from core.jobs import expected_values
from core.recording import Recording
from core.run_facts import Stall
from gui.aims import tell_aim
from gui.chart_set import ChartSet
from gui.charts import (
    BytecodeChart,
    Chart,
    ComparisonChart,
    FuturesChart,
    TimelineChart,
)
from gui.comparison_rows import comparison_rows
from gui.elapsed import elapsed_text
from gui.frame_clock import FrameClock
from gui.panels.output_log import OutputPanel
from gui.panels.run_bar import RunBar
from gui.pins import Pins
from gui.replay import Replay
from gui.running_marks import RunningMarks
from gui.session import Session
from gui.texts import Texts
from gui.theme import Theme


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

    Parameters
    ----------
    session : Session
        Tells what runs.
    followers : Followers
        What else shows something of a run.
    """

    page_shown = Signal()
    stall_changed = Signal()

    def __init__(self, session: Session, followers: Followers, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self._session = session
        self._output, self._run_bar = followers.output, followers.run_bar
        self._replay, self._marks, self._pins = followers.replay, followers.marks, followers.pins
        self._texts = texts
        self.charts = ChartSet(theme, texts.language)
        self.charts.made.connect(self._let_cancel)
        self._stall: Stall | None = None
        self.clock = FrameClock(self)
        self.clock.tick.connect(self.tick)
        self._replay.moved.connect(self.clock.start)
        self._pins.changed.connect(self._show_ghost)
        session.script.text_changed.connect(self._mark_running)
        session.runner.run_began.connect(self._follow)
        session.results_changed.connect(self.show_results)
        session.script.knobs_changed.connect(self._follow_knobs)

    def show_page(self, page: int) -> None:
        """Draw what a page shows, now that it is in front; 0 are the charts of the run."""
        self.charts.turn_to(page)
        recording = self._session.recording
        for chart in self.charts.in_front:
            if recording is None:
                chart.clear()
            else:
                chart.draw(recording, self._replay.cursor_s)
        self.page_shown.emit()

    @property
    def still(self) -> bool:
        """Whether there is nothing more to come: no frame to draw, no answer that is awaited."""
        bytecode = self.charts.one_in_front(BytecodeChart)
        return not self.clock.running and (bytecode is None or not bytecode.waiting)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.charts.set_theme(theme)

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts
        self.charts.set_language(texts.language)
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
        for chart in self.charts.in_front:
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
            for chart in self.charts.in_front:
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
        timeline = self.charts.made_one(TimelineChart)
        if timeline is not None:
            timeline.set_ghost(self._pins.ghost)
        self._show_rows()

    def _show_rows(self) -> None:
        comparison = self.charts.made_one(ComparisonChart)
        if comparison is not None:
            rows = comparison_rows(self._session, self._pins.ghost, self._texts)
            comparison.set_rows(rows)

    def _show_aim(self) -> None:
        """Give the charts what no single recording knows: their aims and the other runs."""
        expected, runs = self._expected(), self._runs()
        for chart in self.charts.all:
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

    def _let_cancel(self, chart: Chart) -> None:
        if isinstance(chart, FuturesChart):
            chart.cancel_asked.connect(self._session.runner.cancel)
