"""One task after the other, with no executor at all."""

from core.modes._mode import Mode

MODE = Mode(name="sequential", value="None", label={"en": "Sequential", "ja": "逐次"})
