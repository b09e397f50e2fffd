"""What the local sites answer, asked over real sockets of a real process."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPResponse, IncompleteRead
from time import monotonic
from typing import Final

import psutil
import pytest

from core.sites import Sites, answer
from tests.core.asking import TIMEOUT_S, ask, get, head, is_silent, send
from tests.waiting import wait_until

CROWD: Final = 64


@pytest.fixture
def sites() -> Iterator[Sites]:
    with Sites.start(0) as running:
        yield running


def test_a_site_is_a_page_that_names_it(sites: Sites) -> None:
    got = get(sites, "/alpha")
    assert got.status == 200
    assert got.headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"<h1>alpha</h1>" in got.body
    assert get(sites, "/alpha").body == got.body
    assert b"<h1>/</h1>" in get(sites, "/").body


def test_a_name_is_escaped(sites: Sites) -> None:
    body = get(sites, "/%3Cscript%3E&%E6%9D%B1%E4%BA%AC").body
    assert b"<script>" not in body
    assert "<h1>&lt;script&gt;&amp;東京</h1>" in body.decode()


@pytest.mark.parametrize(
    "path",
    ["/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/core/sites/__main__.py", "//etc//"],
)
def test_a_path_is_only_ever_a_name(sites: Sites, path: str) -> None:
    raw = ask(sites, head(path))
    page = raw.partition(b"\r\n\r\n")[2]
    assert raw.startswith(b"HTTP/1.1 200 OK\r\n")
    assert page.count(b"\n") == 7
    assert page.endswith(b"<p>A local site of Futures Lab, after 0 ms.</p>\n</html>\n")


def test_an_answer_waits_for_its_delay_and_others_overtake_it(sites: Sites) -> None:
    with send(sites, head("/slow?delay_ms=60000")) as slow:
        began = monotonic()
        assert b"after 200 ms" in get(sites, "/quick?delay_ms=200").body
        assert monotonic() - began >= 0.2
        assert is_silent(slow)


def test_a_body_can_be_large_and_is_streamed(sites: Sites) -> None:
    server = psutil.Process(sites.pid)
    before = server.memory_info().rss
    with urllib.request.urlopen(
        f"{sites.address}/a?bytes=100000001", timeout=TIMEOUT_S
    ) as response:
        assert response.headers["Content-Length"] == "100000001"
        assert sum(map(len, iter(lambda: response.read(1 << 20), b""))) == 100_000_001
        assert server.memory_info().rss - before < 20_000_000


def test_a_body_can_trickle(sites: Sites) -> None:
    whole = get(sites, "/a?bytes=150").body
    began = monotonic()
    assert get(sites, "/a?bytes=150&rate=500").body == whole
    assert monotonic() - began >= 0.2
    with send(sites, head("/a?bytes=1000000&rate=10")) as client:
        wait_until(lambda: b"\r\n\r\n00" in client.recv(4_096, socket.MSG_PEEK))
        assert len(client.recv(4_096)) < 1_000


@pytest.mark.parametrize("status", [200, 204, 299, 304, 404, 500, 503])
def test_a_site_answers_with_the_status_asked_for(sites: Sites, status: int) -> None:
    got = get(sites, f"/a?status={status}&bytes=9")
    assert got.status == status
    assert len(got.body) == (0 if status in (204, 304) else 9)


@pytest.mark.parametrize("size", ["", "&bytes=1", "&bytes=999999"])
def test_a_cut_body_makes_read_raise(sites: Sites, size: str) -> None:
    whole = len(get(sites, f"/a?{size}").body)
    with (
        urllib.request.urlopen(f"{sites.address}/a?cut{size}", timeout=TIMEOUT_S) as response,
        pytest.raises(IncompleteRead) as caught,
    ):
        response.read()
    assert len(caught.value.partial) == whole // 2
    assert caught.value.expected == whole - whole // 2


def test_a_hanging_site_lets_go_when_its_client_does(sites: Sites) -> None:
    server = psutil.Process(sites.pid)
    idle = server.num_threads()
    with send(sites, head("/a?hang")) as client:
        wait_until(lambda: server.num_threads() == idle + 1)
        get(sites, "/b")
        assert is_silent(client)
    wait_until(lambda: server.num_threads() == idle)


def test_redirects_lead_to_the_site(sites: Sites) -> None:
    first = get(sites, "/a?redirect=3&status=203")
    assert (first.status, first.body) == (302, b"")
    assert first.headers["Location"] == f"{sites.address}/a?status=203&redirect=2"
    url = f"{sites.address}/a?redir%65ct=3&status=203"
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as response:
        assert response.status == 203
        assert response.url == f"{sites.address}/a?status=203"


def test_a_redirect_never_leaves_the_sites(sites: Sites) -> None:
    location = get(sites, "//elsewhere.example/%0d%0aX:y?redirect=1").headers["Location"]
    assert location == f"{sites.address}/elsewhere.example/%0D%0AX%3Ay"


@pytest.mark.parametrize("scheme", ["file", "ftp", "data"])
def test_a_redirect_can_tempt_with_another_scheme(sites: Sites, scheme: str) -> None:
    got = get(sites, f"/a?redirect={scheme}")
    assert got.status == 302
    assert got.headers["Location"].startswith(f"{scheme}:")


@pytest.mark.parametrize("redirect", ["file", "data", "100"])
def test_urllib_refuses_to_follow(sites: Sites, redirect: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{sites.address}/a?redirect={redirect}", timeout=TIMEOUT_S)
    assert caught.value.code == 302
    caught.value.close()


def test_a_request_may_come_in_pieces(sites: Sites) -> None:
    with send(sites, b"") as client:
        for byte in head("/alpha"):
            client.sendall(bytes([byte]))
        response = HTTPResponse(client)
        response.begin()
        assert b"<h1>alpha</h1>" in response.read()
        response.close()


def test_clients_that_leave_early_are_survived(sites: Sites) -> None:
    server = psutil.Process(sites.pid)
    idle = server.num_threads()
    for raw in (b"", b"GET /a", head("/a?delay_ms=60000"), head("/a?bytes=1000000000")):
        for _ in range(10):
            send(sites, raw).close()
    wait_until(lambda: server.num_threads() == idle)
    assert get(sites, "/a").status == 200


def test_a_crowd_of_clients_is_served_at_once(sites: Sites) -> None:
    server = psutil.Process(sites.pid)
    idle = server.num_threads()
    half = b"GET /unfinished HTTP/1.1\r\n"
    with ExitStack() as held, ThreadPoolExecutor(CROWD) as pool:
        for raw in (half, head("/a?delay_ms=60000")):
            for _ in range(CROWD):
                held.enter_context(send(sites, raw))
        wait_until(lambda: server.num_threads() == idle + 2 * CROWD)
        pages = pool.map(lambda number: get(sites, f"/site{number}").body, range(CROWD))
        assert [f"<h1>site{number}</h1>".encode() in page for number, page in enumerate(pages)] == [
            True
        ] * CROWD


@pytest.mark.parametrize("target", ["/a?hang", "/a?bytes=1000&rate=1000000"])
def test_no_answer_goes_on_for_ever(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    monkeypatch.setattr(answer, "LONGEST_S", 0.0)
    monkeypatch.setattr(answer, "LINGER_S", 0.0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), TIMEOUT_S)
        site, _ = listener.accept()
        with client, site, client.makefile("rb") as answers:
            client.sendall(head(target))
            answer.attend(site, "http://127.0.0.1:1")
            assert answers.read().partition(b"\r\n\r\n")[2] == b""
