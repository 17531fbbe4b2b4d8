"""Icons in the colour of their role, sharp at every screen's pixel ratio.

One family of our own under `resources/icons`: 24-grid, stroke 2, round caps, `currentColor`. QtSvg draws `currentColor`
as black, so each drawing is filled with its colour afterwards (SourceIn). QtSvg is imported when the first icon is
drawn, not before. Logos never go through here: they keep their own colours (`logo`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from assistant.resources import resource
from assistant.window.palette import ColourRole
from assistant.window.theme import look, theme
from assistant.window.tokens import ICON_HERO

if TYPE_CHECKING:
    from PySide6.QtSvg import QSvgRenderer

RATIOS = (1.0, 1.25, 1.5, 1.75, 2.0, 3.0)

_pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}


@cache
def _drawing(name: str) -> QSvgRenderer:
    from PySide6.QtSvg import QSvgRenderer

    path = resource("icons", f"{name}.svg")
    if not path.is_file():
        raise FileNotFoundError(f"there is no icon named {name!r}")
    return QSvgRenderer(str(path))


def forget_icons() -> None:
    """Drops every drawn icon: colours or screens have changed."""
    _pixmaps.clear()


def pixmap(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    """The icon `name` in `colour`, `size` device-independent pixels wide and high, for a screen of `ratio`.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    key = (name, colour.name(QColor.NameFormat.HexArgb), size, ratio)
    found = _pixmaps.get(key)
    if found is None:
        drawing = _drawing(name)
        pixels = max(1, round(size * ratio))
        found = QPixmap(pixels, pixels)
        found.fill(Qt.GlobalColor.transparent)
        painter = QPainter(found)
        drawing.render(painter, QRectF(0, 0, pixels, pixels))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(found.rect(), colour)
        painter.end()
        found.setDevicePixelRatio(ratio)
        _pixmaps[key] = found
    return found


def icon(name: str, role: ColourRole = "text", size: int = 20) -> QIcon:
    """The icon `name` as a QIcon for native parts, in the theme's colours of now: Normal, Disabled and Selected."""
    result = QIcon()
    current = theme()
    modes: tuple[tuple[QIcon.Mode, ColourRole], ...] = (
        (QIcon.Mode.Normal, role),
        (QIcon.Mode.Disabled, "faint"),
        (QIcon.Mode.Selected, "accent_label"),
    )
    for ratio in RATIOS:
        for mode, mode_role in modes:
            result.addPixmap(pixmap(name, current.colour(mode_role), size, ratio), mode)
    return result


class Icon(QWidget):
    """One icon on its own. It is decoration: the word beside it says the same."""

    def __init__(
        self, name: str = "", *, role: ColourRole = "text", size: int = 20, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._role, self._size = name, role, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        look().changed.connect(self._restyle)

    def show_icon(self, name: str, role: ColourRole = "text") -> None:
        """Another icon in the same place."""
        self._name, self._role = name, role
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme().px(self._size)
        return QSize(edge, edge)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._name:
            painter = QPainter(self)
            drawn = pixmap(self._name, theme().colour(self._role), self.sizeHint().width(), self.devicePixelRatioF())
            painter.drawPixmap(0, 0, drawn)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


class HeroIcon(Icon):
    """The large sign of Done and of a problem. It gives up its place where the window is low."""

    def __init__(self, name: str = "", *, role: ColourRole = "text", parent: QWidget | None = None) -> None:
        super().__init__(name, role=role, size=ICON_HERO, parent=parent)
        self._room = True

    def fit(self, *, compact: bool) -> None:
        """Told by the page it stands on."""
        if self._room is compact:
            self._room = not compact
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return super().sizeHint() if self._room else QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._room:
            super().paintEvent(event)


look().changed.connect(forget_icons)
