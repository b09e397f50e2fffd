"""How much faster a demo is in threads than one after the other, on a machine with other work.

Other programs only ever make a run slower, so the fastest of many short runs is the truest, and
short ones find a moment in which a second core is free.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.pythons import Python

ROUNDS = 400  # some 55 s on a machine that never has a free core, and far fewer on any other

_DRIVER = """\
import contextlib, importlib, io, json, sys, time
from concurrent import futures

names, condition, rounds = json.loads(sys.argv[1])
fastest = {}

def speedup(name):
    script = importlib.import_module(name)
    for executor in (None, futures.ThreadPoolExecutor):
        script.EXECUTOR = executor
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            script.main()
        took = time.perf_counter() - start
        fastest[name, executor] = min(took, fastest.get((name, executor), took))
    return fastest[name, None] / fastest[name, executor]

for _ in range(rounds):
    known = {name: speedup(name) for name in names}
    if eval(condition, {}, known):
        break
print(json.dumps(known))
"""


def speedups(
    python: Python, scripts: Sequence[Path], until: str, environment: Mapping[str, str]
) -> dict[str, float]:
    """Run scripts in both modes, again and again, until their speed-ups are as expected.

    Parameters
    ----------
    scripts
        In one folder; a speed-up is called by the name of its script.
    until
        An expression over them. What is known in the end is returned, as expected or not.
    """
    order = json.dumps([[script.stem for script in scripts], until, ROUNDS])
    ran = subprocess.run(
        [python.path, "-c", _DRIVER, order],
        cwd=scripts[0].parent,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    known = json.loads(ran.stdout)
    assert isinstance(known, dict)
    return known
