"""The private folder of a lab process: its name marks what belongs to a run, and it goes with it.

It is the temporary folder of the script, so that what a killed script leaves there goes as well.
Every process that descends from the lab process has it in its environment, unless that was cleaned.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final, Self

from core.emptying import identity, open_folder
from core.removal import is_in_place, remove, shown

PREFIX: Final = "futures-lab-"
"""Private folders begin with this; one a lab process, removed with it."""

VARIABLE: Final = "TMPDIR" if os.name == "posix" else "TEMP"
_CLOSED: Final = -1


class PrivateFolder:
    """A folder of ours, held open from the moment it is made until it is removed.

    Parameters
    ----------
    path
        Where it was made, a moment ago.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._identity = identity(path.lstat())
        # Where a system opens no folders (Windows) it is known by what its name leads to.
        self.descriptor = open_folder(str(path)) if os.name == "posix" else _CLOSED

    @classmethod
    def make(cls) -> Self:
        """Make a folder that nobody else can look into.

        Raises
        ------
        OSError
            If there is no room for it, or no temporary folder.
        """
        path = Path(tempfile.mkdtemp(prefix=PREFIX))
        try:
            return cls(path)
        except BaseException:
            path.rmdir()
            raise

    @property
    def is_usable(self) -> bool:
        """Whether the folder still is where it was made."""
        if self.descriptor == _CLOSED:
            return self._has_its_name()
        return is_in_place(str(self.path), self.descriptor)

    def remove(self, *, is_last: bool = True) -> str:
        """Remove the folder with all that is in it; again, it does nothing.

        Parameters
        ----------
        is_last
            Otherwise what was left now may be removed by one more call.

        Returns
        -------
        str
            One sentence about what was left and why; empty if nothing was.
        """
        if os.name != "posix":
            return self._remove_by_name()
        if self.descriptor == _CLOSED:
            return ""
        left = remove(str(self.path), self.descriptor)
        if is_last or not left:
            descriptor, self.descriptor = self.descriptor, _CLOSED
            os.close(descriptor)
        return left

    def _remove_by_name(self) -> str:
        if self._has_its_name():  # and is no link then
            with contextlib.suppress(OSError, RecursionError):
                shutil.rmtree(self.path, ignore_errors=True)
        if os.path.lexists(self.path):
            return f"The temporary folder of the run was left; it is {shown(str(self.path))}."
        return ""

    def _has_its_name(self) -> bool:
        try:
            return identity(self.path.lstat()) == self._identity
        except OSError:
            return False
