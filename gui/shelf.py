"""The scripts that can be opened, each with the text that it was left with."""

from collections.abc import Sequence

from core.demos import Demo


class Shelf:
    """The demos of the lab, and the script of one's own that was opened last.

    Parameters
    ----------
    demos : sequence of Demo
        At least one.
    """

    def __init__(self, demos: Sequence[Demo]) -> None:
        self.demos: dict[str, Demo] = {demo.name: demo for demo in demos}
        self.own: Demo | None = None
        self._texts: dict[str, str] = {}

    def named(self, name: str) -> Demo:
        """Return the script of one's own if it has that name, else the demo."""
        own = self.own
        return own if own is not None and own.name == name else self.demos[name]

    def text_of(self, demo: Demo) -> str:
        """Return the text that a script was left with; at first the one that it came with."""
        return self._texts.get(demo.name, demo.text)

    def leave(self, demo: Demo, text: str) -> None:
        """Keep a text for the next time that the script is opened."""
        self._texts[demo.name] = text

    def make_room(self, demo: Demo) -> bool:
        """Take a script of one's own if it is another one; return whether it was."""
        if demo is self.own or self.demos.get(demo.name) is demo:
            return False
        self.own = demo
        self._texts.pop(demo.name, None)
        return True
