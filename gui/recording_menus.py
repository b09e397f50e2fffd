"""The submenus of recordings: the last runs of the demo that is open, and the examples."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from core import number_format
from core.recording_file import Summary
from gui.recordings import Recordings
from gui.session import Session
from gui.telling import mode_label, when
from gui.texts import Texts


class RecordingMenus(QObject):
    """Fills the two submenus as recordings come and go.

    Parameters
    ----------
    session : Session
        Knows the titles of demos.
    recordings : Recordings
        Lists recordings, and opens the one that is chosen.
    recent, examples : QMenu
        What is filled; one without entries cannot be opened, nor any while something runs.
    """

    def __init__(
        self, session: Session, recordings: Recordings, recent: QMenu, examples: QMenu, texts: Texts
    ) -> None:
        super().__init__(recent)  # goes with it: what is told later finds nobody
        self._session, self._recordings = session, recordings
        self._recent, self._examples = recent, examples
        self._texts = texts
        self._runs: Sequence[Summary] = ()
        self._found: Sequence[Summary] = ()
        recordings.runs_listed.connect(self._show_runs)
        recordings.examples_listed.connect(self._show_examples)
        session.state_changed.connect(self._allow)

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts
        self._recent.setTitle(texts("menu.recent"))
        self._examples.setTitle(texts("menu.examples"))
        self._show_runs(self._runs)
        self._show_examples(self._found)

    def _show_runs(self, runs: Sequence[Summary]) -> None:
        self._runs = runs
        self._fill(self._recent, [(self._run_label(run), run) for run in runs])

    def _show_examples(self, found: Sequence[Summary]) -> None:
        self._found = found
        self._fill(self._examples, [(self._example_label(one), one) for one in found])

    def _fill(self, menu: QMenu, entries: Sequence[tuple[str, Summary]]) -> None:
        menu.clear()
        for label, summary in entries:
            action = menu.addAction(label.replace("&", "&&"))
            action.triggered.connect(partial(self._open, summary))
        self._allow()

    def _allow(self) -> None:
        """Let nothing be opened while something runs, as from everywhere else in the window."""
        for menu in (self._recent, self._examples):
            menu.setEnabled(not menu.isEmpty() and not self._session.runner.busy)

    def _open(self, summary: Summary, _checked: bool = False) -> None:
        self._recordings.open(summary.path)

    def _run_label(self, run: Summary) -> str:
        return self._texts(
            "recording.run",
            mode=mode_label(run.mode, self._texts),
            how=self._how(run),
            when=when(run.made_at),
        )

    def _example_label(self, example: Summary) -> str:
        demo = self._session.shelf.demos.get(example.demo)
        title = demo.card.title.in_language(self._texts.language) if demo else example.demo
        mode = mode_label(example.mode, self._texts)
        return self._texts("recording.example", demo=title, mode=mode, how=self._how(example))

    def _how(self, run: Summary) -> str:
        """Return how long a run took; of one that came to no good end, how it ended."""
        if run.outcome != "done":
            return self._texts(f"recording.ended_{run.outcome.replace(' ', '_')}")
        if run.elapsed_s is None:
            return self._texts("recording.ended_done")
        return number_format.seconds(run.elapsed_s, self._texts.language)
