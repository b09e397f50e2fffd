"""The charts of the run, and the pages that some demos have besides: one at a time, behind tabs.

A page has the whole column to itself. The tabs are there only while there is a page. A run moves
nobody away from the page that was chosen, if that page shows the run or the code that runs: who
asks why a line loses updates wants to turn a knob, run, and look at the same page again. Only a
page that has nothing to do with the run (`gui.charts.Chart.gives_way`) makes room for its charts;
what was done there is there again when its tab is chosen.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QTabBar, QVBoxLayout, QWidget

from gui.charts.chart import Chart
from gui.panels.named import named
from gui.texts import Texts
from gui.theme import Theme

RUN: Final = 0
"""The number of the page with the charts of the run."""


class ChartPages(QWidget):
    """A tab bar, and below it one page."""

    page_changed = Signal(int)
    """Another page is in front, by its number; also told when the charts are others."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[QWidget, ...] = ()
        self._pages: tuple[Chart, ...] = ()
        self._run_title = ""
        self.bar = named("chart_pages", QTabBar())
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar.currentChanged.connect(self._turn)
        self.bar.tabBarClicked.connect(self._enter)
        self.splitter = named("chart_splitter", QSplitter(Qt.Orientation.Vertical))
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)  # the style sheet adds the room around the hairline
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.bar)
        self._column.addWidget(self.splitter, 1)

    @property
    def page(self) -> int:
        """The number of the page in front."""
        return max(RUN, self.bar.currentIndex())

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._column.setSpacing(theme.grid(0.5))

    def set_texts(self, texts: Texts) -> None:
        """Speak another language; the titles of the pages come with `show_charts`."""
        self._run_title = texts("charts.run")
        self.bar.setAccessibleName(texts("charts.pages"))

    def show_charts(self, charts: Sequence[QWidget], pages: Sequence[tuple[str, Chart]]) -> None:
        """Show these charts from top to bottom, each of the pages behind a tab, and no others.

        Parameters
        ----------
        charts
            Of the run.
        pages
            Each with the title of its tab.
        """
        widgets = tuple(chart for _, chart in pages)
        page = self.page if (tuple(charts), widgets) == (self._shown, self._pages) else RUN
        self._show_run(charts)
        self._show_pages(widgets)
        self._show_tabs([self._run_title, *(title for title, _ in pages)], page)
        self._turn(page)

    def begin_run(self) -> None:
        """Make room for the charts of the run, unless the page in front shows it or its code."""
        page = self.page
        if page != RUN and self._pages[page - 1].gives_way:
            self.bar.setCurrentIndex(RUN)

    def show_page(self, chart: Chart) -> None:
        """Bring the page of a chart to front, if it has one."""
        if chart in self._pages:
            self.bar.setCurrentIndex(self._pages.index(chart) + RUN + 1)

    def _show_run(self, charts: Sequence[QWidget]) -> None:
        for other in self._shown:
            other.setVisible(other in charts)
        self._shown = tuple(charts)
        for place, chart in enumerate(charts):
            self.splitter.insertWidget(place, chart)
            self.splitter.setCollapsible(place, False)
            chart.show()

    def _show_pages(self, pages: tuple[Chart, ...]) -> None:
        for other in self._pages:
            if other not in pages:
                self._column.removeWidget(other)
                other.hide()
        for page in pages:
            if page not in self._pages:
                self._column.addWidget(page, 1)
        self._pages = pages

    def _show_tabs(self, titles: Sequence[str], page: int) -> None:
        self.bar.blockSignals(True)  # the tabs come and go here, the page is turned once for all
        while self.bar.count() > len(titles):
            self.bar.removeTab(self.bar.count() - 1)
        for place, title in enumerate(titles):
            if place == self.bar.count():
                self.bar.addTab(title)
            self.bar.setTabText(place, title)
        self.bar.setCurrentIndex(page)
        self.bar.blockSignals(False)
        self.bar.setVisible(len(titles) > 1)

    def _enter(self, page: int) -> None:
        """Bring a page to front and let the keyboard go to it, if it has keys of its own."""
        self.bar.setCurrentIndex(page)
        if page > RUN and self._pages[page - 1].focusPolicy() & Qt.FocusPolicy.ClickFocus:
            self._pages[page - 1].setFocus()

    def _turn(self, page: int) -> None:
        self.splitter.setVisible(page == RUN)
        for place, chart in enumerate(self._pages, start=RUN + 1):
            chart.setVisible(place == page)
        self.page_changed.emit(page)
