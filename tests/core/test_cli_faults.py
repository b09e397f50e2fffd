"""What goes wrong during a run: told in one sentence, with the right status, nothing left.

That no process, thread or temporary file stays behind is checked after every test, by the
fixture that watches all of them.
"""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from core.recording_file import open_recording
from tests.core.command import MAIN, begun, command, descendants, ended, line_from, script
from tests.waiting import wait_until

FOREVER = """\
import time
from concurrent import futures

EXECUTOR = futures.{executor}
N = 3

def work(number):
    if number == 0:
        return "first"
    while True:
        time.sleep(0.01)

def main():
    with EXECUTOR(2) as executor:
        jobs = [executor.submit(work, number) for number in range(N)]
        print(jobs[0].result(), flush=True)
        time.sleep(0.5)  # much more than what the lab may keep before it sends
        print("and on", flush=True)
        print(jobs[1].result())

if __name__ == "__main__":
    main()
"""
THREADS, PROCESSES = "ThreadPoolExecutor", "ProcessPoolExecutor"
IGNORES_SIGNALS = """\
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
while True:
    time.sleep(0.01)
"""

posix_only = pytest.mark.skipif(os.name != "posix", reason="sends signals")


def test_a_script_that_raises(tmp_path: Path) -> None:
    path = script(tmp_path, "print('before')\n\nraise ValueError('no such luck')\n")
    result = command("run", str(path))
    assert result.status == 1
    assert result.out.startswith("before\n")
    assert "Traceback (most recent call last)" in result.err
    last = result.err.splitlines()[-1]
    assert last == "The script ended with an exception in line 3: ValueError: no such luck."


def test_a_script_with_a_syntax_error(tmp_path: Path) -> None:
    path = str(script(tmp_path, "print('never')\ndef broken(:\n"))
    result = command("run", path, "--json")
    assert (result.status, result.object["outcome"]) == (1, "failed")
    assert "never" not in result.object["output"]
    assert "The script ended with an exception in line 2: SyntaxError: " in result.err
    for option in (["--mode", "threads"], ["--set", "N=1"]):
        result = command("run", path, *option)
        assert (result.status, result.out) == (1, "")
        assert result.err.startswith("Python cannot read line 2 of this script")


def test_a_script_that_ends_at_once(tmp_path: Path) -> None:
    path = script(tmp_path, "import os\nprint('before', flush=True)\nos._exit(3)\n")
    result = command("run", str(path), "--json")
    assert result.status == 1
    assert (result.object["outcome"], result.object["output"]) == ("failed", ["before"])
    assert result.err == (
        "The script's process ended without saying goodbye (os._exit or killed): "
        "what it saw last may be missing.\nThe script ended with exit status 3.\n"
    )


@pytest.mark.slow
def test_a_script_that_prints_many_megabytes(tmp_path: Path) -> None:
    path = script(tmp_path, "for _ in range(200):\n    print('x' * 99_999)\n")
    result = command("run", str(path), "--json")
    assert result.status == 0
    assert len(result.object["output"]) == 200
    assert max(map(len, result.object["output"])) <= 2_000
    path = script(tmp_path, "for n in range(400_000):\n    print(n, 'x' * 40)\n")
    result = command("run", str(path))
    assert result.status == 0
    assert "The first 10,000 lines of output are kept; 390,000 more were printed." in result.err
    assert result.out.count("x" * 40) == 10_000


@posix_only
def test_a_worker_that_is_killed(tmp_path: Path) -> None:
    path = script(
        tmp_path,
        FOREVER.format(executor=PROCESSES).replace(
            "    while True:",
            "    import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)\n    while True:",
        ),
    )
    result = command("run", str(path), "--json")
    assert (result.status, result.object["outcome"]) == (1, "failed")
    assert result.object["tasks"] == 3
    assert result.object["failed"] >= 1
    assert "BrokenProcessPool" in result.err


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("executor", [THREADS, PROCESSES])
def test_a_run_that_takes_too_long(tmp_path: Path, executor: str) -> None:
    path = script(tmp_path, FOREVER.format(executor=executor))
    for timeout_s in ("1.5", "6", "24"):  # on a busy machine it takes so long to get going
        result = command("run", str(path), "--timeout", timeout_s, "--json")
        run = result.object
        if "and on" in run["output"]:
            break
    assert (result.status, run["outcome"], run["elapsed_s"]) == (3, "timed out", None)
    assert (run["tasks"], run["output"]) == (3, ["first", "and on"])
    assert run["completed_order"] == [0]
    assert "took longer than allowed" in result.err


@pytest.mark.slow
def test_a_deaf_script_is_ended_all_the_same(tmp_path: Path) -> None:
    path = script(tmp_path, IGNORES_SIGNALS)
    for timeout_s in ("1", "5", "25"):
        result = command("run", str(path), "--timeout", timeout_s, "--json")
        assert (result.status, result.object["outcome"]) == (3, "timed out")
        if result.object["output"] == ["deaf"]:
            return
    pytest.fail("the script never came to its signals")


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("executor", [THREADS, pytest.param(PROCESSES, marks=pytest.mark.slow)])
def test_a_signal_stops_the_run_and_what_came_is_printed(
    tmp_path: Path, number: signal.Signals, executor: str
) -> None:
    path = script(tmp_path, FOREVER.format(executor=executor))
    with begun("run", str(path)) as process:
        assert [line_from(process.stdout) for _ in range(2)] == ["first", "and on"]
        process.send_signal(number)
        result = ended(process)
    assert result.status == 3
    assert "3 tasks on 2 workers" in result.out
    assert result.err.endswith("The run was stopped; what had arrived is kept.\n")


@posix_only
def test_ctrl_c_twice_is_ctrl_c(tmp_path: Path) -> None:
    record = tmp_path / "run.jsonl"
    words = ("run", str(script(tmp_path, IGNORES_SIGNALS)), "--record", str(record))
    with begun(*words) as process:
        assert line_from(process.stdout) == "deaf"
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        result = ended(process)
    assert result.status == 3
    recording = open_recording(record)  # also of a run that was stopped
    assert recording.ending is not None
    assert recording.ending.outcome == "stopped"


@posix_only
def test_ctrl_c_during_a_comparison_ends_it(tmp_path: Path) -> None:
    begins = "def main():\n    if EXECUTOR is None: return\n    open('stuck', 'w').close()"
    path = script(tmp_path, FOREVER.format(executor=THREADS).replace("def main():", begins))
    words = ("--modes", "sequential,threads", "--repeat", "2", "--json")
    with begun("compare", str(path), *words, cwd=tmp_path) as process:
        wait_until(lambda: (tmp_path / "stuck").exists(), 30, "the second run")
        process.send_signal(signal.SIGINT)
        result = ended(process)
    assert result.status == 3
    assert [run["outcome"] for run in result.object["runs"]] == ["done", "stopped"]
    assert result.object["modes"]["sequential"]["speedup"] == 1
    assert result.err == "threads: The run was stopped; what had arrived is kept.\n"


@posix_only
@pytest.mark.parametrize("executor", [THREADS, PROCESSES])
def test_nothing_survives_a_killed_command(tmp_path: Path, executor: str) -> None:
    path = script(tmp_path, FOREVER.format(executor=executor))
    with begun("run", str(path)) as process:
        assert line_from(process.stdout) == "first"
        family = descendants(process)
        assert family
        process.kill()
        process.wait()
        _, alive = psutil.wait_procs(family, timeout=60)
        assert alive == []


@pytest.mark.slow
@posix_only
def test_the_local_sites_go_with_a_killed_command() -> None:
    slow = "URLS=http://127.0.0.1:8930/a?delay_ms=1,http://127.0.0.1:8930/b?hang"
    with begun("run", "downloads", "--set", slow) as process:
        assert "bytes saved as" in line_from(process.stdout)
        family = descendants(process)
        assert len(family) >= 2  # the lab process and the sites
        process.kill()
        process.wait()
        _, alive = psutil.wait_procs(family, timeout=60)
        assert alive == []


@posix_only
def test_a_killed_lab_process_is_told(tmp_path: Path) -> None:
    path = script(tmp_path, FOREVER.format(executor=THREADS))
    with begun("run", str(path)) as process:
        assert [line_from(process.stdout) for _ in range(2)] == ["first", "and on"]
        started = psutil.Process(process.pid).children(recursive=True)
        (lab,) = [child for child in started if "core/lab" in " ".join(child.cmdline())]
        lab.kill()
        result = ended(process)
    assert result.status == 1
    assert "3 tasks on " in result.out  # what had arrived
    assert "The lab process was killed by signal 9 (SIGKILL)." in result.err


STRANGER = """
import os, sys
output = f"/proc/{sys.argv[1]}/fd/1"
reader, writer = os.open(output, os.O_RDONLY), os.open(output, os.O_WRONLY)
print("here", flush=True)
while True:
    os.write(writer, b"x\\n" * 100)
    os.read(reader, 100)
"""


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_a_stranger_at_the_output_does_not_make_it_deaf(tmp_path: Path) -> None:
    path = script(tmp_path, "import time\nprint('first', flush=True)\ntime.sleep(1000)\n")
    with begun("run", str(path), "--json") as process:
        (lab,) = wait_until(
            lambda: [one for one in descendants(process) if "core/lab" in " ".join(one.cmdline())]
        )
        program = [sys.executable, "-c", STRANGER, str(lab.pid)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as stranger:
            try:
                assert line_from(stranger.stdout) == "here"
                process.terminate()
                result = ended(process)
            finally:
                stranger.kill()
    assert result.status == 3
    assert result.object["outcome"] == "stopped"
    assert "A program that is no part of the run holds on to its output" in result.err


@pytest.mark.parametrize(
    "words", [["list"], ["list", "--json"], ["run", "--help"], ["run", "{many}"], ["run", "{last}"]]
)
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, words: list[str]) -> None:
    many = script(tmp_path, "for n in range(20_000):\n    print(n)\n", "many.py")
    last = script(tmp_path, "import sys\nsys.stdin.read()\n", "last.py")
    full = [word.format(many=many, last=last) for word in words]
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [sys.executable, str(MAIN), *full],
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    os.close(writer)
    os.close(reader)  # as `head` does when it has enough
    _, err = process.communicate(timeout=60)
    assert err == ""
    assert process.returncode in (0, 3)


RUN = ["run", "fibonacci", "--set", "N=1000", "--json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["list"], ["list", "--json"], RUN])
def test_an_output_that_is_full_is_told(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, str(MAIN), *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    sentence = (
        "The output cannot be written (No space left on device); make room, or send it elsewhere."
    )
    assert done.stderr == f"{sentence}\n"


def test_an_output_that_knows_only_ascii(tmp_path: Path) -> None:
    path = script(tmp_path, "print('日本 €')\n")
    done = subprocess.run(
        [sys.executable, str(MAIN), "run", str(path)],
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith(rb"\u65e5\u672c \u20ac")


def test_the_next_run_works_after_a_bad_one(tmp_path: Path) -> None:
    bad = script(tmp_path, "raise SystemExit(7)\n", "bad.py")
    good = script(tmp_path, "print('well')\n", "good.py")
    assert command("run", str(bad)).status == 1
    assert json.loads(command("run", str(good), "--json").out)["output"] == ["well"]


@posix_only
def test_a_signal_that_is_ignored_stays_so(tmp_path: Path) -> None:
    """As by nohup: the terminal is closed, and the run goes on."""
    gate = tmp_path / "gate"
    text = f"""
        import os, time
        print("begun", flush=True)
        while not os.path.exists({str(gate)!r}):
            time.sleep(0.01)
        """
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which a child inherits
    try:
        with begun("run", str(script(tmp_path, textwrap.dedent(text)))) as process:
            assert line_from(process.stdout) == "begun"
            process.send_signal(signal.SIGHUP)
            gate.touch()
            assert ended(process).status == 0
    finally:
        signal.signal(signal.SIGHUP, before)
