"""A script may replace any name: the lab calls what was there before, and tells all the same."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import numpy as np
import pytest

from core.run import Run
from tests.lab.running import assert_complete, in_lab, lines, write_script
from tests.pythons import Python
from tests.waiting import wait_until

LAB = Path(__file__).resolve().parents[2] / "core" / "lab"

REPLACES_EVERYTHING = """
    import builtins
    import importlib
    import multiprocessing
    import os
    import sys
    import types
    from concurrent import futures

    MODULES = '''
        builtins os posix time json json.encoder json.decoder _json struct _struct binascii socket
        _socket select threading _thread multiprocessing multiprocessing.connection
        multiprocessing.util collections itertools functools _functools operator _operator
        contextlib weakref _weakref math re gc hashlib _hashlib hmac fcntl resource stat signal
        atexit ast dis inspect traceback warnings types errno
    '''.split()

    TYPES = '''
        json.JSONEncoder json.JSONDecoder struct.Struct socket.socket _socket.socket
        collections.deque itertools.count itertools.starmap functools.partial contextlib.suppress
        weakref.WeakSet weakref.ref multiprocessing.util.Finalize
        builtins.list builtins.dict builtins.tuple builtins.set builtins.frozenset builtins.str
        builtins.int builtins.float builtins.bytes builtins.bool builtins.range builtins.zip
        builtins.map builtins.filter builtins.enumerate builtins.reversed builtins.slice
    '''.split()
    EXCEPTIONS = Exception, OSError, RuntimeError

    FUNCTIONS = types.FunctionType, types.BuiltinFunctionType
    LAB, GATE, KIND = sys.argv[1:]
    # What the script and the library's pools do is theirs, also where the lab called them.
    OTHERS = __file__, "/concurrent/futures/", "/threading.py", "/multiprocessing/"
    called = set()

    def asked_by_lab(frame, starts=str.startswith, getframe=sys._getframe):
        while frame is not None:
            file = frame.f_code.co_filename
            if starts(file, LAB):
                return True
            for part in OTHERS:
                if part in file:
                    return False
            frame = frame.f_back
        return False

    def stand_in(name, original, getframe=sys._getframe, Error=RuntimeError):
        def replaced(*args, **kwargs):
            if asked_by_lab(getframe().f_back):
                called.add(name)
                raise Error(name)
            return original(*args, **kwargs)
        return replaced

    def replacements():
        for name in MODULES:
            try:
                module = importlib.import_module(name)
            except ImportError:
                continue
            for part, value in vars(module).items():
                # The hidden names are asked for by the library itself, where it must have them.
                if type(value) in FUNCTIONS and not part.startswith("__"):
                    yield module, part, stand_in(name + "." + part, value)
        if KIND == "processes":
            return  # to start one, the library asks for types by their names
        for name in TYPES:
            module, _, part = name.rpartition(".")
            module = importlib.import_module(module)
            yield module, part, stand_in(name, getattr(module, part))
        for kind in EXCEPTIONS:
            yield builtins, kind.__name__, type(kind.__name__, (kind,), {})

    def work(number):
        return number

    def make_pool():
        if KIND == "threads":
            return futures.ThreadPoolExecutor(2)
        return futures.ProcessPoolExecutor(1, multiprocessing.get_context("fork"))

    def main():
        can, write, text = os.access, os.write, str
        with make_pool() as pool:
            if KIND == "threads":
                for _ in pool.map(work, FEW):
                    pass
            for module, part, value in [*replacements()]:
                setattr(module, part, value)
            for _ in pool.map(work, MANY):
                pass
            while not can(GATE, os.F_OK):
                pass
        write(1, text([*called]).encode())

    FEW, MANY = range(4), range(200)
    main()
    """


REPLACES_BEFORE_THE_LAB_IS_THERE = """
    import multiprocessing
    import sys
    import {module}
    from concurrent import futures

    def broken(*arguments):
        raise RuntimeError("called")

    {module}.{name} = broken

    def work(number):
        return number

    def main():
        with futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            print(sum(pool.map(work, range(20))))

    if __name__ == "__main__":
        main()
    """

KINDS = ["threads", *(["processes"] if hasattr(os, "fork") else [])]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_a_script_replaced_is_called(
    kind: str, outer_python: Python, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    tasks = 204 if kind == "threads" else 200

    def open_gate(run: Run) -> None:
        wait_until(lambda: len(run.recording) == tasks or lines(run.recording, "stderr"), 30)
        gate.touch()

    path = write_script(tmp_path, REPLACES_EVERYTHING)
    arguments = (str(LAB), str(gate), kind)
    recording = in_lab(outer_python, path, during=open_gate, arguments=arguments)
    assert recording.troubles == []
    assert (lines(recording), lines(recording, "stderr")) == (["[]"], [])
    assert_complete(recording)


@pytest.mark.parametrize(
    ("module", "name"), [("_socket", "socket"), ("time", "perf_counter_ns"), ("hmac", "digest")]
)
def test_a_spawned_worker_that_has_no_references_works_unobserved(
    module: str, name: str, outer_python: Python, tmp_path: Path
) -> None:
    """Its script is imported before anything of the lab: then a sentence says what is missing."""
    text = REPLACES_BEFORE_THE_LAB_IS_THERE.format(module=module, name=name)
    recording = in_lab(outer_python, write_script(tmp_path, text))
    assert (lines(recording), lines(recording, "stderr")) == (["190"], [])
    unseen = np.isnan(recording.tasks.started_s).any()
    assert len(recording.troubles) == unseen


def test_whatever_the_lab_imports_it_imports_before_the_script() -> None:
    late = [
        (path.name, node.lineno)
        for path in LAB.glob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, (ast.FunctionDef, ast.Lambda))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    assert late == []
