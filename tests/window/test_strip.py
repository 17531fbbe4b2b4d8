"""The address strip: what it says, how it is cut, and that the keyboard and a screen reader find it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage
from PySide6.QtWidgets import QToolButton

from assistant.language import use
from assistant.window.paint_watch import PaintWatch, is_blank
from assistant.window.place import Place
from assistant.window.strip import HEIGHT, Strip
from assistant.window.theme import theme


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use("en")
    yield
    use("en")


@pytest.fixture
def strip(qtbot: QtBot) -> Strip:
    made = Strip(practice=True)
    qtbot.addWidget(made)
    made.resize(900, HEIGHT)
    made.show()
    return made


@pytest.mark.parametrize(
    ("url", "strong", "quiet", "locked"),
    [
        ("https://apps.fortnox.se/x", "Fortnox", "apps.fortnox.se", True),
        ("https://login.bankid.com/", "login.bankid.com", "This is not Fortnox", True),
        ("https://apps.fortnox.se.evil.example/", "apps.fortnox.se.evil.example", "This is not Fortnox", True),
        ("http://127.0.0.1:8080/", "127.0.0.1:8080", "Practice", False),
        ("about:blank", "", "This is not Fortnox", False),
    ],
)
def test_says_whose_page_it_is(strip: Strip, url: str, strong: str, quiet: str, locked: bool) -> None:
    strip.address.show_place(Place.of(url))
    assert (strip.address.strong, strip.address.quiet, strip.address.locked) == (strong, quiet, locked)
    assert quiet.split(".")[0] in strip.address.accessibleName() or "Fortnox" in strip.address.accessibleName()


def test_this_computer_is_practice_only_when_practising(qtbot: QtBot) -> None:
    made = Strip(practice=False)
    qtbot.addWidget(made)
    made.address.show_place(Place.of("http://127.0.0.1:8080/"))
    assert made.address.quiet == "This is not Fortnox"


def test_a_long_host_keeps_its_end(strip: Strip) -> None:
    host = ".".join(["apps.fortnox.se"] + ["a" * 40] * 4 + ["evil.example"])
    strip.address.show_place(Place.of(f"https://{host}/"))
    strong, quiet = strip.address.drawn(360)
    assert strong.endswith("evil.example")
    assert "fortnox" not in strong
    assert quiet == "This is not Fortnox"
    assert QFontMetrics(strip.address.font()).horizontalAdvance(quiet) < 360
    assert host in strip.address.accessibleName()


def test_every_button_is_named_and_reached_by_tab(strip: Strip) -> None:
    strip.set_own_browser(True)
    for button in strip.buttons:
        assert button.accessibleName()
        assert button.toolTip()
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("reload", "reload_requested"),
        ("zoom_in", "zoom_in_requested"),
        ("zoom_out", "zoom_out_requested"),
        ("zoom_reset", "zoom_reset_requested"),
        ("start_over", "start_over_requested"),
        ("own_browser", "own_browser_requested"),
        ("close_page", "page_closed"),
    ],
)
def test_buttons_say_what_was_pressed(qtbot: QtBot, strip: Strip, button: str, signal: str) -> None:
    pressed: QToolButton = getattr(strip, button)
    with qtbot.waitSignal(getattr(strip, signal), timeout=1000):
        pressed.click()


def test_own_browser_is_hidden_unless_offered(strip: Strip) -> None:
    assert not strip.own_browser.isVisible()
    strip.set_own_browser(True)
    assert strip.own_browser.isVisible()


def test_progress_line_is_drawn_and_goes_away(strip: Strip) -> None:
    def line() -> QColor:
        return strip.grab().toImage().pixelColor(2, HEIGHT - 2)

    done = line()
    strip.set_progress(40)
    assert line() == theme().colour("accent")
    strip.set_progress(100)
    assert line() == done


def test_speaks_swedish_when_told(strip: Strip) -> None:
    strip.address.show_place(Place.of("https://login.bankid.com/"))
    use("sv")
    strip.retranslate()
    assert strip.start_over.text() in ("Börja om", "Start over")  # until the translation is compiled


def picture(*, mark: bool) -> QImage:
    made = QImage(50, 30, QImage.Format.Format_RGB32)
    made.fill(QColor("white"))
    if mark:
        made.setPixelColor(20, 20, QColor("black"))
    return made


def test_blank_is_one_colour() -> None:
    assert is_blank(picture(mark=False))
    assert not is_blank(picture(mark=True))
    assert is_blank(QImage())


def test_watch_tells_shown_blank_and_silent(qtbot: QtBot) -> None:
    on_screen: list[QImage | None] = [None]
    watch = PaintWatch(lambda: on_screen[0], blank_after=400, silent_after=200)
    with qtbot.waitSignal(watch.silent, timeout=2000):
        watch.begin()
    watch.begin()
    watch.arrived(loading=True)
    watch.ended()
    with qtbot.assertNotEmitted(watch.blank, wait=700):  # not to be seen: nobody waits
        pass
    on_screen[0] = picture(mark=False)
    with qtbot.waitSignal(watch.blank, timeout=3000):
        pass
    watch.begin()
    watch.arrived(loading=True)
    with qtbot.waitSignal(watch.shown, timeout=3000):
        on_screen[0] = picture(mark=True)


def test_watch_counts_blank_time_from_the_end_of_the_load(qtbot: QtBot) -> None:
    watch = PaintWatch(lambda: picture(mark=False), blank_after=300, loading_after=900, silent_after=200)
    watch.begin()
    watch.arrived(loading=True)
    with qtbot.assertNotEmitted(watch.blank, wait=600), qtbot.assertNotEmitted(watch.silent):
        pass
    with qtbot.waitSignal(watch.blank, timeout=3000):
        watch.ended()
    watch.begin()
    watch.arrived(loading=True)
    with qtbot.assertNotEmitted(watch.blank), qtbot.waitSignal(watch.silent, timeout=3000):
        pass


def test_watch_that_was_stopped_does_not_begin_again_by_itself(qtbot: QtBot) -> None:
    watch = PaintWatch(lambda: picture(mark=False), blank_after=200, silent_after=200)
    watch.begin()
    watch.arrived(loading=True)
    watch.stop()
    with qtbot.assertNotEmitted(watch.blank, wait=600):
        watch.ended()


def test_watch_goes_on_with_the_page_that_stands_when_no_other_was_to_come(qtbot: QtBot) -> None:
    watch = PaintWatch(lambda: picture(mark=False), blank_after=600, silent_after=300)
    watch.begin()
    watch.arrived(loading=False)
    watch.begin()  # an address for another program
    with qtbot.assertNotEmitted(watch.silent), qtbot.waitSignal(watch.blank, timeout=3000):
        watch.ended()
