"""Marks in the script which of its functions run at the cursor."""

from core.recording import Recording
from core.running import running_functions
from core.script import ScriptError
from core.script.definitions import definition_lines
from gui.open_script import OpenScript
from gui.panels.code_view import CodeView


class RunningMarks:
    """Follows the cursor in the code.

    Nothing is marked where the text is no longer the one that ran: its lines may be others.
    """

    def __init__(self, script: OpenScript, code: CodeView) -> None:
        self._script, self._code = script, code
        self._text: str | None = None
        self._lines: dict[str, int] = {}

    def show(self, recording: Recording | None, cursor_s: float, *, reveal: bool = False) -> None:
        """Mark the functions that run at a moment, and scroll to them if that is asked for."""
        text = self._script.text
        if recording is None or recording.header.script != text:
            self._code.show_running({})
            return
        running = running_functions(recording, cursor_s)
        if running and text != self._text:
            self._text, self._lines = text, _definitions(text)
        lines = {self._lines[name]: count for name, count in running.items() if name in self._lines}
        self._code.show_running(lines, reveal=reveal)


def _definitions(text: str) -> dict[str, int]:
    try:
        return definition_lines(text)
    except ScriptError:
        return {}  # the Python that runs it may read more than the one of the window
