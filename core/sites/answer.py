"""Answers one client: the page of a site, in the way the query asked for."""

import html
import socket
from http import HTTPStatus
from time import monotonic
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from core.sites.behaviour import WITHOUT_BODY, Behaviour, Refused
from core.sites.request import Request, read_request

LONGEST_S: Final = 600.0
"""No client keeps its thread for longer, whatever it asked for."""
SEND_S: Final = 30.0
"""A client that takes no piece of its answer for so long counts as gone."""
LINGER_S: Final = 5.0
"""A client has this long to take the end of its answer and to close."""

_HTML: Final = "text/html; charset=utf-8"
_TEXT: Final = "text/plain; charset=utf-8"
_STATUSES: Final = frozenset(HTTPStatus)

_LINE: Final = b"".join(b"%02d" % number for number in range(31)) + b".\n"
_FILLER: Final = _LINE * 1_024  # 64 KiB: large enough to be fast, small enough to stay smooth


def attend(client: socket.socket, address: str) -> None:
    """Read one request from ``client`` and answer it; the caller closes.

    Parameters
    ----------
    client
        A connection just accepted.
    address
        Where these sites are, for redirects: ``http://127.0.0.1:8930``.

    Raises
    ------
    OSError
        The client went away, or took too long.
    """
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a trickle, not gushes
    try:
        request = read_request(client)
    except Refused as refused:
        _refuse(client, refused)
    else:
        _behave(client, request, address)
    _part(client)


def _refuse(client: socket.socket, refused: Refused) -> None:
    body = f"{refused.sentence}\n".encode() if refused.sentence else b""
    extra = ("Allow: GET",) if refused.status == HTTPStatus.METHOD_NOT_ALLOWED else ()
    _send_head(client, refused.status, _TEXT, len(body), extra)
    client.sendall(body)


def _behave(client: socket.socket, request: Request, address: str) -> None:
    how = request.behaviour
    if how.foreign or how.hops:
        location = how.foreign or _next_stop(request, address)
        _send_head(client, HTTPStatus.FOUND, _TEXT, 0, (f"Location: {location}",))
    elif how.hang:
        _stays(client, LONGEST_S)
    elif _stays(client, how.delay_ms / 1_000):
        _send_site(client, request.site, how)


def _next_stop(request: Request, address: str) -> str:
    asked = parse_qsl(request.query, keep_blank_values=True)
    rest = [(name, value) for name, value in asked if name != "redirect"]
    if request.behaviour.hops > 1:
        rest.append(("redirect", str(request.behaviour.hops - 1)))
    # Built from our own address: a path like //elsewhere must not become another host.
    url = f"{address}/{quote(request.site.strip('/'))}"
    return f"{url}?{urlencode(rest)}" if rest else url


def _send_site(client: socket.socket, site: str, how: Behaviour) -> None:
    if how.body_bytes is None:
        content = _page(site, how)
        kind, length = _HTML, len(content)
    else:
        content, kind, length = _FILLER, _TEXT, how.body_bytes
    if how.status in WITHOUT_BODY:
        length = 0
    _send_head(client, how.status, kind, length)
    _send_body(client, content, length // 2 if how.cut else length, how.rate_bytes_per_s)


def _page(site: str, how: Behaviour) -> bytes:
    name = html.escape(site)
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{name}</title>\n'
        f"<h1>{name}</h1>\n<p>A local site of Futures Lab, after {how.delay_ms} ms.</p>\n</html>\n"
    ).encode()


def _send_head(
    client: socket.socket, status: int, kind: str, length: int, extra: tuple[str, ...] = ()
) -> None:
    phrase = HTTPStatus(status).phrase if status in _STATUSES else "Unnamed"
    lines = [
        f"HTTP/1.1 {status} {phrase}",
        f"Content-Type: {kind}",
        *(() if status in WITHOUT_BODY else (f"Content-Length: {length}",)),
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
        *extra,
    ]
    client.settimeout(SEND_S)
    client.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))


def _send_body(client: socket.socket, content: bytes, length: int, rate: int | None) -> None:
    """Send ``length`` bytes of ``content`` repeated, at most ``rate`` of them a second."""
    view = memoryview(content)
    piece_bytes = max(1, rate // 10) if rate else len(view)
    started = monotonic()
    sent = 0
    while sent < length and monotonic() - started < LONGEST_S:
        begin = sent % len(view)
        piece = view[begin : begin + min(piece_bytes, length - sent)]
        client.settimeout(SEND_S)
        client.sendall(piece)
        sent += len(piece)
        if rate and not _stays(client, started + sent / rate - monotonic()):
            return


def _stays(client: socket.socket, seconds: float) -> bool:
    """Wait so long, reading and dropping what comes; False when the client has gone."""
    deadline = monotonic() + seconds
    while (left := deadline - monotonic()) > 0:
        client.settimeout(left)
        try:
            if not client.recv(4_096):
                return False
        except TimeoutError:
            break
    return True


def _part(client: socket.socket) -> None:
    # Closing with unread bytes of the client's would reset the connection, and the reset
    # overtakes the answer: the client would see an error instead of, say, the 405.
    client.shutdown(socket.SHUT_WR)
    _stays(client, LINGER_S)
