"""What the local sites refuse, and that nothing a client sends does them harm."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sites import Sites, request
from core.sites.behaviour import LIMITS, Refused, parse_query
from tests.core.asking import ask, get


@pytest.fixture
def sites() -> Iterator[Sites]:
    with Sites.start(0) as running:
        yield running


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
    except Refused:
        return  # as the sentence of a 400, which the test above looks at
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
    size = 8_000_000  # more than the system's buffers hold: the client is still sending
    start = f"POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n"
    assert ask(sites, start.encode() + b"x" * size).startswith(b"HTTP/1.1 405 ")


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


def test_a_request_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "HEAD_S", 0.01)
    client, site = socket.socketpair()
    with client, site:
        client.sendall(b"GET /")
        with pytest.raises(Refused) as caught:
            request.read_request(site)
    assert caught.value.status == 408
