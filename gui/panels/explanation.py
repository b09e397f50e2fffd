"""What this demo is about, what a run showed, or what went wrong and what to do."""

from html import escape
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.card import Holds
from gui.panels.claim_mark import mark
from gui.panels.icons import SIDE_PX, pixmap
from gui.panels.named import named
from gui.texts import Texts
from gui.theme import Theme


class ClaimLine(NamedTuple):
    """A claim of the tutorial, and what the newest run says about it.

    Attributes
    ----------
    sentence : str
        What the tutorial says.
    holds : {"yes", "partly", "no"} or None
        None when no run has judged it; then `verdict` and `measured` are empty.
    verdict : str
        Whether it holds, in words.
    measured : str
        What was measured.
    """

    sentence: str
    holds: Holds | None = None
    verdict: str = ""
    measured: str = ""


class ExplanationPanel(QScrollArea):
    """A heading, the claim of the tutorial and how it fared here, and a few sentences.

    An attention sign stands at the heading when something went wrong. The claim comes first, so
    that it is in sight without scrolling where there is little room.
    """

    def __init__(self, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("explanation_panel")
        self._theme = theme
        self._sign = named("attention_sign", QLabel())
        self._heading = named("explanation_heading", QLabel(wordWrap=True))
        self._heading.setTextFormat(Qt.TextFormat.PlainText)  # a name may look like markup
        self._claim = named("claim", QLabel(wordWrap=True))
        self._claim.setTextFormat(Qt.TextFormat.PlainText)
        self._mark = named("claim_mark", QLabel())
        self._verdict = named("claim_verdict", QLabel(wordWrap=True))
        self._verdict.setTextFormat(Qt.TextFormat.RichText)
        self._holds: Holds | None = None
        self._text = named("explanation", QLabel(wordWrap=True))
        self._text.setTextFormat(Qt.TextFormat.PlainText)  # a script's own words are in it
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self.set_theme(theme)
        self.set_texts(texts)
        self.show_claim(None)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self._heading.setFont(theme.font("heading"))
        for label in (self._claim, self._verdict, self._text):
            label.setFont(theme.font("text"))
        self._sign.setPixmap(pixmap("attention", theme, QColor(theme.attention)))
        self._sign.setFixedWidth(theme.px(SIDE_PX))
        self._mark.setFixedWidth(theme.px(SIDE_PX))
        self._show_mark()
        self._head.setSpacing(theme.grid())
        self._verdict_row.setSpacing(theme.grid())
        self._column.setSpacing(theme.grid(0.5))
        self.updateGeometry()

    def set_texts(self, texts: Texts) -> None:
        """Speak another language."""
        self._text.setAccessibleName(texts("explanation.name"))
        self._sign.setAccessibleName(texts("explanation.attention"))

    def show_text(self, heading: str, text: str, *, attention: bool = False) -> None:
        """Show a heading and sentences, with the attention sign or without."""
        self._heading.setText(heading)
        self._text.setText(text)
        self._sign.setVisible(attention)
        self.verticalScrollBar().setValue(0)

    def show_claim(self, claim: ClaimLine | None) -> None:
        """Show a claim and whether it holds; None shows that there is none."""
        self._holds = claim.holds if claim else None
        self._claim.setText(claim.sentence if claim else "")
        self._claim.setVisible(claim is not None)
        self._verdict.setVisible(self._holds is not None)
        self._mark.setVisible(self._holds is not None)
        if claim is not None and claim.holds is not None:
            # What was measured may hold words of the script: they are shown, not interpreted.
            verdict, measured = escape(claim.verdict), escape(claim.measured)
            self._verdict.setText(f"<b>{verdict}</b> {measured}")
            self._verdict.setAccessibleName(f"{claim.verdict} {claim.measured}")
            self._mark.setAccessibleName(claim.verdict)
            self._show_mark()

    def _show_mark(self) -> None:
        if self._holds is not None:
            self._mark.setPixmap(mark(self._holds, self._theme))

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return room for a heading, a claim of two lines, what was measured, and some of why."""
        return QSize(self._theme.px(400), self._theme.px(180))

    def _lay_out(self) -> None:
        inside = QWidget()
        self._head = QHBoxLayout()
        self._head.addWidget(self._sign)
        self._head.addWidget(self._heading, 1)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._head)
        self._verdict_row = QHBoxLayout()
        self._verdict_row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._verdict_row.addWidget(self._verdict, 1)
        self._column.addWidget(self._claim)
        self._column.addLayout(self._verdict_row)
        self._column.addWidget(self._text)
        self._column.addStretch()
        self.setWidget(inside)
