"""Asks a Python for the bytecode of a line of a script, without running the script."""

import contextlib
import json
import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import Final

from core.bytecode import LineAnswer, LineCode, LineProblem, Question, understood

_HELPER: Final = Path(__file__).resolve().parent / "lab" / "bytecode.py"

_TIMEOUT_S: Final = 15.0  # a first start from a slow disk takes seconds
_POSIX: Final = os.name == "posix"


class BytecodeReader:
    """Asks one question at a time; closed by its owner, from another thread if need be."""

    def __init__(self, timeout_s: float = _TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._closed = False

    def read(self, question: Question) -> LineAnswer:
        """Return the bytecode of the line, or why there is none."""
        return LineAnswer(question, self._read(question))

    def close(self) -> None:
        """End a question that is being asked; later ones are not asked any more."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                _kill(self._process)

    def _read(self, question: Question) -> LineCode | LineProblem:
        try:
            process = self._started(question.python)
        except OSError as error:
            return LineProblem("missing", reason=error.strerror or str(error))
        except ValueError as error:  # a path that no system could have
            return LineProblem("missing", reason=str(error))
        if process is None:
            return LineProblem("broken")
        fields = {"text": question.text, "knob": question.knob, "name": question.name}
        try:
            printed, _ = process.communicate(json.dumps(fields), timeout=self._timeout_s)
        except subprocess.TimeoutExpired:
            return LineProblem("late")
        finally:
            self._end(process)
        try:
            return understood(question, json.loads(printed))
        except (ValueError, TypeError, KeyError):
            return LineProblem("broken")  # a crash, or no Python at all: it did not print an answer

    def _started(self, python: str) -> "subprocess.Popen[str] | None":
        with self._lock:
            if self._closed:
                return None
            self._process = subprocess.Popen(  # noqa: S603 - running the chosen Python is the point
                [python, "-I", "-S", "-W", "ignore", str(_HELPER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
            return self._process

    def _end(self, process: "subprocess.Popen[str]") -> None:
        with self._lock:
            self._process = None
            if process.poll() is None:
                _kill(process)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what it did not read is of no use any more
                    stream.close()


def _kill(process: "subprocess.Popen[str]") -> None:
    """End a process that nobody has waited for yet, and what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # already gone
        if _POSIX:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
