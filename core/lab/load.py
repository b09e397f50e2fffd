"""Loads this package by its place, under a private name, without touching ``sys.path``.

Run as a file (``runpy.run_path``) this module must stand alone: a worker process that
was spawned knows nothing of the package yet, and gets here through `BY_PLACE`.

The package gets references of its own to all that it calls. A script may replace any name, built
in or of a module (``len``, ``os.write``, ``json.dumps``), by something that fails or does something
else. What the lab then did would be neither what it should nor anything that the script asked for.
So the modules of the package have their own copy of the built-in names, and whatever module they
import by ``import name`` is a copy of it, as it was then. What is Python in a module of the library
still looks names up where the script can replace them: what tells the recording is C (see
`json_text.py`, `own_socket.py`), the rest is guarded.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import ModuleType
from typing import Any

NAME = "_futures_lab"

BY_PLACE = "__import__('runpy').run_path(where)['load'](part)"
"""For a pickle's ``eval``, with ``where`` = this file: pickle itself imports by name only,
from ``sys.path``, which belongs to the script."""

_SHARED = ("builtins", "concurrent", "sys")
"""Modules in which the lab replaces something itself, or which it asks for what is there now."""

_FOLDER = os.path.dirname(os.path.abspath(__file__))


def load(part: str) -> ModuleType:
    """Return the submodule ``part`` of the package, loading the package first if need be."""
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module(NAME + "." + part)
    finally:
        sys.meta_path.remove(finder)


class _Finder:
    """Finds the package and its modules; nothing else has to do with it."""

    @staticmethod
    def find_spec(name: str, *_: object) -> ModuleSpec | None:
        """Return where a module of the package is, None for any other."""
        if name == NAME:
            place, folders = os.path.join(_FOLDER, "__init__.py"), [_FOLDER]
        elif name.startswith(NAME + "."):
            place, folders = os.path.join(_FOLDER, name[len(NAME) + 1 :] + ".py"), None
        else:
            return None
        return importlib.util.spec_from_file_location(
            name, place, loader=_Loader(name, place), submodule_search_locations=folders
        )


class _Loader(SourceFileLoader):
    """Runs a module of the package with built-in names that belong to the package."""

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__builtins__"] = _builtins
        super().exec_module(module)


def _own_import(
    name: str,
    names: Any = None,
    local_names: Any = None,
    parts: Any = (),
    level: int = 0,
    original: Any = builtins.__import__,
    copies: dict[str, ModuleType] = {},  # noqa: B006 - it is kept from call to call
) -> ModuleType:
    """Import as ever, and return a copy of a module that is imported as a whole."""
    module: ModuleType = original(name, names, local_names, parts, level)
    if level or parts or module.__name__ in _SHARED:
        return module
    copy = copies.setdefault(module.__name__, ModuleType(module.__name__))
    vars(copy).update(vars(module))  # each time: it may have got a submodule
    return copy


_builtins = {**vars(builtins), "__import__": _own_import}
