"""What a script starts, removes or hides: the run ends all the same, and nothing is left of it."""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from core import output
from core.descendants import end_marked
from core.laboratory import PREFIX, Laboratory
from tests.lab.running import alive, ended, job, lines, started, write_script
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")

TRACELESS = (
    "import os, sys, time; print(os.getsid(0), flush=True); "
    "os.write(int(sys.argv[1]), b'!'); time.sleep(1000)"
)
BECOME = (
    "os.set_inheritable(tell, True); "
    f"os.execve(sys.executable, [sys.executable, '-c', {TRACELESS!r}, str(tell)], {{}})"
)
ESCAPES = {
    "a program in a session of its own": """
        import subprocess, sys
        code = "import time; time.sleep(1000)"
        print(subprocess.Popen([sys.executable, "-c", code], start_new_session=True).pid)
        """,
    "a daemon": """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                print(os.getsid(0), flush=True)
                time.sleep(1000)
            os._exit(0)
        os.wait()
        """,
    "a program without a trace of the run": """
        import subprocess, sys
        code = "import time; time.sleep(1000)"
        program = [sys.executable, "-c", code]
        print(subprocess.Popen(program, start_new_session=True, env={}).pid)
        """,
    "a daemon without a trace of the run": """
        import os, sys
        ready, tell = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                {become}
            os._exit(0)
        os.read(ready, 1)
        """,
    "one that takes in orphans": """
        import ctypes, os, sys, time
        ready, tell = os.pipe()
        if os.fork() == 0:
            os.setsid()
            ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
            if os.fork() == 0:
                {become}
            time.sleep(1000)
        os.read(ready, 1)
        """,
    "one that forks and leaves, again and again": """
        import os
        first = os.fork()
        if first == 0:
            os.setsid()
            print(os.getpid(), flush=True)
            while True:
                if os.fork():
                    os._exit(0)
        os.waitpid(first, 0)
        """,
}


def nothing_is_left() -> bool:
    return not list(Path(tempfile.gettempdir()).glob(PREFIX + "*"))


def of_session(number: int) -> list[int]:
    """Return the living processes of a session."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getsid(process.pid) == number and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found


@pytest.mark.parametrize("kind", ESCAPES)
def test_what_left_the_group_ends_with_the_run(kind: str, tmp_path: Path) -> None:
    with started(
        sys.executable, job(write_script(tmp_path, ESCAPES[kind].replace("{become}", BECOME)))
    ) as run:
        wait_until(lambda: lines(run.recording))
        session = int(lines(run.recording)[0])
        assert ended(run).outcome == "done"
        assert of_session(session) == []
        assert run.recording.troubles == []


def test_a_script_may_remove_the_folder_of_its_run(tmp_path: Path) -> None:
    text = """
        import shutil, tempfile
        shutil.rmtree(tempfile.gettempdir())
        print("gone")
        """
    with Laboratory() as laboratory:
        for _ in range(2):
            run = laboratory.start(job(write_script(tmp_path, text)))
            assert ended(run).outcome == "done"
            assert run.recording.troubles == []
            assert lines(run.recording) == ["gone"]


def test_a_process_of_any_name_is_waited_for(tmp_path: Path) -> None:
    text = """
        import os, time
        if os.fork() == 0:
            with open("/proc/self/comm", "wb") as name:
                name.write(b"\\xff) Z 1 (")
            print(os.getpid(), flush=True)
            time.sleep(1000)
        """
    with started(sys.executable, job(write_script(tmp_path, text))) as run:
        wait_until(lambda: lines(run.recording))
        child = psutil.Process(int(lines(run.recording)[0]))
        assert ended(run).outcome == "done"
        assert alive([child]) == []
        assert nothing_is_left()


@pytest.mark.parametrize("fills", [False, True])
def test_a_stranger_at_the_output_does_not_hold_up_the_end(
    fills: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_PATIENCE_S", 0.2)
    text = "import time\nprint('ready', flush=True)\ntime.sleep(1000)\n"
    stranger = """
import os, sys
output = f"/proc/{sys.argv[1]}/fd/1"
reader, writer = os.open(output, os.O_RDONLY), os.open(output, os.O_WRONLY)
print("here", flush=True)
while True:
    os.write(writer, b"x\\n" * 1000) if sys.argv[2:] else os.read(reader, 1)
"""
    with started(sys.executable, job(write_script(tmp_path, text))) as run:
        wait_until(lambda: lines(run.recording))
        program = [sys.executable, "-c", stranger, str(run.pid), *["fill"] * fills]
        with subprocess.Popen(program, stdout=subprocess.PIPE) as process:
            try:
                assert process.stdout is not None
                process.stdout.readline()
                run.stop()
                assert run.wait().outcome == "stopped"
            finally:
                process.kill()
    assert lines(run.recording)[0] == "ready"
    assert run.recording.troubles == [
        "A program that is no part of the run holds on to its output; "
        "what it prints after the end is not kept."
    ]


def test_processes_of_others_are_left_alone(tmp_path: Path) -> None:
    other = psutil.Popen(["sleep", "1000"], env={"TMPDIR": f"{tmp_path}/other"})
    try:
        end_marked(2**22 + 1, f"TMPDIR={tmp_path}".encode())
        assert alive([other]) == [other]
    finally:
        other.kill()
        other.wait()
