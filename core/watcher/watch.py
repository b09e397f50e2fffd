"""The watcher's work: look, note what changed, send it 30 times a second."""

import contextlib
import json
import os
import struct
import sys
import threading
import time
from binascii import b2a_base64
from collections.abc import Sequence
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from typing import Any, Final

from core.watcher.cores import Cores
from core.watcher.finder import Finder
from core.watcher.pace import Pace
from core.watcher.thread import COUNTS_BYTES, GONE, Thread

Event = list[Any]
"""An event as it goes on the wire: its tag, then its fields."""

READY: Final = "watching\n"
"""Printed when the first look is over."""

_ROUND_NS: Final = 1_000_000_000 // 30
"""Between two batches; each costs as much as some looks."""

_SELDOM_NS: Final = 1_000_000_000 // 20
"""The same while the run uses all cores: whoever reads a batch needs a core as well."""

_NEWS_EVERY_NS: Final = 4_000_000
"""Between two questions for new threads: what one did before it was found is not told."""

_AFTER_NEWS_NS: Final = 10_000_000
"""The same where something was new: to list everything costs as much as some looks."""

_CORES_EVERY_NS: Final = 1_000_000_000 // 10


class Watch:
    """Watches one run.

    Parameters
    ----------
    order
        ``address`` and ``key`` of the channel, ``pid`` of the lab process.
    """

    def __init__(self, order: dict[str, Any]) -> None:
        self._order = order
        self._finder = Finder()
        self._cores = Cores()
        self._pace = Pace()
        self._sweeps = 0
        self._since = self._now = time.perf_counter_ns()
        self._ended: list[Thread] = []
        self._samples: list[Event] = []

    def until(self, over: threading.Event) -> None:
        """Watch until the run is over, or nobody listens any more."""
        key = bytes.fromhex(self._order["key"])
        try:
            self._channel = Client(self._order["address"], authkey=key)
        except (OSError, EOFError, AuthenticationError):
            return  # nobody listens any more
        with self._channel, contextlib.suppress(ConnectionError):  # likewise
            self._send([_hello()])
            try:
                self._watch(over)
            except ConnectionError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the recording has to say it
                self._send([["trouble", f"The threads are watched no more: {error!r:.500}."]])
            self._send([*self._batch(), ["goodbye", time.perf_counter_ns()]])
        self._finder.close()

    def _watch(self, over: threading.Event) -> None:
        self._finder.lead(self._order["pid"])
        self._since = self._now = time.perf_counter_ns()
        self._samples.append(self._cores.sample(self._now, self._finder.pids))
        sys.stdout.write(READY)  # the script may begin
        sys.stdout.flush()
        self._pace.begin()
        while not over.is_set() and not self._finder.is_over:
            self._sweep_for(_SELDOM_NS if self._cores.are_needed else _ROUND_NS, over)
            self._finder.look()
            if self._now - self._cores.at >= _CORES_EVERY_NS:
                self._samples.append(self._cores.sample(self._now, self._finder.pids))
            self._pace.adapt(self._sweeps, are_cores_needed=self._cores.are_needed)
            self._send(self._batch())
        self._sweep(time.perf_counter_ns())  # most have ended by now
        self._samples += self._cores.last_sample(self._now)

    def _sweep_for(self, round_ns: int, over: threading.Event) -> None:
        """Look at the pace for so long, or until the run is over."""
        ask = time.perf_counter_ns()
        end = ask + round_ns
        wait, sweep, is_over = self._pace.wait, self._sweep, over.is_set
        while self._now < end and not is_over():
            sweep(wait())
            if self._now >= ask:
                found = self._finder.find()
                ask = self._now + (_AFTER_NEWS_NS if found else _NEWS_EVERY_NS)

    def _sweep(self, now: int) -> None:
        """Look at every thread once."""
        before, self._now = self._now, now
        self._sweeps += 1
        ended = []
        pread, most = os.pread, COUNTS_BYTES  # this is where the time goes
        for thread in self._finder.threads:
            try:
                counts = pread(thread.counts_file, most, 0)
            except ProcessLookupError:
                thread.gone(now)
                ended.append(thread)
            else:
                if counts != thread.counts and thread.changed(now, before, counts) == GONE:
                    ended.append(thread)
        for thread in ended:
            self._finder.forget(thread)
        self._ended += ended

    def _batch(self) -> list[Event]:
        """Return what was seen since the last batch."""
        pids: list[int] = []
        numbers: list[int] = []
        rows: list[tuple[int, int]] = []
        for thread in (*self._ended, *self._finder.threads):
            is_known = thread.state == GONE or self._finder.is_sure_of(thread)
            if thread.rows and is_known and not thread.is_observer():
                pids += [thread.pid] * len(thread.rows)
                numbers += [thread.number] * len(thread.rows)
                rows += thread.rows
                thread.rows = []
        batch, self._samples, self._ended = self._samples, [], []
        if rows:
            at, state = zip(*rows, strict=True)
            batch.append(["activity", *map(_packed, (pids, numbers, at, state))])
        if self._sweeps:
            batch.append(["sampled", self._since, self._now, self._sweeps])
            self._since, self._sweeps = self._now, 0
        return batch

    def _send(self, batch: list[Event]) -> None:
        self._channel.send_bytes(json.dumps(batch, separators=(",", ":")).encode())


def _packed(column: Sequence[int]) -> str:
    return b2a_base64(struct.pack(f"={len(column)}q", *column), newline=False).decode()


def _hello() -> Event:
    version = sys.version.split()[0]
    return ["process", os.getpid(), os.getppid(), "watcher", time.perf_counter_ns(), version, False]
