"""The page of every problem, in both languages: its words, exactly its ways on, and nothing cut."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from assistant.fortnox.account import AccountKind
from assistant.integration import Integration
from assistant.journey import Journey, Step, events
from assistant.journey.rules import step
from assistant.language import languages, use
from assistant.problems import CATALOGUE, Problem, Tone, Way
from assistant.problems.words import words
from assistant.secret import Secret
from assistant.window import clock_settings
from assistant.window.buttons import Button
from assistant.window.main_window import MainWindow
from assistant.window.pages.handover import hand_over_text
from assistant.window.pages.problem import ProblemPage
from assistant.window.text import Text
from tests.window.problem_pages import DETAILS, SUPPORT_CODE, happened, integration, show, stopped, window
from tests.window.test_look import _cut

ENTRIES = sorted(CATALOGUE.values(), key=lambda entry: entry.code)
WINDOWS = {
    *(Way.COPY_HANDOVER, Way.COPY_CODE, Way.COPY_DETAILS, Way.COPY_ADDRESS),
    *(Way.OPEN_LISTING, Way.OPEN_SETTINGS, Way.PROXY_PASSWORD, Way.OPEN_FILE, Way.SET_ASIDE),
}
WINDOWS |= {Way.SHOW_HOW}
by_code = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)


@pytest.fixture(params=languages())
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    use(request.param)
    yield request.param
    use("en")


@pytest.fixture(scope="module")
def full() -> Integration:
    return integration()


@pytest.fixture(scope="module")
def shown(qapp: QApplication, full: Integration) -> Iterator[MainWindow]:
    with window(full) as one:
        yield one


def expected(entry: Problem, used: Integration) -> list[Way]:
    """The ways on of `entry` that exist for `used` on this computer, beside Back and Close in the footer."""
    absent = {Way.BACK, Way.CLOSE}
    if used.listing is None:
        absent.add(Way.OPEN_LISTING)
    if not used.asks_for_secret:
        absent.add(Way.ENTER_SECRET)
    if AccountKind.USER not in used.accounts:
        absent.add(Way.USE_USER_ACCOUNT)
    if used.way_back is None:
        absent.add(Way.OWN_BROWSER)
    if clock_settings.clock_settings_address() is None:
        absent.add(Way.OPEN_SETTINGS)
    absent.add(Way.OPEN_FILE)  # there is an integration: see test_choosing_file.py
    return [way for way in entry.ways if way not in absent]


def labels(page: ProblemPage, shown: MainWindow) -> list[str]:
    """What can be pressed to go on, in order: filled, outlined, then the links of the page."""
    footer = [shown.frame.footer.filled, shown.frame.footer.second]
    links = [each for each in page.findChildren(Button) if each.isVisible() and each.property("way")]
    return [each.text() for each in (*footer, *links) if each.isVisible()]


def visible(page: QWidget, *kinds: type[QWidget]) -> list[QWidget]:
    return [each for kind in kinds for each in page.findChildren(kind) if each.isVisible()]


def in_page(part: QWidget, page: QWidget) -> QRect:
    return QRect(part.mapTo(page, QPoint(0, 0)), part.size())


@by_code
def test_it_says_what_happened_and_offers_exactly_what_can_be_done(
    shown: MainWindow, full: Integration, entry: Problem, spoken: str
) -> None:
    shown.retranslate()
    page = show(shown, stopped(entry.code, full))
    told = words(happened(entry.code), integration=full)
    assert (page.heading.text(), page.lead.text() if page.lead.isVisible() else "") == (told.title, told.cause) or (
        "licences" in entry.cause
    )
    said = [part.text() for part in visible(page, Text)]
    for number, line in enumerate(told.remedy, 1):
        assert (f"{number}. {line}" if len(told.remedy) > 1 else line) in said
    assert any(entry.code in text and SUPPORT_CODE in text for text in said)
    assert any("+46 8 000 00 00" in text for text in said)
    assert not any("{" in text or "–." in text for text in said)
    assert list(page.ways) == expected(entry, full)
    assert len(labels(page, shown)) == len(page.ways)
    assert len(set(labels(page, shown))) == len(page.ways)
    assert shown.frame.footer.back.isVisible()
    assert shown.frame.footer.cancel.isVisible()
    icon = {Tone.INFO: "info", Tone.WARNING: "triangle-alert", Tone.DANGER: "octagon-alert"}[entry.tone]
    assert page._icon._name == icon
    assert page._who.isVisible() is (entry.tone is not Tone.INFO)
    # What would tell a support agent or IT more is folded away, and holds the allowed fields alone.
    assert not page._details.open
    assert page._details_text.text() == "\n".join(f"{name}: {value}" for name, value in DETAILS.items())
    # Nothing is cut, and nothing stands on anything else.
    assert (shown.width(), shown.height()) == (1024, 600)
    assert _cut(shown) == []
    parts = visible(page, Text, Button)
    overlapping = [
        (one, other)
        for one, other in combinations(parts, 2)
        if in_page(one, page).intersects(in_page(other, page))
        and not one.isAncestorOf(other)
        and not other.isAncestorOf(one)
    ]
    assert overlapping == []


@pytest.mark.parametrize("size", [(1024, 600), (1120, 720)])
def test_at_200_percent_nothing_is_cut_either(qapp: QApplication, spoken: str, size: tuple[int, int]) -> None:
    used = integration()
    with window(used, size=size, scale=2.0) as large:
        for entry in ENTRIES:
            show(large, stopped(entry.code, used))
            assert (large.width(), large.height()) == size, entry.code
            assert _cut(large) == [], entry.code


@pytest.mark.parametrize("asks", [True, False])
@by_code
def test_each_way_leads_on_and_keeps_what_the_person_did(entry: Problem, asks: bool) -> None:
    used = integration(asks=asks)
    before = Journey(
        integration=used, step=Step.PROBLEM, account=AccountKind.SERVICE, client_secret=Secret("key"),
        stopped_at=Step.SIGN_IN, problem=happened(entry.code), attempt=3,
    )  # fmt: skip
    for way in expected(entry, used):
        if way in WINDOWS:
            continue
        after, _ = step(before, events.WayChosen(way=way))
        assert after.step is not Step.PROBLEM, way
        assert after.problem is None
        assert after.account is (AccountKind.USER if way is Way.USE_USER_ACCOUNT else AccountKind.SERVICE)
        assert after.client_secret == (None if way is Way.ENTER_SECRET and asks else before.client_secret)
        if after.step is Step.SIGN_IN:
            assert after.attempt == 4
    after, _ = step(before, events.Back())
    assert (after.step, after.client_secret, after.account) == (
        Step.PERMISSIONS, before.client_secret, before.account,
    )  # fmt: skip


def test_what_an_integration_does_not_have_is_not_offered(qapp: QApplication) -> None:
    bare = integration(listing=None, accounts=(AccountKind.SERVICE,))
    with window(bare) as one:
        for code in ("AUTH-02", "AUTH-04", "TOKEN-01", "TOKEN-08"):
            page = show(one, stopped(code, bare))
            assert list(page.ways) == expected(CATALOGUE[code], bare)
            assert not {Way.OPEN_LISTING, Way.ENTER_SECRET, Way.USE_USER_ACCOUNT} & set(page.ways)
    asking = integration(asks=True)
    with window(asking) as one:
        assert show(one, stopped("TOKEN-01", asking)).ways[0] is Way.ENTER_SECRET


@pytest.mark.parametrize(("system", "offered"), [("win32", True), ("darwin", True), ("linux", False)])
def test_settings_are_offered_where_they_can_be_opened(
    shown: MainWindow, full: Integration, monkeypatch: pytest.MonkeyPatch, system: str, offered: bool
) -> None:
    address = clock_settings.clock_settings_address(system)
    assert (address is not None) is offered
    for module in ("assistant.window.pages.problem", "assistant.window.main_window"):
        monkeypatch.setattr(f"{module}.clock_settings_address", lambda: address)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    page = show(shown, stopped("START-05", full))
    assert (Way.OPEN_SETTINGS in page.ways) is offered
    assert page.ways[0] is (Way.OPEN_SETTINGS if offered else Way.TRY_AGAIN)
    page.take(Way.OPEN_SETTINGS)
    assert opened == ([address] if offered else [])


@pytest.mark.parametrize("code", ["AUTH-03", "TOKEN-10", "CHECK-03"])
def test_show_how_names_the_licence_of_each_permission(
    shown: MainWindow, full: Integration, code: str, spoken: str
) -> None:
    shown.retranslate()
    page = show(shown, stopped("AUTH-01", full))
    page = show(shown, stopped(code, full))
    assert page.ways[0] is Way.SHOW_HOW
    assert not page._how.open
    page.press_main()
    QApplication.processEvents()
    assert page._how.open
    told = page._how_text.text().splitlines()
    assert len(told) == 1 + sum(bool(need) for need in _needs(full))
    assert "Kundfaktura" in page._how_text.text()
    assert _cut(shown) == []
    show(shown, stopped("AUTH-01", full))
    assert not page._how.isVisible()


def _needs(used: Integration) -> list[tuple[str, ...]]:
    from assistant.fortnox.scopes import scope

    return [scope(name).licences for name in used.scopes]


def test_the_hand_over_text_is_copied(shown: MainWindow, full: Integration) -> None:
    page = show(shown, stopped("AUTH-02", full))
    assert page.ways[0] is Way.COPY_HANDOVER
    page.press_main()
    assert QGuiApplication.clipboard().text() == hand_over_text(full)
    assert labels(page, shown)[0] == "Copied"
    assert labels(show(shown, stopped("AUTH-14", full)), shown)[0] == "Copy the text"


def test_the_page_at_fortnox_is_opened(shown: MainWindow, full: Integration) -> None:
    opened: list[str] = []
    shown.open_address = lambda address: not opened.append(address)
    page = show(shown, stopped("AUTH-04", full))
    assert page.ways[0] is Way.OPEN_LISTING
    page.press_main()
    assert opened == [full.listing]


def test_it_gets_everything_from_one_paste(shown: MainWindow, full: Integration) -> None:
    page = show(shown, stopped("NET-04", full))
    page.press_main()
    copied = QGuiApplication.clipboard().text()
    for wanted in (
        page.heading.text(), page.lead.text(), "NET-04", SUPPORT_CODE, "setup-assistant", "Brandvägg",
        "apps.fortnox.se:443, api.fortnox.se:443", "HTTP status: 403",
    ):  # fmt: skip
        assert wanted in copied
    page = show(shown, stopped("AUTH-05", full))
    page.press_main()
    assert QGuiApplication.clipboard().text() == page.codes_text
    assert "AUTH-05" in page.codes_text


def test_a_problem_before_there_is_a_journey(qapp: QApplication, spoken: str) -> None:
    for code in [code for code in CATALOGUE if code.startswith("FILE")]:
        with window(integration()) as one:
            one.show_problem_alone(happened(code))
            QApplication.processEvents()
            page = one.wizard.problem
            assert set(page.ways) <= {Way.COPY_CODE, Way.COPY_DETAILS}
            assert not one.frame.footer.back.isVisible()
            assert _cut(one) == []
            assert "None" not in page.text_for_it
