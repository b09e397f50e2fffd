"""What the local sites answer, asked over real sockets of a real process."""

import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, IncompleteRead
from threading import Event
from time import monotonic
from typing import Final

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sites import Sites, answer, request
from core.sites.behaviour import LIMITS, Refused, parse_query

TIMEOUT_S: Final = 60.0
CROWD: Final = 64


@pytest.fixture
def sites() -> Iterator[Sites]:
    with Sites.start(0) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def get(sites: Sites, target: str, method: str = "GET", host: str | None = None) -> Answer:
    connection = HTTPConnection(*_where(sites), timeout=TIMEOUT_S)
    try:
        connection.request(method, target, headers={} if host is None else {"Host": host})
        with connection.getresponse() as response:
            return Answer(response.status, dict(response.headers), response.read())
    finally:
        connection.close()


def send(sites: Sites, raw: bytes) -> socket.socket:
    client = socket.create_connection(_where(sites), TIMEOUT_S)
    client.sendall(raw)
    return client


def ask(sites: Sites, raw: bytes) -> bytes:
    """Send ``raw`` and read until the site closes."""
    with send(sites, raw) as client, client.makefile("rb") as answers:
        return answers.read()


def head(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + TIMEOUT_S
    while not condition():
        assert monotonic() < deadline, "the condition never became true"
        Event().wait(0.01)


def is_silent(client: socket.socket) -> bool:
    """Whether nothing, not even an end, has come from the site."""
    client.setblocking(False)
    try:
        client.recv(1)
    except BlockingIOError:
        return True
    return False


def _where(sites: Sites) -> tuple[str, int]:
    host, _, port = sites.address.removeprefix("http://").partition(":")
    return host, int(port)


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


@pytest.mark.parametrize(
    "query",
    [
        "delay_ms=60001",
        "delay_ms=-1",
        "delay_ms=1.5",
        "delay_ms=",
        "delay_ms=%D9%A1",
        "delay_ms=1&delay_ms=1",
        f"bytes={'9' * 5_000}",
        "bytes=1000000001",
        "rate=0",
        "status=100",
        "status=600",
        "redirect=https",
        "redirect=101",
        "hang=0",
        "cut=yes",
        "cut&bytes=0",
        "cut&status=204",
        "delay=930",
        "=1",
        "&".join(f"x{number}" for number in range(100)),
    ],
)
def test_a_malformed_query_gets_one_sentence(sites: Sites, query: str) -> None:
    got = get(sites, f"/a?{query}")
    assert got.status == 400
    assert got.body.endswith(b".\n")
    assert got.body.count(b". ") == 0
    assert got.body.count(b"\n") == 1


@given(st.text(alphabet="abcdehilmnrstuy_=&%0123456789-;+\x00é", max_size=60))
def test_any_query_is_understood_within_its_limits_or_refused(query: str) -> None:
    try:
        asked = parse_query(query)
    except Refused as refused:
        assert refused.status == 400
        return
    assert asked.delay_ms <= LIMITS["delay_ms"][1]
    assert (asked.body_bytes or 0) <= LIMITS["bytes"][1]
    assert asked.hops <= LIMITS["redirect"][1]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "get"])
def test_only_get_is_answered(sites: Sites, method: str) -> None:
    got = get(sites, "/a", method)
    assert got.status == 405
    assert got.headers["Allow"] == "GET"
    assert b"<h1>" not in got.body


def test_a_large_post_still_sees_the_refusal(sites: Sites) -> None:
    raw = b"POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000
    assert ask(sites, raw).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8930", "LocalHost", "[::1]:1"])
def test_loopback_names_are_answered(sites: Sites, host: str) -> None:
    assert get(sites, "/a", host=host).status == 200


@pytest.mark.parametrize(
    "host", ["", "elsewhere.example", "localhost.elsewhere.example", "127.0.0.1@x", "0.0.0.0"]
)
def test_another_host_name_is_refused(sites: Sites, host: str) -> None:
    got = get(sites, "/a", host=host)
    assert got.status == 403
    assert b"<h1>" not in got.body


@pytest.mark.parametrize("hosts", [b"", b"Host: localhost\r\nHost: elsewhere.example\r\n"])
def test_no_host_name_and_two_are_refused(sites: Sites, hosts: bytes) -> None:
    assert ask(sites, b"GET /a HTTP/1.1\r\n" + hosts + b"\r\n").startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"\x00" * 100, 400),
        (b"hello\n\n", 400),
        (b"GET /a\r\n\r\n", 400),
        (b"GET /a HTTP/1.1 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET http://localhost/a HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET /a HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", 431),
    ],
)
def test_garbage_is_refused_and_survived(sites: Sites, raw: bytes, status: int) -> None:
    assert ask(sites, raw).startswith(b"HTTP/1.1 %d " % status)
    assert get(sites, "/a").status == 200


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


def test_a_request_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "HEAD_S", 0.01)
    client, site = socket.socketpair()
    with client, site:
        client.sendall(b"GET /")
        with pytest.raises(Refused) as caught:
            request.read_request(site)
    assert caught.value.status == 408


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
