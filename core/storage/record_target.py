"""Where ``run --record FILE`` saves the recording, and where it grows until then.

While the run goes on, what arrives is in a file beside FILE, ``run.unfinished.jsonl`` for
``run.jsonl``: whoever finds it after a kill opens it as any other. It goes when FILE is whole, and
until then FILE is what it was. A pipe or a device gets the recording at the end, in one go.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from core import recording_problems as problems
from core.no_room import no_room
from core.recording import Recording
from core.recording_file import LARGEST_BYTES, RecordingFileProblem, check_target, save
from core.recording_limits import TooMuch
from core.recording_lines import lines_of
from core.storage.atomic_write import place_of
from core.storage.direct import opened_directly, write_all
from core.storage.spool import Spool

_UNFINISHED: Final = ".unfinished"
_LONGEST_NAME: Final = 255
"""Bytes of a name, where the file system does not say it."""

_MOST_UNFINISHED: Final = 1_000


class RecordTarget:
    """A place that was checked before the run; a context manager that leaves nothing open.

    Raises
    ------
    RecordingFileProblem
        No recording can be saved there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._spool: Spool | None = None
        try:
            self._stream = opened_directly(path)
        except OSError as error:
            raise problems.unsuitable(path, error) from error
        if self._stream is None:
            check_target(path)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close what is open; a file that grew and was not saved stays."""
        if self._stream is not None:
            self._stream.close()
        if self._spool is not None:
            self._spool.release()

    def begin(self, recording: Recording) -> Spool | None:
        """Begin to write down a run that begins.

        Raises
        ------
        RecordingFileProblem
            That cannot be done.
        core.no_room.NoRoom
            There is no room for one more thread or file.
        """
        if self._stream is None:
            try:
                self._spool = _spool_beside(place_of(self._path), recording)
            except OSError as error:
                raise no_room(error) or problems.unwritable(self._path, error) from error
        return self._spool

    def save(self, recording: Recording) -> None:
        """Save a finished run.

        Raises
        ------
        RecordingFileProblem
            It cannot be saved; the sentence says where there is something of it.
        """
        try:
            self._save(recording)
        except (RecordingFileProblem, KeyboardInterrupt) as error:
            is_saved = self._takes_what_grew()  # that needs no room, and no time
            if isinstance(error, KeyboardInterrupt):
                raise
            if not is_saved:
                raise self._where_it_is(error) from error
        else:
            if self._spool is not None:
                self._spool.remove()

    def _save(self, recording: Recording) -> None:
        assert recording.ending is not None  # noqa: S101 - a finished run has one
        if self._stream is None:
            save(recording, self._path)
            return
        try:
            for line in lines_of(recording, recording.ending):
                write_all(self._stream, line)
        except TooMuch as error:
            raise problems.too_long(self._path, LARGEST_BYTES) from error
        except OSError as error:
            raise problems.unsuitable(self._path, error) from error

    def _takes_what_grew(self) -> bool:
        """Let the file that grew take the place of FILE if it has everything."""
        if self._spool is None or not self._spool.is_whole:
            return False
        try:
            self._spool.become(place_of(self._path))
        except OSError:
            return False
        return True

    def _where_it_is(self, problem: RecordingFileProblem) -> RecordingFileProblem:
        if self._spool is None or not self._spool.path.exists():
            return problem
        return problems.kept_elsewhere(problem, self._spool.path)


def _spool_beside(place: Path, recording: Recording) -> Spool:
    """Make the growing file; what other runs left there stays."""
    mode = 0o600 if place.exists() else 0o666  # as who may read FILE, which may get another mode
    for path in _unfinished_names(place):
        try:
            return Spool(path, recording, mode)
        except FileExistsError:
            continue
    raise FileExistsError(f"too many unfinished recordings beside {place}")


def _unfinished_names(place: Path) -> Iterator[Path]:
    for number in range(1, _MOST_UNFINISHED):
        ending = f"{_UNFINISHED}{'' if number == 1 else f'-{number}'}{place.suffix}"
        room = _longest_name(place.parent) - len(os.fsencode(ending))
        yield place.with_name(os.fsdecode(os.fsencode(place.stem)[:room]) + ending)


def _longest_name(folder: Path) -> int:
    try:
        return os.pathconf(folder, "PC_NAME_MAX")
    except (OSError, AttributeError, ValueError):
        return _LONGEST_NAME
