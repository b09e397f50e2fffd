"""The application in a process of its own, seen and operated from outside."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.waiting import wait_until

PROJECT = Path(__file__).resolve().parents[2]
ANSWER_S = 100.0
RUN_S = 100.0


class Remote:
    """One window. The mouse and the keys go through the X server, as a person's do."""

    def __init__(self, process: subprocess.Popen[str], display: str) -> None:
        self.process = process
        self._display = display

    def ask(self, *question: str) -> Any:
        """Ask the application something and return its answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(question) + "\n")
        self.process.stdin.flush()
        return self.hear()

    def hear(self) -> Any:
        """Return the next thing that the application says."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], ANSWER_S)
        line = self.process.stdout.readline() if ready else ""
        assert line, f"the application did not answer (exit status {self.process.poll()})"
        return json.loads(line)

    def says(self, name: str) -> str:
        """Return the text that a widget shows."""
        return str(self.ask("says", name))

    def click(self, name: str) -> None:
        """Click on a widget."""
        self.click_at(self.ask("where", name))

    def click_at(self, place: list[int], button: int = 1) -> None:
        """Click somewhere on the screen."""
        x, y = map(str, place)
        self.xdotool("mousemove", x, y)
        self.xdotool("click", str(button))

    def choose(self, menu: str, *entries: str) -> None:
        """Choose an entry of a menu, or of a submenu of it."""
        self.click_at(self.ask("menu", menu.replace(" ", "_")))
        for entry in entries:
            self.wait_to_offer(entry)
            self.click_at(self.ask("entry", entry.replace(" ", "_")))

    def wait_to_offer(self, entry: str) -> None:
        """Wait until the menu that is open has an entry that can be chosen."""
        wait_until(lambda: entry in self.ask("entries"), RUN_S, f"{entry} in the menu")

    def keys(self, *keys: str) -> None:
        """Press keys, as in ``ctrl+r``."""
        self.xdotool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self.xdotool("type", "--delay", "0", text)

    def xdotool(self, *arguments: str) -> None:
        """Do something with the mouse or the keyboard of the X server."""
        environment = {**os.environ, "DISPLAY": self._display}
        subprocess.run(["xdotool", *arguments], env=environment, check=True, timeout=ANSWER_S)

    def wait_for(self, what: str, *question: str) -> None:
        """Wait until the answer to a question is what it should be."""
        wait_until(lambda: self.ask(*question) == json.loads(what), RUN_S, " ".join(question))

    def wait_to_say(self, name: str, piece: str) -> None:
        """Wait until a widget shows a text with this in it: clicks and keys take their time."""
        wait_until(lambda: piece in self.says(name), RUN_S, f"{piece!r} in {name}")

    def wait_until_settled(self) -> None:
        """Wait until nothing runs and nothing moves."""
        self.wait_for("true", "settled")

    def run(self) -> None:
        """Press Run and wait for the end."""
        before = self.ask("runs")
        self.click("run_button")
        wait_until(lambda: self.ask("runs") > before, RUN_S, "the run is over")
        self.wait_until_settled()


@contextmanager
def remote(
    display: str, folder: Path, *scripts: Path, size: str = "1920x1080", **settings: str
) -> Iterator[Remote]:
    """Start the application on a display; it is closed, or killed, at the end of the block."""
    file = folder / "settings.ini"
    chosen = {"language": "en", "look": "light", "zoom": "1.0"} | settings
    file.write_text("[General]\n" + "".join(f"{name}={value}\n" for name, value in chosen.items()))
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.driver", str(file), *map(str, scripts)],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    window = Remote(process, display)
    try:
        assert window.hear() == "painted"
        width, height = size.split("x")
        window.xdotool(
            "search", "--sync", "--onlyvisible", "--name", "Futures Lab",
            "windowsize", "--sync", width, height,
        )  # fmt: skip
        yield window
    finally:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()  # nobody asks any more: it closes
        try:
            process.wait(ANSWER_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
