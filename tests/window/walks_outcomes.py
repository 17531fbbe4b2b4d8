"""Scenarios of the journey: the ordinary outcomes of signing in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from PySide6.QtGui import QGuiApplication

from assistant.fortnox.redirect import RedirectUri
from assistant.integration import Integration
from assistant.journey import Step
from assistant.practice.authorization import SIGN_IN
from assistant.problems import Way
from assistant.window.hands import click
from tests.window.walk import Stage, scenario
from tests.window.walker import Walker

COPY = 1_100_025  # the test copy of Anna's first company


@scenario
async def connected(stage: Stage) -> None:
    """A service account, then a user account of the same company, then each of them again."""
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        walker.mark("before the yes")
        await walker.main()
        await walker.at(Step.DONE)
        await walker.main()
        await walker.until(lambda: stage.opened, "the start page")
        walker.mark("service")
        stage.opener_takes = False
        await walker.main()
        await walker.until(lambda: walker.state.problem, "the opener's refusal")
        walker.mark("start page not opened")
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN, user=True)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("user")


@scenario
async def again(stage: Stage) -> None:
    """The same service company twice, then a user account beside it, then the same person again."""
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN)
        for name in ("first", "second"):
            await walker.sign_in()
            await walker.at(Step.CONFIRM)
            walker.mark(f"{name} asked", banner=walker.window.wizard.confirm._replaces.isVisible())
            await walker.main()
            await walker.at(Step.DONE)
            walker.mark(name)
            await _another(walker)
        await walker.back()
        await walker.at(Step.PERMISSIONS)
        await walker.back()
        await walker.at(Step.ACCOUNT)
        await walker.choose_user_by_keyboard()
        await walker.main()
        await walker.at(Step.PERMISSIONS)
        await walker.main()
        for name in ("user", "user again"):
            await walker.sign_in()
            await walker.at(Step.CONFIRM)
            await walker.main()
            await walker.at(Step.DONE)
            walker.mark(name)
            if name == "user":
                await _another(walker)


async def _another(walker: Walker) -> None:
    await click(walker.window.wizard.done_page._another)
    await walker.at(Step.ACCOUNT)
    await walker.main()
    await walker.at(Step.PERMISSIONS)
    await walker.main()
    await walker.at(Step.SIGN_IN)


@scenario
async def refused(stage: Stage) -> None:
    """Declined; then an ordinary user who asks for a service account and ends with a connection in their own name."""
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN)
        await walker.sign_in(decision="decline")
        await walker.at(Step.PROBLEM)
        walker.mark("declined")
        await walker.way(Way.SIGN_IN_AGAIN)
        await walker.sign_in(person="olle", company=None, decision=None)
        await walker.at(Step.PROBLEM)
        QGuiApplication.clipboard().clear()
        await walker.way(Way.COPY_HANDOVER)
        secrets = {*walker.server.issued.passwords.values(), walker.server.integration.client_secret}
        copied = QGuiApplication.clipboard().text()
        walker.mark("ordinary user", copied=copied, leaked=any(secret in copied for secret in secrets))
        await walker.way(Way.USE_USER_ACCOUNT)
        await walker.at(Step.ACCOUNT)
        walker.mark("own name", chosen=walker.window.wizard.account._cards.key)  # type: ignore[union-attr]
        await walker.main()
        await walker.at(Step.PERMISSIONS)
        await walker.main()
        await walker.sign_in(person="olle", company=None)
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("connected")


@scenario
async def wrong_company(stage: Stage) -> None:
    """Not my company, and then another."""
    async with stage.window() as walker:
        await walker.to(Step.SIGN_IN, user=True)
        await walker.sign_in()
        await walker.at(Step.CONFIRM)
        before = len(walker.log)
        await walker.other()
        await walker.page(SIGN_IN, "sign-in")
        await walker.until(lambda: walker.tokens()[0]["revoked"], "the revocation")
        known = await walker.evaluate("document.getElementById('continue') !== null")
        cookies = len(walker.server.run.sessions._sessions)
        walker.mark("refused", since=before, known=known, sessions=cookies)
        await walker.sign_in(company=COPY)
        await walker.at(Step.CONFIRM)
        await walker.main()
        await walker.at(Step.DONE)
        walker.mark("second company")


@scenario
async def loopback_redirect(stage: Stage) -> None:
    """A redirect URI that somebody answers to: nothing arrives."""
    arrived: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            arrived.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name is the server's

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as listener:
        Thread(target=listener.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{listener.server_port}/callback"

        def change(integration: Integration) -> Integration:
            return replace(integration, redirect_uri=RedirectUri(address))

        stage.change = change
        async with stage.window() as walker:
            await walker.to(Step.SIGN_IN)
            await walker.sign_in()
            await walker.at(Step.CONFIRM)
            await asyncio.sleep(0.3)
            walker.mark("confirm", arrived=list(arrived), address=address)
            await walker.main()
            await walker.at(Step.DONE)
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.server_port)
        writer.write(b"GET /alive HTTP/1.0\r\n\r\n")
        await reader.read()
        writer.close()
        stage.marks["listener"] = list(arrived)
        listener.shutdown()
