"""The process of the local sites: how it starts, where it listens, and that it always goes."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
import pytest

from core.sites import Sites, SitesError, process
from tests.core.asking import TIMEOUT_S, head
from tests.waiting import wait_until

ROOT: Final = Path(__file__).resolve().parents[2]
SERVER: Final = [sys.executable, "-m", "core.sites", "--port", "0"]
OWNER: Final = """
import sys
from core.sites import Sites
sites = Sites.start(0)
print(sites.address, sites.pid, flush=True)
sys.stdin.read()
"""


@contextmanager
def started(
    command: list[str], stdin: int = subprocess.PIPE, stderr: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a command that is killed at the end, also when an assertion fails before that."""
    with subprocess.Popen(
        command, cwd=ROOT, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def first_line(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


def page(address: str) -> bytes:
    with urllib.request.urlopen(f"{address}/alpha", timeout=TIMEOUT_S) as response:
        body: bytes = response.read()
        return body


def port_of(sites: Sites) -> int:
    return int(sites.address.rpartition(":")[2])


def is_gone(pid: int) -> bool:
    """Whether a process runs no more (one that nobody has waited for yet counts)."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def refuses(address: str) -> bool:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.socket() as client:
        return client.connect_ex((host, int(port))) != 0


def test_only_loopback_is_bound() -> None:
    with Sites.start(0) as sites:
        connections = psutil.Process(sites.pid).net_connections("all")
        assert [(entry.laddr, entry.status) for entry in connections] == [
            (("127.0.0.1", port_of(sites)), psutil.CONN_LISTEN)
        ]


def test_the_preferred_port_is_taken_when_it_is_free_also_right_after_use() -> None:
    with Sites.start(0) as first:
        page(first.address)
    with Sites.start(port_of(first)) as second:
        assert second.address == first.address
        assert b"alpha" in page(second.address)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_foreign_listener_keeps_its_port(host: str) -> None:
    with socket.create_server((host, 0)) as foreign:
        taken = foreign.getsockname()[1]
        with Sites.start(taken) as sites:
            assert port_of(sites) != taken
            assert b"alpha" in page(sites.address)


def test_two_sites_live_side_by_side() -> None:
    with Sites.start() as one, Sites.start() as two:
        assert one.address != two.address
        assert b"alpha" in page(one.address)
        assert b"alpha" in page(two.address)


def test_stop_ends_the_process_and_may_come_twice() -> None:
    owner = psutil.Process()
    handles = owner.num_fds()
    sites = Sites.start(0)
    assert sites.running
    sites.stop()
    sites.stop()
    assert not sites.running
    assert is_gone(sites.pid)
    assert refuses(sites.address)
    assert owner.num_fds() == handles


def test_stop_does_not_wait_for_clients() -> None:
    with Sites.start(0) as sites, socket.create_connection(("127.0.0.1", port_of(sites))) as client:
        client.sendall(head("/a?hang"))
        sites.stop()
        assert is_gone(sites.pid)


def test_a_killed_server_is_noticed() -> None:
    with Sites.start(0) as sites:
        os.kill(sites.pid, signal.SIGKILL)
        wait_until(lambda: not sites.running)


@pytest.mark.parametrize("ending", ["kill", "exit"])
def test_the_server_goes_with_its_owner(ending: str) -> None:
    with started([sys.executable, "-c", OWNER]) as owner:
        address, pid = first_line(owner).split()
        assert b"alpha" in page(address)
        if ending == "kill":
            owner.kill()
        else:
            assert owner.stdin is not None
            owner.stdin.close()
        owner.wait(TIMEOUT_S)
    wait_until(lambda: is_gone(int(pid)))
    # Its first thread may be gone a moment before the one that closes the files.
    wait_until(lambda: refuses(address))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(3)", "their process ended"),
        (
            "print('http://elsewhere.example', flush=True); input()",
            "their process said 'http://elsewhere.example'",
        ),
        ("import sys; sys.stdin.read(); input()", "nothing came within 0.2 s"),
    ],
)
def test_a_failed_start_says_so_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, code: str, reason: str
) -> None:
    before = psutil.Process().children()
    monkeypatch.setattr(process, "START_TIMEOUT_S", TIMEOUT_S)
    if reason.startswith("nothing"):
        monkeypatch.setattr(process, "START_TIMEOUT_S", 0.2)
    monkeypatch.setattr(process, "_command", lambda _port: [sys.executable, "-c", code])
    with pytest.raises(SitesError, match=reason):
        Sites.start(0)
    assert psutil.Process().children() == before


def test_a_missing_interpreter_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with pytest.raises(SitesError, match="could not be started"):
        Sites.start(0)


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_is_none_is_refused(port: int) -> None:
    with pytest.raises(ValueError, match="not a port"):
        Sites.start(port)


def test_stop_ends_even_a_process_that_does_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = (
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('http://127.0.0.1:1', flush=True)\n"
        "while True: time.sleep(60)\n"
    )
    monkeypatch.setattr(process, "STOP_TIMEOUT_S", 0.05)
    monkeypatch.setattr(process, "_command", lambda _port: [sys.executable, "-c", deaf])
    sites = Sites.start(0)
    sites.stop()
    assert is_gone(sites.pid)


def test_alone_it_prints_its_address_serves_and_ends_on_an_interrupt() -> None:
    # Its input is at its end from the start: without --lifeline that does not matter.
    with started(SERVER, subprocess.DEVNULL, subprocess.PIPE) as server:
        address = first_line(server)
        assert first_line(server) == "Ctrl+C ends it."
        for raw in (b"\x16\x03\x01", head("/a?bytes=1000000000")):
            with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as client:
                client.sendall(raw)
        assert b"alpha" in page(address)
        server.send_signal(signal.SIGINT)
        assert server.communicate(timeout=TIMEOUT_S) == ("", "")


def test_a_terminal_is_no_lifeline() -> None:
    try:
        keyboard, terminal = os.openpty()
    except OSError as error:
        pytest.skip(f"this system gives out no terminals: {error} (is /dev/pts mounted?)")
    with started([*SERVER, "--lifeline"], terminal) as server:
        first_line(server)
        threads = psutil.Process(server.pid).num_threads()
    os.close(terminal)
    os.close(keyboard)
    assert threads == 1  # nobody reads the keyboard


@pytest.mark.parametrize("port", ["-1", "65536", "alpha"])
def test_a_wrong_port_is_wrong_usage(port: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "core.sites", "--port", port],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 2
    assert "--port" in done.stderr


def test_the_server_imports_nothing_of_ours_but_the_sites() -> None:
    code = "import sys, core.sites.__main__; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],  # -S: what is not standard cannot be imported
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    ours = {name for name in done.stdout.split() if name.split(".")[0] == "core"}
    others = {name for name in ours if not name.startswith("core.sites")}
    assert others <= {"core", "core.deadline", "core.no_room"}  # of the owner's side, and small
