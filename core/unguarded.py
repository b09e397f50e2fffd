"""A lab process without a guard, where the system has no groups of processes (Windows)."""

import subprocess
from collections.abc import Sequence

from core.lab_child import End


class Unguarded:
    """A lab process that is our own child; parameters as of `core.lab_child.start_child`."""

    def __init__(
        self, command: Sequence[str], environment: dict[str, str], streams: tuple[int, int, int]
    ) -> None:
        stdin, stdout, stderr = streams
        self._process = subprocess.Popen(  # noqa: S603 - the interpreter that the user chose
            command, stdin=stdin, stdout=stdout, stderr=stderr, env=environment
        )
        self.pid = self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the lab process has ended."""
        return self._process.poll() is not None

    def wait(self) -> None:
        """Block until the lab process has ended."""
        self._process.wait()

    def interrupt(self) -> None:
        """End the lab process: there is no gentler way."""
        self.kill()

    def terminate(self) -> None:
        """End the lab process: there is no gentler way."""
        self.kill()

    def kill(self) -> None:
        """End the lab process."""
        self._process.kill()

    def finish(self) -> End:
        """Return how it ended."""
        self.kill()
        return End(self._process.wait())

    def close(self, *, is_clean: bool = True) -> None:
        """Let go of it, which needs nothing."""
