"""Where everything stands within one row of the list: in columns, or all under each other where it is narrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect

from assistant.window.theme import Theme
from assistant.window.tokens import BUTTON_HEIGHT, ICON_CONTROL, SPACE_1, SPACE_2, SPACE_3, SPACE_4, TypeRole

NARROW_BELOW: Final = 760
"""Under this width, at 100 % text size, what stands side by side goes underneath."""
_CHECKED: Final = 144
_NAME_SHARE: Final = 0.46


@dataclass(frozen=True, slots=True)
class Cells:
    """The places of one row's parts. `checked_on` is empty where one place holds both words and date."""

    name: QRect
    kind: QRect
    sign: QRect
    state: QRect
    detail: QRect
    checked: QRect
    checked_on: QRect
    act: QRect
    more: QRect


def is_narrow(width: int, theme: Theme) -> bool:
    """Whether a row of `width` has no room for columns."""
    return width < theme.px(NARROW_BELOW)


def row_height(width: int, theme: Theme) -> int:
    """The height of a row of `width`, without a panel that may be open in it."""
    strong, body = theme.line_height(TypeRole.STRONG), theme.line_height(TypeRole.BODY)
    if is_narrow(width, theme):
        return strong + 3 * body + theme.px(BUTTON_HEIGHT) + 2 * SPACE_3 + 2 * SPACE_1
    return max(strong + body + SPACE_1 // 2, theme.px(BUTTON_HEIGHT)) + 2 * SPACE_3


def cells(width: int, act_width: int, theme: Theme) -> Cells:
    """The places within a row of `width` whose top left corner is 0, 0; `act_width` is that of the widest button."""
    strong, body = theme.line_height(TypeRole.STRONG), theme.line_height(TypeRole.BODY)
    button, icon = theme.px(BUTTON_HEIGHT), theme.px(ICON_CONTROL)
    height = row_height(width, theme)
    narrow = is_narrow(width, theme)
    buttons = height - SPACE_3 - button if narrow else (height - button) // 2
    more = QRect(width - SPACE_3 - button, buttons, button, button)
    act = QRect(more.left() - SPACE_2 - act_width, buttons, act_width, button)
    left, right = SPACE_4, act.left() - SPACE_4
    beside = icon + SPACE_2
    if narrow:
        room, top = width - 2 * SPACE_4, SPACE_3
        name = QRect(left, top, room, strong)
        kind = QRect(left, name.bottom() + 1, room, body)
        state = QRect(left + beside, kind.bottom() + 1 + SPACE_1, room - beside, body)
        detail = QRect(left, state.bottom() + 1, room, body)
        checked = QRect(left, buttons, right - left, button)
        sign = QRect(left, state.top() + (body - icon) // 2, icon, icon)
        return Cells(name, kind, sign, state, detail, checked, QRect(), act, more)
    top = (height - strong - body - SPACE_1 // 2) // 2
    under = top + strong + SPACE_1 // 2
    checked_at = right - theme.px(_CHECKED)
    state_at = left + round((checked_at - left) * _NAME_SHARE) + SPACE_4
    state_room = checked_at - SPACE_4 - state_at - beside
    name_room = state_at - SPACE_4 - left
    return Cells(
        name=QRect(left, top, name_room, strong),
        kind=QRect(left, under, name_room, body),
        sign=QRect(state_at, top + (strong - icon) // 2, icon, icon),
        state=QRect(state_at + beside, top, state_room, strong),
        detail=QRect(state_at + beside, under, state_room, body),
        checked=QRect(checked_at, top, theme.px(_CHECKED), strong),
        checked_on=QRect(checked_at, under, theme.px(_CHECKED), body),
        act=act,
        more=more,
    )
