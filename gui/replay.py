"""Moves the one cursor that all views follow, as the transport's line asks for it."""

from PySide6.QtCore import QObject, Signal

from core.recording import Recording
from gui.panels.transport import NOTHING, Moment, TransportPanel
from gui.transport import Transport


class Replay(QObject):
    """The transport and its line.

    Attributes
    ----------
    moved : Signal
        Somebody moved the cursor, or let it move: there is something to draw.

    Parameters
    ----------
    panel : TransportPanel
        Can be used while there is a recording.
    transport : Transport, optional
        Where the cursor stands.
    """

    moved = Signal()

    def __init__(self, panel: TransportPanel, transport: Transport | None = None) -> None:
        super().__init__()
        self.transport = transport or Transport()
        self._panel = panel
        panel.toggled.connect(self._toggle)
        panel.stepped.connect(self._step)
        panel.sought.connect(self._seek)
        panel.slowness_chosen.connect(self._set_slowness)
        panel.live_asked.connect(self._go_live)

    @property
    def cursor_s(self) -> float:
        """Return the moment up to which views draw."""
        return self.transport.cursor_s

    @property
    def moving(self) -> bool:
        """Return whether time passes by itself."""
        return self.transport.moving

    def follow(self, recording: Recording | None) -> None:
        """Follow another recording, live; nothing changes if it is the same."""
        self.transport.follow(recording)
        self._panel.setEnabled(recording is not None)
        self._show()

    def tick(self) -> None:
        """Move on and show where the cursor stands."""
        self.transport.tick()
        self._show()

    def _show(self) -> None:
        transport, recording = self.transport, self.transport.recording
        if recording is None:
            self._panel.show_moment(NOTHING)
            return
        begin_s, end_s, place_s = transport.begin_s, transport.end_s, transport.place_s
        span_s = end_s - begin_s
        self._panel.show_moment(
            Moment(
                place_s=place_s - begin_s,
                end_s=span_s,
                share=(place_s - begin_s) / span_s if span_s > 0 else 1.0,
                plays=transport.plays,
                behind=transport.state != "live",
                slowness=transport.slowness,
            )
        )

    def _toggle(self) -> None:
        self.transport.toggle()
        self._tell()

    def _step(self, forward: bool) -> None:
        self.transport.step(forward)
        self._tell()

    def _seek(self, share: float) -> None:
        begin_s, end_s = self.transport.begin_s, self.transport.end_s
        self.transport.seek(end_s if share >= 1 else begin_s + share * (end_s - begin_s))
        self._tell()

    def _set_slowness(self, slowness: int) -> None:
        self.transport.set_slowness(slowness)
        self._tell()

    def _go_live(self) -> None:
        self.transport.go_live()
        self._tell()

    def _tell(self) -> None:
        self._show()
        self.moved.emit()
