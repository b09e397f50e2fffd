"""What this demo is about, what a run showed, or what went wrong and what to do."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.panels.icons import SIDE_PX, pixmap
from gui.panels.named import named
from gui.texts import Texts
from gui.theme import Theme


class ExplanationPanel(QScrollArea):
    """A heading and a few sentences; with an attention sign when something went wrong."""

    def __init__(self, theme: Theme, texts: Texts) -> None:
        super().__init__()
        self._theme = theme
        self._sign = named("attention_sign", QLabel())
        self._heading = named("explanation_heading", QLabel(wordWrap=True))
        self._text = named("explanation", QLabel(wordWrap=True))
        self._text.setTextFormat(Qt.TextFormat.PlainText)  # a script's own words are in it
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out()
        self.set_theme(theme)
        self.set_texts(texts)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._theme = theme
        self._heading.setFont(theme.font("heading"))
        self._text.setFont(theme.font("text"))
        self._sign.setPixmap(pixmap("attention", theme, QColor(theme.attention)))
        self._sign.setFixedWidth(theme.px(SIDE_PX))
        self._head.setSpacing(theme.grid())
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

    def sizeHint(self) -> QSize:  # noqa: N802 - an override
        """Return room for a heading and some four lines."""
        return QSize(self._theme.px(400), self._theme.px(128))

    def _lay_out(self) -> None:
        inside = QWidget()
        self._head = QHBoxLayout()
        self._head.addWidget(self._sign)
        self._head.addWidget(self._heading, 1)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(self._head)
        self._column.addWidget(self._text)
        self._column.addStretch()
        self.setWidget(inside)
