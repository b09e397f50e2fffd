"""What a script starts, removes or hides: the run ends all the same, and nothing is left of it."""

import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from core.guard import Guard
from core.laboratory import PREFIX, Laboratory
from core.private_folder import end_descendants
from tests.lab.running import alive, ended, job, lines, started, write_script
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")

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
                print(os.getpid(), flush=True)
                time.sleep(1000)
            os._exit(0)
        os.wait()
        """,
}


def nothing_is_left() -> bool:
    return not list(Path(tempfile.gettempdir()).glob(PREFIX + "*"))


@pytest.mark.parametrize("kind", ESCAPES)
def test_what_left_the_group_ends_with_the_run(kind: str, tmp_path: Path) -> None:
    with started(sys.executable, job(write_script(tmp_path, ESCAPES[kind]))) as run:
        wait_until(lambda: lines(run.recording))
        child = psutil.Process(int(lines(run.recording)[0]))
        assert ended(run).outcome == "done"
        assert alive([child]) == []


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


def test_processes_of_others_are_left_alone(tmp_path: Path) -> None:
    other = psutil.Popen(["sleep", "1000"], env={"TMPDIR": f"{tmp_path}/other"})
    try:
        end_descendants(tmp_path)
        assert alive([other]) == [other]
    finally:
        other.kill()
        other.wait()


def test_a_guard_that_was_killed_is_ended_all_the_same(tmp_path: Path) -> None:
    guard = Guard.start(2**22 + 1, tmp_path / "nothing")
    for _ in range(2):
        guard.end()
    assert tmp_path.is_dir()
