"""The few little pictures that a style sheet can only name by path: arrows and ticks.

A style sheet cannot hold a picture, and a file would hold a colour outside the theme.
So they are drawn as SVG in the theme's ink and registered as Qt resources in memory,
one set for each colour; nothing is written to disk.
"""

import struct
from collections.abc import Mapping
from functools import cache
from typing import Final

from PySide6.QtCore import qRegisterResourceData

SHAPES: Final = {
    "up": "M4 10 8 6 12 10",
    "down": "M4 6 8 10 12 6",
    "right": "M6 4 10 8 6 12",
    "left": "M10 4 6 8 10 12",
    "tick": "M3.5 8.5 6.5 11.5 12.5 4.5",
    "dot": "M8 8 8 8",
}
"""SVG paths on a 16 by 16 square, stroked with round ends."""

_FORMAT_VERSION: Final = 1
_IS_FOLDER: Final = 2
_NO_TERRITORY, _NO_LANGUAGE = 0, 1  # what Qt's own compiler writes for "any"

_kept: Final[list[tuple[bytes, bytes, bytes]]] = []
"""Qt keeps pointers into what is registered, not copies: it must never be freed."""


def image_url(shape: str, colour: str) -> str:
    """Return the path of a picture in a colour (``#RRGGBB``), for ``url(...)``."""
    return f":/{_registered(colour)}/{shape}.svg"


@cache
def _registered(colour: str) -> str:
    """Register the pictures in one colour and return the folder they are in."""
    folder = "futures-lab-" + colour.removeprefix("#").lower()
    files = {f"{shape}.svg": _svg(path, colour) for shape, path in SHAPES.items()}
    parts = _compiled(folder, files)
    _kept.append(parts)
    if not qRegisterResourceData(_FORMAT_VERSION, *parts):
        raise RuntimeError("Qt did not take the pictures of the style sheet; report this.")
    return folder


def _svg(path: str, colour: str) -> bytes:
    stroke = 7 if path == SHAPES["dot"] else 1.8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">'
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{stroke}" '
        f'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    ).encode()


def _compiled(folder: str, files: Mapping[str, bytes]) -> tuple[bytes, bytes, bytes]:
    """Return the tree, the names and the data of a resource with one folder of files.

    The layout is that of version 1 of Qt's resource format (``qresource.cpp``): nodes of
    14 bytes, breadth first, the children of a folder ordered by the hash of their names.
    """
    ordered = sorted(files, key=_hash)
    names, data, at = b"", b"", {}
    for name in ["", folder, *ordered]:
        at[name] = len(names)
        names += struct.pack(">HI", len(name), _hash(name)) + name.encode("utf-16-be")
    tree = struct.pack(">IHII", 0, _IS_FOLDER, 1, 1)
    tree += struct.pack(">IHII", at[folder], _IS_FOLDER, len(ordered), 2)
    for name in ordered:
        tree += struct.pack(">IHHHI", at[name], 0, _NO_TERRITORY, _NO_LANGUAGE, len(data))
        data += struct.pack(">I", len(files[name])) + files[name]
    return tree, names, data


def _hash(name: str) -> int:
    """Return Qt's hash of a resource name (``qt_hash``)."""
    value = 0
    for character in name:
        value = (value << 4) + ord(character)
        value ^= (value & 0xF0000000) >> 23
        value &= 0x0FFFFFFF
    return value
