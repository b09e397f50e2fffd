"""Runs ``python main.py ...`` as a user would: a real process, from some other folder."""

import array
import fcntl
import json
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

MAIN = Path(__file__).resolve().parents[2] / "main.py"
PATIENCE_S = 250.0  # only used up when something is wrong


@dataclass(frozen=True, slots=True)
class Result:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def object(self) -> Any:
        """Return the JSON on stdout: all of it, and nothing else."""
        return json.loads(self.out)


def command(*words: str, cwd: Path | None = None, python: str = sys.executable) -> Result:
    """Run a command to its end."""
    done = subprocess.run(
        [python, str(MAIN), *words],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


@contextmanager
def begun(
    *words: str, cwd: Path | None = None, program: tuple[str, ...] = (str(MAIN),)
) -> Iterator[subprocess.Popen[str]]:
    """Start a command; whatever the test does, it and its children have ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, *program, *words],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        with process:
            yield process
            process.wait(PATIENCE_S)
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()


def ended(process: subprocess.Popen[str]) -> Result:
    """Wait for the end of a command that was begun."""
    out, err = process.communicate(timeout=PATIENCE_S)
    return Result(process.returncode, out, err)


def descendants(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return all processes that a command has started and that still run."""
    return psutil.Process(process.pid).children(recursive=True)


def line_from(stream: IO[str] | None) -> str:
    """Return the next line: a script has come so far."""
    assert stream is not None
    return stream.readline().rstrip("\n")


def waiting_in(pipe: int) -> int:
    """Return how many bytes wait in a pipe."""
    count = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return count[0]


def script(folder: Path, text: str, name: str = "script.py") -> Path:
    """Write a script of one's own."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
