"""What a script prints arrives line by line, from wherever it is printed."""

from __future__ import annotations

from pathlib import Path

from core.recording import MAX_OUTPUT_LINES
from core.run import Run
from tests.lab.running import done_in_lab, in_lab, lines, start_methods, write_script
from tests.pythons import Python
from tests.waiting import wait_until

ODD = r"""
    import os
    import sys

    print("first")
    print("to stderr", file=sys.stderr)
    sys.stdout.buffer.write(b"junk \xff\xfe\x80 \xe6\xbc\xa2\r\n")
    sys.stdout.buffer.flush()  # printed bytes wait in there, on a terminal as well
    os.write(1, b"zero \0 byte\n\0\0\n")
    os.write(2, b"from below\n")
    print("x" * 5000)
    print("\u6f22" * 1999, "\U0001f389" * 2001, sep="\n")
    print()
    print("a carriage\rreturn")
    print("no end", end="")
    sys.stderr.write("no end either")
    """

WORKERS = """
    import multiprocessing
    import os
    import subprocess
    import sys
    from concurrent import futures

    def work(number):
        print("out", number)
        print("err", number, file=sys.stderr)
        os.system(f"echo shell {number}")

    def main():
        for method in sys.argv[1:]:
            context = multiprocessing.get_context(method)
            with futures.ProcessPoolExecutor(1, mp_context=context) as executor:
                list(executor.map(work, range(2)))
        subprocess.run([sys.executable, "-c", "print('another Python')"], check=True)

    if __name__ == "__main__":
        main()
    """

LINE_BY_LINE = """
    import os, sys, time
    print("waiting")
    while not os.path.exists(sys.argv[1]):
        time.sleep(0.005)
    """

MUCH = """
    import os
    block = (b"y" * 99 + b"\\n") * 10_000
    for _ in range(100):
        os.write(1, block)
    print("x" * 10 ** 7)
    """

NON_BLOCKING = """
    import os
    os.set_blocking(1, False)
    written = 0
    while True:
        try:
            written += os.write(1, b"abcdefg\\n" * 1000)
        except BlockingIOError:
            break
        if written > 10 ** 7:
            break
    """


def test_odd_output(each_python: Python, tmp_path: Path) -> None:
    recording = in_lab(each_python, write_script(tmp_path, ODD))
    assert lines(recording) == [
        "first",
        "junk \ufffd\ufffd\ufffd 漢",
        "zero \0 byte",
        "\0\0",
        "x" * 1999 + "…",
        "漢" * 1999,
        "🎉" * 1999 + "…",
        "",
        "a carriage\rreturn",
        "no end",
    ]
    assert lines(recording, "stderr") == ["to stderr", "from below", "no end either"]
    times = [line.at_s for line in recording.output if line.stream == "stdout"]
    assert times == sorted(times)
    assert recording.output_dropped == 0


def test_workers_and_other_programs_print(outer_python: Python, tmp_path: Path) -> None:
    methods = start_methods(outer_python)
    path = write_script(tmp_path, WORKERS)
    recording = in_lab(outer_python, path, arguments=tuple(methods))
    once = [f"{what} {number}" for number in range(2) for what in ("out", "shell")]
    assert lines(recording) == [*once * len(methods), "another Python"]
    assert lines(recording, "stderr") == ["err 0", "err 1"] * len(methods)


def test_a_line_is_there_when_it_is_printed(newest_python: Python, tmp_path: Path) -> None:
    gate = tmp_path / "gate"

    def see(run: Run) -> None:
        wait_until(lambda: lines(run.recording) == ["waiting"])
        gate.touch()

    path = write_script(tmp_path, LINE_BY_LINE)
    done_in_lab(newest_python, path, during=see, arguments=(str(gate),))


def test_a_hundred_megabytes(newest_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(newest_python, write_script(tmp_path, MUCH))
    assert len(recording.output) == MAX_OUTPUT_LINES
    assert lines(recording)[-1] == "y" * 99
    assert recording.output_dropped == 100 * 10_000 + 1 - MAX_OUTPUT_LINES


def test_a_script_that_makes_its_output_non_blocking(newest_python: Python, tmp_path: Path) -> None:
    recording = done_in_lab(newest_python, write_script(tmp_path, NON_BLOCKING))
    assert set(lines(recording)[:-1]) == {"abcdefg"}
