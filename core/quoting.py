"""What sentences quote of files, scripts and arguments: one line, short and printable.

This is the one place that shortens: whatever a file or a script holds, a sentence about it can
be read at one glance, and nothing in it is obeyed by a terminal.
"""

from typing import Final

MOST: Final = 80
"""Characters of a file, a script or an argument that a sentence quotes."""

_SHOWN: Final = 60
_MOST_OF_A_PATH: Final = 300
"""A file that is there is named so that people find it."""


def shortened(text: object, most: int = _SHOWN) -> str:
    """Return a text as it can stand in a sentence, cut off at its end."""
    line = _line(str(text)[: 20 * most])
    return line if len(line) <= most else f"{line[: most - 1]}…"


def squeezed(text: object, most: int = MOST) -> str:
    """Return a text as it can stand in a sentence; of a long one the middle is left out.

    For what says most at its ends: the reasons of decoders ("… - at `$.type`"), and paths.
    """
    whole = str(text)
    if len(whole) > 40 * most:
        whole = f"{whole[: 20 * most]}…{whole[-20 * most :]}"
    line = _line(whole)
    if len(line) <= most:
        return line
    front = most // 2
    return f"{line[:front]}…{line[front + 1 - most :]}"


def shown_path(path: object) -> str:
    """Return the path of a file that is there, as it can stand in a sentence."""
    return squeezed(path, _MOST_OF_A_PATH)


def _line(text: str) -> str:
    """Return a text in one line; what cannot be seen, or is obeyed, stands there as its code."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(map(_visible, line))


def _visible(sign: str) -> str:
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode()
