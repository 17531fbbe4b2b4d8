"""A renewal whose answer is lost: the old token once more, and then the truth. Against practice, through the client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.fortnox.client import Client
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import ClientSecret
from assistant.fortnox.tokens import TokenAnswer
from assistant.practice.faults import Cut, Fault
from assistant.practice.server import PracticeServer
from assistant.problems import CATALOGUE, Occurrence, ProblemError, Way, occurrence
from assistant.secret import Secret
from assistant.vault.renewal import Decision, Next, after_failure, after_lost_answer
from tests.practice.browser import CLIENT_ID, CLIENT_SECRET
from tests.walking import Person, World, practice_integration, visit

pytestmark = pytest.mark.anyio

TOKEN = "/oauth-v1/token"


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    with PracticeServer().in_thread() as running:
        yield running
        assert running.crashes == []


async def connected(server: PracticeServer, folder: object) -> Secret:
    """The refresh token of a user account that was really connected."""
    from pathlib import Path

    from assistant.fortnox.account import AccountKind

    assert isinstance(folder, Path)
    async with World(practice_integration(server), folder, Person(visit("olle"))).walking() as here:
        stored = await here.connect(AccountKind.USER)
        kept = here.vault.secrets(stored.id).refresh_token
        assert kept is not None
        return kept


async def renewed(server: PracticeServer, token: Secret) -> TokenAnswer | Decision:
    """One renewal as a caller makes it: as often as the decisions say, with the same token."""
    access = ClientSecret(client_id=CLIENT_ID, secret=Secret(CLIENT_SECRET))
    lost = False
    async with Client(Endpoints(**server.endpoints), access, proxy=lambda _: None) as client:
        while True:
            try:
                return await client.refresh(token)
            except ProblemError as stopped:
                decision = after_failure(stopped.occurrence, lost_before=lost)
                if decision.next is not Next.SAME_TOKEN_AGAIN:
                    return decision
                assert not lost, "once more, not for ever"
                lost = True


def renewals(server: PracticeServer) -> int:
    return sum(entry.path == TOKEN and entry.grant != "authorization_code" for entry in server.log)


async def test_an_answer_lost_before_the_server_acted_costs_nothing(server: PracticeServer, tmp_path: object) -> None:
    token = await connected(server, tmp_path)
    server.inject(TOKEN, Fault(cut=Cut.NO_ANSWER))
    answer = await renewed(server, token)
    assert isinstance(answer, TokenAnswer)
    assert answer.refresh_token not in (None, token)
    assert renewals(server) == 2


@pytest.mark.provokes("TOKEN-04", "TOKEN-11")
@pytest.mark.parametrize("cut", Cut)
async def test_an_answer_lost_after_the_server_acted_means_connecting_again(
    server: PracticeServer, tmp_path: object, cut: Cut
) -> None:
    token = await connected(server, tmp_path)
    server.inject(TOKEN, Fault(handled=True, cut=cut))
    decision = await renewed(server, token)
    assert isinstance(decision, Decision)
    assert decision.next is Next.RECONNECT
    assert decision.problem is not None
    assert decision.problem.code == "TOKEN-11"
    assert ("Answer before", "lost") in decision.problem.details
    assert decision.problem.problem.ways[0] is Way.SIGN_IN_AGAIN
    assert renewals(server) == 2
    assert server.issued.refresh_tokens[-1] != token.reveal(), "the new one went with the answer"


async def test_two_lost_answers_leave_the_old_token_where_it_is(server: PracticeServer, tmp_path: object) -> None:
    token = await connected(server, tmp_path)
    server.inject(TOKEN, Fault(cut=Cut.NO_ANSWER), Fault(cut=Cut.NO_ANSWER))
    decision = await renewed(server, token)
    assert isinstance(decision, Decision)
    assert decision.next is Next.LATER
    assert decision.problem is not None
    assert decision.problem.code == "NET-08"
    assert renewals(server) == 2
    assert isinstance(await renewed(server, token), TokenAnswer), "and it still works when the network does"


async def test_a_refusal_with_its_answer_is_not_asked_about_twice(server: PracticeServer, tmp_path: object) -> None:
    token = await connected(server, tmp_path)
    assert isinstance(await renewed(server, token), TokenAnswer)
    decision = await renewed(server, token)
    assert isinstance(decision, Decision)
    assert (decision.next, decision.problem.code if decision.problem else "") == (Next.RECONNECT, "TOKEN-11")
    assert renewals(server) == 2


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_failure_is_decided_and_only_a_lost_answer_is_tried_again(code: str) -> None:
    problem: Occurrence = occurrence(code)
    first, second = after_failure(problem, lost_before=False), after_lost_answer(problem)
    assert (first.next is Next.SAME_TOKEN_AGAIN) is (code == "TOKEN-04")
    assert second.next is not Next.SAME_TOKEN_AGAIN
    for decision in (first, second):
        assert (decision.next is Next.RECONNECT) is (code in ("TOKEN-11", "TOKEN-20"))
    for decision in (first, second):
        assert (decision.problem is None) is (decision.next is Next.SAME_TOKEN_AGAIN)
