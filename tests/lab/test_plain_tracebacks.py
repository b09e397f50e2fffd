"""Tracebacks show the script's own lines, and nothing of the lab."""

from __future__ import annotations

from pathlib import Path

import core.lab
from tests.lab.running import Said, in_lab, plainly, said, start_methods, write_script
from tests.pythons import Python

LAB_FOLDER = str(Path(core.lab.__file__).parent)

TO_THE_TOP = """
    from concurrent import futures

    class Unlucky(Exception):
        def __init__(self, number, reason):
            super().__init__(f"{number}: {reason}")

    def outer(number):
        return inner(number)

    def inner(number):
        try:
            return 1 / number
        except ZeroDivisionError as error:
            raise Unlucky(number, "none") from error

    def main():
        with futures.ThreadPoolExecutor(2) as executor:
            results = executor.map(outer, [1, 0])
        # All have ended: which line of result() raises does not depend on who was quicker.
        for result in results:
            print(result)

    if __name__ == "__main__":
        main()
    """

OUT_OF_A_PROCESS = """
    import multiprocessing
    import sys
    from concurrent import futures

    def outer(number):
        return inner(number)

    def inner(number):
        try:
            return 1 / number
        except ZeroDivisionError as error:
            raise ValueError("no such number") from error

    def main():
        context = multiprocessing.get_context(sys.argv[1])
        with futures.ProcessPoolExecutor(1, mp_context=context) as executor:
            ways = [executor.map(outer, [1, 0, 2], chunksize=size) for size in (1, 2)]
            unsendable, failing = executor.submit(lambda: 1), executor.submit(outer, 0)
        for way in ways:
            try:
                list(way)
            except ValueError as error:
                print(error.__cause__)
        print(type(unsendable.exception()).__name__)
        failing.result()

    if __name__ == "__main__":
        main()
    """

PRINTED = """
    import sys
    import time
    import traceback
    from concurrent import futures

    def attempt(function, *args, **kwargs):
        try:
            function(*args, **kwargs)
        except Exception:
            traceback.print_exc(file=sys.stdout)

    def slow(number):
        time.sleep(0.02)
        return 1 / number

    attempt(futures.ThreadPoolExecutor, 0)
    attempt(futures.ProcessPoolExecutor, 0)
    attempt(futures.wait, [1])
    attempt(lambda: list(futures.as_completed([1])))
    with futures.ThreadPoolExecutor(1) as executor:
        waiting = executor.submit(slow, 1)
        attempt(lambda: list(futures.as_completed([waiting], timeout=0)))
        attempt(waiting.result, 0)
        attempt(waiting.exception, 0)
        attempt(lambda: list(executor.map(slow, [1], timeout=0)))
        failing, mapped = executor.submit(slow, 0), executor.map(slow, [0])
    attempt(failing.result)
    attempt(list, mapped)
    attempt(executor.submit, slow, 1)
    attempt(executor.map, slow, [1])
    attempt(executor.submit)
    own = futures.Future()
    own.cancel()
    own.cancel()
    attempt(own.result)
    own = futures.Future()
    own.set_exception(KeyError(1))
    attempt(own.set_exception, ValueError())
    attempt(own.set_result, 1)
    attempt(own.result)
    """

FAILING_START = """
    import multiprocessing
    import sys
    from concurrent import futures

    def start(reason):
        raise KeyError(reason)

    def main():
        context = multiprocessing.get_context(sys.argv[1])
        with futures.ThreadPoolExecutor(1, initializer=start, initargs=("a",)) as executor:
            print(repr(executor.submit(abs, 1).exception()))
        with futures.ProcessPoolExecutor(1, context, start, ("b",)) as executor:
            print(repr(executor.submit(abs, 1).exception()))

    if __name__ == "__main__":
        main()
    """


def without_the_lab(python: Python, text: list[str]) -> list[str]:
    """
    Leave out the frames of the lab, on the Pythons where they cannot be helped.

    Up to 3.10 a bare `raise` brings back the frame that was taken out: a traceback that the
    script itself prints has one frame more there.
    """
    if python.version not in ("3.9", "3.10"):
        return text
    kept: list[str] = []
    for line, before in zip(text, ["", *text], strict=False):
        if LAB_FOLDER not in line and LAB_FOLDER not in before:
            kept.append(line)
    return kept


def assert_same(python: Python, path: Path, *arguments: str) -> None:
    expected = plainly(python, path, *arguments)
    got = said(in_lab(python, path, arguments=arguments))
    stdout, stderr = (without_the_lab(python, text) for text in (got.stdout, got.stderr))
    assert Said(stdout, stderr, got.exit_code) == expected
    assert any("Traceback" in line for line in expected.stdout + expected.stderr)


def test_of_an_error_in_a_thread(each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, TO_THE_TOP)
    recording = in_lab(each_python, path)
    assert said(recording) == plainly(each_python, path)  # at the top no frame of the lab is left
    assert recording.raised is not None
    assert (recording.raised.kind, recording.raised.message) == ("Unlucky", "0: none")
    script = path.read_text().splitlines()
    assert "raise Unlucky" in script[(recording.raised.line or 0) - 1]  # the deepest of the script


def test_of_an_error_in_a_process(each_python: Python, tmp_path: Path) -> None:
    path = write_script(tmp_path, OUT_OF_A_PROCESS)
    method = start_methods(each_python)[0]
    got = said(in_lab(each_python, path, arguments=(method,)))
    assert got == plainly(each_python, path, method)
    assert got.stdout[-1] in ("PicklingError", "AttributeError")


def test_that_the_script_prints_itself(each_python: Python, tmp_path: Path) -> None:
    assert_same(each_python, write_script(tmp_path, PRINTED))


def test_of_an_initializer(each_python: Python, tmp_path: Path) -> None:
    assert_same(each_python, write_script(tmp_path, FAILING_START), start_methods(each_python)[0])
