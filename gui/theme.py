"""The look: one frozen `Theme` from which every colour, size and font is derived.

Nothing else in the window writes a colour or a size. Sizes are given at 100 % and
come out multiplied by the zoom, so that the whole window grows together. Colours of
modes are from the Okabe-Ito palette, which colour-blind eyes can tell apart; they are
the same in light and dark and wherever a mode is shown.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QToolTip

from gui.style_sheet import style_sheet

FontKind = Literal["note", "text", "code", "heading", "elapsed", "counter"]

TYPE_SCALE: Final[dict[FontKind, int]] = {
    "note": 10,
    "text": 12,
    "code": 13,
    "heading": 16,
    "elapsed": 28,
    "counter": 64,
}
"""Sizes in points at 100 %, see `POINT_PX`."""

POINT_PX: Final = 1.0
"""Pixels a point. Fixed, so that a picture looks the same whatever the screen says of itself.

At 100 % a whole demo (72 columns) then fits beside its charts on a projector of 1024 by 768;
larger screens begin at a larger zoom.
"""

GRID_PX: Final = 8
"""Everything sits on a grid of this many pixels at 100 %."""

MIN_ZOOM: Final = 1.0
MAX_ZOOM: Final = 2.5

SANS: Final = (
    "Inter",
    "Source Sans 3",
    "Segoe UI Variable Text",
    "Segoe UI",
    ".AppleSystemUIFont",
    "Helvetica Neue",
    "Noto Sans",
    "Cantarell",
    "Ubuntu",
)
MONO: Final = (
    "JetBrains Mono",
    "Cascadia Mono",
    "Source Code Pro",
    "SF Mono",
    "Menlo",
    "Consolas",
    "DejaVu Sans Mono",
    "Noto Sans Mono",
    "Liberation Mono",
)
JAPANESE: Final = (
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Hiragino Sans",
    "Yu Gothic UI",
    "Meiryo",
    "IPAexGothic",
)
LAST_RESORT: Final = ("DejaVu Sans", "Arial")


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as ``#RRGGBB`` and the zoom; see `LIGHT` and `DARK`."""

    name: Literal["light", "dark"]
    paper: str
    """The window."""
    surface: str
    """What is written or typed on: code, output, fields."""
    raised: str
    """Buttons."""
    pressed: str
    ink: str
    muted: str
    """Notes and axis labels: still 4.5 to 1 on paper."""
    hairline: str
    accent: str
    """Focus, links, the one thing to press next."""
    selection: str
    changed: str
    """Background of a line of code that just changed."""
    failure: str
    attention_text: str
    """Attention as text: the pure colour is too pale on paper."""
    code_keyword: str
    code_string: str
    code_number: str
    code_comment: str
    code_builtin: str
    sequential: str = "#7A7A7A"
    threads: str = "#0072B2"
    processes: str = "#D55E00"
    interpreters: str = "#009E73"
    cluster: str = "#CC79A7"
    waiting: str = "#56B4E9"
    attention: str = "#E69F00"
    zoom: float = 1.0

    def zoomed(self, zoom: float) -> "Theme":
        """Return this theme at a zoom, kept between `MIN_ZOOM` and `MAX_ZOOM`."""
        return replace(self, zoom=min(MAX_ZOOM, max(MIN_ZOOM, zoom)))

    def px(self, at_100: float) -> int:
        """Return a length in pixels, given at 100 %; never less than 1."""
        return max(1, round(at_100 * self.zoom))

    def grid(self, steps: float = 1) -> int:
        """Return a number of grid steps in pixels."""
        return self.px(steps * GRID_PX)

    def font(self, kind: FontKind) -> QFont:
        """Return a font of the type scale; its figures are tabular."""
        return QFont(_font(kind, round(TYPE_SCALE[kind] * self.zoom)))

    @property
    def mode_colours(self) -> dict[str, str]:
        """Return the colours of all modes by name."""
        return {
            "sequential": self.sequential,
            "threads": self.threads,
            "processes": self.processes,
            "interpreters": self.interpreters,
            "cluster": self.cluster,
        }

    def mode_colour(self, mode: str) -> QColor:
        """Return the colour of a mode; one that is not known looks sequential."""
        return QColor(self.mode_colours.get(mode, self.sequential))

    @property
    def value_colours(self) -> tuple[str, ...]:
        """Return colours for values that are to be told apart; a letter goes with each."""
        others = (self.sequential, self.processes, self.threads)
        return (self.attention, self.waiting, self.interpreters, self.cluster, *others)

    def softened(self, colour: QColor, share: float) -> QColor:
        """Return a colour mixed with a share (0 to 1) of the paper."""
        paper = QColor(self.paper)
        return QColor.fromRgbF(
            colour.redF() + (paper.redF() - colour.redF()) * share,
            colour.greenF() + (paper.greenF() - colour.greenF()) * share,
            colour.blueF() + (paper.blueF() - colour.blueF()) * share,
        )

    def text_on(self, background: QColor) -> QColor:
        """Return white or near-black, whichever reads better on a background."""
        candidates = [QColor("#FFFFFF"), QColor(DARK.paper)]
        return max(candidates, key=lambda colour: contrast(colour, background))

    def palette(self) -> QPalette:
        """Return an explicit palette: a colour scheme alone does nothing on some platforms."""
        return _palette(self)

    def style_sheet(self) -> str:
        """Return the style sheet of the whole application (on the Fusion style)."""
        return style_sheet(self)


LIGHT: Final = Theme(
    name="light",
    paper="#FBFAF7",
    surface="#FFFFFF",
    raised="#F1EEE7",
    pressed="#E4E0D6",
    ink="#1F2328",
    muted="#5F646B",
    hairline="#D9D6CF",
    accent="#0072B2",
    selection="#D3E7F3",
    changed="#FFEFC2",
    failure="#4A1216",
    attention_text="#8F5B00",
    code_keyword="#0A5A8C",
    code_string="#4C6A1C",
    code_number="#9C4300",
    code_comment="#6F6B62",
    code_builtin="#6D4A88",
)

DARK: Final = Theme(
    name="dark",
    paper="#16181D",
    surface="#1D2026",
    raised="#272A31",
    pressed="#31353E",
    ink="#E8E6E1",
    muted="#A2A5AA",
    hairline="#33363D",
    accent="#56B4E9",
    selection="#19394E",
    changed="#3A2F0E",
    failure="#F2CDC8",
    attention_text="#F0B43C",
    code_keyword="#7CC0EA",
    code_string="#B3CB83",
    code_number="#F0A36B",
    code_comment="#A39F96",
    code_builtin="#C6A6DE",
)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole application; charts and panels get the theme by ``set_theme``."""
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(theme.palette())
    app.setFont(theme.font("text"))
    QToolTip.setFont(theme.font("text"))
    app.setStyleSheet(theme.style_sheet())


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2, relative luminance)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    channels = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@cache
def _families(kind: Literal["sans", "mono"]) -> list[str]:
    """Return the families of this machine to try, best first; Japanese always among them."""
    present = set(QFontDatabase.families())
    latin = MONO if kind == "mono" else SANS
    chosen = [family for family in latin if family in present][:1]
    japanese = [family for family in JAPANESE if family in present]
    others = [family for family in LAST_RESORT if family in present]
    return chosen + japanese + others


@cache
def _font(kind: FontKind, pixels: int) -> QFont:
    font = QFont(_families("mono" if kind == "code" else "sans"))
    font.setPixelSize(pixels)
    if kind == "code":
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFixedPitch(True)
    if kind in ("heading", "elapsed", "counter"):
        font.setWeight(QFont.Weight.DemiBold)
    font.setFeature(QFont.Tag("tnum"), 1)  # digits that all have one width: numbers do not dance
    return font


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.paper,
        role.WindowText: theme.ink,
        role.Base: theme.surface,
        role.AlternateBase: theme.raised,
        role.Text: theme.ink,
        role.Button: theme.raised,
        role.ButtonText: theme.ink,
        role.BrightText: theme.paper,
        role.PlaceholderText: theme.muted,
        role.ToolTipBase: theme.surface,
        role.ToolTipText: theme.ink,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.ink,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Accent: theme.accent,
        role.Light: theme.surface,
        role.Midlight: theme.raised,
        role.Mid: theme.hairline,
        role.Dark: theme.muted,
        role.Shadow: theme.hairline,
    }
    palette = QPalette()
    for each, colour in colours.items():
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.muted))
    return palette
