"""A script may do anything with descriptors: the lab neither reads nor writes any but its own."""

from __future__ import annotations

import os
import resource
import socket
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.lab import own_socket
from core.lab.own_socket import LostError, OwnSocket
from core.run import Run
from tests.lab.running import assert_complete, done_in_lab, in_lab, lines, start_methods
from tests.lab.running import write_script as script
from tests.pythons import Python
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sockets are no descriptors there")

CLOSED = "The script closed the lab's connection; what follows was not seen."

BUSY = """
    import os
    import socket
    import sys
    import time
    from concurrent import futures

    def busy(tasks=100):
        with futures.ThreadPoolExecutor(2) as pool:
            return sum(pool.map(work, range(tasks)))

    def work(number):
        end = time.perf_counter() + 0.001
        while time.perf_counter() < end:
            pass
        return number

    """

CLOSES_ALL = """
    busy(10)
    os.closerange(3, 65536)
    files = [open("own%d" % number, "wb+") for number in range(12)]
    numbers = [file.fileno() for file in files]
    print(numbers == list(range(3, 15)), busy())
    print(sum(os.fstat(number).st_size for number in numbers))
    """

TAKES_THE_NUMBERS = """
    def strangers():
        # Each number that somebody else has becomes one of the script's own.
        taken = [int(name) for name in os.listdir("/proc/self/fd") if int(name) > 900]
        for number in taken:
            here, there = socket.socketpair() if kind == "sockets" else files(number)
            try:
                os.fstat(number)
            except OSError:
                continue  # it was the one of the listing
            os.dup2(here.fileno(), number)
            yield number, here, there

    def files(number):
        return [open("own%d" % number, "wb+", buffering=0) for _ in range(2)]

    kind = sys.argv[1]
    busy(10)
    own = list(strangers())
    for _, here, there in own:
        if kind == "sockets":
            there.sendall(b'{"cancel": 0}\\n')
            there.setblocking(False)
        else:
            here.write(b'{"cancel": 0}\\n')
            here.seek(0)
    print("taken", flush=True)
    while not os.path.exists(sys.argv[2]):
        time.sleep(0.005)
    total = busy()
    for number, here, there in own:
        command = os.read(number, 100)
        try:
            more = there.recv(100) if kind == "sockets" else here.read()
        except BlockingIOError:
            more = b""
        total += (command, more) != (b'{"cancel": 0}\\n', b"")
    print(len(own), total)
    """


@pytest.fixture
def pair() -> Iterator[tuple[OwnSocket, socket.socket]]:
    near, far = socket.socketpair()
    own = OwnSocket(near.detach())
    with far:
        yield own, far
        own.close()


def busy_script(folder: Path, text: str) -> Path:
    return script(folder, textwrap.dedent(BUSY) + textwrap.dedent(text))


def number_of(own: OwnSocket) -> int:
    return own._socket.fileno()


def test_the_lab_writes_into_no_file_of_a_script_that_closes_all(
    outer_python: Python, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    recording = in_lab(outer_python, busy_script(tmp_path, CLOSES_ALL))
    assert lines(recording) == ["True 4950", "0"]
    assert lines(recording, "stderr") == []
    assert recording.ending is not None
    assert (recording.ending.outcome, recording.ending.exit_code) == ("done", 0)
    assert recording.troubles == [CLOSED]


@pytest.mark.parametrize("kind", ["sockets", "files"])
def test_what_a_script_puts_in_place_of_our_descriptors_is_left_alone(
    kind: str, outer_python: Python, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gate = tmp_path / "gate"

    def cancel_twice(run: Run) -> None:
        wait_until(lambda: lines(run.recording) == ["taken"])
        run.cancel(1_000)  # which wakes the lifeline: it then looks what its number is
        run.cancel(1_000)
        gate.touch()

    path = busy_script(tmp_path, TAKES_THE_NUMBERS)
    recording = in_lab(outer_python, path, during=cancel_twice, arguments=(kind, str(gate)))
    assert lines(recording) == ["taken", "2 4950"]
    assert lines(recording, "stderr") == []
    assert recording.ending is not None
    assert recording.ending.outcome == "done"
    assert recording.troubles == [CLOSED]


def test_a_script_has_the_numbers_that_it_has_when_run_alone(
    outer_python: Python, tmp_path: Path
) -> None:
    text = """
        import os
        import resource
        print(os.dup(0), os.dup(0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
        os.closerange(3, 1000)
        print(busy(20))
        """
    recording = done_in_lab(outer_python, busy_script(tmp_path, text))
    assert lines(recording) == ["3 4", "190"]
    assert_complete(recording)


def test_a_worker_process_that_closes_all_is_counted(
    outer_python: Python, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = """
        import multiprocessing
        import os
        from concurrent import futures

        def close():
            global files
            lab_has = [int(name) for name in os.listdir("/proc/self/fd") if int(name) > 900]
            for number in lab_has:
                os.close(number)
            files = [open("own%d" % number, "wb") for number in range(40)]
            for number in lab_has:
                os.dup2(files[0].fileno(), number)
            return len(lab_has)

        def main():
            context = multiprocessing.get_context("METHOD")
            with futures.ProcessPoolExecutor(1, context) as pool:
                pool.submit(abs, -1).result()
                print(pool.submit(close).result())
                print(sum(pool.map(abs, range(20))))
            print(sum(os.path.getsize("own%d" % number) for number in range(40)))

        if __name__ == "__main__":
            main()
        """
    for method in start_methods(outer_python):
        path = script(tmp_path, text.replace("METHOD", method))
        recording = in_lab(outer_python, path)
        assert lines(recording) == ["1", "190", "0"], method
        assert lines(recording, "stderr") == []
        (trouble,) = recording.troubles
        assert trouble == (
            "The script closed the lab's connection in 1 worker process; "
            "what follows there was not seen."
        )


def test_own_sockets_have_high_numbers_that_nobody_inherits(
    pair: tuple[OwnSocket, socket.socket],
) -> None:
    own, far = pair
    assert number_of(own) > 500
    assert not os.get_inheritable(number_of(own))
    own.send(b"x" * 10)
    far.sendall(b"y")
    assert (far.recv(20), own.receive(5)) == (b"x" * 10, b"y")


@pytest.mark.parametrize("limit", [8, 20, resource.RLIM_INFINITY])
def test_a_small_limit_is_no_hindrance(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    near, far = socket.socketpair()
    own = OwnSocket(near.detach())
    with far:
        own.send(b"x")
        assert far.recv(5) == b"x"
        own.close()
        assert far.recv(5) == b""


@pytest.mark.parametrize("has_cookies", [True, False])
@pytest.mark.parametrize("kind", ["nothing", "file", "socket"])
def test_a_stranger_is_neither_written_nor_read_nor_closed(
    kind: str, has_cookies: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_cookies:
        monkeypatch.setattr(own_socket, "_cookies", lambda _: None)
    near, far = socket.socketpair()
    own = OwnSocket(near.detach())
    number = number_of(own)
    other, end = socket.socketpair()
    with far, other, end, (tmp_path / "file").open("wb+", buffering=0) as file:
        end.sendall(b"for the script")
        file.write(b"of the script")
        file.seek(0)
        strangers = {"file": file.fileno(), "socket": other.fileno()}
        if kind in strangers:
            os.dup2(strangers[kind], number)
        else:
            os.close(number)
        for use in (lambda: own.send(b"of the lab"), lambda: own.receive(5)):
            with pytest.raises(LostError):
                use()
        own.close()
        assert file.read() == b"of the script"
        assert other.recv(50) == b"for the script"
        end.setblocking(False)
        with pytest.raises(BlockingIOError):
            end.recv(50)
        if kind in strangers:
            os.fstat(number)
            os.close(number)
