"""The strip on top: whose integration this is, how far one has come, and help."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from assistant.language import _
from assistant.window.buttons import QuietButton
from assistant.window.text import Text
from assistant.window.theme import look, theme
from assistant.window.tokens import (
    HEADER_COMPACT,
    HEADER_HEIGHT,
    LOGO_HEADER,
    LOGO_MAXIMUM_WIDTH,
    SPACE_1,
    SPACE_3,
    SPACE_4,
    TypeRole,
)

STEPS = 6
_NAME_LEAST = 120


class Name(Text):
    """A vendor's name of any length: cut in the middle where it must be, whole in the tooltip and when read out."""

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(_NAME_LEAST), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().colour("text"))
        painter.setFont(self.font())
        shown = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class Header(QWidget):
    """Logo, integration name, "Step 3 of 6" and Help."""

    help_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step: int | None = None
        self._compact = False
        self._pixmap = QPixmap()
        self._logo = QLabel()
        self._logo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._logo.hide()
        self._name = Name(role=TypeRole.STRONG, maximum=None, wraps=False)
        self._count = Text(colour="muted", wraps=False)
        self._help = QuietButton(icon_name="circle-help")
        self._help.clicked.connect(self.help_requested)
        row = QHBoxLayout(self)
        row.setSpacing(SPACE_3)
        row.addWidget(self._logo)
        row.addWidget(self._name, 1)
        row.addWidget(self._count)
        row.addWidget(self._help)
        self._row = row
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._restyle()
        self.retranslate()
        look().changed.connect(self._restyle)

    @property
    def help_button(self) -> QuietButton:
        return self._help

    def set_integration(self, name: str, logo: QPixmap | None = None) -> None:
        """The integration's name and, if it has one, its logo, drawn in its own colours."""
        self._name.setText(name)
        self._name.setToolTip(name)
        self._pixmap = logo or QPixmap()
        self._restyle()

    def set_step(self, step: int | None) -> None:
        """The step shown, 1 to 6; None where there are no steps."""
        self._step = step
        self.retranslate()

    def set_compact(self, compact: bool) -> None:
        """Lower, for windows with little height."""
        if compact != self._compact:
            self._compact = compact
            self.updateGeometry()

    def retranslate(self) -> None:
        """Says its words in the language of now."""
        self._count.setText("" if self._step is None else _("Step {step} of {steps}", step=self._step, steps=STEPS))
        self._help.setText(_("Help (F1)"))

    def _restyle(self) -> None:
        self._row.setContentsMargins(SPACE_4, 0, SPACE_1, 0)
        self._logo.setVisible(not self._pixmap.isNull())
        if not self._pixmap.isNull():
            self._logo.setPixmap(self._fitted())
        self.updateGeometry()
        self.update()

    def _fitted(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        box = QSize(round(LOGO_MAXIMUM_WIDTH * ratio), round(LOGO_HEADER * ratio))
        wanted = Qt.AspectRatioMode.KeepAspectRatio
        fitted = self._pixmap.scaled(box, wanted, Qt.TransformationMode.SmoothTransformation)
        fitted.setDevicePixelRatio(ratio)
        return fitted

    def sizeHint(self) -> QSize:
        height = theme().px(HEADER_COMPACT if self._compact else HEADER_HEIGHT)
        return QSize(self._row.sizeHint().width(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._row.minimumSize().width(), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        current = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), current.colour("surface"))
        painter.fillRect(0, self.height() - current.border, self.width(), current.border, current.colour("line"))
