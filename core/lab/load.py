"""Loads this package by its place, under a private name, without touching ``sys.path``.

Run as a file (``runpy.run_path``) this module must stand alone: a worker process that
was spawned knows nothing of the package yet, and gets here through `BY_PLACE`.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from types import ModuleType

NAME = "_futures_lab"

BY_PLACE = "__import__('runpy').run_path(where)['load'](part)"
"""For a pickle's ``eval``, with ``where`` = this file: pickle itself imports by name only,
from ``sys.path``, which belongs to the script."""


def load(part: str) -> ModuleType:
    """Return the submodule ``part`` of the package, loading the package first if need be."""
    if NAME not in sys.modules:
        folder = os.path.dirname(os.path.abspath(__file__))
        spec = importlib.util.spec_from_file_location(
            NAME, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
        )
        assert spec is not None
        assert spec.loader is not None
        package = importlib.util.module_from_spec(spec)
        sys.modules[NAME] = package
        spec.loader.exec_module(package)
    return importlib.import_module(NAME + "." + part)
