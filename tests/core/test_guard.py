"""The guard of a run: whoever ends it, holds it or takes its place, the run has an end."""

import os
import signal
import subprocess
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

ROOT = Path(__file__).resolve().parents[2]
WAITING = "import time\nprint('ready')\ntime.sleep(1000)\n"
LOST = (
    "The guard process of the run ended (signal 9 (SIGKILL)), so the run was ended. "
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


def test_a_guard_outlives_signals_that_end_a_run(tmp_path: Path) -> None:
    with started(sys.executable, job(write_script(tmp_path, WAITING))) as run:
        for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
            guard_of(run).send_signal(number)
        run.stop()
        assert run.wait().outcome == "stopped"


def test_waiting_for_one_that_was_closed_meanwhile_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started(sys.executable, job(write_script(tmp_path, "print(1)\n"))) as run:
        ended(run)
        looks = iter([False, False, True])
        monkeypatch.setattr(Guard, "has_ended", property(lambda _: next(looks, True)))
        run.wait()  # as a thread that was held up between its look and its waiting


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


DAEMON = """
    import os, sys, time
    ready, tell = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            print(os.getpid(), flush=True)
            os.write(tell, b"!")
            time.sleep(1000)
        os._exit(0)
    os.read(ready, 1)
    {end}
    """
ELSEWHERE = {
    "without a subreaper": "import core.guard_process as g; g._adopt_orphans = lambda: False; ",
    "on an old macOS": "import core.guard_process as g; g._adopt_orphans = lambda: False; "
    "del g.os.waitid; ",
}


@pytest.mark.parametrize("system", ELSEWHERE)
@pytest.mark.parametrize("end", ["sys.exit(3)", "time.sleep(1000)"])
def test_where_nobody_adopts_orphans_they_are_known_by_their_mark(
    system: str, end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = guard._ENTRY.replace("from core", ELSEWHERE[system] + "from core")
    monkeypatch.setattr(guard, "_ENTRY", changed)
    with started(sys.executable, job(write_script(tmp_path, DAEMON.format(end=end)))) as run:
        wait_until(lambda: lines(run.recording))
        daemon = psutil.Process(int(lines(run.recording)[0]))
        if end == "sys.exit(3)":
            assert ended(run).exit_code == 3
        else:
            run.stop()
            assert run.wait().outcome == "stopped"
        assert alive([daemon]) == []
        assert run.recording.troubles == []
        assert private_folders() == []


OWNER_KILLED_EARLY = """
import os, signal, subprocess, sys
from core import guard
from core.private_folder import PrivateFolder
{when}
folder = PrivateFolder.make()
guard.Guard.start(["/nowhere/python"], dict(os.environ), (0, 1, 2), folder)
"""
KILLED = {
    "before it said what to start": "guard.Guard._begin = lambda *_: os.kill(os.getpid(), 9)",
    "when there is no such program": "guard.Guard._let_go = lambda *_: os.kill(os.getpid(), 9)",
}


@pytest.mark.parametrize("moment", KILLED)
def test_an_owner_that_is_killed_while_it_starts_a_run(moment: str) -> None:
    code = OWNER_KILLED_EARLY.format(when=KILLED[moment])
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.DEVNULL)
    assert killed.returncode == -signal.SIGKILL
    wait_until(lambda: not private_folders())


def test_a_python_that_is_known_by_its_name(tmp_path: Path) -> None:
    with started("python3", job(write_script(tmp_path, "print(1)\n"))) as run:
        assert ended(run).outcome == "done"


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
