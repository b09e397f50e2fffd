"""A script does in the lab what it does under ``python script.py``: both run, both compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.laboratory import Job
from tests.lab.running import ended, in_lab, lines, plainly, said, started, write_script
from tests.pythons import Python

SCENE = """
    import __main__
    import os
    import sys
    import threading

    print(sys.argv, __file__, __name__, sys.path, os.getcwd())
    print(threading.active_count(), [thread.name for thread in threading.enumerate()])
    print(__main__.__dict__ is globals(), {name: type(globals()[name]) for name in list(globals())})
    print(__spec__, __package__, __doc__, __loader__.name, __loader__.path, __builtins__)
    print(__loader__.get_source("__main__")[:10], globals().get("__cached__"))
    print(repr(sys.stdin.read()), sys.stdout.encoding, sys.stdout.isatty(), sys.flags.optimize)
    print(sys.getrecursionlimit(), sys.getswitchinterval(), [n for n in dir() if "lab" in n])
    try:
        import core
    except ImportError as error:
        print(error)  # what the lab is made of is not in the script's way
    """

UNUSUAL_SOURCE = """
    # -*- coding: utf-8 -*-
    '''A docstring.'''
    from __future__ import annotations
    import warnings

    print(__doc__, "é ü 漢字 🎉", __debug__)
    x = 1 is 1
    warnings.warn("mind the gap")
    def annotated(value: nothing_of_that_name) -> 3: pass
    print(annotated.__annotations__, annotated.__code__.co_firstlineno)
    """

LEAVES = {
    "ends": "print('fine')",
    "status": "import sys; print('a'); sys.exit(3)",
    "message": "import sys; print('b'); sys.exit('sorry')",
    "nothing": "raise SystemExit",
    "at once": "import os, sys; print('c', flush=True); os._exit(4)",
    "error": "print('d'); raise ValueError('two\\nlines') from KeyError(1)",
    "kill": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "abort": "import os; os.abort()",
    "in main": """
        import sys
        def main():
            sys.exit(5)
        if __name__ == "__main__":
            main()
        """,
    "at exit": """
        import atexit, threading, time
        atexit.register(print, "last")
        threading.Thread(target=lambda: (time.sleep(0.01), print("a thread is waited for"))).start()
        print("first")
        """,
    "syntax": """
        x = 1
        def f(:
        """,
    "late syntax": """
        print("never seen")
        def f():
            return
        return 1
        """,
    "own hook": """
        import sys
        sys.excepthook = lambda kind, error, traceback: print("hook", kind, error)
        raise KeyError("x")
        """,
    "odd error": """
        class Odd(Exception):
            def __str__(self):
                raise RuntimeError("no text")
        raise Odd
        """,
}

ASIDE = """
    import asyncio
    import atexit
    import threading
    from concurrent import futures

    def broken(*_):
        return 1 / 0

    thread = threading.Thread(target=broken, name="side")
    thread.start()
    thread.join()
    with futures.ThreadPoolExecutor(1) as executor:
        added = threading.Event()  # else it depends on luck which thread calls back
        executor.submit(added.wait).add_done_callback(broken)
        added.set()

    async def main():
        loop = asyncio.get_running_loop()
        print(await loop.run_in_executor(None, abs, -2))
        print([thread.name for thread in threading.enumerate()])
        await loop.run_in_executor(None, broken)

    atexit.register(broken)
    asyncio.run(main())
    """


@pytest.fixture(autouse=True)
def _a_folder_for_scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def assert_same(python: Python, path: Path, *arguments: str) -> None:
    expected = plainly(python, path, *arguments)
    assert said(in_lab(python, path, arguments=arguments)) == expected


def test_it_stands_on_the_same_scene(each_python: Python, tmp_path: Path) -> None:
    assert_same(each_python, write_script(tmp_path, SCENE), "one", "two words")


def test_its_text_means_the_same(each_python: Python, tmp_path: Path) -> None:
    assert_same(each_python, write_script(tmp_path, UNUSUAL_SOURCE))


@pytest.mark.parametrize("way", LEAVES)
def test_it_leaves_in_the_same_way(way: str, tmp_path: Path, outer_python: Python) -> None:
    assert_same(outer_python, write_script(tmp_path, LEAVES[way]))


def test_an_interrupt_leaves_the_status_that_a_shell_shows(
    each_python: Python, tmp_path: Path
) -> None:
    path = write_script(tmp_path, "print('e')\nraise KeyboardInterrupt\n")
    expected, got = plainly(each_python, path), said(in_lab(each_python, path))
    assert (got.stdout, got.stderr) == (expected.stdout, expected.stderr)
    assert expected.exit_code is not None
    assert got.exit_code == 128 - expected.exit_code  # ended by the signal, which is negative here


def test_errors_beside_the_main_road_look_the_same(each_python: Python, tmp_path: Path) -> None:
    assert_same(each_python, write_script(tmp_path, ASIDE))


def test_a_text_that_is_not_in_the_file_finds_the_modules_beside_the_file(
    each_python: Python, tmp_path: Path
) -> None:
    write_script(tmp_path, "VALUE = 42\n", "beside.py")
    path = write_script(tmp_path, "print('as saved')\n")
    text = "import beside, sys\nprint(beside.VALUE, sys.path[0], __file__.endswith('script.py'))\n"
    with started(each_python.path, Job("test", text, path, "script")) as run:
        assert ended(run).outcome == "done"
    assert lines(run.recording) == [f"42 {tmp_path} True"]
    assert path.read_text() == "print('as saved')\n"
