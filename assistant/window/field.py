"""A field to type in, with its label above and what is wrong with it below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from assistant.language import _
from assistant.window.buttons import OutlinedButton
from assistant.window.icons import Icon
from assistant.window.text import Caption, Strong, Text
from assistant.window.tokens import ICON_INLINE, SPACE_1, SPACE_2


class SecretLine(QLineEdit):
    """A line whose text is never shown, copied, kept for undo across pages or offered to input methods."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Only Paste makes sense here, and there is a button for it."""
        event.accept()


class TextField(QWidget):
    """One line of text with label, hint and error.

    Args:
        label: what to type; it is the field's accessible name too.
        hint: a line under the label; "" for none.
        secret: dots instead of letters.
        paste: a "Paste" button beside the field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(
        self,
        label: str = "",
        *,
        hint: str = "",
        secret: bool = False,
        paste: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label, self._hint = Strong(), Caption()
        self.line: QLineEdit = SecretLine() if secret else QLineEdit()
        self._paste = OutlinedButton()
        self._paste.clicked.connect(self._insert)
        self._sign, self._error = Icon("octagon-alert", role="danger", size=ICON_INLINE), Text(colour="danger")
        self._label.setBuddy(self.line)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addWidget(self.line, 1)
        row.addWidget(self._paste)
        wrong = QHBoxLayout()
        wrong.setSpacing(SPACE_2)
        wrong.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        wrong.addWidget(self._error, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_1)
        column.addWidget(self._label)
        column.addWidget(self._hint)
        column.addLayout(row)
        column.addLayout(wrong)
        self._paste.setVisible(paste)  # within the field by now: a part shown alone would be a window for a moment
        self.line.textChanged.connect(self._edited)
        self.line.returnPressed.connect(self.entered)
        self.setFocusProxy(self.line)
        self.set_label(label, hint=hint)
        self.set_error("")
        self.retranslate()

    def set_label(self, label: str, *, hint: str = "") -> None:
        """What to type."""
        self._label.setText(label)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.line.setAccessibleName(label)
        self._describe()

    def set_error(self, error: str) -> None:
        """What is wrong and how to put it right; "" when nothing is. Typing takes it away."""
        self._error.setText(error)
        for widget in (self._sign, self._error):
            widget.setVisible(bool(error))
        self.line.setProperty("wrong", bool(error))
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)
        self._describe()

    @property
    def error(self) -> str:
        return self._error.text()

    def text(self) -> str:
        """What was typed, without spaces around it."""
        return self.line.text().strip()

    def clear(self) -> None:
        """Empties the field, and its undo with it."""
        self.line.setText("")

    def retranslate(self) -> None:
        """Says its own words in the language of now."""
        self._paste.setText(_("Paste"))

    def _describe(self) -> None:
        self.line.setAccessibleDescription(" ".join(part for part in (self._hint.text(), self._error.text()) if part))

    def _insert(self) -> None:
        self.line.selectAll()
        self.line.paste()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _edited(self) -> None:
        if self._error.text():
            self.set_error("")
        self.changed.emit()
