"""Imports numpy without the threads that its library for linear algebra would start.

Nothing here multiplies matrices. The threads would only take room, and where the system has none
left that library writes its own lines and ends the program.
"""

import importlib
import os
from typing import Final

_VARIABLE: Final = "OPENBLAS_NUM_THREADS"


def import_numpy() -> None:
    """Import numpy, if it is not there yet; scripts find their environment as it was."""
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = "1"
    try:
        importlib.import_module("numpy")
    finally:
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before
