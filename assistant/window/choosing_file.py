"""The question which integration file to open, in the system's own dialog, which is never waited for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from assistant.integration.reading import DOUBLE_CLICK_ENDING
from assistant.language import _


def choose_file(parent: QWidget, chosen: Callable[[Path], None]) -> QFileDialog:
    """Asks for an integration file over the window of `parent`; `chosen` hears of it, of a dialog put away nobody."""
    dialog = QFileDialog(parent.window(), _("Open an integration file"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    endings = f"*{DOUBLE_CLICK_ENDING} *.toml"
    dialog.setNameFilters([_("Integration files") + f" ({endings})", _("All files") + " (*)"])
    dialog.fileSelected.connect(lambda path: chosen(Path(path)))
    dialog.open()  # not exec(): two event loops at once lose what the first one waits for
    return dialog
