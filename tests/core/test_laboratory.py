"""Starting lab processes: ahead of time, one a run, with what the job says, on real Pythons."""

import shutil
import sys
import tempfile
import threading
from pathlib import Path

import psutil
import pytest

from core.laboratory import PREFIX, Job, LabError, Laboratory
from core.recording import Recording
from core.run import Run
from tests.lab.running import ended, job, lines, program, started, write_script
from tests.waiting import wait_until


def own_children() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE and "core/lab" in " ".join(child.cmdline())
    ]


def private_folders() -> list[Path]:
    return list(Path(tempfile.gettempdir()).glob(PREFIX + "*"))


def run(laboratory: Laboratory, job: Job) -> Recording:
    run = laboratory.start(job)
    ended(run)
    return run.recording


def quick(folder: Path, text: str = "print('quick')\n") -> Job:
    return job(write_script(folder, text))


def test_runs_follow_each_other(tmp_path: Path) -> None:
    with Laboratory() as laboratory:
        for number in range(3):
            recording = run(laboratory, quick(tmp_path, f"print({number})\n"))
            assert lines(recording) == [str(number)]
            assert recording.ending is not None
            assert recording.ending.outcome == "done"
            assert private_folders() == []


def test_the_next_process_waits_ahead_of_time(tmp_path: Path) -> None:
    with Laboratory() as laboratory:
        assert own_children() == []
        laboratory.prepare()
        laboratory.prepare()
        (spare,) = wait_until(own_children)  # while it becomes Python, it has no command line
        begun = laboratory.start(quick(tmp_path))
        assert begun.pid == spare.pid
        laboratory.prepare()  # while a run is on its way
        ended(begun)
        (other,) = wait_until(own_children)
        assert other.pid != spare.pid
        assert run(laboratory, quick(tmp_path)).processes[0].pid == other.pid


def test_closing_ends_the_process_that_waits(tmp_path: Path) -> None:
    laboratory = Laboratory()
    laboratory.prepare()
    (spare,) = wait_until(own_children)
    assert len(private_folders()) == 1
    laboratory.close()
    laboratory.close()
    assert not spare.is_running()
    assert private_folders() == []
    laboratory.prepare()  # closed is closed
    assert own_children() == []
    with pytest.raises(
        LabError, match=r"^The laboratory is closed; nothing can be run any more\.$"
    ):
        laboratory.start(quick(tmp_path))


def test_closing_leaves_a_run_alone(tmp_path: Path) -> None:
    with Laboratory() as laboratory:
        begun = laboratory.start(quick(tmp_path, "import time\ntime.sleep(0.2)\nprint('late')\n"))
    assert ended(begun).outcome == "done"
    assert lines(begun.recording) == ["late"]


def test_a_process_that_was_killed_while_it_waited_is_replaced(tmp_path: Path) -> None:
    with Laboratory() as laboratory:
        laboratory.prepare()
        (spare,) = wait_until(own_children)
        spare.kill()
        wait_until(lambda: laboratory._spare is not None and not laboratory._spare.usable)
        recording = run(laboratory, quick(tmp_path))
        assert lines(recording) == ["quick"]
        assert private_folders() == []


def test_a_process_whose_folder_was_cleaned_away_is_replaced(tmp_path: Path) -> None:
    with Laboratory() as laboratory:
        laboratory.prepare()
        assert laboratory._spare is not None
        shutil.rmtree(laboratory._spare.folder.path)
        assert lines(run(laboratory, quick(tmp_path))) == ["quick"]


def test_a_process_that_dies_as_it_gets_its_job(tmp_path: Path) -> None:
    with Laboratory() as laboratory:
        laboratory.prepare()
        (spare,) = wait_until(own_children)
        spare.suspend()  # so it cannot begin
        begun = laboratory.start(quick(tmp_path))
        spare.kill()
        ending = ended(begun)
        assert (ending.outcome, ending.message) == (
            "failed",
            "The lab process was killed by signal 9 (SIGKILL) before the script began; "
            "run it again.",
        )
        assert lines(run(laboratory, quick(tmp_path))) == ["quick"]


def test_many_starts_at_once(tmp_path: Path) -> None:
    path = write_script(tmp_path, "import sys\nprint(sys.argv[1])\n")
    runs: list[Run] = []
    with Laboratory() as laboratory:
        laboratory.prepare()
        everybody = threading.Barrier(6, timeout=60)

        def start(number: int) -> None:
            everybody.wait()
            runs.append(laboratory.start(job(path, arguments=(str(number),))))

        starters = [threading.Thread(target=start, args=(number,)) for number in range(6)]
        for starter in starters:
            starter.start()
        for starter in starters:
            starter.join()
        assert {ended(one).outcome for one in runs} == {"done"}
    told = sorted(line for one in runs for line in lines(one.recording))
    assert told == [str(number) for number in range(6)]


def test_the_job_is_what_the_script_gets(tmp_path: Path) -> None:
    text = """
        import os, sys, tempfile
        print(sys.argv[1:], os.environ["GREETING"], os.environ["PATH"] == "replaced")
        print(os.getcwd(), sys.executable)
        """
    with started(
        sys.executable,
        job(
            write_script(tmp_path, text),
            arguments=("--flag", "ünïcode 漢", ""),
            environment={"GREETING": "hello =\n", "PATH": "replaced"},
            knobs={"N": 3},
        ),
    ) as begun:
        ended(begun)
    recording = begun.recording
    assert lines(recording) == [
        "['--flag', 'ünïcode 漢', ''] hello =",
        " True",
        f"{Path.cwd()} {sys.executable}",
    ]
    header = recording.header
    assert (header.demo, header.mode, header.knobs) == ("test", "script", {"N": 3})
    assert header.python == sys.version.split()[0]


@pytest.mark.parametrize("name", ["events", "script.py", "with space ü.py", "no_suffix"])
def test_a_text_that_is_in_no_file_runs_under_the_name_of_its_file(
    name: str, tmp_path: Path
) -> None:
    text = "import os, sys\nprint(os.path.basename(__file__), sys.argv, __file__ == sys.argv[0])\n"
    with started(sys.executable, Job("test", text, tmp_path / name, "script")) as begun:
        ended(begun)
    (line,) = lines(begun.recording)
    assert line.startswith(f"{name} [")
    assert line.endswith(" True")
    assert private_folders() == []


NO_PYTHONS = {
    "/nowhere/python": r"No such file or directory\); choose another one\.$",
    tempfile.gettempdir(): r"Permission denied\); choose another one\.$",
}


@pytest.mark.parametrize("python", NO_PYTHONS, ids=["missing", "a folder"])
def test_an_interpreter_that_cannot_be_started(python: str, tmp_path: Path) -> None:
    with Laboratory(python) as laboratory:
        for attempt in (laboratory.prepare, lambda: laboratory.start(quick(tmp_path))):
            with pytest.raises(LabError, match=NO_PYTHONS[python]) as raised:
                attempt()
            assert str(raised.value).startswith("The Python at")
    assert private_folders() == []


def test_a_program_that_is_no_program(tmp_path: Path) -> None:
    file = tmp_path / "python"
    file.write_text("not even a script")
    file.chmod(0o755)
    with Laboratory(str(file)) as laboratory, pytest.raises(LabError, match="Exec format error"):
        laboratory.start(quick(tmp_path))


@pytest.mark.parametrize(
    ("does", "message"),
    [
        ("exit 0", "exit status 0: it said nothing"),
        ("echo I am a teapot.; exit 7", "exit status 7: I am a teapot"),
        ("echo sorry >&2; exit 1", "exit status 1: sorry"),
    ],
)
def test_a_program_that_is_no_python(does: str, message: str, tmp_path: Path) -> None:
    python = program(tmp_path / "python", does)
    with Laboratory(str(python)) as laboratory:
        recording = run(laboratory, quick(tmp_path))
    assert recording.ending is not None
    assert (recording.ending.outcome, recording.ending.message) == (
        "failed",
        f"The Python of this run ended before the script began ({message}); choose another one.",
    )


def test_a_program_that_never_answers_can_be_stopped(tmp_path: Path) -> None:
    python = program(tmp_path / "python", "exec sleep 1000")
    with started(str(python), quick(tmp_path)) as begun:
        begun.stop()
        assert begun.wait().outcome == "stopped"


def test_a_python_that_is_too_old_says_so(tmp_path: Path) -> None:
    """Its own first lines run on any Python: this one pretends to be old."""
    pretending = "import sys, runpy; sys.version_info = (3, 8, 18); sys.argv = sys.argv[1:]"
    again = "runpy.run_path(sys.argv[0], run_name='__main__')"
    text = f'exec "{sys.executable}" -c "{pretending}; {again}" "$@"'
    python = program(tmp_path / "python", text)
    with Laboratory(str(python)) as laboratory:
        recording = run(laboratory, quick(tmp_path))
    assert recording.ending is not None
    assert recording.ending.message == (
        "The Python of this run ended before the script began (exit status 1: "
        "it is Python 3.8, and the lab needs 3.9 or newer); choose another one."
    )


def test_a_temporary_folder_with_too_long_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    with Laboratory() as laboratory:
        with pytest.raises(LabError) as raised:
            laboratory.start(quick(tmp_path))
        assert str(raised.value).startswith("The run could not be set up in ")
        assert str(raised.value).endswith("(TMPDIR), with a short name and some room.")
        assert list(long.iterdir()) == []
        assert own_children() == []
        monkeypatch.undo()
        assert lines(run(laboratory, quick(tmp_path))) == ["quick"]


def test_no_temporary_folder_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    with Laboratory() as laboratory, pytest.raises(LabError) as raised:
        laboratory.prepare()
    assert str(raised.value) == (
        "No private folder for the run could be made (No such file or directory); "
        "free some room, or set TMPDIR to another folder."
    )
