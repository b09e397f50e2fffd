"""A report as one HTML file: data in, text out.

Nothing in the file is loaded from anywhere, and nothing in it runs; a policy in its head forbids
both besides. The page is built as a tree, so every text is escaped, whatever a script printed.
What it says comes from outside, in one language; the pictures are SVG texts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from core.exports.inline_svg import inline_svg, printable
from core.exports.problems import MOST_BYTES
from core.exports.target import whole_file

STYLE: Final = Path(__file__).resolve().parents[2] / "resources" / "report.css"

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a browser may do with the file: apply its style, and show images that are in it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: what people who cannot see it are told, and the text of its SVG."""

    name: str
    svg: str


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers: a row of headings, and rows as long; the first cell of a row names it."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    pictures: tuple[Picture, ...] = ()
    """Charts of these numbers."""


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """A claim of the tutorial, whether it holds here, and what was measured."""

    sentence: str
    holds: Literal["yes", "partly", "no", ""]
    """Empty when no run has judged it."""
    verdict: str
    measured: str


@dataclass(frozen=True, slots=True)
class RunPart:
    """One run: what it showed, in sentences and charts."""

    heading: str
    sentences: str
    attention: bool
    """Whether it went wrong."""
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Everything about one demo."""

    title: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    """Names and values: the Python, the knobs."""
    claims: tuple[ClaimPart, ...]
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]
    runs: tuple[RunPart, ...]
    script_heading: str
    script: str


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes
    ----------
    language : str
        In which everything is said (``"en"``).
    facts : tuple of pairs
        Names and values: when it was made, on what machine.
    contents : str
        The heading of the list of sections.
    """

    language: str
    title: str
    facts: tuple[tuple[str, str], ...]
    contents: str
    sections: tuple[Section, ...]


def page(report: Report) -> str:
    """Return the text of the HTML file."""
    root = Element("html", lang=report.language)
    _head(root, report)
    body = SubElement(root, "body")
    main = SubElement(body, "main")
    _text(main, "h1", report.title)
    _facts(main, report.facts)
    if len(report.sections) > 1:
        _contents(main, report)
    numbers = iter(range(1, 1_000_000))
    for place, section in enumerate(report.sections, start=1):
        _section(main, f"demo-{place}", section, numbers)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def save(report: Report, path: Path, most_bytes: int = MOST_BYTES) -> None:
    """Write the report to a file.

    Raises
    ------
    core.exports.ExportProblem
        It cannot be written there, or would take more than ``most_bytes``.
    """
    content = page(report).encode()
    with whole_file(path, most_bytes) as stream:
        stream.write(content)


def _head(root: Element, report: Report) -> None:
    head = SubElement(root, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    _text(head, "title", report.title)
    SubElement(head, "style").text = STYLE.read_text(encoding="utf-8")


def _contents(parent: Element, report: Report) -> None:
    nav = SubElement(parent, "nav")
    _text(nav, "h2", report.contents)
    entries = SubElement(nav, "ol")
    for place, section in enumerate(report.sections, start=1):
        _text(SubElement(entries, "li"), "a", section.title, href=f"#demo-{place}")


def _section(parent: Element, name: str, section: Section, numbers: Iterator[int]) -> None:
    part = SubElement(parent, "section", id=name)
    _text(part, "h2", section.title)
    _text(part, "p", section.summary)
    for claim in section.claims:
        _claim(part, claim)
    _facts(part, section.facts)
    for table in section.tables:
        _table(part, table)
        for picture in table.pictures:
            _picture(part, picture, numbers)
    for picture in section.pictures:
        _picture(part, picture, numbers)
    for run in section.runs:
        _run(part, run, numbers)
    _text(part, "h3", section.script_heading)
    _text(SubElement(part, "pre"), "code", "\n".join(section.script.splitlines()))


def _claim(parent: Element, claim: ClaimPart) -> None:
    block = SubElement(parent, "blockquote")
    _text(block, "p", claim.sentence)
    verdict = SubElement(block, "p", {"class": f"holds {claim.holds or 'open'}"})
    _text(verdict, "strong", claim.verdict).tail = printable(f" {claim.measured}")


def _run(parent: Element, run: RunPart, numbers: Iterator[int]) -> None:
    _text(parent, "h3", run.heading)
    if run.sentences:
        _text(parent, "p", run.sentences, **({"class": "attention"} if run.attention else {}))
    for picture in run.pictures:
        _picture(parent, picture, numbers)


def _picture(parent: Element, picture: Picture, numbers: Iterator[int]) -> None:
    figure = SubElement(parent, "figure")
    figure.append(inline_svg(picture.svg, f"picture{next(numbers)}-", printable(picture.name)))


def _facts(parent: Element, facts: tuple[tuple[str, str], ...]) -> None:
    if facts:
        entries = SubElement(parent, "dl")
        for name, value in facts:
            entry = SubElement(entries, "div")
            _text(entry, "dt", name)
            _text(entry, "dd", value)


def _table(parent: Element, table: Table) -> None:
    whole = SubElement(SubElement(parent, "div", {"class": "wide"}), "table")
    _text(whole, "caption", table.caption)
    heads = SubElement(SubElement(whole, "thead"), "tr")
    for head in table.heads:
        _text(heads, "th", head, scope="col")
    body = SubElement(whole, "tbody")
    for name, *cells in table.rows:
        row = SubElement(body, "tr")
        _text(row, "th", name, scope="row")
        for cell in cells:
            _text(row, "td", cell)


def _text(parent: Element, name: str, text: str, **attributes: str) -> Element:
    element = SubElement(parent, name, attributes)
    element.text = printable(text)
    return element
