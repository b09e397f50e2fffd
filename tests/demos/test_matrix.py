"""Matrix products are CPU-bound, and threads share them out all the same."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.demos import demo_named
from core.explain import explain
from tests.core.command import command
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.demos.side_by_side import are_side_by_side, needs_schedstat
from tests.lab.running import done_in_lab, lines, plainly
from tests.pythons import Python, installed_pythons

MODES = ("sequential", "threads", "processes")
CARD = demo_named("matrix").card
ENVIRONMENT = dict(CARD.environment)

CPU_PER_SECOND = """\
import time
import numpy as np

a = np.ones((700, 700))
a @ a  # whatever numpy starts first
wall_s, cpu_s = time.perf_counter(), time.process_time()
for _ in range(8):
    a @ a
print((time.process_time() - cpu_s) / (time.perf_counter() - wall_s))
"""


@cache
def with_numpy() -> tuple[Python, ...]:
    """Return the Pythons that have what the demo needs; the one of the tests does."""
    return tuple(python for python in installed_pythons() if _has_numpy(python))


def _has_numpy(python: Python) -> bool:
    asked = subprocess.run([python.path, "-c", "import numpy"], capture_output=True, check=False)
    return asked.returncode == 0


@pytest.fixture(params=with_numpy(), ids=lambda python: python.version)
def python(request: pytest.FixtureRequest) -> Python:
    """Hand out each Python that has numpy."""
    assert isinstance(request.param, Python)
    return request.param


def added_up(seed: int, size: int) -> float:
    """Return the sum over a product, computed number by number."""
    a, b = np.random.default_rng(seed).random((2, size, size)).tolist()
    columns = list(zip(*b, strict=True))
    products = (x * y for row in a for c in columns for x, y in zip(row, c, strict=True))
    return float(sum(products))


@pytest.mark.parametrize("mode", MODES)
def test_the_products_are_those_computed_by_hand(python: Python, tmp_path: Path, mode: str) -> None:
    said = plainly(python, write_demo(tmp_path, "matrix", mode, SIZE=12, TASKS=3))
    expected = [f"product {seed} adds up to {added_up(seed, 12):,.3f}" for seed in range(3)]
    assert (said.stdout, said.stderr, said.exit_code) == (expected, [], 0)


@needs_schedstat
def test_threads_compute_at_once(python: Python, tmp_path: Path) -> None:
    path = write_demo(tmp_path, "matrix", "threads", SIZE=1000, TASKS=2, WORKERS=2)
    assert are_side_by_side(python, path, True, ENVIRONMENT)


def test_one_product_uses_one_core_in_the_lab(python: Python, tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(CPU_PER_SECOND, encoding="utf-8")
    recording = done_in_lab(python, path, environment=ENVIRONMENT)
    assert float(lines(recording)[0]) < 1.2


def test_a_size_that_does_not_fit_is_refused_with_its_memory() -> None:
    refused = command("run", "matrix", "--set", "SIZE=100000", "--set", "WORKERS=32")
    assert (refused.status, refused.out) == (2, "")
    assert "SIZE = 100,000 and WORKERS = 32 needs 7.68 TB of memory" in refused.err
    assert "make SIZE or WORKERS smaller" in refused.err
    assert len(refused.err.splitlines()) == 1


@pytest.mark.parametrize("workers", ["0", "10000", "-1", "two"])
def test_impossible_numbers_of_workers_are_refused(workers: str) -> None:
    refused = command("run", "matrix", "--set", f"WORKERS={workers}")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith("WORKERS")
    assert len(refused.err.splitlines()) == 1


def test_a_python_without_numpy_is_refused() -> None:
    lacking = [python for python in installed_pythons() if python not in with_numpy()]
    if not lacking:
        pytest.skip("every Python of this machine has numpy")
    refused = command("run", "matrix", "--python", lacking[0].path)
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith("matrix needs numpy, which Python 3.")
    assert "choose another Python" in refused.err
    assert len(refused.err.splitlines()) == 1


def many_runs() -> Iterator[dict[str, Any]]:
    measured: list[dict[str, float]] = [{}]
    for speedup, threads_s in product((0.9, 2.0), (None, 0.95, 1.9)):
        found = {"sequential_s": 1.8, "speedup": speedup, "elapsed_s": 1.8 / speedup}
        measured.append(found | ({} if threads_s is None else {"threads_s": threads_s}))
    for mode, failed, workers, cores, cpu_s, times in product(
        MODES, (0, 2), (1, 2), (1, 2), (0.01, 3.0), measured
    ):
        run = {"mode": mode, "failed": failed, "workers": workers, "cores": cores, "cpu_s": cpu_s}
        yield facts_of("matrix", tasks=8, **(run | times))


def test_every_run_has_its_sentences_and_every_rule_its_run() -> None:
    check_rules("matrix", many_runs())


def test_the_sentences_set_it_beside_fibonacci() -> None:
    facts = facts_of("matrix", elapsed_s=0.9, sequential_s=1.8, speedup=2.0, workers=2, tasks=8)
    assert "2 times as fast as one after the other: numpy lets go of the GIL" in " ".join(
        explain(CARD, facts, "en")
    )
    assert "Fibonacci" in " ".join(explain(CARD, facts, "en"))
    assert "フィボナッチ" in " ".join(explain(CARD, facts, "ja"))
