"""The local web sites of a session: started when a script first needs them, ended with it."""

import threading
from typing import Self

from core.refusals import JobProblem
from core.sites import Sites


class LocalSites:
    """Starts the local web sites when a script first needs them; closed by its owner.

    May be used from any thread, and after `close` starts nothing any more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sites: Sites | None = None
        self._closed = False

    def address(self) -> str:
        """Return where the sites are, starting them if they are not running.

        Raises
        ------
        core.sites.SitesError
            They do not start.
        JobProblem
            After `close`.
        """
        with self._lock:
            if self._closed:
                raise JobProblem("The local web sites are closed; nothing can be run any more.")
            if self._sites is not None and not self._sites.running:
                self._sites.stop()  # they crashed: lets go of their pipes
                self._sites = None
            if self._sites is None:
                self._sites = Sites.start()
            return self._sites.address

    def close(self) -> None:
        """End the sites, in bounded time; a second call does nothing."""
        with self._lock:
            self._closed = True
            sites, self._sites = self._sites, None
        if sites is not None:
            sites.stop()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()
