"""The look of the running window: colours, fonts and lengths, following the system while it runs.

The application style is Fusion on every system. It is the one style whose drawing follows the palette wholly and alike
everywhere: the Windows and macOS styles draw parts with the system's own bitmaps, which no vendor's accent, dark scheme
or contrast rule of ours would reach.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from assistant.window import text_size
from assistant.window.accent import accent
from assistant.window.colour import contrast
from assistant.window.palette import (
    CONTRAST_ON_BLACK,
    CONTRAST_ON_WHITE,
    DEFAULT_ACCENT,
    ColourRole,
    Colours,
    Scheme,
    SoftRole,
    SystemPairs,
    high_contrast,
)
from assistant.window.style_sheet import style_sheet
from assistant.window.tokens import TYPE_SCALE, TypeRole, scaled

_ENOUGH_FOR_CONTRAST = 7.0  # WCAG AAA; a system pair under this is no contrast theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Everything that decides how a part is drawn.

    Attributes:
        scheme: light or dark.
        colours: the colour of every role.
        high_contrast: the system asks for strong contrast; colours are then the system's own.
        text_scale: 1.0 at 100 %.
        reduced_motion: the system asks for less movement.
        families: the system's own font families, first choice first; empty for Qt's default.
    """

    scheme: Scheme
    colours: Colours
    high_contrast: bool = False
    text_scale: float = 1.0
    reduced_motion: bool = False
    families: tuple[str, ...] = ()

    def colour(self, role: ColourRole) -> QColor:
        """The colour of `role`."""
        return QColor(getattr(self.colours, role))

    def soft(self, tone: SoftRole) -> QColor:
        """The pale area that goes with `tone`."""
        return QColor(getattr(self.colours, f"{tone}_soft"))

    def px(self, length: int) -> int:
        """A length that grows with the text."""
        return scaled(length, self.text_scale)

    def radius(self, length: int) -> int:
        """A corner radius; square in high contrast."""
        return 0 if self.high_contrast else length

    @property
    def border(self) -> int:
        """Width of an ordinary edge."""
        return 2 if self.high_contrast else 1

    def font(self, role: TypeRole) -> QFont:
        """The font of `role`, grown with the text."""
        size = TYPE_SCALE[role]
        if role is TypeRole.CODE:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        else:
            font = QFont(list(self.families)) if self.families else QFont()
        font.setPointSizeF(size.size() * self.text_scale)
        font.setWeight(QFont.Weight(size.weight))
        return font

    def line_height(self, role: TypeRole) -> int:
        """The height of one line of `role` in pixels, grown with the text."""
        return scaled(TYPE_SCALE[role].line, self.text_scale)

    def palette(self) -> QPalette:
        """The same colours for the native parts."""
        c = self.colours
        palette = QPalette()
        pairs = {
            QPalette.ColorRole.Window: c.window,
            QPalette.ColorRole.WindowText: c.text,
            QPalette.ColorRole.Base: c.surface,
            QPalette.ColorRole.AlternateBase: c.rail,
            QPalette.ColorRole.Text: c.text,
            QPalette.ColorRole.Button: c.surface,
            QPalette.ColorRole.ButtonText: c.text,
            QPalette.ColorRole.BrightText: c.danger,
            QPalette.ColorRole.ToolTipBase: c.surface,
            QPalette.ColorRole.ToolTipText: c.text,
            QPalette.ColorRole.PlaceholderText: c.faint,
            QPalette.ColorRole.Highlight: c.accent,
            QPalette.ColorRole.HighlightedText: c.accent_label,
            QPalette.ColorRole.Accent: c.accent,
            QPalette.ColorRole.Link: c.accent_text,
            QPalette.ColorRole.LinkVisited: c.accent_text,
            QPalette.ColorRole.Light: c.surface,
            QPalette.ColorRole.Midlight: c.rail,
            QPalette.ColorRole.Mid: c.line,
            QPalette.ColorRole.Dark: c.edge,
            QPalette.ColorRole.Shadow: c.edge,
        }
        for role, colour in pairs.items():
            palette.setColor(role, QColor(colour))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.faint))
        return palette


def build(
    *,
    scheme: Scheme = Scheme.LIGHT,
    vendor_accent: str = DEFAULT_ACCENT,
    contrast_pairs: SystemPairs | None = None,
    text_scale: float = 1.0,
    reduced_motion: bool = False,
    families: tuple[str, ...] = (),
) -> Theme:
    """A theme from its causes. With `contrast_pairs` the vendor's colour is left out.

    Raises:
        ValueError: `vendor_accent` is no `#rrggbb` colour.
    """
    return Theme(
        scheme=scheme,
        colours=high_contrast(contrast_pairs) if contrast_pairs else accent(vendor_accent, scheme).colours,
        high_contrast=contrast_pairs is not None,
        text_scale=text_scale,
        reduced_motion=reduced_motion,
        families=families,
    )


def apply(app: QApplication, theme: Theme) -> None:
    """Puts `theme` on the application's native parts. Our own widgets follow `Look.changed`."""
    app.setFont(theme.font(TypeRole.BODY))
    app.setPalette(theme.palette())
    c, high = theme.colours, theme.high_contrast
    app.setStyleSheet(style_sheet(c, text_scale=theme.text_scale, high_contrast=high))


def system_families(platform: str = sys.platform) -> tuple[str, ...]:
    """The system's own family where Qt's default is not it; unknown names fall through to the next."""
    return ("Segoe UI Variable Text", "Segoe UI") if platform == "win32" else ()


def system_pairs(palette: QPalette, scheme: Scheme) -> SystemPairs:
    """The contrast theme in the system's `palette`; a standard one when the system only states the wish."""

    def colour(role: QPalette.ColorRole) -> str:
        return palette.color(QPalette.ColorGroup.Active, role).name().upper()

    pairs = SystemPairs(
        window=colour(QPalette.ColorRole.Window),
        window_text=colour(QPalette.ColorRole.WindowText),
        base=colour(QPalette.ColorRole.Base),
        base_text=colour(QPalette.ColorRole.Text),
        button=colour(QPalette.ColorRole.Button),
        button_text=colour(QPalette.ColorRole.ButtonText),
        highlight=colour(QPalette.ColorRole.Highlight),
        highlight_text=colour(QPalette.ColorRole.HighlightedText),
        link=colour(QPalette.ColorRole.Link),
    )
    rows = (
        (pairs.window, pairs.window_text),
        (pairs.base, pairs.base_text),
        (pairs.button, pairs.button_text),
        (pairs.highlight, pairs.highlight_text),
        (pairs.window, pairs.link),
    )
    if all(contrast(*row) >= _ENOUGH_FOR_CONTRAST for row in rows):
        return pairs
    return CONTRAST_ON_BLACK if scheme is Scheme.DARK else CONTRAST_ON_WHITE


class Look(QObject):
    """The one theme of the process. Widgets read `theme` and redraw themselves on `changed`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._theme = build()
        self._accent = DEFAULT_ACCENT
        self._read_text_size: Callable[[], float] | None = None
        self._app: QApplication | None = None

    @property
    def theme(self) -> Theme:
        return self._theme

    def show(self, theme: Theme) -> None:
        """Shows `theme` from now on, in every window."""
        app = QApplication.instance()
        self._theme = theme
        if isinstance(app, QApplication):
            apply(app, theme)
        self.changed.emit()

    def follow_system(
        self, app: QApplication, *, vendor_accent: str | None = None, read_text_size: Callable[[], float] | None = None
    ) -> None:
        """Shows the system's wishes, now and whenever they change. Call once, before the first widget.

        Args:
            vendor_accent: the integration's `#rrggbb`, already checked; None for the program's own.
            read_text_size: reads the text size as a factor; by default from the system.

        Raises:
            ValueError: `vendor_accent` is no `#rrggbb` colour.
        """
        self._app = app
        self._accent = vendor_accent or DEFAULT_ACCENT
        self._read_text_size = read_text_size or text_size.reader(qt_platform=QGuiApplication.platformName())
        app.setStyle("Fusion")
        self._refresh()
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._refresh)
        hints.accessibility().contrastPreferenceChanged.connect(self._refresh)
        hints.accessibility().motionPreferenceChanged.connect(self._refresh)

    def use_accent(self, vendor_accent: str | None) -> None:
        """Another integration's colour; None for the program's own."""
        self._accent = vendor_accent or DEFAULT_ACCENT
        self._refresh()

    def _refresh(self) -> None:
        if self._app is None:
            return
        hints = self._app.styleHints()
        scheme = Scheme.DARK if hints.colorScheme() is Qt.ColorScheme.Dark else Scheme.LIGHT
        wishes = hints.accessibility()
        pairs = None
        if wishes.contrastPreference() is Qt.ContrastPreference.HighContrast:
            self._app.setPalette(QPalette())  # lays ours aside, so that the system's own can be read
            pairs = system_pairs(self._app.palette(), scheme)
        self.show(
            build(
                scheme=scheme,
                vendor_accent=self._accent,
                contrast_pairs=pairs,
                text_scale=text_size.text_scale(self._read_text_size) if self._read_text_size else 1.0,
                reduced_motion=wishes.motionPreference() is Qt.MotionPreference.ReducedMotion,
                families=system_families(),
            )
        )


_look: Look | None = None


def look() -> Look:
    """The look of this process."""
    global _look
    if _look is None:
        _look = Look()
    return _look


def theme() -> Theme:
    """The theme shown now."""
    return look().theme
