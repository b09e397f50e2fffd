"""The charts of the window: made when they are first needed, and which of them are in front."""

from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal

from core.card import Card
from gui.charts import CHARTS, Chart
from gui.theme import Theme

_FACTORIES: Final = {kind.name: kind.factory for kind in CHARTS}
_TITLES: Final = {kind.name: kind.title for kind in CHARTS}

C = TypeVar("C", bound=Chart)


class ChartSet(QObject):
    """Has one chart a kind, and knows which a card wants to be seen.

    Attributes
    ----------
    made : Signal
        A chart was made, when it was first needed.
    """

    made = Signal(Chart)

    def __init__(self, theme: Theme, language: str) -> None:
        super().__init__()
        self._theme, self._language = theme, language
        self._charts: dict[str, Chart] = {}
        self._shown: tuple[str, ...] = ()
        self._pages: tuple[str, ...] = ()
        self._page = 0

    def of_run(self, card: Card) -> list[Chart]:
        """Return the charts that a card asks for on its first page."""
        self._shown = tuple(name for name in card.views if name in _FACTORIES)
        return [self._chart(name) for name in self._shown]

    def pages(self, card: Card) -> list[tuple[str, Chart]]:
        """Return the charts that have a page of their own, each with the title of its tab."""
        self._pages = tuple(name for name in card.pages if name in _FACTORIES)
        return [(_TITLES[name][self._language], self._chart(name)) for name in self._pages]

    def turn_to(self, page: int) -> None:
        """Take that a page is in front now; 0 are the charts of the run."""
        self._page = page

    @property
    def all(self) -> tuple[Chart, ...]:
        """The charts that were made."""
        return tuple(self._charts.values())

    @property
    def in_front(self) -> tuple[Chart, ...]:
        """The charts that are to be seen now, from top to bottom."""
        names = self._pages[self._page - 1 : self._page] if self._page else self._shown
        return tuple(self._charts[name] for name in names)

    def made_one(self, kind: type[C]) -> C | None:
        """Return the chart of a kind, if it was made."""
        return next((chart for chart in self.all if isinstance(chart, kind)), None)

    def one_in_front(self, kind: type[C]) -> C | None:
        """Return the chart of a kind, if it is one of those that are to be seen now."""
        return next((chart for chart in self.in_front if isinstance(chart, kind)), None)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        for chart in self.all:
            chart.set_theme(theme)

    def set_language(self, language: str) -> None:
        """Speak another language."""
        self._language = language
        for chart in self.all:
            chart.set_language(language)

    def _chart(self, name: str) -> Chart:
        if name not in self._charts:
            chart = _FACTORIES[name]()
            chart.set_theme(self._theme)
            chart.set_language(self._language)
            self._charts[name] = chart
            self.made.emit(chart)
        return self._charts[name]
