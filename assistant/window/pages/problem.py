"""Any problem: what happened, what to do now, who can do it, and exactly the ways on that it allows."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.fortnox.account import AccountKind
from assistant.fortnox.scopes import licence_list
from assistant.integration import Integration
from assistant.journey import Journey, Step, events
from assistant.language import N_, _
from assistant.problems import Occurrence, Tone, Way
from assistant.problems.words import Words, solved_by, words
from assistant.window.banner import Banner
from assistant.window.banner import Tone as BannerTone
from assistant.window.buttons import LinkButton
from assistant.window.clock_settings import clock_settings_address
from assistant.window.folded import FoldedRow
from assistant.window.footer import ButtonRow
from assistant.window.icons import Icon
from assistant.window.pages.confirm import left_behind_words
from assistant.window.pages.for_it import text_for_it
from assistant.window.pages.handover import licence_lines
from assistant.window.pages.not_opened import NotOpened
from assistant.window.pages.page import Page, buttons
from assistant.window.pages.setting_aside import SettingAside
from assistant.window.palette import ColourRole
from assistant.window.proxy_asking import proxy_of
from assistant.window.text import Body, Caption, Code, Strong
from assistant.window.theme import theme
from assistant.window.tokens import ICON_HERO, SPACE_1, SPACE_2, SPACE_4

_LABELS = {
    Way.TRY_AGAIN: N_("Try again"),
    Way.SIGN_IN_AGAIN: N_("Sign in again"),
    Way.UNLOCK: N_("Unlock"),
    Way.OWN_BROWSER: N_("Use my own browser"),
    Way.WINDOW_BROWSER: N_("Sign in inside this window"),
    Way.USE_USER_ACCOUNT: N_("Connect in my own name"),
    Way.COPY_HANDOVER: N_("Copy the text"),
    Way.COPY_CODE: N_("Copy the error code"),
    Way.COPY_DETAILS: N_("Copy the details"),
    Way.SHOW_HOW: N_("Show how"),
    Way.OPEN_LISTING: N_("Open the page at Fortnox"),
    Way.OPEN_SETTINGS: N_("Open settings"),
    Way.COPY_ADDRESS: N_("Copy the address"),
    Way.ENTER_SECRET: N_("Enter the key again"),
    Way.PROXY_PASSWORD: N_("Enter the password"),
    Way.OPEN_FILE: N_("Open a file…"),
    Way.SET_ASIDE: N_("Set the old connections aside"),
    Way.BACK: N_("Back"),
    Way.CLOSE: N_("Close"),
}
_ICONS: dict[Tone, tuple[str, ColourRole]] = {
    Tone.INFO: ("info", "info"),
    Tone.WARNING: ("triangle-alert", "warning"),
    Tone.DANGER: ("octagon-alert", "danger"),
}
_ONE_BUTTON_FROM = 1.75  # text scale
OPENS = (Way.OPEN_LISTING, Way.OPEN_SETTINGS, Way.PROXY_PASSWORD, Way.OPEN_FILE)
COPIES = (Way.COPY_HANDOVER, Way.COPY_CODE, Way.COPY_DETAILS, Way.COPY_ADDRESS)


class ProblemPage(Page):
    """A page, not a box. `way_wanted` carries a way that the window itself takes (copy, open)."""

    way_wanted = Signal(object)
    steps = (Step.PROBLEM,)
    enter_presses_main = False

    def __init__(self) -> None:
        super().__init__()
        self.support_code = ""
        self.may_open_file = False  # whether another integration file may be chosen: not in a branded program
        self._problem: Occurrence | None = None
        self._integration: Integration | None = None
        self._icon = Icon(size=ICON_HERO)
        self._do_title, self._who = Strong(), Body()
        self._steps = [Body() for _ in range(3)]
        self._left_behind = Banner(tone=BannerTone.WARNING)
        self.not_opened = NotOpened()
        self.setting_aside = SettingAside()
        self.setting_aside.pressed.connect(self._set_aside)
        self._codes, self._contact = Code(), Caption()
        self._links = QHBoxLayout()
        self._links.setSpacing(SPACE_4)
        self._how_text, self._how = Body(), FoldedRow()
        self._how.add(self._how_text)
        self._details_text = Code()
        self._details = FoldedRow()
        self._details.add(self._details_text)
        self.column.removeWidget(self.heading)
        self.column.removeWidget(self.lead)
        top = QHBoxLayout()
        top.setSpacing(SPACE_4)
        texts = QVBoxLayout()
        texts.setSpacing(SPACE_2)
        texts.addWidget(self.heading)
        texts.addWidget(self.lead)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(texts, 1)
        self.column.addLayout(top)
        steps = QVBoxLayout()
        steps.setSpacing(SPACE_1)
        steps.addWidget(self._do_title)
        for line in self._steps:
            steps.addWidget(line)
        self.column.addLayout(steps)
        self.column.addWidget(self._how)
        self.column.addWidget(self._who)
        self.column.addWidget(self._left_behind)
        self.column.addLayout(self._links)
        self.column.addWidget(self.not_opened)
        self.column.addWidget(self.setting_aside)
        self.column.addWidget(self._codes)
        self.column.addWidget(self._contact)
        self.column.addWidget(self._details)
        self.column.addStretch(1)
        self._shown_ways: tuple[Way, ...] = ()
        self._copied: Way | None = None
        self._link_buttons: list[LinkButton] = []

    def show_state(self, state: Journey) -> None:
        if state.problem is not None:
            if state.problem is not self._problem:
                self._how.set_open(False)
                self.not_opened.put_away()
                self.setting_aside.hide()
                self._copied = None
            self._problem, self._integration = state.problem, state.integration
        super().show_state(state)

    def show_alone(self, problem: Occurrence) -> None:
        """A problem before there is a journey, such as an integration file that cannot be read."""
        self._problem, self._integration = problem, None
        self.retranslate()

    def retranslate(self) -> None:
        problem = self._problem
        if problem is None:
            return
        integration = self._integration
        told = self._told(problem)
        self.set_heading(told.title, told.cause)
        self._icon.show_icon(*_ICONS[problem.problem.tone])
        self._do_title.setText(_("What to do"))
        for number, line in enumerate(self._steps):
            line.setVisible(number < len(told.remedy))
            if number < len(told.remedy):
                text = told.remedy[number]
                line.setText(f"{number + 1}. {text}" if len(told.remedy) > 1 else text)
        self._who.setText(
            _(
                "Can be solved by: {who}",
                who=solved_by(problem.problem.who, vendor=integration.vendor if integration else None),
            )
        )
        self._who.setVisible(problem.problem.tone is not Tone.INFO)  # nothing is wrong, so nobody has to solve it
        self._codes.setText(
            _("Error code {code}   Support code {support}", code=problem.code, support=self.support_code)
        )
        self._contact.setText(_contact(integration))
        self._contact.setVisible(bool(_contact(integration)))
        self._how.setVisible(Way.SHOW_HOW in self.ways)
        self._how.setText(_("The licences your company needs"))
        self._how_text.setText("\n".join(licence_lines(integration)) if integration else "")
        self._details.setText(_("Technical information"))
        self._details.setVisible(bool(problem.details))
        self._details_text.setText("\n".join(f"{name}: {value}" for name, value in problem.details))
        left_behind = self.state is not None and self.state.left_behind is not None
        self._left_behind.setVisible(left_behind)
        if self.state is not None and left_behind:
            self._left_behind.show_message(left_behind_words(self.state))
        self.not_opened.retranslate()
        if self.state is not None:
            self.setting_aside.show_companies(self.state.companies)
        self._lay_out_links()

    def _told(self, problem: Occurrence) -> Words:
        facts: dict[str, str] = {}
        if self.state is not None and self.state.company is not None:
            facts["company"] = self.state.company.name
        if self._integration is not None and (licences := licence_list(self._integration.scopes)):
            facts["licences"] = licences
        return words(problem, integration=self._integration, facts=facts)

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways on that hold here: none that this integration or this moment does not have."""
        if self._problem is None:
            return ()
        return tuple(way for way in self._problem.problem.ways if self._has(way))

    @property
    def _in_footer(self) -> int:
        """How many ways stand in the footer. Under much enlarged text two and Back would tower over the page."""
        return 2 if theme().text_scale < _ONE_BUTTON_FROM else 1

    def _has(self, way: Way) -> bool:
        integration = self._integration
        match way:
            case Way.USE_USER_ACCOUNT:
                chosen = self.state is not None and self.state.account is AccountKind.USER
                return integration is not None and AccountKind.USER in integration.accounts and not chosen
            case Way.OPEN_LISTING:
                return integration is not None and integration.listing is not None
            case Way.ENTER_SECRET:
                return integration is not None and integration.asks_for_secret
            case Way.OWN_BROWSER:
                return integration is not None and integration.way_back is not None
            case Way.OPEN_SETTINGS:
                return clock_settings_address() is not None
            case Way.COPY_DETAILS:
                return self._problem is not None
            case Way.PROXY_PASSWORD:
                return bool(proxy_of(self._problem))
            case Way.OPEN_FILE:
                return self.may_open_file
            case Way.BACK | Way.CLOSE:
                return False  # the footer's own buttons
            case _:
                return integration is not None or way is Way.COPY_CODE

    def _lay_out_links(self) -> None:
        """The footer's buttons take the first ways; what is left stands as links."""
        rest = self.ways[self._in_footer :]
        if rest != self._shown_ways:
            self._shown_ways = rest
            for old in self._link_buttons:
                old.hide()
                old.deleteLater()
            while self._links.count():
                self._links.takeAt(0)
            self._link_buttons = []
            for way in rest:
                link = LinkButton()
                link.clicked.connect(lambda _pressed=False, chosen=way: self.take(chosen))
                link.setProperty("way", way.value)
                self._links.addWidget(link)
                self._link_buttons.append(link)
            self._links.addStretch(1)
        for link, way in zip(self._link_buttons, rest, strict=True):
            link.setText(self._label(way))

    def _label(self, way: Way) -> str:
        return _("Copied") if way is self._copied else _(_LABELS[way])

    def show_copied(self, way: Way) -> None:
        """Says on the button of `way` that its text is on the clipboard, until another one is."""
        self._copied = way
        self._lay_out_links()

    def take(self, way: Way) -> None:
        """Goes the way: the journey's, or one that the window takes by itself."""
        if way is Way.SHOW_HOW:
            self._how.set_open(True)
            self._how.head.setFocus()
        elif way is Way.SET_ASIDE:
            self.setting_aside.ask()
            self.reveal(self.setting_aside)
        elif way in COPIES or way in OPENS:
            self.way_wanted.emit(way)
        else:
            self.happened.emit(events.WayChosen(way=way))

    def _set_aside(self) -> None:
        self.setting_aside.hide()
        self.happened.emit(events.WayChosen(way=Way.SET_ASIDE))

    def press_main(self) -> None:
        if self.ways:
            self.take(self.ways[0])

    def press_other(self) -> None:
        if len(self.ways) > 1 and self._in_footer > 1:
            self.take(self.ways[1])

    def footer(self) -> ButtonRow:
        ways = self.ways
        return buttons(
            main=self._label(ways[0]) if ways else "",
            other=self._label(ways[1]) if len(ways) > 1 and self._in_footer > 1 else "",
            back=self._integration is not None,
            leave=_("Close"),
        )

    def first_focus(self) -> QWidget | None:
        return self.heading

    @property
    def problem(self) -> Occurrence | None:
        return self._problem

    @property
    def codes_text(self) -> str:
        """Both codes and the redacted details, for the clipboard."""
        return "\n".join(part for part in (self._codes.text(), self._details_text.text()) if part)

    @property
    def text_for_it(self) -> str:
        """All that whoever looks after the computers needs, for the clipboard."""
        if self._problem is None:
            return ""
        return text_for_it(
            self._problem,
            self._told(self._problem),
            codes=self._codes.text(),
            integration=self._integration,
            moment=datetime.now(UTC).astimezone(),
        )


def _contact(integration: Integration | None) -> str:
    if integration is None:
        return ""
    support = integration.support
    parts = [part for part in (support.phone, support.email) if part]
    if not parts:
        return ""
    said = _("{vendor}: {contact}", vendor=integration.vendor, contact=", ".join(parts))
    return f"{said}  ({support.hours})" if support.hours else said
