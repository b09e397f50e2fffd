"""Demos as files: with a mode and knobs, to be run alone or in the lab."""

from pathlib import Path
from typing import Any

from core.demos import demo_named
from core.script import set_knob, set_mode


def write_demo(folder: Path, demo: str, mode: str, **knobs: Any) -> Path:
    """Write a demo's script in a mode and with knobs, as the window would run it."""
    text = set_mode(demo_named(demo).text, mode)
    for name, value in knobs.items():
        text = set_knob(text, name, value)
    path = folder / f"{demo}.py"
    path.write_text(text, encoding="utf-8")
    return path
