"""Signing in with the person's own browser: practice over HTTP, a real listener, and a browser of text."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import own_browser
from assistant.fortnox.redirect import RedirectUri
from assistant.integration import RedirectPage
from assistant.journey import Step, events, rules
from assistant.language import use
from assistant.practice.faults import Cut, Fault
from assistant.practice.integration import LAGERKOLL
from assistant.practice.server import PracticeServer
from assistant.practice.switches import Callback, Switches
from assistant.problems import Way
from assistant.secret import Secret
from tests.loopback.test_binding import free_port, held
from tests.loopback.test_binding import places as bound_places
from tests.outside import Page, browse, browsing
from tests.walking import Person, World, grants, practice_integration, visit

pytestmark = pytest.mark.anyio

TOKEN = "/oauth-v1/token"
STATIC_PAGE = "https://lagerkoll.example/activation"
EXCHANGED, SERVICE = ("authorization_code", "token_issued"), ("client_credentials", "token_issued")


class Outside(World):
    """A world with a listener's redirect URI, and whatever the window was asked."""

    fronted = 0

    def ports(self):  # type: ignore[no-untyped-def]
        def to_front() -> None:
            self.fronted += 1

        return replace(super().ports(), to_front=to_front)

    async def asked_for(self, count: int = 1) -> str:
        """The address the default browser is asked for, once that has happened `count` times."""
        async with asyncio.timeout(10):
            while len(self.opened) < count:  # noqa: ASYNC110 - the opener is a plain function
                await asyncio.sleep(0.01)
        return self.opened[-1]

    async def in_front(self) -> None:
        """Waits until the window was brought to the front, once."""
        async with asyncio.timeout(10):
            while not self.fronted:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
        assert self.fronted == 1

    async def outside(self, count: int = 1) -> str:
        """To the sign-in, and from the window's browser to the person's own."""
        self.go()
        self.send(events.OwnBrowserAsked())
        return await self.asked_for(count)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture(params=["http://localhost:{port}/callback", "http://127.0.0.1:{port}", "http://[::1]:{port}/a/b"])
def home(request: pytest.FixtureRequest, port: int) -> str:
    return str(request.param.format(port=port))


@asynccontextmanager
async def connecting(
    folder: Path, home: str, *, switches: Switches | None = None, person: Person | None = None, **changes: object
) -> AsyncIterator[tuple[Outside, PracticeServer]]:
    registered = replace(LAGERKOLL, redirect_uris=(home,))
    with PracticeServer(registered, switches=switches).in_thread() as server:
        integration = practice_integration(server, redirect_uri=RedirectUri(home), **changes)
        async with Outside(integration, folder, person or Person()).walking() as here:
            assert isinstance(here, Outside)
            yield here, server
        assert server.crashes == []


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    use("en")
    yield
    use("en")


def title(page: Page) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found is not None, page.text
    return found[1]


async def test_the_whole_way_with_the_own_browser(tmp_path: Path, home: str) -> None:
    async with connecting(tmp_path, home) as (here, server):
        page = await browse(await here.outside(), *visit())
        assert title(page) == "You are signed in"
        assert "You can close this page and go back to Lagerkoll." in page.text
        assert here.state.step is Step.CONFIRM, "the page comes after the check, not before"
        await here.in_front()
        assert here.stored == ()
        here.send(events.Confirmed())
        assert (await here.until(Step.DONE, Step.PROBLEM)).step is Step.DONE
        assert grants(server) == [EXCHANGED, SERVICE]
        (stored,) = here.stored
        assert stored.redirect_uri == home


async def test_the_page_speaks_the_persons_language(tmp_path: Path, port: int) -> None:
    use("sv")
    async with connecting(tmp_path, f"http://localhost:{port}/") as (here, _server):
        page = await browse(await here.outside(), *visit())
        assert '<html lang="sv">' in page.text


@pytest.mark.provokes("AUTH-01")
async def test_a_refusal_at_fortnox_is_said_there_and_in_the_window(tmp_path: Path, port: int) -> None:
    async with connecting(tmp_path, f"http://localhost:{port}/") as (here, server):
        page = await browse(await here.outside(), *visit(last="decline"))
        assert here.state.step is Step.PROBLEM
        assert here.state.problem is not None
        assert title(page) == "You stopped at Fortnox"
        assert f"Error code {here.state.problem.code}" in page.text
        assert grants(server) == []
        here.send(events.WayChosen(way=Way.SIGN_IN_AGAIN))
        page = await browse(await here.asked_for(2), *visit())
        assert title(page) == "You are signed in", "again with their own browser"


@pytest.mark.provokes("TOKEN-04")
async def test_a_check_that_fails_is_said_there_with_its_code(tmp_path: Path, port: int) -> None:
    async with connecting(tmp_path, f"http://localhost:{port}/") as (here, server):
        server.inject(TOKEN, Fault(cut=Cut.NO_ANSWER, handled=True))
        page = await browse(await here.outside(), *visit())
        assert (here.state.step, here.state.problem and here.state.problem.code) == (Step.PROBLEM, "TOKEN-04")
        assert "Error code TOKEN-04" in page.text
        await here.in_front()


async def test_the_browser_is_not_held_for_ever(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_browser, "HOLD_SECONDS", 0.2)
    async with connecting(tmp_path, f"http://localhost:{port}/") as (here, server):
        here.walk._own_browser = own_browser.OwnBrowser(lambda: None, hold_seconds=0.2)
        server.inject(TOKEN, Fault(delay=1.0))
        page = await browse(await here.outside(), *visit())
        assert title(page) == "Fortnox is still being asked"
        assert here.state.step is Step.CHECKING
        await here.until(Step.CONFIRM)


async def test_switching_there_and_back_voids_every_older_attempt(tmp_path: Path, port: int) -> None:
    person = Person((), (), visit())
    async with connecting(tmp_path, f"http://localhost:{port}/cb", person=person) as (here, server):
        first = await here.outside()
        here.send(events.WindowBrowserAsked(), events.OwnBrowserAsked())
        second = await here.asked_for(2)
        state = {re.search(r"state=([^&]+)", each)[1] for each in (first, second)}  # type: ignore[index]
        assert len(state) == 2
        stray = await browse(first, *visit())
        assert stray.answer is not None
        assert stray.answer.status_code == 404
        assert title(stray) == "This page does not belong to the sign-in under way"
        assert here.state.step is Step.SIGN_IN
        assert grants(server) == [], "the older code is not exchanged"
        here.send(events.WindowBrowserAsked())
        state_now = await here.until(Step.CONFIRM, Step.PROBLEM)
        assert state_now.step is Step.CONFIRM, state_now.problem
        assert state_now.attempt == 5
        with pytest.raises(OSError, match="Connect"):
            await asyncio.open_connection("127.0.0.1", port)


async def test_junk_meanwhile_changes_nothing(tmp_path: Path, port: int) -> None:
    home = f"http://localhost:{port}/cb"
    async with connecting(tmp_path, home) as (here, server):
        address = await here.outside()
        state = re.search(r"state=([^&]+)", address)[1]  # type: ignore[index]
        for target in (
            home,
            f"{home}?error=access_denied",
            f"{home}?code=x",
            f"{home}?code=x&state=y",
            f"{home}?code=x&state={state}&state={state}",
            f"{home}?state={state}",
            f"{home}?code=&state={state}",
            f"http://localhost:{port}/favicon.ico",
        ):
            page = await browse(target)
            assert page.answer is not None
            assert page.answer.status_code == 404, target
        assert here.state.step is Step.SIGN_IN
        assert grants(server) == []
        assert title(await browse(address, *visit())) == "You are signed in"


@pytest.mark.parametrize("answer", [Callback.EMPTY, Callback.WITHOUT_STATE, Callback.OTHER_STATE, Callback.TWO_CODES])
async def test_an_answer_that_is_not_to_this_attempt_is_left_alone(tmp_path: Path, port: int, answer: Callback) -> None:
    """From another browser anyone may call, so what does not carry our `state` must not end the attempt either."""
    home = f"http://localhost:{port}/cb"
    async with connecting(tmp_path, home, switches=Switches(callback=answer)) as (here, server):
        page = await browse(await here.outside(), *visit())
        if answer is Callback.TWO_CODES:  # it does carry it, so it is ours, and cannot be read
            assert here.state.problem is not None
            assert here.state.problem.code == "AUTH-10"
        else:
            assert page.answer is not None
            assert page.answer.status_code == 404
            assert here.state.step is Step.SIGN_IN
        assert grants(server) == []


@pytest.mark.provokes("OWN-01")
async def test_a_port_that_is_taken_opens_no_browser(tmp_path: Path, port: int) -> None:
    async with connecting(tmp_path, f"http://localhost:{port}/cb") as (here, _server):
        family, address = bound_places("localhost")[0]
        with held(family, address, port):
            here.go()
            here.send(events.OwnBrowserAsked())
            state = await here.until(Step.PROBLEM)
            assert state.problem is not None
            assert state.problem.code == "OWN-01"
            assert here.opened == []
        here.send(events.WayChosen(way=Way.TRY_AGAIN))
        assert title(await browse(await here.asked_for(), *visit())) == "You are signed in"


@pytest.mark.provokes("OWN-04")
async def test_without_a_browser_the_link_still_works(tmp_path: Path, port: int) -> None:
    async with connecting(tmp_path, f"http://localhost:{port}/cb") as (here, _server):
        here.opens = False
        link = await here.outside()
        state = await here.until(Step.SIGN_IN, where=lambda state: state.aside is not None)
        assert state.aside is not None
        assert state.aside.code == "OWN-04"
        assert state.authorization is not None
        assert state.authorization.url == link
        assert title(await browse(link, *visit())) == "You are signed in"


@pytest.mark.provokes("OWN-03")
async def test_nothing_that_comes_back_ends_in_time(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "OWN_BROWSER_SECONDS", 0.3)
    async with connecting(tmp_path, f"http://localhost:{port}/cb") as (here, _server):
        await here.outside()
        state = await here.until(Step.PROBLEM)
        assert state.problem is not None
        assert state.problem.code == "OWN-03"
        await asyncio.sleep(0.1)  # for the port to come free
        with held(*bound_places("localhost")[0], port, socket.SO_REUSEADDR):
            pass  # nobody listens there any more
        here.send(events.WayChosen(way=Way.WINDOW_BROWSER))
        assert here.state.own_browser is None
        assert here.person.open


async def test_leaving_frees_the_port_and_ends_the_page(tmp_path: Path, port: int) -> None:
    async with connecting(tmp_path, f"http://localhost:{port}/cb") as (here, server):
        server.inject(TOKEN, Fault(delay=1.0))
        browser = browsing(await here.outside(), *visit())
        await here.until(Step.CHECKING)
        here.send(events.Leave())
        assert title(await browser) == "This sign-in was ended"
        await asyncio.wait_for(here.walk.ended.wait(), 10)
    with held(*bound_places("localhost")[0], port, socket.SO_REUSEADDR):
        pass


async def test_leaving_while_waiting_frees_the_port(tmp_path: Path, port: int) -> None:
    async with connecting(tmp_path, f"http://localhost:{port}/cb") as (here, _server):
        await here.outside()
        await here.leave()
    with held(*bound_places("localhost")[0], port, socket.SO_REUSEADDR):
        pass


@pytest.mark.provokes("OWN-05", "OWN-06")
async def test_the_address_is_pasted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with connecting(tmp_path, STATIC_PAGE, redirect_page=RedirectPage.STATIC) as (here, server):
        host = "127.0.0.1"
        first = await browse(await here.outside(), *visit(), host=host)
        assert first.address.startswith(STATIC_PAGE + "?")
        here.send(events.StartOver())
        second = await browse(await here.asked_for(2), *visit(), host=host)
        for wrong, code in (
            ("what is this", "OWN-05"),
            ("https://elsewhere.example/activation?code=x", "OWN-05"),
            (STATIC_PAGE, "OWN-06"),
            (first.address, "OWN-06"),
        ):
            here.send(events.AddressPasted(address=Secret(wrong)))
            assert here.state.step is Step.SIGN_IN
            assert here.state.aside is not None
            assert here.state.aside.code == code, wrong
        assert grants(server) == []
        here.send(events.AddressPasted(address=Secret(second.address)))
        state = await here.until(Step.CONFIRM, Step.PROBLEM)
        assert state.step is Step.CONFIRM, state.problem
        assert grants(server) == [EXCHANGED, SERVICE]
        heard = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
        told = repr(here.states) + repr(here.failures) + "".join(heard)
        secrets = {value for page in (first, second) for value in re.findall(r"(?:code|state)=([^&]+)", page.address)}
        assert len(secrets) == 4
        assert not {secret for secret in secrets if secret in told}
