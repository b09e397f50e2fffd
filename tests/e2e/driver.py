"""
The application with an ear: runs as a process of its own on a real X server.

Somebody else moves the mouse and presses the keys, through the X server. This only answers
questions about what is on the screen, one JSON line a question: where a widget is, what it
says, which colour a pixel has.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QSettings, QSocketNotifier, Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)

from core.recent_runs import RecentRuns
from gui.app import Application, make_qt_app
from gui.charts import TimelineChart
from gui.panels.code_view import CodeView
from gui.settings import Settings
from gui.signals import on_signals
from tests.e2e import menus
from tests.e2e.places import on_screen


class Ear:
    """Answers questions about the window."""

    def __init__(self, parts: Application) -> None:
        self._parts = parts
        self._runs_over = 0
        parts.bridge.batch_ended.connect(self._count)

    def answer(self, question: str) -> Any:
        """Return the answer to ``verb argument ...``."""
        verb, *arguments = question.split()
        answers: dict[str, Callable[..., Any]] = {
            "where": self.where,
            "row": self.row,
            "says": self.says,
            "enabled": lambda name: self._find(name).isEnabled(),
            "shown": lambda name: self._find(name).isVisible(),
            "focus": self.focus,
            "pixel": self.pixel,
            "settled": lambda: self._parts.window.settled,
            "runs": lambda: self._runs_over,
            "busy": lambda: self._parts.session.runner.busy,
            "knobs": lambda: [knob.name for knob in self._parts.session.script.demo.card.knobs],
            "zoom": lambda: self._parts.appearance.theme.zoom,
            "full_screen": self._parts.window.isFullScreen,
            "cut_off": self.cut_off,
            "menu": lambda title: menus.menu(self._parts.window.menuBar(), title),
            "entry": menus.entry,
            "entries": menus.entries,
            "can": lambda *titles: menus.can_choose(self._parts.window.menuBar(), *titles),
            "on_slider": self.on_slider,
            "front": self.front,
            "keyboard": self.keyboard,
            "typed": self.typed,
            "described": lambda name: self._find(name).accessibleDescription(),
            "marked": self.marked,
            "ghost": self.ghost,
            "clipboard": lambda: QApplication.clipboard().mimeData().formats(),
        }
        return answers[verb](*arguments)

    def where(self, name: str) -> list[int]:
        """Return the place on the screen where a click hits a widget."""
        widget = self._find(name)
        place = widget.rect().center()
        if isinstance(widget, QCheckBox):  # beside its text there is nothing to hit
            place = QPoint(widget.height() // 2, place.y())
        return on_screen(widget, place)

    def row(self, title: str) -> list[int]:
        """Return the place of a demo in the list; ``_`` stands for spaces."""
        demos = self._parts.window.findChild(QListWidget, "demo_list")
        assert demos is not None
        (item,) = demos.findItems(title.replace("_", " "), Qt.MatchFlag.MatchExactly)
        return on_screen(demos.viewport(), demos.visualItemRect(item).center())

    def says(self, name: str) -> str:
        """Return the text of a widget."""
        widget = self._find(name)
        if isinstance(widget, QPlainTextEdit):
            return widget.toPlainText()
        if isinstance(widget, QComboBox):
            return widget.currentText()
        if isinstance(widget, QCheckBox):
            return str(widget.isChecked())
        assert isinstance(widget, QLabel | QLineEdit | QAbstractSpinBox), name
        return widget.text()

    def focus(self) -> str:
        """Return the name of the widget that has the keyboard."""
        widget = self._parts.window.focusWidget()
        return widget.objectName() if widget is not None else ""

    def pixel(self, x: str, y: str) -> str:
        """Return the colour that really is on the screen, as ``#rrggbb``."""
        picture = self._parts.window.screen().grabWindow(0, int(x), int(y), 1, 1)
        return picture.toImage().pixelColor(0, 0).name()

    def cut_off(self) -> list[str]:
        """Return the controls that are not wholly inside the window, or lie over another."""
        window = self._parts.window
        names = ("run_button", "stop_button", "compare_button", "runtime_box", "elapsed_display")
        names += tuple(f"mode_{mode}" for mode in self._parts.session.script.modes)  # type: ignore[assignment] # a longer tuple
        places = {name: self._find(name) for name in names}
        rects = {
            name: widget.rect().translated(widget.mapTo(window, QPoint(0, 0)))
            for name, widget in places.items()
        }
        outside = [name for name, rect in rects.items() if not window.rect().contains(rect)]
        over = [
            f"{one} over {other}"
            for one, rect in rects.items()
            for other, other_rect in rects.items()
            if one < other and rect.intersects(other_rect)
        ]
        return outside + over

    def on_slider(self, share: str) -> list[int]:
        """Return a place on the slider of the transport, 0 to 1."""
        slider = self._find("replay_slider")
        return on_screen(slider, QPoint(round(slider.width() * float(share)), slider.height() // 2))

    def front(self) -> str:
        """Return the name of what has the keyboard: a dialog, or else the main window."""
        front = QApplication.activeModalWidget() or self._parts.window
        return front.objectName()

    def keyboard(self) -> str:
        """Return the name of the widget that has the keyboard, in whichever window."""
        widget = QApplication.focusWidget()
        return widget.objectName() if widget is not None else ""

    def typed(self) -> str:
        """Return the text in the field that has the keyboard, in whichever window."""
        field = QApplication.focusWidget()
        return field.text() if isinstance(field, QLineEdit) else ""

    def marked(self) -> list[int]:
        """Return the lines of the script that are marked as running."""
        code = self._parts.window.findChild(CodeView)
        assert code is not None
        return sorted(code.running)

    def ghost(self) -> str:
        """Return the mode of the run that is outlined in the timeline; empty if none is."""
        timeline = self._parts.window.findChild(TimelineChart)
        assert timeline is not None
        return timeline.ghost.header.mode if timeline.ghost is not None else ""

    def _count(self) -> None:
        self._runs_over += 1

    def _find(self, name: str) -> QWidget:
        widget = self._parts.window.findChild(QWidget, name)
        assert widget is not None, name
        return widget


def main(settings_file: str, *scripts: str) -> int:
    """Open the window and answer until the window is closed or nobody asks any more."""
    app = make_qt_app()
    settings = Settings(QSettings(settings_file, QSettings.Format.IniFormat))
    parts = Application(app, settings, runs=RecentRuns(Path(settings_file).parent / "runs"))
    ear = Ear(parts)
    for script in scripts:
        parts.window.open_file(Path(script))

    def listen() -> None:
        question = os.read(0, 4096).decode().strip()
        if not question:
            parts.window.close()
            return
        sys.stdout.write(json.dumps(ear.answer(question)) + "\n")
        sys.stdout.flush()

    notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
    notifier.activated.connect(listen)
    parts.window.painted.connect(lambda: (sys.stdout.write('"painted"\n'), sys.stdout.flush()))
    parts.window.show()
    try:
        with on_signals(app.closeAllWindows):
            return app.exec()
    finally:
        notifier.setEnabled(False)
        parts.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
