"""A process of its own: tells the moment a window with a readable heading is painted, then ends.

`python -m tests.bench.first_paint bare` shows a bare QWizard, `… assistant` the program's own window in practice.
The moment is printed as seconds of the system's monotonic clock, which the measuring process reads too.
"""

from __future__ import annotations

import os
import sys
import time


def told() -> None:
    """Prints the moment and ends at once: what closing costs is not measured."""
    print(time.monotonic(), flush=True)
    os._exit(0)


def bare() -> None:
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWizard, QWizardPage

    application = QApplication(sys.argv[:1])
    wizard = QWizard()
    page = QWizardPage()
    page.setTitle("Koppla Lagerkoll till Fortnox")
    column = QVBoxLayout(page)
    label = QLabel("Det tar ungefär tre minuter.")
    column.addWidget(label)
    wizard.addPage(page)
    wizard.resize(1120, 720)

    class Watcher(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                QTimer.singleShot(0, told)
            return False

    watcher = Watcher()
    label.installEventFilter(watcher)
    wizard.show()
    application.exec()


def assistant() -> None:
    from assistant.cli import main
    from assistant.window import application

    application.first_painted = told
    sys.exit(main(["--practice", "--lang", "sv"]))


if __name__ == "__main__":
    {"bare": bare, "assistant": assistant}[sys.argv[1]]()
