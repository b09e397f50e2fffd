"""Runs a module of the lab with a fault in it: ``-m tests.faults.inside MODULE KIND K ERROR ...``.

Standard library only, as what it runs. The words that follow are the module's own.
"""

from __future__ import annotations

import runpy
import sys

from tests.faults.injector import Injector


def main() -> None:
    """Let the fault be, then become the module."""
    module, kind, number, error = sys.argv[1:5]
    sys.argv[:5] = [module]
    Injector(kind, int(number), error).install()
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
