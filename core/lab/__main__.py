"""Entry of the lab process: waits for one job on stdin, then runs its script, observed.

Started ahead of time, so that everything slow (the interpreter, the imports) is over
when Run is pressed. Stdin stays open as a lifeline: its end means the window is gone.
"""

import os
import runpy
import sys

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    package = runpy.run_path(os.path.join(here, "load.py"))
    sys.exit(package["load"]("run").run_job())
