"""What each demo is there to show, it shows: run alone, as a student runs it, on every Python."""

import hashlib
import math
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from core.demos import demo_named
from core.script import set_knob, set_mode
from tests.pythons import Python

MODES = ("sequential", "threads", "processes")
START_METHODS = ("fork", "spawn", "forkserver") if os.name == "posix" else ("spawn",)
PLAIN_LINE = "self.count = self.count + 1"
NAP_LINE = "n = self.count; sleep(0); self.count = n + 1"
TIMEOUT_S = 250

Play = Callable[..., list[str]]


@pytest.fixture
def play(tmp_path: Path, outer_python: Python) -> Play:
    """Return a function that runs a demo with knobs on one Python and returns its output."""

    def run(demo: str, mode: str, edit: tuple[str, str] = ("", ""), **knobs: Any) -> list[str]:
        text = set_mode(demo_named(demo).text, mode)
        for name, value in knobs.items():
            text = set_knob(text, name, value)
        script = tmp_path / f"{demo}.py"
        script.write_text(text.replace(*edit), encoding="utf-8")
        # Not in tmp_path: the path of a forkserver's socket file may have only 108 bytes.
        with tempfile.TemporaryDirectory() as temporary:
            return output_of(outer_python, script, Path(temporary))

    return run


def output_of(python: Python, script: Path, temporary: Path) -> list[str]:
    variables = {name: text for name, text in os.environ.items() if "proxy" not in name.lower()}
    answer = subprocess.run(
        [python.path, str(script)],
        cwd=script.parent,
        env={**variables, "TMPDIR": str(temporary), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert list(temporary.iterdir()) == []
    return answer.stdout.splitlines()


def counted(output: list[str]) -> int:
    return int(output[-1].split(" of ")[0].replace(",", ""))


def with_start_method(method: str) -> tuple[str, str]:
    """Return the edit that makes a script choose how its worker processes start."""
    setting = f'__import__("multiprocessing").set_start_method("{method}")'
    return ('if __name__ == "__main__": ', f'if __name__ == "__main__": {setting}; ')


def test_two_threads_lose_updates(play: Play) -> None:
    assert 1_000_000 <= counted(play("race_counter", "threads")) < 2_000_000


@pytest.mark.slow
def test_two_threads_lose_updates_in_each_of_twenty_runs(play: Play) -> None:
    counts = [counted(play("race_counter", "threads")) for _ in range(20)]
    assert max(counts) < 2_000_000


def test_the_line_that_looks_safe_loses_nothing_between_3_10_and_the_end_of_the_gil(
    play: Play, outer_python: Python
) -> None:
    count = counted(play("race_counter", "threads", increment=PLAIN_LINE))
    is_safe_looking = outer_python.version != "3.9" and not outer_python.version.endswith("t")
    assert (count == 2_000_000) is is_safe_looking


def test_a_nap_in_the_increment_loses_updates(play: Play) -> None:
    # On a busy machine one thread may be through before the other begins: more than one try.
    assert any(
        counted(play("race_counter", "threads", increment=NAP_LINE, INCREMENTS=10_000)) < 20_000
        for _ in range(5)
    )


def test_a_lock_keeps_every_update(play: Play) -> None:
    output = play("race_counter", "threads", USE_LOCK=True, THREADS=3, INCREMENTS=100_000)
    assert output[-1] == "300,000 of 300,000"


def test_one_after_the_other_keeps_every_update(play: Play) -> None:
    output = play("race_counter", "sequential", INCREMENTS=20_000)
    assert output == [
        "worker 0 ended at 20,000",
        "worker 1 ended at 40,000",
        "40,000 of 40,000",
    ]


@pytest.mark.parametrize("method", START_METHODS)
def test_each_process_counts_on_a_copy(play: Play, method: str) -> None:
    # So many rounds that one worker does not take both tasks before the other has started.
    edit = with_start_method(method)
    output = play("race_counter", "processes", edit, INCREMENTS=1_000_000)
    assert output[-1] == "0 of 2,000,000"
    assert all(counted_alone(line) % 1_000_000 == 0 for line in output[:-1])


def counted_alone(line: str) -> int:
    return int(line.split(" ended at ")[1].replace(",", ""))


def fibonacci_number(n: int) -> int:
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def told(number: int) -> str:
    """Return what the demo says of a number, from all its digits."""
    digits = str(number)
    return f"{len(digits):,} digits, from {digits[:6]} to {number % 10**6:06}"


@pytest.mark.parametrize("mode", MODES)
def test_fibonacci_is_right_in_every_mode(play: Play, mode: str) -> None:
    output = play("fibonacci", mode, TASKS=2, N=20_000)
    assert output == [told(fibonacci_number(20_000))] * 2


@pytest.mark.parametrize("method", START_METHODS)
def test_fibonacci_goes_through_every_start_method(play: Play, method: str) -> None:
    # More digits than Python writes: the number itself has to come back, unwritten.
    output = play("fibonacci", "processes", with_start_method(method), TASKS=2, N=100_000)
    assert output == ["20,899 digits, from 259740 to 746875"] * 2


def test_digits_are_counted_exactly() -> None:
    script: dict[str, Any] = {"__name__": "not_main"}
    exec(demo_named("fibonacci").text, script)
    assert script["fibonacci"](20_000) == fibonacci_number(20_000)
    powers_of_ten = (10**exponent + step for exponent in range(1, 400) for step in (-1, 0, 1))
    powers_of_two = (2**exponent + step for exponent in range(1_500) for step in (-1, 0, 1))
    fibonacci = (fibonacci_number(n) for n in range(200))
    for number in (*powers_of_ten, *powers_of_two, *fibonacci):
        assert script["describe"](number) == told(number)


def test_the_largest_n_of_the_card_is_counted_exactly() -> None:
    knob = demo_named("fibonacci").card.knob("N")
    assert knob is not None
    assert knob.maximum is not None
    # Up to there no power of 2 is so close to one of 10 that a float takes one for the other.
    bits = int(knob.maximum * math.log2((1 + math.sqrt(5)) / 2)) + 1
    nearest = min(abs(x - round(x)) for x in (power * math.log10(2) for power in range(10, bits)))
    assert nearest > 10 * bits * sys.float_info.epsilon


class _Site(BaseHTTPRequestHandler):
    """A web site with a page, and with everything that can be wrong with one."""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        if name == "hang":
            closing(self.server).wait(TIMEOUT_S)
        elif name == "broken":
            self.send_error(500)
        elif name.startswith("to-"):
            self.send_response(302)
            self.send_header("Location", TARGETS[name])
            self.end_headers()
        else:
            body = f"page of {name}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body) * (2 if name == "cut" else 1)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


TARGETS = {
    "to-page": "/alpha",
    "to-ftp": "ftp://127.0.0.1/alpha",
    "to-file": "file:///etc/hostname",
    "to-data": "data:,alpha",
}


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Site)
        self.closing = threading.Event()


def closing(server: object) -> threading.Event:
    assert isinstance(server, _Server)
    return server.closing


@contextmanager
def serving() -> Iterator[str]:
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site() -> Iterator[str]:
    """Return the address of a web site."""
    with serving() as address:
        yield address


def file_name(url: str) -> str:
    return hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("mode", MODES)
def test_downloads_saves_every_page_that_came_and_names_the_others(
    play: Play, mode: str, site: str, tmp_path: Path
) -> None:
    good = [f"{site}/alpha", f"{site}/beta", f"{site}/to-page"]
    bad = [f"{site}/broken", f"{site}/cut", f"{site}/to-ftp", "file:///etc/hostname"]
    folder = tmp_path / "saved"
    folder.mkdir()
    output = play("downloads", mode, URLS=[*good, *bad], FOLDER=str(folder))
    pages = {"alpha": b"page of alpha", "beta": b"page of beta", "to-page": b"page of alpha"}
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        file_name(url): pages[url.rpartition("/")[2]] for url in good
    }
    assert sorted(output) == sorted(
        [
            f"{good[0]}: 13 bytes saved as {file_name(good[0])}",
            f"{good[1]}: 12 bytes saved as {file_name(good[1])}",
            f"{good[2]}: 13 bytes saved as {file_name(good[2])}",
            f"{site}/broken: HTTP Error 500: Internal Server Error",
            f"{site}/cut: IncompleteRead(11 bytes read, 11 more expected)",
            f"{site}/to-ftp: <urlopen error unknown url type: ftp>",
            "file:///etc/hostname: <urlopen error unknown url type: file>",
        ]
    )
    if mode == "sequential":
        assert [line.partition(": ")[0] for line in output] == [*good, *bad]


@pytest.mark.parametrize("mode", MODES)
def test_downloads_refuses_everything_but_the_web(play: Play, mode: str, site: str) -> None:
    refused = ["ftp://127.0.0.1/", "data:,x", "file:///etc/hostname", "FILE:///etc/hostname"]
    kinds = ["ftp", "data", "file", "file"]
    misled = [f"{site}/to-file", f"{site}/to-data"]
    output = play("downloads", mode, URLS=[*refused, *misled, "no address"])
    reasons = dict(line.split(": ", 1) for line in output)
    assert set(reasons) == {*refused, *misled, "no address"}
    for url, kind in zip(refused, kinds, strict=True):
        assert reasons[url] == f"<urlopen error unknown url type: {kind}>"
    assert all("is not allowed" in reasons[url] for url in misled)
    assert reasons["no address"] == "unknown url type: 'no address'"


@pytest.mark.parametrize("mode", MODES)
def test_downloads_leaves_nothing_behind_when_no_folder_is_given(
    play: Play, mode: str, site: str, tmp_path: Path
) -> None:
    url = f"{site}/alpha"
    output = play("downloads", mode, URLS=[url])
    assert output == [f"{url}: 13 bytes saved as {file_name(url)}"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["downloads.py"]


def test_downloads_gives_up_on_a_site_that_hangs(play: Play, site: str) -> None:
    urls = [f"{site}/hang", f"{site}/alpha", "http://127.0.0.1:1/"]
    # The others keep their patience: on a busy machine an answer may take more than half a second.
    edit = ("timeout=10", "timeout=0.5 if 'hang' in url else 60")
    output = play("downloads", "threads", edit, URLS=urls)
    lines = dict(line.split(": ", 1) for line in output)
    assert lines[urls[0]] == "timed out"
    assert "saved as" in lines[urls[1]]
    assert "Connection refused" in lines[urls[2]]


def test_downloads_says_that_it_cannot_write(play: Play, site: str, tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    (line,) = play("downloads", "threads", URLS=[f"{site}/alpha"], FOLDER=str(folder))
    assert "No such file or directory" in line
    assert str(folder) in line
