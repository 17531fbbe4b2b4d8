"""The application style sheet: only what the palette cannot say, for the native parts that pages use as they are.

Our own widgets paint themselves, so the sheet stays short; every rule costs time before the first paint.
"""

from __future__ import annotations

from assistant.window.palette import Colours
from assistant.window.tokens import FIELD_HEIGHT, RADIUS_CONTROL, RADIUS_SMALL, SPACE_1, SPACE_2, scaled


def style_sheet(colours: Colours, *, text_scale: float, high_contrast: bool) -> str:
    """The rules for `colours`. Radii are 0 and borders 2 in high contrast."""
    radius = 0 if high_contrast else RADIUS_CONTROL
    small = 0 if high_contrast else RADIUS_SMALL
    border = 2 if high_contrast else 1
    field = scaled(FIELD_HEIGHT, text_scale) - 2 * (border + SPACE_1)
    c = colours
    return f"""
QLineEdit, QPlainTextEdit, QTextEdit {{ background: {c.surface}; color: {c.text};
  border: {border}px solid {c.edge}; border-radius: {radius}px; padding: {SPACE_1}px {SPACE_2}px;
  selection-background-color: {c.accent}; selection-color: {c.accent_label}; }}
QLineEdit {{ min-height: {field}px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {c.accent_text};
  padding: {SPACE_1 + border - 2}px {SPACE_2 + border - 2}px; }}
QLineEdit[wrong="true"] {{ border: 2px solid {c.danger}; padding: {SPACE_1 + border - 2}px {SPACE_2 + border - 2}px; }}
QLineEdit:disabled {{ color: {c.faint}; border-color: {c.line}; }}
QToolTip {{ background: {c.surface}; color: {c.text}; border: {border}px solid {c.edge}; padding: {SPACE_1}px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {c.edge}; border-radius: {min(small, 3)}px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 32px; }}
QScrollBar::handle:horizontal {{ min-width: 32px; }}
QScrollBar::handle:hover {{ background: {c.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
"""
