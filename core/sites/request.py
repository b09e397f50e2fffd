"""Reads one request from a client, and refuses whatever the sites do not answer."""

import re
import socket
from dataclasses import dataclass
from time import monotonic
from typing import Final
from urllib.parse import unquote

from core.sites.behaviour import Behaviour, Refused, parse_query

HEAD_BYTES: Final = 16_384
HEAD_S: Final = 10.0
"""A request has this long to arrive as a whole, however many pieces it comes in."""

_END: Final = re.compile(rb"\n\r?\n")
_HOST: Final = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
_TARGET: Final = re.compile(r"/[\x21-\x7e]*")
_NOT_HTTP: Final = "This is not an HTTP request; these sites speak plain http, not https."


@dataclass(frozen=True, slots=True)
class Request:
    """An accepted request: which site, and how it shall behave."""

    site: str
    query: str
    behaviour: Behaviour


def read_request(client: socket.socket) -> Request:
    """Read and check one request.

    Raises
    ------
    Refused
        The request gets an error status.
    OSError
        The client went away.
    """
    lines = _read_head(client).decode("latin-1").replace("\r\n", "\n").split("\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise Refused(400, _NOT_HTTP)
    method, target, _version = words
    _check_host(lines[1:])
    if method != "GET":
        # An answer to HEAD has no body, so there the status alone has to say it.
        raise Refused(405, "" if method == "HEAD" else "These sites answer GET only.")
    if not _TARGET.fullmatch(target):
        raise Refused(400, "The address must begin with / and hold printable ASCII only.")
    path, _, query = target.partition("?")
    return Request(unquote(path).strip("/") or "/", query, parse_query(query))


def _read_head(client: socket.socket) -> bytes:
    head = bytearray()
    deadline = monotonic() + HEAD_S
    while True:
        searched = max(0, len(head) - 2)  # the end may have come in two pieces
        head += _receive(client, deadline)
        if not head[:1].isalpha():  # a TLS hello, for one: say so instead of waiting for more
            raise Refused(400, _NOT_HTTP)
        if end := _END.search(head, searched):
            return bytes(head[: end.start()])
        if len(head) > HEAD_BYTES:
            status = 431 if b"\n" in head else 414
            raise Refused(status, f"A request has at most {HEAD_BYTES:,} bytes; shorten it.")


def _receive(client: socket.socket, deadline: float) -> bytes:
    try:
        # Never 0, which would mean "do not block" and look like another error.
        client.settimeout(max(deadline - monotonic(), 0.001))
        piece = client.recv(4_096)
    except TimeoutError:
        raise Refused(408, f"The request did not arrive within {HEAD_S:g} s.") from None
    if not piece:
        raise ConnectionAbortedError("the client closed before its request was complete")
    return piece


def _check_host(headers: list[str]) -> None:
    """Refuse a request that came here under another name (DNS rebinding)."""
    fields = (line.partition(":") for line in headers)
    hosts = [value.strip() for name, _, value in fields if name.lower() == "host"]
    if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
        raise Refused(403, "These sites answer only as 127.0.0.1 or localhost.")
