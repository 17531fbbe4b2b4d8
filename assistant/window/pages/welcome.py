"""Page 1, Welcome: what will happen, what to have at hand, and a quiet preflight."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from assistant.fortnox.account import AccountKind
from assistant.journey import Step, events
from assistant.language import N_, SOURCE, _, current, language, languages, plural
from assistant.problems import Occurrence, Way
from assistant.problems.words import words
from assistant.support.preflight import Details, Finding, Probe, Verdict
from assistant.window.banner import Banner, Tone
from assistant.window.buttons import LinkButton
from assistant.window.clock_settings import clock_settings_address
from assistant.window.folded import FoldedRow
from assistant.window.footer import ButtonRow
from assistant.window.pages.handover import HandOver
from assistant.window.pages.not_opened import NotOpened
from assistant.window.pages.page import Page, buttons
from assistant.window.proxy_asking import proxy_of
from assistant.window.rows import CheckRow, CheckState, IconLine
from assistant.window.text import Body, Code
from assistant.window.tokens import SPACE_1, SPACE_4, SPACE_6

_NAMES = {
    Probe.INTERNET: N_("Internet"),
    Probe.CLOCK: N_("Clock"),
    Probe.PASSWORD_STORE: N_("Password store"),
    Probe.BROWSER: N_("Browser"),
}
_WAYS = {
    Way.TRY_AGAIN: N_("Check again"),
    Way.OPEN_SETTINGS: N_("Open settings"),
    Way.COPY_DETAILS: N_("Copy the details"),
    Way.PROXY_PASSWORD: N_("Enter the password"),
    Way.SET_ASIDE: N_("Show what to do"),
}
_STATES = {
    Verdict.FINE: CheckState.OK,
    Verdict.ATTENTION: CheckState.ATTENTION,
    Verdict.WRONG: CheckState.ATTENTION,
    Verdict.NOT_CHECKED: CheckState.WAITING,
}
_HERE = {
    "STORE-02": N_("It is locked. Your computer asks for its password when you sign in."),
    "OWN-01": N_(
        "Another program uses the port for your own browser. Signing in inside this window works all the same."
    ),
    "OWN-02": N_("Your own browser can't answer this program. Signing in inside this window works all the same."),
}
"""What a problem means on the first page, where it stops nothing yet."""
OWN_NAME = N_("English (put the name of this language here)")


def own_name(code: str) -> str:
    """A language's name in itself, from its own catalogue."""
    return "English" if code == SOURCE else language(code).text(OWN_NAME)


class WelcomePage(Page):
    """Attributes:
    language_chosen: the code of the language the person picked.
    check_again: the person has put something right, and wants it looked at again.
    way_wanted: a way that the window itself takes, such as opening the system's settings.
    password_wanted: the person wants to enter the password of a proxy; its host and port.
    """

    language_chosen = Signal(str)
    check_again = Signal()
    way_wanted = Signal(object)
    password_wanted = Signal(str)
    steps = (Step.WELCOME,)

    def __init__(self) -> None:
        super().__init__()
        self._connected = Banner(tone=Tone.INFO)
        self._connected.pressed.connect(self.home_wanted)
        self._lines = [IconLine(icon_name=name) for name in ("lock", "building-2", "key-round")]
        self._at_hand = Body()
        self._rows = {probe: CheckRow() for probe in _NAMES}
        self._findings: dict[Probe, Finding] = {}
        self._settings_opened = False
        for probe, row in self._rows.items():
            row.pressed.connect(lambda pressed=probe: self._act(pressed))
        self.not_opened = NotOpened()
        self._again = LinkButton()
        self._again.clicked.connect(self.check_again)
        self._again.hide()
        self._details, self._details_text = FoldedRow(), Code()
        self._details.add(self._details_text)
        self._details.hide()  # an empty head must not stand there until the first look has ended
        self._not_administrator = LinkButton()
        self._hand_over = HandOver()
        self._hand_over.hide()
        self._not_administrator.clicked.connect(self._toggle_hand_over)

        self.column.insertWidget(0, self._connected)
        for line in self._lines:
            self.column.addWidget(line)
        self.column.addWidget(self._at_hand)
        checks = QGridLayout()
        checks.setHorizontalSpacing(SPACE_6)
        checks.setVerticalSpacing(0)
        for number, row in enumerate(self._rows.values()):
            checks.addWidget(row, number // 2, number % 2, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(checks)
        self.column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.not_opened)
        self.column.addWidget(self._details)
        self.column.addWidget(self._not_administrator)
        self.column.addWidget(self._hand_over)
        self.column.addLayout(self._language_line())
        self.column.addStretch(1)

    def _language_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(SPACE_4)
        self._language_links = {code: LinkButton(own_name(code)) for code in languages()}
        for code, link in self._language_links.items():
            link.clicked.connect(lambda _pressed=False, chosen=code: self.language_chosen.emit(chosen))
            line.addWidget(link)
        line.addStretch(1)
        line.setContentsMargins(0, SPACE_1, 0, 0)
        return line

    def show_finding(self, finding: Finding) -> None:
        """One line of the preflight ended."""
        self._findings[finding.probe] = finding
        self._tell(finding.probe)

    def start_checking(self) -> None:
        """The preflight begins, for the first time or again."""
        self._findings.clear()
        self.not_opened.put_away()
        self._again.hide()
        for row in self._rows.values():
            row.set_state(CheckState.WORKING)
        self._tell_details()

    @property
    def all_found(self) -> bool:
        """Whether the preflight has ended."""
        return len(self._findings) == len(self._rows)

    def _tell(self, probe: Probe) -> None:
        row, finding = self._rows[probe], self._findings.get(probe)
        row.set_name(_(_NAMES[probe]))
        if finding is None:
            row.retranslate()
            return
        way = self._way(finding)
        row.set_state(
            _STATES[finding.verdict],
            word=_("Not checked") if finding.verdict is Verdict.NOT_CHECKED else "",
            sentence=self._sentence(finding.occurrence),
            button=_(_WAYS[way]) if way else "",
        )
        self._tell_again()
        self._tell_details()

    def _tell_again(self) -> None:
        """A way to have all of it looked at again, where a row's own button does something else."""
        ways = [self._way(finding) for finding in self._findings.values()]
        self._again.setText(_("Check again"))
        self._again.setVisible(Way.TRY_AGAIN not in ways and any(ways))

    def _tell_details(self) -> None:
        """Behind a row that opens, and only where there is something to look into: a first page is quiet."""
        lines = [f"{name}: {value}" for probe in _NAMES for name, value in self._details_of(probe)]
        self._details.setText(_("Technical information"))
        quiet = all(finding.verdict is Verdict.FINE for finding in self._findings.values())
        self._details.setVisible(bool(lines) and not quiet)
        self._details_text.setText("\n".join(lines))

    def _details_of(self, probe: Probe) -> Details:
        finding = self._findings.get(probe)
        return finding.details if finding else ()

    def _sentence(self, occurrence: Occurrence | None) -> str:
        """What it is and what to do, in two sentences, with the host's name where a host is meant."""
        if occurrence is None or self.state is None:
            return ""
        if occurrence.code in _HERE:
            return _(_HERE[occurrence.code])
        told = words(occurrence, integration=self.state.integration)
        names_host = "{host}" in occurrence.problem.cause
        said = told.cause if names_host or occurrence.code == "START-05" else f"{told.title}."
        return f"{said} {told.remedy[0]}"

    def _way(self, finding: Finding) -> Way | None:
        """The one button of a row: what the problem offers first, if it can be done here."""
        if finding.occurrence is None or finding.occurrence.code in _HERE:
            return None
        if Way.SET_ASIDE in finding.occurrence.problem.ways:
            return Way.SET_ASIDE
        for way in finding.occurrence.problem.ways:
            if way is Way.OPEN_SETTINGS and (clock_settings_address() is None or self._settings_opened):
                continue
            if way is Way.PROXY_PASSWORD and not proxy_of(finding.occurrence):
                continue
            if way in _WAYS:
                return way
        return Way.TRY_AGAIN

    def _act(self, probe: Probe) -> None:
        finding = self._findings.get(probe)
        way = self._way(finding) if finding else None
        if finding is None or way is None:
            return
        if way is Way.TRY_AGAIN:
            self._settings_opened = False
            self.check_again.emit()
        elif way is Way.SET_ASIDE:
            assert finding.occurrence is not None
            self.happened.emit(events.HelpAsked(occurrence=finding.occurrence))
        elif way is Way.COPY_DETAILS:
            QGuiApplication.clipboard().setText(self._copied(finding))
        elif way is Way.PROXY_PASSWORD:
            self.password_wanted.emit(proxy_of(finding.occurrence))
        else:
            self._settings_opened = True
            self.way_wanted.emit(way)
            self._tell(probe)  # the person comes back and wants it looked at again

    def _copied(self, finding: Finding) -> str:
        assert finding.occurrence is not None
        details = [f"{name}: {value}" for name, value in (*finding.occurrence.details, *finding.details)]
        return "\n".join((finding.occurrence.code, self._sentence(finding.occurrence), *details))

    def retranslate(self) -> None:
        assert self.state is not None
        integration = self.state.integration
        self.set_heading(
            _("Connect {integration} to Fortnox", integration=integration.name),
            _("It takes about three minutes. You buy nothing here, and you can stop at any time."),
        )
        for line, text in zip(
            self._lines,
            (
                _("You sign in at Fortnox, here in this window."),
                _("You see which company it is before anything is saved."),
                _("You give your password to Fortnox only."),
            ),
            strict=True,
        ):
            line.setText(text)
        if integration.accounts == (AccountKind.SERVICE,):
            needs = _("You need to be a system administrator in Fortnox.")
        elif AccountKind.SERVICE in integration.accounts:
            needs = _("It works best if you are a system administrator in Fortnox.")
        else:
            needs = ""
        self._at_hand.setText(_("Have at hand: your BankID or your Fortnox sign-in.") + (" " + needs if needs else ""))
        self._not_administrator.setText(_("I'm not a system administrator"))
        self._not_administrator.setVisible(AccountKind.SERVICE in integration.accounts)
        self._hand_over.show_integration(integration)
        self._tell_connected()
        self.not_opened.retranslate()
        for probe in self._rows:
            self._tell(probe)
        for code, link in self._language_links.items():
            link.setVisible(code != current().code)

    def _tell_connected(self) -> None:
        assert self.state is not None
        names = list(dict.fromkeys(each.company_name for each in self.state.existing))
        self._connected.setVisible(bool(names))
        if not names:
            return
        shown = ", ".join(names[:3])
        if len(names) > 3:
            text = plural(
                "{names} and {count} more company are connected already.",
                "{names} and {count} more companies are connected already.",
                len(names) - 3,
                names=shown,
            )
        elif len(names) == 1:
            text = _("{company} is connected already.", company=names[0])
        else:
            text = _("{names} are connected already.", names=shown)
        onwards = _("Start here to connect another company, or the same one again.")
        self._connected.show_message(f"{text} {onwards}", button=_("Show the connections"))

    def _toggle_hand_over(self) -> None:
        self._hand_over.setVisible(not self._hand_over.isVisible())

    def footer(self) -> ButtonRow:
        return buttons(main=_("Start"), back=self.from_home, leave=_("Cancel"))

    def press_back(self) -> None:
        """Before the first page stands the list, where the walk was begun there."""
        self.home_wanted.emit()

    def first_focus(self) -> QWidget | None:
        return None
