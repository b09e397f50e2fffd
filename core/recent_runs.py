"""Recordings of the runs made lately, kept in a folder: one file a run, one folder a demo.

While a run goes on its file grows under a name of its own. When it is over the recording is saved
as a whole, and the file that grew goes. One whose program is gone, without an end therefore, is
listed from the next time on. Several windows may keep runs in the same folder at the same moment.
"""

import contextlib
import itertools
import os
import re
import stat
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

import platformdirs

from core import recording_problems as problems
from core.no_room import NoRoom
from core.recording import Recording
from core.recording_file import RecordingFileProblem, Summary, save, summary_of
from core.recording_limits import MOST_LINE_BYTES
from core.storage.lock import lock
from core.storage.spool import Spool

MOST_BYTES: Final = 200_000_000
"""What all kept runs may take together; then the oldest go."""

MOST_FILES: Final = 2_000
"""Small runs would else become so many that looking through them takes seconds."""

MOST_LISTED: Final = 25
"""As many as a menu can show."""

_SUFFIX: Final = ".jsonl"
_DAMAGED: Final = ".damaged"
_GROWING: Final = ".growing"
_PART: Final = ".part"
_STAMP: Final = "%Y%m%dT%H%M%S.%f"
_OURS: Final = re.compile(r"(\d{8}T\d{6}\.\d{6})-\d+-\d{6}\.jsonl(\.damaged|\.growing)?")
"""Names that are given here; a file of any other name is somebody else's, and stays."""

_ABANDONED_S: Final = 3_600
"""No file is written for so long: who wrote it was killed."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The runs of a demo, newest first, and what is wrong with files that were put aside now."""

    runs: tuple[Summary, ...]
    problems: tuple[RecordingFileProblem, ...] = ()


def users_folder() -> Path:
    """Return where the runs of the user are kept; it need not be there yet."""
    return platformdirs.user_data_path("futures-lab", appauthor=False) / "runs"


class RecentRuns:
    """The kept runs. One thread at a time may use it, and another one `begin`.

    Parameters
    ----------
    folder : Path
        Made when the first run is kept.
    most_bytes : int
        What the files may take together.
    """

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self._most_bytes = most_bytes
        self._numbers = itertools.count()
        self._told: set[Path] = set()
        self._spools: WeakKeyDictionary[Recording, Spool] = WeakKeyDictionary()

    def begin(self, demo: str, recording: Recording) -> Spool | None:
        """Begin to write down a run of a demo; None where that cannot be, which `keep` tells."""
        folder = self.folder / demo
        try:
            folder.mkdir(parents=True, exist_ok=True)
            spool = Spool(folder / f"{self._name(folder)}{_GROWING}", recording)
        except (OSError, NoRoom, MemoryError):
            return None
        self._spools[recording] = spool
        return spool

    def keep(self, demo: str, recording: Recording) -> None:
        """Save a finished run of a demo; the oldest runs make room for it.

        Raises
        ------
        core.recording_file.RecordingFileProblem
            It cannot be saved.
        """
        folder = self.folder / demo
        spool = self._spools.pop(recording, None)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = _whole(spool.path) if spool is not None else folder / self._name(folder)
        except OSError as error:
            raise problems.unkept(folder, error.strerror or type(error).__name__) from error
        try:
            save(recording, path)
        except RecordingFileProblem as problem:
            if spool is not None and _keeps_what_grew(spool):
                return
            if problem.kind == "unwritable":
                raise problems.unkept(folder, problem.detail) from problem
            raise
        if spool is not None:
            spool.remove()
        self._make_room(path)

    def close(self) -> None:
        """Keep the runs that ended when nobody was there any more to say `keep`."""
        for spool in list(self._spools.values()):
            _keeps_what_grew(spool)
        self._spools.clear()

    def of(self, demo: str) -> Listed:
        """Return the newest runs of a demo; damaged files are told, and then put aside."""
        runs: list[Summary] = []
        wrong: list[RecordingFileProblem] = []
        for name in self._names_in(self.folder / demo, _GROWING):
            _adopt(self.folder / demo / name)
        names = sorted(self._names_in(self.folder / demo), reverse=True)
        for path in (self.folder / demo / name for name in names):
            if len(runs) == MOST_LISTED:
                break
            try:
                runs.append(summary_of(path))
            except RecordingFileProblem as problem:
                wrong += self._put_aside(path, problem)
        return Listed(tuple(runs), tuple(wrong))

    def _names_in(self, folder: Path, *suffixes: str) -> list[str]:
        ends = suffixes or (_SUFFIX,)
        try:
            with os.scandir(folder) as entries:
                return [one.name for one in entries if one.name.endswith(ends) and one.is_file()]
        except OSError:
            return []  # nothing was kept yet, or nothing can be, which `keep` tells

    def _name(self, folder: Path) -> str:
        """Return a name that sorts by time, and is that of no other process or run."""
        return f"{self._stamp(folder)}-{os.getpid()}-{next(self._numbers):06}{_SUFFIX}"

    def _stamp(self, folder: Path) -> str:
        """Return the time now, or one later than the newest run's: clocks are set back."""
        names = self._names_in(folder, _SUFFIX, _GROWING)
        found = filter(None, map(_OURS.fullmatch, names))
        newest = max((name[1] for name in found), default="")
        now = datetime.now(UTC).strftime(_STAMP)
        if now > newest:
            return now
        with contextlib.suppress(ValueError, OverflowError):  # a date that there is not
            moment = datetime.strptime(newest, _STAMP).replace(tzinfo=UTC)
            return (moment + timedelta(microseconds=1)).strftime(_STAMP)
        return now

    def _put_aside(self, path: Path, problem: RecordingFileProblem) -> list[RecordingFileProblem]:
        """Take a file out of the list, so that it is told once; return what is to be told."""
        if problem.kind == "version" or not path.exists() or path in self._told:
            return []  # another version of this program lists it; or another window let it go
        self._told.add(path)
        with contextlib.suppress(OSError):  # then it is told again tomorrow
            path.rename(path.with_name(path.name + _DAMAGED))
        return [problem]

    def _make_room(self, newest: Path) -> None:
        for path in self.folder.glob(f"*/*{_GROWING}"):
            _adopt(path)
        files = []
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(OSError):  # another window was faster
                told = path.lstat()
                if path.name.endswith(_PART):
                    _drop_if_abandoned(path, told.st_mtime)
                elif path.name.endswith(_GROWING):
                    continue
                elif _OURS.fullmatch(path.name) and stat.S_ISREG(told.st_mode):
                    files.append((path.name, told.st_size, path))
        taken, number = sum(size for _, size, _ in files), len(files)
        for _, size, path in sorted(files):
            if taken <= self._most_bytes and number <= MOST_FILES:
                return
            if path != newest:
                with contextlib.suppress(OSError):  # then it is in the way again next time
                    path.unlink(missing_ok=True)
                taken, number = taken - size, number - 1


def _drop_if_abandoned(path: Path, changed_at: float) -> None:
    if time.time() - changed_at > _ABANDONED_S:
        with contextlib.suppress(OSError):  # another day, then
            path.unlink(missing_ok=True)


def _whole(growing: Path) -> Path:
    """Return the name of a file when it grows no more."""
    return growing.with_name(growing.name.removesuffix(_GROWING))


def _keeps_what_grew(spool: Spool) -> bool:
    """List the file that grew in place of the saved recording; return whether it has all."""
    try:
        spool.become(_whole(spool.path))
    except OSError:
        spool.release()
        return False
    return spool.is_whole


def _adopt(path: Path) -> None:
    """List a file that grew, if whoever wrote it is gone."""
    if not _OURS.fullmatch(path.name):
        return
    with contextlib.suppress(OSError):  # another window was faster
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            if not lock(descriptor):
                return
            if _whole(path).exists():
                path.unlink()  # it was saved
            elif b"\n" in os.read(descriptor, MOST_LINE_BYTES):
                path.rename(_whole(path))
            else:  # it may have been made just now, and its lock not be taken yet
                _drop_if_abandoned(path, os.fstat(descriptor).st_mtime)
        finally:
            os.close(descriptor)
