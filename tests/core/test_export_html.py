"""The page of a report: escaped, self-contained, valid; no Qt."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.exports import ExportProblem
from core.exports.html import (
    ClaimPart,
    Picture,
    Report,
    RunPart,
    Section,
    Table,
    page,
    save,
)
from core.exports.inline_svg import inline_svg, printable

SVG = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<svg width="10" height="10" viewBox="0 0 10 10" xmlns="http://www.w3.org/2000/svg"
 xmlns:xlink="http://www.w3.org/1999/xlink" version="1.2" baseProfile="tiny">
<defs><pattern id="dots"><rect width="1" height="1"/></pattern></defs>
<rect fill="url(#dots)" width="5" height="5"/><use xlink:href="#dots"/>
<text xml:space="preserve">a &lt; b</text></svg>"""

BAD = "</script><b onclick='x'>&\x1b\x00\ud800</pre>"


def report_with(text: str) -> Report:
    picture = Picture(text, SVG)
    section = Section(
        title=text,
        summary=text,
        facts=((text, text),),
        claims=(ClaimPart(text, "partly", text, text), ClaimPart(text, "", text, "")),
        tables=(Table(text, (text, text), ((text, text),)),),
        pictures=(picture,),
        runs=(RunPart(text, text, True, (picture, picture)),),
        script_heading=text,
        script=f"{text}\n{text}",
    )
    return Report("en", text, ((text, text),), text, (section, section))


def body_of(text: str) -> ElementTree.Element:
    """Return the body read as XML, which it is too: it has no empty HTML elements."""
    return ElementTree.fromstring(text[text.index("<body>") : text.index("</html>")])


def test_every_text_is_escaped_wherever_it_stands() -> None:
    text = page(report_with(BAD))
    shown = "".join(body_of(text).itertext())
    # 22 texts in each of the two sections, 6 above them: each is there, and none became markup.
    assert shown.count("</script><b onclick='x'>&␛␀�</pre>") == 2 * 22 + 6
    assert "<b" not in re.sub("<(body|blockquote)", "", text)
    assert "</script>" not in text
    assert text.count("<pre>") == text.count("</pre>") == 2
    text.encode()


def test_pictures_on_one_page_keep_their_names_apart() -> None:
    body = body_of(page(report_with("x")))
    ids = [each.get("id") for each in body.iter("pattern")]
    fills = [each.get("fill") for each in body.iter("rect") if each.get("fill")]
    uses = [each.get("href") for each in body.iter("use")]
    assert len(set(ids)) == len(ids) == 6
    assert fills == [f"url(#{name})" for name in ids]
    assert uses == [f"#{name}" for name in ids]


def test_nothing_in_a_page_points_outside() -> None:
    text = page(report_with("x"))
    assert "http" not in text.replace("http-equiv", "")
    assert "default-src 'none'" in text
    style = text[text.index("<style>") : text.index("</style>")]
    assert not re.search(r"url\(|@import|expression", style)


def test_a_picture_tells_its_name_to_those_who_cannot_see_it() -> None:
    svg = inline_svg(SVG, "p-", "Timeline")
    assert (svg.tag, svg.get("role"), svg.findtext("title")) == ("svg", "img", "Timeline")
    assert not {"version", "baseProfile"} & set(svg.attrib)


def test_one_section_needs_no_contents() -> None:
    whole = report_with("x")
    assert "<nav>" in page(whole)
    assert "<nav>" not in page(replace(whole, sections=whole.sections[:1]))


def test_characters_that_no_page_may_hold_are_made_visible() -> None:
    assert printable("a\tb\nc\x07\x7f\x85\ufffe語") == "a\tb\nc␇␡��語"


def test_characters_that_turn_text_around_are_made_visible() -> None:
    hidden = "\u202e} \u2066if admin\u2069"
    shown = "[U+202E]} [U+2066]if admin[U+2069]"
    assert printable(hidden) == shown
    assert printable("\u05e9\u05dc\u05d5\u05dd") == "\u05e9\u05dc\u05d5\u05dd"  # Hebrew needs none
    assert inline_svg(SVG.replace("a &lt; b", hidden), "p-", "x").findtext("text") == shown


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    save(report_with("x"), tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == page(report_with("x"))
    with pytest.raises(ExportProblem, match="No such file"):
        save(report_with("x"), tmp_path / "no" / "a.html")
