"""The guard of a run: whoever ends it, holds it or takes its place, the run has an end."""

import os
import signal
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from core import guard
from core.guard import Guard
from core.lab_child import GuardProblem
from core.laboratory import PREFIX, LabError, Laboratory
from core.private_folder import PrivateFolder
from core.run import Run
from tests.lab.running import alive, ended, job, lines, plainly, said, started, write_script
from tests.pythons import Python
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")

WAITING = "import time\nprint('ready')\ntime.sleep(1000)\n"
LOST = (
    "The guard process of the run was killed, and the run was ended. "
    "What had arrived is kept; run it again."
)


def guard_of(run: Run) -> psutil.Process:
    wait_until(lambda: "ready" in lines(run.recording))
    parent = psutil.Process(run.pid).parent()
    assert parent is not None
    return parent


def private_folders() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(PREFIX + "*"))


def test_a_guard_that_was_killed_ends_its_run_in_a_sentence(tmp_path: Path) -> None:
    text = """
        import os, subprocess, sys, time
        program = [sys.executable, "-c", "import time; time.sleep(1000)"]
        print(subprocess.Popen(program, start_new_session=True).pid)
        print("ready")
        time.sleep(1000)
        """
    with Laboratory() as laboratory:
        run = laboratory.start(job(write_script(tmp_path, text)))
        one = guard_of(run)
        family = one.children(recursive=True)
        assert len(family) == 2
        one.kill()
        ending = ended(run)
        assert (ending.outcome, ending.exit_code, ending.message) == ("failed", None, LOST)
        wait_until(lambda: not alive(family))
        assert private_folders() == []
        again = laboratory.start(job(write_script(tmp_path, "print(1)\n")))
        assert ended(again).outcome == "done"


def test_a_guard_that_the_script_kills(tmp_path: Path) -> None:
    text = "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(1000)\n"
    with started(sys.executable, job(write_script(tmp_path, text))) as run:
        lab = psutil.Process(run.pid)
        assert ended(run).message == LOST
        assert alive([lab]) == []


def test_a_spare_whose_guard_was_killed_is_replaced(tmp_path: Path) -> None:
    with Laboratory() as laboratory:
        laboratory.prepare()
        (one,) = psutil.Process().children()
        one.kill()
        wait_until(lambda: laboratory._spare is not None and not laboratory._spare.usable)
        run = laboratory.start(job(write_script(tmp_path, "print(1)\n")))
        assert ended(run).outcome == "done"
        assert private_folders() == []


HOLDS = """
    import os, signal, time
    print("ready")
    os.kill(os.getppid(), signal.SIGSTOP)
    {then}
    """


def test_a_guard_that_the_script_holds_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with started(sys.executable, job(write_script(tmp_path, HOLDS.format(then="")))) as run:
        assert ended(run).outcome == "done"


def test_a_guard_that_is_held_all_the_time_does_not_hold_up_a_stop(tmp_path: Path) -> None:
    then = "while True: os.kill(os.getppid(), signal.SIGSTOP)"
    with started(sys.executable, job(write_script(tmp_path, HOLDS.format(then=then)))) as run:
        guard_of(run)
        run.stop()
        assert run.wait().outcome == "stopped"
        assert private_folders() == []


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_guard_outlives_signals_that_end_a_run(name: str, tmp_path: Path) -> None:
    with started(sys.executable, job(write_script(tmp_path, WAITING))) as run:
        guard_of(run).send_signal(getattr(signal, name))
        run.stop()
        assert run.wait().outcome == "stopped"


def test_orphans_are_laid_to_rest_while_the_run_goes_on(tmp_path: Path) -> None:
    text = """
        import os, time
        for _ in range(20):
            if os.fork() == 0:
                if os.fork() == 0:
                    time.sleep(0.05)
                os._exit(0)
            os.wait()
        print("ready")
        time.sleep(1000)
        """
    with started(sys.executable, job(write_script(tmp_path, text))) as run:
        one = guard_of(run)
        wait_until(lambda: [child.pid for child in one.children()] == [run.pid])


def test_what_signals_do_is_what_they_do_plainly(tmp_path: Path, outer_python: Python) -> None:
    text = """
        import signal, sys
        for number in range(1, 32):
            print(number, signal.getsignal(number), flush=True)
        print(signal.pthread_sigmask(signal.SIG_BLOCK, []))
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith(("SigBlk", "SigIgn")):
                    print(line.strip())
        """
    path = write_script(tmp_path, text)
    with started(outer_python.path, job(path)) as run:
        ended(run)
    assert said(run.recording) == plainly(outer_python, path)


def test_the_lab_process_gets_no_descriptor_of_its_guard(tmp_path: Path) -> None:
    with started(sys.executable, job(write_script(tmp_path, WAITING))) as run:
        one = guard_of(run)

        def targets(pid: int) -> set[str]:
            return {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}

        shared = targets(one.pid) & targets(run.pid)
        assert shared == {os.devnull}


def test_without_a_guard_nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for executable, reason in {
        str(tmp_path / "none"): "No such file or directory",
        "/bin/false": "it ended at once",
    }.items():
        monkeypatch.setattr(sys, "executable", executable)
        with Laboratory("python3") as laboratory, pytest.raises(LabError) as raised:
            laboratory.start(job(write_script(tmp_path, "print(1)\n")))
        assert str(raised.value) == (
            f"The guard process of the run could not be started ({reason}); "
            "end some programs, then try again."
        )
        assert private_folders() == []


def test_a_guard_that_never_answers_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_BEGINNING_S", 0.1)
    monkeypatch.setattr(guard, "_PATIENCE_S", 0.1)
    monkeypatch.setattr(guard, "_ENTRY", "import time; time.sleep(1000)")
    folder = PrivateFolder.make()
    try:
        with pytest.raises(GuardProblem, match="it did not answer"):
            Guard.start(["true"], dict(os.environ), (0, 1, 2), folder)
    finally:
        folder.remove()
