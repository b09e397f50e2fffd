"""The elapsed time is that of main(); without a main() it is that of the whole script."""

from __future__ import annotations

import math
from pathlib import Path

from core.recording import Recording
from tests.lab.running import in_lab, lines, write_script
from tests.pythons import Python

PLAIN = """
    import time
    time.sleep(0.03)
    def main():
        time.sleep(0.02)
    if __name__ == "__main__":
        main()
    time.sleep(0.03)
    """

FAILING = """
    def main():
        raise ValueError("in main")
    main()
    """

LEAVING = """
    import sys
    def main():
        sys.exit(3)
    main()
    """

WITHOUT = """
    import time
    time.sleep(0.02)
    """

WITHOUT_AND_FAILING = """
    raise KeyError("at once")
    """

NEVER_CALLED = """
    def main():
        pass
    """

TWICE = """
    import time
    def main(delay, *, back=None):
        time.sleep(delay)
        return back
    print(main(0.1), main(0.02, back="again"))
    """

DRESSED = """
    import functools, inspect, pickle, time
    def dress(function):
        @functools.wraps(function)
        def dressed():
            return function() + 1
        return dressed
    @dress
    def main():
        '''Say.'''
        return 41
    print(main(), main.__name__, main.__doc__, pickle.loads(pickle.dumps(main)) is main)
    print(inspect.getsource(main).splitlines()[0])
    """

ASYNCHRONOUS = """
    import asyncio
    async def main():
        await asyncio.sleep(0.02)
        return "slept"
    print(asyncio.run(main()))
    """


def run(python: Python, folder: Path, text: str) -> Recording:
    recording = in_lab(python, write_script(folder, text))
    assert recording.troubles == []
    return recording


def assert_in_order(recording: Recording) -> None:
    assert recording.ending is not None
    begun_s = recording.processes[0].joined_s
    assert begun_s <= recording.main_started_s <= recording.main_ended_s <= recording.ending.at_s


def test_main_is_timed_and_nothing_else(each_python: Python, tmp_path: Path) -> None:
    recording = run(each_python, tmp_path, PLAIN)
    assert_in_order(recording)
    assert recording.elapsed_s >= 0.02
    assert recording.main_started_s - recording.processes[0].joined_s >= 0.03
    assert recording.ending is not None
    assert recording.ending.at_s - recording.main_ended_s >= 0.03


def test_a_main_that_fails_or_leaves_has_ended(newest_python: Python, tmp_path: Path) -> None:
    for text, status, message in (
        (FAILING, 1, "The script ended with an exception in line 2: ValueError: in main."),
        (LEAVING, 3, "The script ended with exit status 3."),
    ):
        recording = run(newest_python, tmp_path, text)
        assert_in_order(recording)
        assert recording.ending is not None
        assert (recording.ending.exit_code, recording.ending.message) == (status, message)


def test_without_main_the_script_is_timed(each_python: Python, tmp_path: Path) -> None:
    recording = run(each_python, tmp_path, WITHOUT)
    assert_in_order(recording)
    assert recording.elapsed_s >= 0.02
    recording = run(each_python, tmp_path, WITHOUT_AND_FAILING)
    assert_in_order(recording)
    assert recording.raised is not None
    assert recording.raised.line == 1


def test_a_main_that_nobody_calls(newest_python: Python, tmp_path: Path) -> None:
    recording = run(newest_python, tmp_path, NEVER_CALLED)
    assert math.isnan(recording.elapsed_s)
    assert recording.ending is not None
    assert recording.ending.outcome == "done"


def test_of_two_calls_the_last_is_timed(newest_python: Python, tmp_path: Path) -> None:
    recording = run(newest_python, tmp_path, TWICE)
    assert lines(recording) == ["None again"]
    assert_in_order(recording)
    assert recording.main_started_s - recording.processes[0].joined_s >= 0.1
    assert recording.elapsed_s >= 0.02


def test_a_decorated_main_stays_what_it_is(each_python: Python, tmp_path: Path) -> None:
    recording = run(each_python, tmp_path, DRESSED)
    assert lines(recording) == ["42 main Say. True", "@dress"]
    assert_in_order(recording)


def test_a_main_that_is_awaited(newest_python: Python, tmp_path: Path) -> None:
    recording = run(newest_python, tmp_path, ASYNCHRONOUS)
    assert lines(recording) == ["slept"]
    assert recording.elapsed_s >= 0.02
