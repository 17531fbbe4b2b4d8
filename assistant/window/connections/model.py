"""The list's model: all connections, of which those are shown that fit the search and the filter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QCollator, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from assistant.language import current
from assistant.window.connections.entry import Entry, matches

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ConnectionModel(QAbstractListModel):
    """A row for each connection that is shown, by the company's name in the order of the language.

    What changes stays in its row until the search or the filter changes: a row must not vanish under the hand that
    has just put it right.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[str, Entry] = {}
        self._order: list[str] = []
        self._shown: list[str] = []
        self._rows: dict[str, int] = {}
        self._searched, self._only_action = "", False

    # What Qt asks.

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:  # what typing letters in the list looks for
                return self.entry(index.row()).company
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.entry(index.row()).spoken
            case Qt.ItemDataRole.UserRole:
                return self.entry(index.row())
            case _:
                return None

    # What is asked of it.

    @property
    def count(self) -> int:
        """How many there are, shown or not, without those that are removed."""
        return sum(entry.removed is None for entry in self._entries.values())

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show, not even what was just removed."""
        return not self._entries

    @property
    def needing_action(self) -> int:
        """How many need somebody to do something."""
        return sum(entry.needs_action for entry in self._entries.values())

    @property
    def filtered(self) -> bool:
        """Whether a search or the filter leaves anything out."""
        return bool(self._searched.strip()) or self._only_action

    @property
    def shown_ids(self) -> tuple[str, ...]:
        """Those that are shown, in their order, without those that are removed."""
        return tuple(each for each in self._shown if self._entries[each].removed is None)

    def entry(self, row: int) -> Entry:
        """What stands in `row`."""
        return self._entries[self._shown[row]]

    def find(self, connection_id: str) -> Entry | None:
        """The connection of that id, shown or not."""
        return self._entries.get(connection_id)

    def row_of(self, connection_id: str) -> int | None:
        """Where it is shown; None where it is not."""
        return self._rows.get(connection_id)

    def first_needing_action(self) -> int | None:
        """The first row in which somebody has to do something."""
        return next((row for row, each in enumerate(self._shown) if self._entries[each].needs_action), None)

    # What changes.

    def set_entries(self, entries: Iterable[Entry]) -> None:
        """Other connections, or the same ones read anew."""
        self.beginResetModel()
        self._entries = {entry.id: entry for entry in entries}
        self._sort()
        self._choose()
        self.endResetModel()

    def update_entry(self, entry: Entry) -> None:
        """How one connection stands now; one that is not in the list is left out."""
        if entry.id not in self._entries:
            return
        self._entries[entry.id] = entry
        row = self._rows.get(entry.id)
        if row is not None:
            at = self.index(row)
            self.dataChanged.emit(at, at)

    def drop(self, connection_id: str) -> None:
        """Takes one out of the list."""
        row = self._rows.get(connection_id)
        if row is not None:
            self.beginRemoveRows(QModelIndex(), row, row)
        self._entries.pop(connection_id, None)
        self._order = [each for each in self._order if each != connection_id]
        self._shown = [each for each in self._shown if each != connection_id]
        self._number()
        if row is not None:
            self.endRemoveRows()

    def show_only(self, searched: str, *, only_action: bool) -> None:
        """Those that have every word of `searched`, and need action if `only_action`."""
        if (searched, only_action) == (self._searched, self._only_action):
            return
        self.beginResetModel()
        self._searched, self._only_action = searched, only_action
        self._choose()
        self.endResetModel()

    def retranslate(self) -> None:
        """Another language: other words in every row, and another order of letters."""
        self.beginResetModel()
        self._sort()
        self._choose()
        self.endResetModel()

    def _sort(self) -> None:
        collator = QCollator(QLocale(current().code))
        collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        collator.setNumericMode(True)
        keys = {each: collator.sortKey(entry.company) for each, entry in self._entries.items()}
        self._order = sorted(self._entries, key=lambda each: keys[each])

    def _choose(self) -> None:
        wanted = self._searched.strip()
        self._shown = [
            each
            for each in self._order
            if (not self._only_action or self._entries[each].needs_action)
            and (not wanted or matches(self._entries[each], wanted))
        ]
        self._number()

    def _number(self) -> None:
        self._rows = {each: row for row, each in enumerate(self._shown)}
