"""What every page of the wizard has in common."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget, QWizardPage

from assistant.journey import Journey, Step, events
from assistant.language import _
from assistant.window.footer import Action, ButtonRow
from assistant.window.page import Page as PageArea
from assistant.window.text import Heading, Lead
from assistant.window.tokens import SPACE_4


def buttons(
    *,
    main: str = "",
    main_full: str = "",
    busy: bool = False,
    other: str = "",
    back: bool = False,
    leave: str = "",
) -> ButtonRow:
    """The footer of a page. A label of "" leaves a button out.

    Args:
        main: label of the filled button; `main_full` its whole name where the label was cut.
        busy: the filled button shows that its work is under way and takes no press.
        other: label of the outlined button of equal size.
        back: whether there is a Back button.
        leave: label of the quiet button at the left.
    """
    return ButtonRow(
        cancel=Action(leave) if leave else None,
        back=Action(_("Back")) if back else None,
        second=Action(other) if other else None,
        filled=Action(main, busy=busy, full_name=main_full) if main else None,
    )


class Page(QWizardPage):
    """One page: a heading, one lead sentence, and what the subclass adds to `column`.

    `happened` carries what the person did, as an event of the journey; `home_wanted` that they want the connections.

    Attributes:
        from_home: whether the walk was begun at the connections, so that the way out leads there.
    """

    happened = Signal(object)
    home_wanted = Signal()

    steps: tuple[Step, ...] = ()
    """The journey's states this page shows."""

    enter_presses_main = True
    """Whether Enter anywhere on the page presses the filled button; False where nothing may be pressed by habit."""

    def __init__(self, *, scrolls: bool = True) -> None:
        super().__init__()
        self.state: Journey | None = None
        self.from_home = False
        self.heading, self.lead = Heading(), Lead()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.body = QWidget()
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE_4)
        if scrolls:
            self.column.addWidget(self.heading)
            self.column.addWidget(self.lead)
            self._area: PageArea | None = PageArea()
            self._area.add(self.body)
            whole.addWidget(self._area)
        else:
            self._area = None
            whole.addWidget(self.body)

    def show_state(self, state: Journey) -> None:
        """Shows `state`; called on every change while this page stands, and once before it is shown."""
        self.state = state
        self.retranslate()
        self.lay_out_anew()

    def lay_out_anew(self) -> None:
        """Gives every part the height its new words need, at once: a layout deep inside another may miss the news."""
        if self._area is None:
            return
        for part in self.body.findChildren(QWidget):
            part.updateGeometry()
        self.column.invalidate()
        self.column.activate()

    def retranslate(self) -> None:
        """Says everything in the current language. Needs `state`."""
        raise NotImplementedError

    def footer(self) -> ButtonRow:
        """What the footer offers now."""
        raise NotImplementedError

    def press_main(self) -> None:
        """The filled button."""
        self.happened.emit(events.Continue())

    def press_other(self) -> None:
        """The outlined button."""

    def press_back(self) -> None:
        """The Back button."""
        self.happened.emit(events.Back())

    def first_focus(self) -> QWidget | None:
        """The first control the person must use; None for the filled button."""
        return None

    def bring_into_view(self, part: QWidget) -> None:
        """Scrolls so that `part` can be seen; what has the keyboard must never be under the edge."""
        if self._area is not None and self._area.isAncestorOf(part):
            self._area.ensureWidgetVisible(part)

    def reveal(self, part: QWidget) -> None:
        """Scrolls to `part`, which has only now been shown, as soon as it has its place."""
        self.lay_out_anew()
        QTimer.singleShot(0, part, lambda: self.bring_into_view(part))

    def set_heading(self, heading: str, lead: str = "") -> None:
        """The page's heading and its lead sentence.

        QWizard's own title stays unset: ours wraps, and setting it, even to nothing, hides the page for a moment,
        which takes the keyboard away from what the person is typing in.
        """
        self.heading.setText(heading)
        self.lead.setText(lead)
        self.lead.setVisible(bool(lead))
        self.setAccessibleName(heading)
