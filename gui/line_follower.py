"""Keeps the chart of the bytecode in step with the script and with the Python that is chosen.

A Python is asked only while its answer can be seen. One question is under way at a time: who
turns a knob quickly gets the answer about where it stopped, not one for each place on the way.
"""

from typing import Final

from PySide6.QtCore import QObject

from core.bytecode import LineAnswer, LineCode, LineProblem, Question, question_about
from gui.bridge import Bridge
from gui.charts import BytecodeChart
from gui.session import Session
from gui.views import Views

_KEPT: Final = 64
"""Answers kept; of more the latest. A question has the whole text in it."""

_LASTING: Final = ("syntax", "unmarked", "foreign")
"""Problems that are the same when the same question is asked again."""


class LineFollower(QObject):
    """Asks for bytecode and shows the answers.

    Parameters
    ----------
    session : Session
        Knows the script and the Python.
    bridge : Bridge
        Asks the Python.
    views : Views
        Knows whether the chart can be seen.
    parent : QObject
        The window: an answer that comes when it is gone finds nobody.
    """

    def __init__(self, session: Session, bridge: Bridge, views: Views, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._bridge, self._views = session, bridge, views
        self._answers: dict[Question, LineCode | LineProblem] = {}
        self._asked: Question | None = None
        session.state_changed.connect(self.look)
        views.page_shown.connect(self.look)
        bridge.line_read.connect(self._take)

    def look(self) -> None:
        """Show the line as it stands, if its chart can be seen; ask for it first if need be."""
        chart = self._views.charts.one_in_front(BytecodeChart)
        if chart is None:
            return
        session = self._session
        question = question_about(
            session.script.demo.card, session.script.text, session.runner.python
        )
        if question is None:
            chart.show_nothing()
        elif question in self._answers:
            chart.show_line(self._answers[question], question.knob)
        else:
            chart.show_waiting()
            self._ask(question)

    def _ask(self, question: Question) -> None:
        if self._asked is None:
            self._asked = question
            self._bridge.read_line(question)

    def _take(self, answer: LineAnswer) -> None:
        self._asked = None
        found, chart = answer.found, self._views.charts.one_in_front(BytecodeChart)
        if isinstance(found, LineCode) or found.kind in _LASTING:
            self._answers[answer.question] = found
            while len(self._answers) > _KEPT:
                del self._answers[next(iter(self._answers))]
        session = self._session
        if answer.question != question_about(
            session.script.demo.card, session.script.text, session.runner.python
        ):
            self.look()  # something changed while that Python was asked
        elif chart is not None:
            chart.show_line(found, answer.question.knob)
