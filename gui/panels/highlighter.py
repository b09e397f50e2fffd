"""Colours for Python code: Pygments finds the words, the theme says how they look."""

from collections import defaultdict
from typing import Final, NamedTuple

from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from gui.theme import Theme

MAX_CHARACTERS: Final = 30_000
"""Longer scripts stay plain: each key pressed reads the whole script again."""

_PLAIN, _INSIDE = 0, 1
"""States of a line's end. Qt looks at the next line again only when this changes."""


class Span(NamedTuple):
    """A stretch of one line that looks alike, in UTF-16 units as Qt counts."""

    start: int
    length: int
    kind: _TokenType


class PythonHighlighter(QSyntaxHighlighter):
    """Colours a document as Python.

    A line alone does not tell whether it stands inside a string of many lines, so the whole
    document is read, once for each of its revisions.
    """

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._lexer = PythonLexer(stripnl=False, ensurenl=False)
        self._revision = -1
        self._spans: dict[int, list[Span]] = {}
        self._continued: set[int] = set()
        self._formats: dict[_TokenType, QTextCharFormat] = {}
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        colours = {
            Keyword: theme.code_keyword,
            Operator.Word: theme.code_keyword,
            String: theme.code_string,
            Number: theme.code_number,
            Comment: theme.code_comment,
            Name.Builtin: theme.code_builtin,
        }
        self._formats = {kind: _format(colour) for kind, colour in colours.items()}
        self.rehighlight()

    def highlightBlock(self, _text: str) -> None:  # noqa: N802 - an override
        """Colour one line; Qt asks for those that changed."""
        if self._revision != self.document().revision():
            self._read()
        line = self.currentBlock().blockNumber()
        for span in self._spans.get(line, ()):
            self.setFormat(span.start, span.length, self._formats[span.kind])
        self.setCurrentBlockState(_INSIDE if line in self._continued else _PLAIN)

    def _read(self) -> None:
        self._revision = self.document().revision()
        text = self.document().toPlainText()
        tokens = self._lexer.get_tokens(text) if len(text) <= MAX_CHARACTERS else ()
        spans: dict[int, list[Span]] = defaultdict(list)
        self._continued = set()
        line = column = 0
        for kind, value in tokens:
            known = self._known(kind)
            for index, piece in enumerate(value.split("\n")):
                if index:
                    if known is not None:
                        self._continued.add(line)
                    line, column = line + 1, 0
                length = len(piece.encode("utf-16-le")) // 2
                if known is not None and length:
                    spans[line].append(Span(column, length, known))
                column += length
        self._spans = dict(spans)

    def _known(self, kind: _TokenType | None) -> _TokenType | None:
        """Return the nearest kind that has a colour: a docstring is a string."""
        while kind is not None and kind not in self._formats:
            kind = kind.parent
        return kind


def _format(colour: str) -> QTextCharFormat:
    format_ = QTextCharFormat()
    format_.setForeground(QColor(colour))
    return format_
