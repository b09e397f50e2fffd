"""Recordings in the window: opened, saved, kept and brought back. None of this runs anything.

Files are read and written by the bridge, off the window's thread; what comes of it is told here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.demos import Demo
from core.exports import Export, ExportProblem
from core.incidents import incident_facts
from core.no_room import NoRoom, room_needed
from core.recent_runs import Listed, RecentRuns
from core.recording import Recording
from core.recording_file import (
    ReadingGivenUp,
    RecordingFileProblem,
    Summary,
    looks_like_recording,
    open_recording,
    save,
    summary_of,
)
from core.storage.spool import Spool
from gui.bridge import Bridge
from gui.reasons import reason_in, unwritable_sentence
from gui.save_dialog import ask_where_to_save
from gui.scripts import script_of_recording
from gui.session import Session
from gui.settings import Settings
from gui.texts import Texts

SUFFIX: Final = ".jsonl"
FILTER: Final = f"Futures Lab (*{SUFFIX})"
ASKED_BYTES: Final = 20_000_000
"""The window asks before it writes a larger export."""

MOST_COUNTED_BYTES: Final = 2_000_000_000
NO_LIMIT_BYTES: Final = 2**63
EXAMPLES: Final = Path(__file__).resolve().parent.parent / "resources" / "recordings"


@dataclass(frozen=True, slots=True)
class _Opened:
    recording: Recording
    demo: Demo


@dataclass(frozen=True, slots=True)
class _Large:
    recording: Recording
    export: Export
    path: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Runs:
    demo: str
    listed: Listed


@dataclass(frozen=True, slots=True)
class _Examples:
    found: tuple[Summary, ...]


class Recordings(QObject):
    """What the window does with recordings; what goes wrong is told by the session.

    Parameters
    ----------
    session : Session
        What is open, and which runs there are.
    bridge : Bridge
        Reads and writes files, and tells when a run ended.
    settings : Settings
        Remember the folder.
    texts : Texts
        The language in which problems are told.
    runs : RecentRuns, optional
        Where finished runs of demos are kept; without it none is.
    """

    runs_listed = Signal(tuple)
    """The kept runs of the demo that is open, as `core.recording_file.Summary`; newest first."""
    large_export = Signal(Recording, Export, Path, object)
    """What is to be exported, as what, where to, and how many bytes that takes."""
    examples_listed = Signal(tuple)
    """The recordings that come with the program."""

    def __init__(
        self,
        session: Session,
        bridge: Bridge,
        settings: Settings,
        texts: Texts,
        runs: RecentRuns | None = None,
    ) -> None:
        super().__init__()
        self._session, self._bridge, self._settings = session, bridge, settings
        self._texts, self._runs = texts, runs
        self._openings = 0
        self._unkept: set[Path] = set()
        bridge.aside_done.connect(self._on_done)
        bridge.run_ended.connect(self._keep)
        bridge.begin_spool = self._begin_spool
        session.script.demo_changed.connect(self.list_runs)

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._texts = texts

    def takes(self, path: Path) -> bool:
        """Return whether a file is a recording, or meant to be one."""
        try:
            return looks_like_recording(path)
        except OSError:
            return False  # who then takes it for a script says what is wrong with it

    def open(self, path: Path) -> None:
        """Show a recorded run, once it is read; gives up those that are still being read."""
        self._openings += 1
        opening = self._openings

        def is_wanted() -> bool:
            return opening == self._openings and not self._bridge.is_closed

        demos = self._session.shelf.demos

        def work() -> _Opened:
            recording = open_recording(path, is_wanted)
            # Here too: what of it takes so long that the window would wait.
            incident_facts(recording)
            return _Opened(recording, script_of_recording(recording.header, demos))

        self._aside(work)

    def ask_and_save(self, window: QWidget) -> None:
        """Let a person choose where to save the run that is shown."""
        recording = self._session.recording
        if recording is None or recording.running:
            return
        header = recording.header
        name = f"{Path(header.demo).stem}-{header.mode}{SUFFIX}"
        proposed = Path(self._settings.folder) / name
        title = self._texts("recording.save_title")
        path = ask_where_to_save(window, self._texts, title, proposed, {FILTER: SUFFIX})
        if path is not None:
            self._settings.folder = str(path.resolve().parent)
            self._aside(partial(save, recording, path))

    def export(self, recording: Recording, export: Export, path: Path) -> None:
        """Write a finished run to a file of another format.

        A large one is not written: `large_export` says what it takes, and
        `export_all_the_same` writes it.
        """

        def work() -> _Large | None:
            if export.size_bytes(recording, ASKED_BYTES) <= ASKED_BYTES:
                export.write(recording, path)
                return None
            takes = export.size_bytes(recording, MOST_COUNTED_BYTES, self._is_open)
            return _Large(recording, export, path, takes)

        self._aside(work)

    def export_all_the_same(self, recording: Recording, export: Export, path: Path) -> None:
        """Write a finished run to a file of another format, however large it is."""
        self._aside(partial(export.write, recording, path, NO_LIMIT_BYTES))

    def _is_open(self) -> bool:
        return not self._bridge.is_closed

    def list_runs(self) -> None:
        """Look for the kept runs of the demo that is open; `runs_listed` brings them."""
        runs, demo = self._runs, self._session.script.demo
        if runs is not None and demo is not self._session.shelf.own:
            self._aside(lambda: _Runs(demo.name, runs.of(demo.name)))
        else:
            self.runs_listed.emit(())

    def list_examples(self) -> None:
        """Look at the recordings that come with the program; `examples_listed` brings them."""
        self._aside(lambda: _Examples(tuple(map(summary_of, sorted(EXAMPLES.glob(f"*{SUFFIX}"))))))

    def close(self) -> None:
        """Keep what ended while the window closed; to be called after the bridge is closed."""
        if self._runs is not None:
            self._runs.close()

    def _begin_spool(self, recording: Recording) -> Spool | None:
        """Begin to write down a run of a demo that is to be kept.

        In the bridge's thread; the script is locked while it runs, so what is open stays.
        """
        runs, demo = self._runs, self._session.script.demo
        if runs is None or demo is self._session.shelf.own:
            return None
        return runs.begin(demo.name, recording)

    def _keep(self, recording: Recording) -> None:
        """Keep a run of a demo; scripts of one's own are nobody's business."""
        runs, demo = self._runs, self._session.script.demo
        if runs is not None and demo is not self._session.shelf.own:
            self._aside(lambda: _kept(runs, demo.name, recording))

    def _aside(self, work: Callable[[], object]) -> None:
        self._bridge.do_aside(partial(_tried, work))

    def _on_done(self, outcome: object) -> None:
        match outcome:
            case RecordingFileProblem():
                self._tell(outcome)
            case ExportProblem(path=path, reason=reason):
                self._session.refuse(unwritable_sentence(path.name, reason, self._texts))
            case OSError() | NoRoom():
                self._session.refuse(outcome)
            case _Large(recording, export, path, takes):
                if self._is_open():
                    self.large_export.emit(recording, export, path, takes)
            case _Opened(recording, demo):
                self._show(recording, demo)
            case _Runs(demo, listed):
                if demo == self._session.script.demo.name:
                    self.runs_listed.emit(listed.runs)
                for problem in listed.problems:
                    self._tell(problem)
            case _Examples(found):
                self.examples_listed.emit(found)

    def _show(self, recording: Recording, demo: Demo) -> None:
        session = self._session
        if session.runner.busy:
            session.refuse(self._texts("recording.busy"))
        else:
            session.bring_back(demo, recording)

    def _tell(self, problem: RecordingFileProblem) -> None:
        if problem.kind == "unkept" and problem.path in self._unkept:
            return  # it would be told after every run
        if problem.kind == "unkept":
            self._unkept.add(problem.path)
        path = problem.path
        values = {
            "name": path.name,
            "folder": str(path),
            "detail": reason_in(problem.detail, self._texts),
        }
        self._session.refuse(self._texts(f"recording.{problem.kind}", **values))


def _tried(work: Callable[[], object]) -> object:
    """Return what some work with files returns, or what is wrong with a file or the system."""
    try:
        with room_needed():
            return work()
    except (RecordingFileProblem, ExportProblem, OSError, NoRoom) as problem:
        return problem.with_traceback(None)  # frames would keep what was read
    except ReadingGivenUp:
        return None


def _kept(runs: RecentRuns, demo: str, recording: Recording) -> _Runs:
    runs.keep(demo, recording)
    return _Runs(demo, runs.of(demo))
