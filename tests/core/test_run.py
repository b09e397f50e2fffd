"""How a run ends: by itself, or stopped, at any moment, from anywhere, and completely."""

import os
import signal
import sys
import tempfile
import threading
from pathlib import Path

import psutil
import pytest

from core.laboratory import PREFIX, Job, Laboratory
from core.run import Run
from tests.lab.running import alive, ended, job, lines, started, write_script
from tests.waiting import wait_until

POOL = """
    import multiprocessing
    import signal
    import time
    from concurrent import futures

    def work(number):
        if number == 0:
            return number
        {deaf}
        while True:
            time.sleep(0.01)

    def main():
        with futures.{executor}(2{context}) as executor:
            waiting = [executor.submit(work, number) for number in range(4)]
            print(waiting[0].result())
            print("ready")
            futures.wait(waiting)

    if __name__ == "__main__":
        main()
    """
FORKED, SPAWNED = (
    f", mp_context=multiprocessing.get_context('{method}')" for method in ("fork", "spawn")
)
DEAF = "[signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)]"

NEVER_ENDING = {
    "busy": "print('ready')\nwhile True:\n    pass\n",
    "asleep": "import time\nprint('ready')\ntime.sleep(1000)\n",
    "deaf": f"import signal\n{DEAF}\nprint('ready')\nwhile True:\n    pass\n",
    "stubborn": """
        print("ready")
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
        """,
    "in one long call": "print('ready')\nsum(range(10 ** 15))\n",
    "held": "import os, signal\nprint('ready')\nos.kill(os.getpid(), signal.SIGSTOP)\n",
    "waiting for a thread": """
        import threading, time
        threading.Thread(target=time.sleep, args=(1000,)).start()
        print("ready")
        """,
    "leaving slowly": """
        import atexit, time
        atexit.register(time.sleep, 1000)
        print("ready")
        """,
    "threads": POOL.format(executor="ThreadPoolExecutor", context="", deaf=""),
    "processes": POOL.format(executor="ProcessPoolExecutor", context=FORKED, deaf=""),
    "spawned": POOL.format(executor="ProcessPoolExecutor", context=SPAWNED, deaf=""),
    "deaf workers": POOL.format(executor="ProcessPoolExecutor", context=FORKED, deaf=DEAF),
    "another program": """
        import subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
        print("ready")
        child.wait()
        """,
}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="asks for signals")


def quick(folder: Path) -> Job:
    return job(write_script(folder, "print('quick')\n"))


def running(run: Run) -> list[psutil.Process]:
    """Wait until a script says that it is ready; return the processes of its run."""
    wait_until(lambda: "ready" in lines(run.recording))
    lab = psutil.Process(run.pid)
    return [lab, *lab.children(recursive=True)]


def assert_nothing_is_left(processes: list[psutil.Process]) -> None:
    assert alive(processes) == []
    assert list(Path(tempfile.gettempdir()).glob(PREFIX + "*")) == []
    assert [one.name for one in threading.enumerate() if one.name.startswith("lab-")] == []


@pytest.mark.parametrize("kind", NEVER_ENDING)
def test_whatever_it_does_it_can_be_stopped(kind: str, tmp_path: Path) -> None:
    with started(sys.executable, job(write_script(tmp_path, NEVER_ENDING[kind]))) as run:
        processes = running(run)
        assert run.recording.running
        run.stop()
        ending = run.wait()
        assert_nothing_is_left(processes)
    assert (ending.outcome, run.recording.ending) == ("stopped", ending)
    assert ending.message == "The run was stopped; what had arrived is kept."
    assert "ready" in lines(run.recording)
    assert not run.recording.running


def test_stopped_at_once(tmp_path: Path) -> None:
    path = write_script(tmp_path, NEVER_ENDING["deaf"])
    with Laboratory() as laboratory:
        for prepared in (False, True, True):
            if prepared:
                laboratory.prepare()
            run = laboratory.start(job(path))
            run.stop()
            assert run.wait().outcome == "stopped"
            assert not [line for line in lines(run.recording, "stderr") if "core/lab" in line]


def test_stopped_again_and_again_from_everywhere(tmp_path: Path) -> None:
    path = write_script(tmp_path, NEVER_ENDING["deaf"])
    with started(sys.executable, job(path)) as run:
        processes = running(run)
        run.stop("timed out")
        stoppers = [threading.Thread(target=run.stop) for _ in range(8)]
        for stopper in stoppers:
            stopper.start()
        endings: list[object] = []
        waiters = [threading.Thread(target=lambda: endings.append(run.wait())) for _ in range(4)]
        for waiter in waiters:
            waiter.start()
        for thread in stoppers + waiters:
            thread.join()
        assert_nothing_is_left(processes)
        assert endings == [run.wait()] * 4
        assert run.wait().outcome == "timed out"  # the first reason counts
        assert run.wait().message.startswith("The run took longer than allowed")


def test_a_stop_when_it_is_over_changes_nothing(tmp_path: Path) -> None:
    with started(sys.executable, quick(tmp_path)) as run:
        ending = ended(run)
        run.stop()
        run.stop("timed out")
        run.cancel(0)
        assert run.wait() is ending
    assert (ending.outcome, ending.exit_code, ending.message) == ("done", 0, "")
    assert lines(run.recording) == ["quick"]


def test_a_stop_without_anybody_waiting_ends_the_processes(tmp_path: Path) -> None:
    path = write_script(tmp_path, NEVER_ENDING["deaf workers"])
    with started(sys.executable, job(path)) as run:
        processes = running(run)
        run.stop()
        wait_until(lambda: not alive(processes))
        assert run.recording.running  # it is over when it has been waited for
        assert run.wait().outcome == "stopped"


def test_wait_can_be_interrupted_and_goes_on(tmp_path: Path) -> None:
    with started(sys.executable, job(write_script(tmp_path, NEVER_ENDING["asleep"]))) as run:
        running(run)
        main = threading.main_thread().ident
        assert main is not None
        interrupt = threading.Thread(target=signal.pthread_kill, args=(main, signal.SIGINT))
        with pytest.raises(KeyboardInterrupt):  # as Ctrl+C on the command line
            _wait_after(run, interrupt)
        interrupt.join()
        assert run.recording.running
        run.stop()
        assert run.wait().outcome == "stopped"


def _wait_after(run: Run, interrupt: threading.Thread) -> None:
    interrupt.start()
    run.wait()


ENDINGS = {
    "print(1)": ("done", 0, ""),
    "raise SystemExit": ("done", 0, ""),
    "raise SystemExit(3)": ("failed", 3, "The script ended with exit status 3."),
    "raise SystemExit('no')": ("failed", 1, "The script ended with exit status 1."),
    "import os; os._exit(0)": ("done", 0, ""),
    "import os; os._exit(5)": ("failed", 5, "The script ended with exit status 5."),
    "import os; os.kill(os.getpid(), 9)": (
        "failed",
        -9,
        "The lab process was killed by signal 9 (SIGKILL). What had arrived is kept; run it again.",
    ),
    "import ctypes; ctypes.string_at(0)": (
        "failed",
        -11,
        "The lab process was killed by signal 11 (SIGSEGV). "
        "What had arrived is kept; run it again.",
    ),
    "x = 1\nraise KeyError": (
        "failed",
        1,
        "The script ended with an exception in line 2: KeyError.",
    ),
    "raise ValueError('two\\n  lines')": (
        "failed",
        1,
        "The script ended with an exception in line 1: ValueError: two lines.",
    ),
    "import json\njson.loads('{')": (
        "failed",
        1,
        "The script ended with an exception in line 2: JSONDecodeError: Expecting property name "
        "enclosed in double quotes: line 1 column 2 (char 1).",
    ),
    "def f(:": (
        "failed",
        1,
        "The script ended with an exception in line 1: SyntaxError: invalid syntax.",
    ),
    "raise BaseException('odd')": (
        "failed",
        1,
        "The script ended with an exception in line 1: BaseException: odd.",
    ),
}

AT_ONCE = [text for text in ENDINGS if text.startswith(("import os", "import ctypes"))]

NO_GOODBYE = (
    "The script's process ended without saying goodbye (os._exit or killed): "
    "what it saw last may be missing."
)


@pytest.mark.parametrize("text", ENDINGS)
def test_how_it_ended_is_told_in_one_sentence(text: str, tmp_path: Path) -> None:
    with started(sys.executable, job(write_script(tmp_path, text + "\n"))) as run:
        ending = ended(run)
    assert (ending.outcome, ending.exit_code, ending.message) == ENDINGS[text]
    assert run.recording.troubles == ([NO_GOODBYE] if text in AT_ONCE else [])
    assert_nothing_is_left([])


def test_children_that_are_left_behind_end_with_the_run(tmp_path: Path) -> None:
    text = """
        import subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
        print(child.pid)
        """
    with started(sys.executable, job(write_script(tmp_path, text))) as run:
        wait_until(lambda: lines(run.recording))
        child = psutil.Process(int(lines(run.recording)[0]))
        assert ended(run).outcome == "done"
        assert_nothing_is_left([child])


def test_what_the_script_left_in_its_temporary_folder_is_gone(tmp_path: Path) -> None:
    text = """
        import os, tempfile
        folder = tempfile.mkdtemp()
        with open(os.path.join(folder, "file"), "w") as file:
            file.write("x")
        print(folder)
        os.kill(os.getpid(), 9)
        """
    with started(sys.executable, job(write_script(tmp_path, text))) as run:
        ended(run)
    (folder,) = lines(run.recording)
    assert Path(folder).parent.name.startswith(PREFIX)
    assert not Path(folder).exists()
