"""Encryption is CPU-bound: threads share it out in C, and cannot in pure Python."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from core.card import Alternative
from core.demos import demo_named
from core.explain import explain
from tests.core.command import command
from tests.demos.rules import check_rules, facts_of
from tests.demos.scripts import write_demo
from tests.demos.side_by_side import are_side_by_side, needs_schedstat
from tests.lab.running import done_in_lab, lines, plainly
from tests.pythons import Python

MODES = ("sequential", "threads", "processes")
CARD = demo_named("encryption").card
ROUNDS = 500


def code(name: str) -> str:
    """Return the line that derives a key in one of the two ways."""
    knob = CARD.knob("key")
    assert knob is not None
    (line,) = (line for line in knob.alternatives if line.name == name)
    assert isinstance(line, Alternative)
    return line.code


def key_of(name: str, hour: int) -> bytes:
    """Return the key of a message, derived apart from the demo where it is a known algorithm."""
    salt = b"salt %d" % hour
    if name == "c":
        return hashlib.pbkdf2_hmac("sha256", b"swordfish", salt, ROUNDS)
    script: dict[str, Any] = {"__name__": "not_main"}
    exec(demo_named("encryption").text, script)
    script["ROUNDS"] = ROUNDS
    return bytes(script["derive_in_python"](b"swordfish", salt))


def read(line: str, key: bytes) -> str:
    """Return what a line of the output says in secret."""
    hidden = bytes.fromhex(line.split(" means ")[0])
    stream = hashlib.shake_256(key).digest(len(hidden))
    return bytes(a ^ b for a, b in zip(hidden, stream, strict=True)).decode()


@pytest.mark.parametrize("name", ["c", "python"])
@pytest.mark.parametrize("mode", MODES)
def test_every_message_comes_back(
    spread_python: Python, tmp_path: Path, mode: str, name: str
) -> None:
    path = write_demo(tmp_path, "encryption", mode, TASKS=3, ROUNDS=ROUNDS, key=code(name))
    said = plainly(spread_python, path)
    assert (len(said.stdout), said.stderr, said.exit_code) == (3, [], 0)
    for hour, line in enumerate(said.stdout):
        assert line.endswith(f" means Meet me at {hour}.")
        assert read(line, key_of(name, hour)) == f"Meet me at {hour}."
    assert len({line.split()[0][:16] for line in said.stdout}) == 3  # no two share a key


def test_a_cipher_that_loses_the_message_is_caught(tmp_path: Path) -> None:
    path = write_demo(tmp_path, "encryption", "threads", TASKS=1, ROUNDS=ROUNDS)
    text = path.read_text(encoding="utf-8")
    assert "a ^ b" in text
    path.write_text(text.replace("a ^ b", "(a + b) % 256"), encoding="utf-8")
    said = plainly(Python("", sys.executable), path)
    assert said.stderr[-1] == "AssertionError: the text did not come back"


@needs_schedstat
@pytest.mark.parametrize(("name", "rounds"), [("c", 400_000), ("python", 300_000)])
def test_threads_compute_at_once_in_c_and_take_turns_in_pure_python(
    name: str, rounds: int, spread_python: Python, tmp_path: Path
) -> None:
    knobs = {"TASKS": 2, "WORKERS": 2, "ROUNDS": rounds, "key": code(name)}
    path = write_demo(tmp_path, "encryption", "threads", **knobs)
    at_once = name == "c" or spread_python.version.endswith("t")  # no GIL there
    assert are_side_by_side(spread_python, path, at_once) is at_once


def test_in_the_lab_each_message_is_a_task(tmp_path: Path) -> None:
    path = write_demo(tmp_path, "encryption", "sequential", TASKS=2, ROUNDS=ROUNDS)
    python = Python("", sys.executable)
    recording = done_in_lab(python, path, "sequential", tasks=CARD.tasks)
    assert len(recording) == 2
    assert len(lines(recording)) == 2


@pytest.mark.parametrize("workers", ["0", "10000"])
def test_impossible_numbers_of_workers_are_refused(workers: str) -> None:
    refused = command("run", "encryption", "--set", f"WORKERS={workers}")
    assert (refused.status, refused.out) == (2, "")
    assert refused.err.startswith("WORKERS must be between 1 and 32; ")


def many_runs() -> Iterator[dict[str, Any]]:
    measured: list[dict[str, float]] = [{}]
    for speedup, threads_s in product((0.9, 2.0), (None, 0.95, 1.9)):
        found = {"sequential_s": 1.8, "speedup": speedup, "elapsed_s": 1.8 / speedup}
        measured.append(found | ({} if threads_s is None else {"threads_s": threads_s}))
    for mode, failed, workers, cores, cpu_s, name, free, times in product(
        *(MODES, (0, 2), (1, 2), (1, 2), (0.01, 3.0), ("c", "python"), (False, True), measured)
    ):
        run = {"mode": mode, "failed": failed, "workers": workers, "cores": cores, "cpu_s": cpu_s}
        yield facts_of("encryption", tasks=8, key=code(name), free_threaded=free, **(run | times))


def test_every_run_has_its_sentences_and_every_rule_its_run() -> None:
    check_rules("encryption", many_runs())


@pytest.mark.parametrize(
    ("name", "speedup", "text"),
    [
        ("c", 2.0, "PBKDF2 is C code that lets go of the GIL"),
        ("python", 1.0, "a loop in pure Python never lets go of the GIL for long"),
    ],
)
def test_the_sentences_tell_the_two_results_apart(name: str, speedup: float, text: str) -> None:
    facts = facts_of(
        "encryption",
        key=code(name),
        elapsed_s=1.8 / speedup,
        sequential_s=1.8,
        speedup=speedup,
        cpu_s=1.8,
        workers=2,
        tasks=8,
    )
    assert text in " ".join(explain(CARD, facts, "en"))
