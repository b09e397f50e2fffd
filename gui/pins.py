"""Pinned runs: one a demo, kept as an outline behind the others."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from core.recording import Recording
from gui.panels.transport import TransportPanel
from gui.session import Session


class Pins(QObject):
    """Remembers the pinned run of each demo, and shows whether there is one.

    Attributes
    ----------
    changed : Signal
        A run was pinned or let go.

    Parameters
    ----------
    session : Session
        Says which demo and which run are shown.
    panel : TransportPanel
        Has a button for it.
    """

    changed = Signal()

    def __init__(self, session: Session, panel: TransportPanel) -> None:
        super().__init__()
        self._session, self._panel = session, panel
        self._action: QAction | None = None
        self._pinned: dict[str, Recording] = {}
        panel.pin_asked.connect(self.toggle)
        session.state_changed.connect(self._show)

    def follow_with(self, action: QAction) -> None:
        """Show the same in a menu entry."""
        self._action = action
        action.setCheckable(True)
        self._show()

    @property
    def pinned(self) -> Recording | None:
        """The pinned run of the demo that is open."""
        return self._pinned.get(self._session.script.demo.name)

    @property
    def ghost(self) -> Recording | None:
        """The pinned run, if another one is shown."""
        return self.pinned if self.pinned is not self._session.recording else None

    def toggle(self) -> None:
        """Pin the run that is shown, or let the pinned one go."""
        recording = self._session.recording
        if self._pinned.pop(self._session.script.demo.name, None) is None and self._can_pin(
            recording
        ):
            assert recording is not None  # noqa: S101 - it can be pinned
            self._pinned[self._session.script.demo.name] = recording
        self._show()
        self.changed.emit()

    def _can_pin(self, recording: Recording | None) -> bool:
        return recording is not None and not recording.running

    def _show(self) -> None:
        pinned = self.pinned is not None
        possible = pinned or self._can_pin(self._session.recording)
        self._panel.show_pin(pinned, can_pin=possible)
        if self._action is not None:
            self._action.setChecked(pinned)
            self._action.setEnabled(possible)
