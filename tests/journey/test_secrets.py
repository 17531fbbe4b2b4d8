"""No state, event, wish or problem shows a secret it holds, however it is shown; secrets of every shape."""

from __future__ import annotations

import json
import pickle
import pprint
import traceback
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.effects import unplanned
from assistant.fortnox.account import AccountKind
from assistant.fortnox.authorization import AuthorizationRequest
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.messages import ClientSecret, RelayAccess
from assistant.fortnox.tokens import TokenAnswer
from assistant.journey import Existing, Held, Journey, Step, begin, events, step, wishes
from assistant.problems import ProblemError, Way, occurrence, stop
from assistant.secret import Secret
from tests.journey import honest

# Letters that no name, mask or number of ours contains in such a row; as they may stand in a token.
CANARIES = st.text(alphabet="QXZ%ö~", min_size=8, max_size=40)
EXISTING = Existing(id="0" * 32, account=AccountKind.USER, tenant_id="1", company_name="C")


class World:
    """Everything of the journey that can hold a secret, holding `text` wherever it can."""

    def __init__(self, text: str) -> None:
        secret = Secret(text)
        self.tokens = TokenAnswer(
            access_token=secret, refresh_token=secret, scopes=None, expires_in=1, connection_credential=secret
        )
        self.request = AuthorizationRequest(
            endpoints=Endpoints(),
            client_id="c",
            redirect_uri="https://lagerkoll.example/activation",
            scopes=honest.SCOPES,
            account=AccountKind.USER,
            state=secret,
            state_verifier=secret,
            verifier=secret,
        )
        self.access = ClientSecret("c", secret)
        self.relayed = RelayAccess("c", "https://r.example/t", "https://r.example/r", secret)
        self.secret = secret
        self.occurrence = occurrence("NET-02", {"Host": "h"}, host="h")

    def value(self, name: str, kind: type) -> object:
        known: dict[str, object] = {
            "account": AccountKind.USER,
            "address": self.secret,
            "client_secret": self.secret,
            "code": self.secret,
            "tokens": self.tokens,
            "request": self.request,
            "access": self.relayed if kind is wishes.Revoke else self.access,
            "occurrence": self.occurrence,
            "integration": honest.integration(),
            "company": honest.company(),
            "person": honest.person(),
            "existing": (EXISTING,),
            "replaced": EXISTING,
            "choices": (EXISTING,),
            "replacing": None,
            "add": False,
            "way": Way.CLOSE,
            "companies": ("Björk & Ek",),
            "kept": "connections.db",
            "because": "STORE-05",
            "done": True,
            "attempt": 1,
            "connection_id": "0" * 32,
            "tenant_id": "1",
            "scopes": honest.SCOPES,
            "seconds": 5.0,
            "consent_is_shared": False,
        }
        return known[name]

    def everything(self) -> Iterator[object]:
        for module, base in ((events, events.Event), (wishes, wishes.Wish)):
            for kind in vars(module).values():
                if isinstance(kind, type) and issubclass(kind, base) and is_dataclass(kind):
                    yield kind(**{each.name: self.value(each.name, kind) for each in fields(kind)})
        yield from self.states()

    def states(self) -> Iterator[Journey]:
        state, _ = begin(honest.integration(), client_secret=self.secret)
        held = Held(tokens=self.tokens, scopes=honest.SCOPES)
        exchange = wishes.ExchangeCode(attempt=1, code=self.secret, request=self.request, access=self.access)
        for each in Step:
            yield replace(
                state,
                step=each,
                attempt=1,
                held=held,
                authorization=self.request,
                pending=exchange,
                failed=exchange,
                problem=self.occurrence,
                stopped_at=Step.CHECKING,
                company=honest.company(),
            )


def looks(thing: object) -> Iterator[str]:
    yield from (repr(thing), str(thing), f"{thing}", f"{thing!s:>400}", pprint.pformat(thing), ascii(thing))
    yield repr([thing, {"x": thing}])
    yield f"{thing}".encode("unicode_escape").decode()


@given(CANARIES)
@settings(max_examples=25)
def test_no_look_shows_it(text: str) -> None:
    escaped = text.encode("unicode_escape").decode()
    for thing in World(text).everything():
        for look in looks(thing):
            assert text not in look, type(thing)
            assert escaped not in look, type(thing)


@given(CANARIES)
@settings(max_examples=25)
def test_a_traceback_with_every_local_does_not_show_it(text: str) -> None:
    for thing in World(text).everything():
        try:
            _fails(thing)
        except ProblemError as error:
            found = with_locals(error) + with_locals(error.__context__)
        assert text not in found, type(thing)
        assert "thing = " in found


def with_locals(error: BaseException | None) -> str:
    """The last frame of the traceback, as the most talkative of crash reporters shows it."""
    assert error is not None
    return "".join(traceback.TracebackException.from_exception(error, limit=-1, capture_locals=True).format())


def _fails(thing: object) -> None:
    try:
        _breaks(thing)
    except RuntimeError:
        raise stop("START-03", {"fault": "RuntimeError"}) from None


def _breaks(thing: object) -> None:
    raise RuntimeError(thing)


def holds_a_secret(thing: object) -> bool:
    if isinstance(thing, Secret):
        return True
    if isinstance(thing, tuple):
        return any(map(holds_a_secret, thing))
    return is_dataclass(thing) and any(holds_a_secret(getattr(thing, each.name)) for each in fields(thing))


def test_what_holds_one_cannot_be_pickled_or_written_as_json() -> None:
    holders = [thing for thing in World("QXZQXZQXZ").everything() if holds_a_secret(thing)]
    assert {type(one) for one in holders} >= {
        Journey,
        events.Redirected,
        events.SecretEntered,
        events.TokensReceived,
        events.AuthorizationReady,
        wishes.ExchangeCode,
        wishes.ShowSignIn,
        wishes.Listen,
        wishes.OpenOwnBrowser,
        events.AddressPasted,
        wishes.ReadCompany,
        wishes.ReadPerson,
        wishes.ProveService,
        wishes.Revoke,
        wishes.Store,
    }
    for one in holders:
        with pytest.raises(TypeError):
            pickle.dumps(one)
        with pytest.raises(TypeError):
            json.dumps(one)


@given(CANARIES)
def test_a_bad_redirect_becomes_a_problem_that_does_not_repeat_it(text: str) -> None:
    world = World("another state altogether")
    state, _ = begin(honest.integration())
    state = replace(state, step=Step.SIGN_IN, attempt=1, authorization=world.request)
    for query in (
        f"code={text}&state={text}",
        f"error={text}1&state=another%20state%20altogether",
        f"error=access_denied&error_description={text}&state=another%20state%20altogether",
        f"{text}={text}",
        f"code={text}&code={text}&state=another%20state%20altogether",
    ):
        address = Secret(f"https://lagerkoll.example/activation?{query}")
        after, wished = step(state, events.Redirected(attempt=1, address=address))
        assert after.step is Step.PROBLEM
        assert text not in repr((after, wished))
        assert text not in repr((after.problem, str(after.problem)))


@given(CANARIES)
def test_a_fault_nobody_planned_is_told_without_its_text(text: str) -> None:
    try:
        raise KeyError(text)
    except KeyError as fault:
        found = unplanned(fault)
    assert text not in repr(found)
    assert dict(found.details)["fault"] == "KeyError"
    assert dict(found.details)["place"].startswith("test_secrets.py:")
