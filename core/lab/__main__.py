"""Entry of the lab process: waits for one job on stdin, then runs its script, observed.

Started ahead of time, so that everything slow (the interpreter, the imports) is over
when Run is pressed. Stdin stays open as a lifeline: its end means the window is gone.
"""

import _signal  # type: ignore[import-not-found] # built in, and typeshed leaves it out

# A stop before the script is there ends us without a word; the script has its own handler.
# First of all, and from the built-in module: importing `signal` takes long enough to be stopped in.
_signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import os  # noqa: E402 - see above
import runpy  # noqa: E402 - see above
import sys  # noqa: E402 - see above

if __name__ == "__main__":
    if sys.version_info < (3, 9):
        sys.exit("it is Python %d.%d, and the lab needs 3.9 or newer" % sys.version_info[:2])
    here = os.path.dirname(os.path.abspath(__file__))
    try:
        run = runpy.run_path(os.path.join(here, "load.py"))["load"]("run")
    except (ImportError, MemoryError, OSError) as error:
        sys.exit("its libraries cannot be loaded: %s" % (error or "no memory"))
    sys.exit(run.run_job())
