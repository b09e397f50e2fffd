"""Asking the local sites, well and badly, over real sockets."""

import socket
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Final

from core.sites import Sites

TIMEOUT_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site answered."""

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
    """Connect, send ``raw`` and hand over the connection, which the caller closes."""
    client = socket.create_connection(_where(sites), TIMEOUT_S)
    try:
        client.sendall(raw)
    except OSError:
        client.close()
        raise
    return client


def ask(sites: Sites, raw: bytes) -> bytes:
    """Send ``raw`` and read until the site closes."""
    with send(sites, raw) as client, client.makefile("rb") as answers:
        return answers.read()


def head(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


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
