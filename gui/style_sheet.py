"""The style sheet of the application: what Fusion and the palette leave to be said.

It sets no fonts but one (a style sheet's font would win over `QWidget.setFont`) and no colour
of its own: all of them come from the theme. Widgets are addressed by class, and the few
that differ (mode buttons, Run) by the names of the window's contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from gui.theme_images import image_url

if TYPE_CHECKING:
    from gui.theme import Theme


def style_sheet(theme: Theme) -> str:
    """Return the whole style sheet for a theme at its zoom."""
    parts = (_surfaces, _buttons, _mode_buttons, _run_button, _fields, _spin_and_combo, _lists)
    more = (_menus, _sliders, _checks, _scroll_bars, _progress, _tabs)
    return "\n".join(part(theme) for part in parts + more)


def _surfaces(theme: Theme) -> str:
    return f"""
QMainWindow, QDialog {{ background: {theme.paper}; }}
QToolTip {{
    background: {theme.surface}; color: {theme.ink};
    border: {theme.px(1)}px solid {theme.hairline}; padding: {theme.grid()}px;
}}
QSplitter::handle {{ background: {theme.hairline}; }}
QSplitter::handle:horizontal {{ width: {theme.px(1)}px; margin: 0 {theme.px(3)}px; }}
QSplitter::handle:vertical {{ height: {theme.px(1)}px; margin: {theme.px(3)}px 0; }}
QSplitter::handle:hover, QSplitter::handle:pressed {{ background: {theme.accent}; }}
QStatusBar {{ background: {theme.paper}; color: {theme.muted}; }}
QStatusBar::item {{ border: none; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea#explanation_panel {{ border: {theme.px(1)}px solid transparent; }}
QScrollArea#explanation_panel:focus {{ border-color: {theme.accent}; }}
QLabel {{ background: transparent; }}
"""


def _buttons(theme: Theme) -> str:
    line, rim = theme.px(1), theme.px(2)
    return f"""
QPushButton, QToolButton {{
    background: {theme.raised}; color: {theme.ink};
    border: {line}px solid {theme.hairline}; border-radius: {theme.px(6)}px;
    padding: {theme.px(6)}px {theme.px(14)}px;
}}
QToolButton {{ padding: {theme.px(6)}px; }}
QToolButton[popupMode="2"] {{ padding: 0 {theme.px(20)}px 0 {theme.px(6)}px; }}
QPushButton:hover, QToolButton:hover {{ border-color: {theme.muted}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {theme.pressed}; }}
QPushButton:checked, QToolButton:checked {{
    background: {theme.selection}; border-color: {theme.accent};
}}
QPushButton:focus, QToolButton:focus {{
    border: {rim}px solid {theme.accent};
    padding: {theme.px(6) - rim + line}px {theme.px(14) - rim + line}px;
}}
QToolButton:focus {{ padding: {theme.px(6) - rim + line}px; }}
QPushButton:disabled, QToolButton:disabled {{
    background: {theme.paper}; color: {theme.muted}; border-color: {theme.hairline};
}}
QPushButton:flat, QToolButton[autoRaise="true"] {{
    background: transparent; border-color: transparent;
}}
QPushButton:flat:hover, QToolButton[autoRaise="true"]:hover {{ background: {theme.raised}; }}
QToolButton::menu-indicator, QPushButton::menu-indicator {{
    image: url({image_url("down", theme.muted)});
    width: {theme.px(12)}px; height: {theme.px(12)}px;
    subcontrol-origin: padding; subcontrol-position: center right; right: {theme.px(4)}px;
}}
"""


def _mode_buttons(theme: Theme) -> str:
    rules = (_mode_button(theme, mode, colour) for mode, colour in theme.mode_colours.items())
    return "\n".join(rules)


def _mode_button(theme: Theme, mode: str, colour: str) -> str:
    """Unchecked, a mode's button is underlined in its colour; checked, it is filled with it."""
    button = f"QAbstractButton#mode_{mode}"
    text = theme.text_on(QColor(colour)).name()
    return f"""
{button} {{ border-bottom: {theme.px(3)}px solid {colour}; }}
{button}:checked {{ background: {colour}; color: {text}; border-color: {colour}; }}
{button}:checked:focus {{ border-color: {theme.ink}; }}
{button}:disabled {{ border-bottom-color: {theme.hairline}; }}
{button}:checked:disabled {{
    background: {theme.raised}; color: {theme.muted}; border-color: {colour};
}}
"""


def _run_button(theme: Theme) -> str:
    """Run is the one accent of the window; Stop is quiet until the pointer is on it."""
    text = theme.text_on(QColor(theme.accent)).name()
    return f"""
QAbstractButton#run_button {{
    background: {theme.accent}; color: {text}; border-color: {theme.accent};
}}
QAbstractButton#run_button:hover, QAbstractButton#run_button:focus {{
    border-color: {theme.ink};
}}
QAbstractButton#run_button:pressed {{ background: {theme.ink}; color: {theme.paper}; }}
QAbstractButton#run_button:disabled {{
    background: {theme.paper}; color: {theme.muted}; border-color: {theme.hairline};
}}
QAbstractButton#stop_button:hover:enabled {{ border-color: {theme.attention}; }}
"""


def _fields(theme: Theme) -> str:
    line, rim = theme.px(1), theme.px(2)
    kinds = ("QLineEdit", "QAbstractSpinBox", "QComboBox", "QPlainTextEdit", "QTextEdit")
    every, focused, disabled = (
        ", ".join(kind + state for kind in kinds) for state in ("", ":focus", ":disabled")
    )
    return f"""
{every} {{
    background: {theme.surface}; color: {theme.ink};
    border: {line}px solid {theme.hairline}; border-radius: {theme.px(6)}px;
    padding: {theme.px(4)}px {theme.px(6)}px;
    selection-background-color: {theme.selection}; selection-color: {theme.ink};
}}
{focused} {{
    border: {rim}px solid {theme.accent};
    padding: {theme.px(4) - rim + line}px {theme.px(6) - rim + line}px;
}}
{disabled} {{ background: {theme.paper}; color: {theme.muted}; }}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{
    background: transparent; border: none; padding: 0;
}}
"""


def _spin_and_combo(theme: Theme) -> str:
    # Numbers stand at the right, by the arrows: with styled arrows Qt ignores the left padding.
    up, down = image_url("up", theme.muted), image_url("down", theme.muted)
    return f"""
QAbstractSpinBox {{
    padding-right: {theme.px(22)}px; qproperty-alignment: 'AlignRight | AlignVCenter';
}}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    subcontrol-origin: padding; width: {theme.px(20)}px; border: none;
    background: transparent; border-radius: {theme.px(4)}px;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{
    background: {theme.raised};
}}
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed {{
    background: {theme.pressed};
}}
QAbstractSpinBox::up-arrow {{ image: url({up}); }}
QAbstractSpinBox::down-arrow {{ image: url({down}); }}
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow {{
    width: {theme.px(12)}px; height: {theme.px(12)}px;
}}
QComboBox {{ padding-right: {theme.px(24)}px; }}
QComboBox::drop-down {{
    subcontrol-origin: padding; subcontrol-position: center right;
    width: {theme.px(22)}px; border: none; background: transparent;
}}
QComboBox::down-arrow {{
    image: url({down}); width: {theme.px(14)}px; height: {theme.px(14)}px;
}}
QComboBox QAbstractItemView {{
    background: {theme.surface}; color: {theme.ink}; outline: none;
    border: {theme.px(1)}px solid {theme.hairline};
    selection-background-color: {theme.selection}; selection-color: {theme.ink};
}}
"""


def _lists(theme: Theme) -> str:
    # The font size is what makes a list lay out its rows again once it knows this sheet: without
    # it rows keep the height of an unstyled row, and their padding overlaps the next row.
    return f"""
QListView, QTreeView, QTableView {{
    background: transparent; color: {theme.ink}; border: none; outline: none;
    font-size: {theme.font("text").pixelSize()}px;
}}
QListView::item, QTreeView::item {{
    padding: {theme.px(6)}px {theme.grid()}px; border-radius: {theme.px(6)}px;
    border: {theme.px(1)}px solid transparent;
}}
QListView::item:hover, QTreeView::item:hover {{ background: {theme.raised}; }}
QListView::item:selected, QTreeView::item:selected {{
    background: {theme.selection}; color: {theme.ink};
}}
QListView::item:selected:focus, QTreeView::item:selected:focus {{ border-color: {theme.accent}; }}
QListView::item:disabled {{ color: {theme.muted}; }}
QHeaderView::section {{
    background: {theme.paper}; color: {theme.muted}; border: none;
    border-bottom: {theme.px(1)}px solid {theme.hairline};
    padding: {theme.px(4)}px {theme.grid()}px;
}}
"""


def _menus(theme: Theme) -> str:
    return f"""
QMenuBar {{ background: {theme.paper}; color: {theme.ink}; }}
QMenuBar::item {{
    padding: {theme.px(4)}px {theme.grid()}px; border-radius: {theme.px(4)}px;
    background: transparent;
}}
QMenuBar::item:selected {{ background: {theme.raised}; }}
QMenu {{
    menu-scrollable: 1;
    background: {theme.surface}; color: {theme.ink};
    border: {theme.px(1)}px solid {theme.hairline}; padding: {theme.px(4)}px;
}}
QMenu::item {{
    padding: {theme.px(6)}px {theme.grid(3)}px; border-radius: {theme.px(4)}px;
}}
QMenu::item:selected {{ background: {theme.selection}; }}
QMenu::item:disabled {{ color: {theme.muted}; }}
QMenu::separator {{
    height: {theme.px(1)}px; background: {theme.hairline}; margin: {theme.px(4)}px;
}}
QMenu::indicator {{ width: {theme.px(14)}px; height: {theme.px(14)}px; left: {theme.px(6)}px; }}
QMenu::right-arrow {{
    image: url({image_url("right", theme.muted)});
    width: {theme.px(14)}px; height: {theme.px(14)}px; right: {theme.px(4)}px;
}}
QMenu::indicator:checked {{ image: url({image_url("tick", theme.accent)}); }}
"""


def _sliders(theme: Theme) -> str:
    groove, handle = theme.px(4), theme.px(16)
    out = (handle - groove) // 2
    round_ = (groove + 2 * out) // 2  # a radius of more than half the height would be ignored
    return f"""
QSlider:horizontal {{ min-height: {handle + theme.px(4)}px; }}
QSlider::groove:horizontal {{
    height: {groove}px; border-radius: {groove // 2}px; background: {theme.hairline};
}}
QSlider::sub-page:horizontal {{ border-radius: {groove // 2}px; background: {theme.accent}; }}
QSlider::handle:horizontal {{
    width: {handle}px; height: {handle}px; margin: -{out}px 0;
    border-radius: {round_}px; background: {theme.accent};
}}
QSlider::handle:horizontal:focus {{ border: {theme.px(2)}px solid {theme.ink}; }}
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled {{
    background: {theme.muted};
}}
"""


def _checks(theme: Theme) -> str:
    tick = image_url("tick", theme.text_on(QColor(theme.accent)).name())
    dot = image_url("dot", theme.text_on(QColor(theme.accent)).name())
    size = theme.px(16)
    return f"""
QCheckBox, QRadioButton {{ spacing: {theme.grid()}px; background: transparent; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: {size}px; height: {size}px; background: {theme.surface};
    border: {theme.px(1)}px solid {theme.muted};
}}
QCheckBox::indicator {{ border-radius: {theme.px(4)}px; }}
QRadioButton::indicator {{ border-radius: {size // 2 + theme.px(1)}px; }}
QCheckBox::indicator:checked, QRadioButton::indicator:checked {{
    background: {theme.accent}; border-color: {theme.accent};
}}
QCheckBox::indicator:checked {{ image: url({tick}); }}
QRadioButton::indicator:checked {{ image: url({dot}); }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{
    background: {theme.raised}; border-color: {theme.hairline};
}}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{
    border: {theme.px(2)}px solid {theme.accent};
}}
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus {{
    border-color: {theme.ink};
}}
"""


def _scroll_bars(theme: Theme) -> str:
    wide, thumb = theme.px(12), theme.px(28)
    return f"""
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {wide}px; }}
QScrollBar:horizontal {{ height: {wide}px; }}
QScrollBar::handle {{
    background: {theme.hairline}; border-radius: {theme.px(3)}px; margin: {theme.px(3)}px;
}}
QScrollBar::handle:vertical {{ min-height: {thumb}px; }}
QScrollBar::handle:horizontal {{ min-width: {thumb}px; }}
QScrollBar::handle:hover {{ background: {theme.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
"""


def _progress(theme: Theme) -> str:
    return f"""
QProgressBar {{
    background: {theme.raised}; color: {theme.ink}; text-align: center;
    border: none; border-radius: {theme.px(4)}px;
}}
QProgressBar::chunk {{ background: {theme.accent}; border-radius: {theme.px(4)}px; }}
"""


def _tabs(theme: Theme) -> str:
    return f"""
QTabWidget::pane {{ border: none; border-top: {theme.px(1)}px solid {theme.hairline}; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{
    background: transparent; color: {theme.muted}; border: none;
    border-bottom: {theme.px(2)}px solid transparent;
    padding: {theme.px(6)}px {theme.grid(1.5)}px;
}}
QTabBar::tab:hover {{ color: {theme.ink}; }}
QTabBar::tab:selected {{ color: {theme.ink}; border-bottom-color: {theme.accent}; }}
QTabBar::tab:focus {{ border-bottom-color: {theme.ink}; }}
"""
