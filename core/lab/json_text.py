"""JSON by the C functions behind the module ``json``.

Its own functions are Python: they look up built-in names and their own at each call, and a script
may have replaced those.
"""

from __future__ import annotations

import _json
import json
from typing import Any


def _refuse(value: object) -> None:
    raise TypeError("no JSON can be made of a %s" % type(value).__name__)


_encoder: Any = _json.make_encoder(
    None, _refuse, _json.encode_basestring_ascii, None, ":", ",", False, False, True
)
_context: Any = json.JSONDecoder()  # which says how: plainly
_scan: Any = _json.make_scanner(_context)


def encode(value: Any) -> bytes:
    """Return a value as JSON, without spaces."""
    return "".join(_encoder(value, 0)).encode("ascii")


def decode(line: bytes) -> Any:
    """Return what the JSON of a line means."""
    return _scan(line.decode("utf-8"), 0)[0]
