"""When the program that runs a laboratory is killed, everything of it ends by itself."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from core.laboratory import PREFIX
from tests.lab.running import alive, write_script
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]

OWNER = """
import sys
from pathlib import Path
from core.laboratory import Job, Laboratory

path = Path(sys.argv[1])
laboratory = Laboratory(is_watching=True)
run = laboratory.start(Job("test", path.read_text(), path, "script"))
laboratory.prepare()  # the next lab process waits already
while not any(line.text == "ready" for line in run.recording.output):
    pass
print("ready", flush=True)
run.wait()
"""

POOL = """
    import multiprocessing
    import signal
    import time
    from concurrent import futures

    def work(number):
        for name in "SIGINT", "SIGTERM", "SIGHUP":
            if {deaf}:
                signal.signal(getattr(signal, name), signal.SIG_IGN)
        if number < 2:
            return number
        while True:
            pass

    def main():
        with futures.ProcessPoolExecutor(2, multiprocessing.get_context("{method}")) as executor:
            waiting = [executor.submit(work, number) for number in range(4)]
            waiting[0].result(), waiting[1].result()
            print("ready")

    if __name__ == "__main__":
        main()
    """

SCRIPTS = {
    "busy": "print('ready')\nwhile True:\n    pass\n",
    "asleep": "import time\nprint('ready')\ntime.sleep(1000)\n",
    "threads": """
        from concurrent import futures

        def work(number):
            while True:
                pass

        with futures.ThreadPoolExecutor(4) as executor:
            waiting = [executor.submit(work, number) for number in range(4)]
            print("ready")
        """,
    "forked": POOL.format(method="fork", deaf=False),
    "spawned": POOL.format(method="spawn", deaf=False),
    "of a fork server": POOL.format(method="forkserver", deaf=False),
    "deaf": POOL.format(method="fork", deaf=True),
    "with a child": """
        import subprocess, sys
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
        print("ready")
        child.wait()
        """,
    "held": "import os, signal\nprint('ready')\nos.kill(os.getpid(), signal.SIGSTOP)\n",
    "another program": """
        import os
        print("ready")
        os.execv("/bin/sleep", ["sleep", "1000"])
        """,
    "with a daemon": """
        import subprocess, sys, time
        code = "import time; time.sleep(1000)"
        subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
        print("ready")
        time.sleep(1000)
        """,
    "with a daemon without a trace": """
        import os, sys, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                code = "import time; print('ready', flush=True); time.sleep(1000)"
                os.execve(sys.executable, [sys.executable, "-c", code], {})
            os._exit(0)
        os.wait()
        time.sleep(1000)
        """,
    "writing": """
        import os, tempfile
        print("ready")
        while True:
            tempfile.NamedTemporaryFile(delete=False).close()
        """,
}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills processes")


class Family(NamedTuple):
    """The owner and all that it started."""

    owner: psutil.Process
    others: list[psutil.Process]


@contextmanager
def owned(path: Path) -> Iterator[Family]:
    """Run a script in a laboratory of a program of its own, until it says that it is ready."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            owner = psutil.Process(process.pid)
            yield Family(owner, owner.children(recursive=True))
        finally:
            process.kill()


def private_folders() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(PREFIX + "*"))


@pytest.mark.parametrize(
    "act",
    ["os.rmdir(here); os.symlink({place!r}, here)", "os.rmdir(here); os.rename({place!r}, here)"],
)
def test_what_was_put_in_the_place_of_the_folder_outlives_a_killed_owner(
    act: str, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").touch()
    text = f"""
        import os, shutil, tempfile, time
        here = tempfile.gettempdir()
        shutil.rmtree(here)
        os.mkdir(here)
        {act.format(place=str(precious))}
        print("ready")
        time.sleep(1000)
        """
    with owned(write_script(tmp_path, text)) as (owner, others):
        owner.kill()
        wait_until(lambda: not alive(others))
    (left,) = private_folders()
    assert (left / "file").exists()
    left.unlink() if left.is_symlink() else shutil.rmtree(left)


_SLOW = {"with a daemon", "of a fork server", "deaf"}


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.slow] * (kind in _SLOW)) for kind in SCRIPTS]
)
def test_killed_in_the_middle_of_a_run(kind: str, tmp_path: Path) -> None:
    with owned(write_script(tmp_path, SCRIPTS[kind])) as (owner, others):
        assert len(private_folders()) == 2
        assert len(others) >= 2
        owner.kill()
        wait_until(lambda: not alive(others))
        wait_until(lambda: not private_folders())
