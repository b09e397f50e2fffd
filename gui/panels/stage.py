"""Where the panels stand: in columns as many as there is room for, and scrolled at the worst.

How much room there is depends on the zoom: at 200 % a window has half the width. Three
columns (demos, script, charts), two with the demos as a strip above, or one.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QVBoxLayout, QWidget

from gui.charts import Chart
from gui.panels.bottom_column import BottomColumn
from gui.panels.chart_pages import ChartPages
from gui.panels.demo_list import DemoList
from gui.panels.named import named
from gui.theme import Theme

THREE_COLUMNS_PX: Final = 1000
TWO_COLUMNS_PX: Final = 720
"""Widths at 100 % from which on there is room for so many columns."""

_DEMOS_PX: Final = 136
BOTTOM_PX: Final = 106
"""Height at 100 % of the bottom to begin with: a heading and four lines of output."""

_SCRIPT_PX: Final = 660  # the 72 columns of a demo, their numbers, and what is around them


class ScriptColumn(QWidget):
    """Knobs as high as they need to be, and below them the code and the explanation."""

    def __init__(self, knobs: QWidget, code: QWidget, explanation: QWidget) -> None:
        super().__init__()
        self._code = code
        self._explanation = explanation
        self.parts = _splitter(Qt.Orientation.Vertical, "script_splitter", (code, explanation))
        self.parts.setStretchFactor(0, 1)
        self.parts.setStretchFactor(1, 0)
        self._column = QVBoxLayout(self)
        self._column.addWidget(knobs)
        self._column.addWidget(self.parts, 1)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._column.setSpacing(theme.grid())
        self._column.setContentsMargins(theme.grid(), 0, theme.grid(), 0)
        self._code.setMinimumHeight(theme.px(150))
        self._explanation.setMinimumHeight(theme.px(90))
        self._need_room()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - an override
        """Ask for the height that the knobs need at this width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._need_room()

    def event(self, event: QEvent) -> bool:
        """Ask for the height that the knobs need when they change it themselves."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._need_room()
        return done

    def _need_room(self) -> None:
        """Ask for the height that everything needs at this width; splitters do not."""
        self.setMinimumHeight(max(0, self._column.minimumHeightForWidth(self.width())))


class Stage(QScrollArea):
    """The panels of the window but for the run bar."""

    NAMES: Final = tuple(f"{what}{count}" for what in ("columns", "rows") for count in (1, 2, 3))
    """What the window remembers of it, by these names."""

    def __init__(self, demos: DemoList, script: ScriptColumn, output: BottomColumn) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it scrolls to what has the keyboard
        self._demos = demos
        self._script = script
        self._output = output
        self._theme: Theme | None = None
        self._columns_now = 0
        self._remembered: dict[str, QByteArray] = {}
        self._dragged: set[str] = set()
        self.charts = ChartPages()
        self.columns = _splitter(Qt.Orientation.Horizontal, "columns", (script, self.charts))
        self.rows = _splitter(Qt.Orientation.Vertical, "rows", (self.columns, output))
        self.rows.setStretchFactor(0, 1)
        self.rows.setStretchFactor(1, 0)
        self.columns.splitterMoved.connect(self._note_drag)
        self.rows.splitterMoved.connect(self._note_drag)
        self._inside = QWidget()  # a splitter leaves its own margins out of what it needs
        self._margins = QVBoxLayout(self._inside)
        self._margins.addWidget(self.rows)
        self.setWidget(self._inside)

    @property
    def column_count(self) -> int:
        """How many columns there are now: 3, 2 or 1."""
        return self._columns_now

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme; another zoom may ask for another number of columns."""
        self._theme = theme
        self._margins.setContentsMargins(theme.grid(2), theme.grid(), theme.grid(2), theme.grid())
        self._script.set_theme(theme)
        self._output.set_theme(theme)
        self.charts.set_theme(theme)
        self._arrange()

    def show_charts(
        self, charts: Sequence[QWidget], pages: Sequence[tuple[str, Chart]] = ()
    ) -> None:
        """Show these charts, from top to bottom, each page behind a tab, and no others."""
        self.charts.show_charts(charts, pages)

    def show_results(self) -> None:
        """Bring the charts into sight where they stand below everything else."""
        if self._columns_now == 1:
            self.verticalScrollBar().setValue(self.charts.mapTo(self._inside, QPoint(0, 0)).y())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - an override
        """Find the number of columns for the width."""
        super().resizeEvent(event)
        self._arrange()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - an override
        """Leave Ctrl and the wheel to the window: it zooms everything."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().wheelEvent(event)

    def state(self) -> dict[str, QByteArray]:
        """Return what is to be remembered, by name."""
        now = {name: splitter.saveState() for name, splitter in self._splitters().items()}
        dragged = {name: state for name, state in now.items() if name in self._dragged}
        return self._remembered | dragged

    def restore(self, states: dict[str, QByteArray]) -> None:
        """Set what was remembered, now or when there are so many columns again."""
        self._remembered = {name: state for name, state in states.items() if not state.isEmpty()}
        self._apply_remembered()

    def _note_drag(self) -> None:
        """Leave the sizes alone from now on: somebody chose them."""
        self._dragged.update(self._splitters())

    def _apply_remembered(self) -> None:
        for name, splitter in self._splitters().items():
            if name in self._remembered:
                splitter.restoreState(self._remembered[name])

    def _splitters(self) -> dict[str, QSplitter]:
        """Name the splitters by the number of columns: their sizes depend on it."""
        count = self._columns_now
        return {f"columns{count}": self.columns, f"rows{count}": self.rows} if count else {}

    def _arrange(self) -> None:
        if self._theme is None:
            return
        width = self.width() / self._theme.zoom
        columns = 3 if width >= THREE_COLUMNS_PX else 2 if width >= TWO_COLUMNS_PX else 1
        if columns != self._columns_now:
            self._remembered = self.state()
            self._columns_now = columns
            self._rearrange()
            # Once more when all have taken their places: until then splitters have old heights.
            QTimer.singleShot(0, self, self._share_out)
        self._share_out()

    def _share_out(self) -> None:
        if self._dragged.isdisjoint(self._splitters()):
            self._share()
            self._apply_remembered()

    def _rearrange(self) -> None:
        """Put everything where it belongs with so many columns."""
        columns = self._columns_now
        beside = columns == 3
        (self.columns if beside else self.rows).insertWidget(0, self._demos)
        self._demos.lie_down(not beside)
        self.columns.setOrientation(
            Qt.Orientation.Vertical if columns == 1 else Qt.Orientation.Horizontal
        )

    def _share(self) -> None:
        """Set the sizes to begin with; people may drag them afterwards."""
        assert self._theme is not None  # noqa: S101 - set before anything is arranged
        theme, width, height = self._theme, self.width(), self.height()
        output, strip = theme.px(BOTTOM_PX), theme.px(48)
        if self._columns_now == 3:
            demos = theme.px(_DEMOS_PX)
            script = min(theme.px(_SCRIPT_PX), (width - demos) * 56 // 100)
            self.columns.setSizes([demos, script, width - demos - script])
            self.rows.setSizes([height - output, output])
        else:
            self.columns.setSizes([1000, 1000])
            self.rows.setSizes([strip, height - output - strip, output])


def _splitter(direction: Qt.Orientation, name: str, widgets: Sequence[QWidget]) -> QSplitter:
    splitter = named(name, QSplitter(direction))
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)  # the style sheet adds the room around the hairline
    for widget in widgets:
        splitter.addWidget(widget)
    return splitter
