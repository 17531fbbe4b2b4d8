"""Putting parts under each other without one narrow part squeezing the rest."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget


def put(column: QBoxLayout, widget: QWidget, alignment: Qt.AlignmentFlag | None = None) -> None:
    """Adds `widget` to the vertical `column`; one of fixed width stands at the left.

    A vertical layout takes the narrowest maximum of its parts for its own, so a button put in without an alignment
    would narrow every text beside it.
    """
    fixed = widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Fixed
    if alignment is None and fixed:
        alignment = Qt.AlignmentFlag.AlignLeft
    if alignment is None:
        column.addWidget(widget)
    else:
        column.addWidget(widget, 0, alignment)
