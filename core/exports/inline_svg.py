"""SVG texts as parts of an HTML page: names of their own, and nothing that points outside."""

import re
from typing import Final
from xml.etree.ElementTree import Element, fromstring

_SVG: Final = "{http://www.w3.org/2000/svg}"
_ONLY_IN_FILES: Final = frozenset({"version", "baseProfile"})
_HERE: Final = re.compile(r"url\(#([^)]*)\)")
_CONTROL: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NO_CHARACTER: Final = re.compile("[\x80-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNS_AROUND: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls the direction of the text around it, so that a text may look like another one."""
_PICTURES: Final = 0x2400
"""Where Unicode has its pictures of the control characters."""


def printable(text: str) -> str:
    """Return a text with what no page may hold made visible: ESC by the picture of it.

    So are the characters that turn text around: a script is read as Python reads it.
    """
    text = _CONTROL.sub(_picture_of, text)
    text = _TURNS_AROUND.sub(_number_of, text)
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text)


def inline_svg(svg: str, prefix: str, name: str) -> Element:
    """Return an SVG text as an element for an HTML page.

    Parameters
    ----------
    prefix : str
        Put before each id, so that those of several pictures on a page stay apart.
    name : str
        What people who cannot see it are told it is.
    """
    root = fromstring(svg)  # noqa: S314 - our own charts, drawn a moment ago
    for element in root.iter():
        element.tag = str(element.tag).removeprefix(_SVG)
        element.text = element.text and printable(element.text)
        _adapt(element, prefix)
    root.set("role", "img")
    title = root.find("title")
    if title is None:
        title = Element("title")
        root.insert(0, title)
    title.text = name
    return root


def _adapt(element: Element, prefix: str) -> None:
    """Give names without namespaces, as HTML has it, and keep references inside the picture."""
    given = list(element.attrib.items())
    element.attrib.clear()
    for qualified, value in given:
        name = qualified.rpartition("}")[2]
        if name in _ONLY_IN_FILES or qualified.endswith("}space"):
            continue
        if name == "id":
            value = f"{prefix}{value}"
        elif name == "href" and not value.startswith("data:"):
            value = f"#{prefix}{value.removeprefix('#')}"
        element.set(name, _HERE.sub(rf"url(#{prefix}\1)", value))


def _picture_of(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2421 if code == 0x7F else _PICTURES + code)  # DEL stands last in their row


def _number_of(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"
