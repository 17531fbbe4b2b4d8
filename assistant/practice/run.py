"""One practice run: what all its routes share."""

from __future__ import annotations

import secrets
from pathlib import Path

from starlette.requests import Request

from assistant.practice import state_file
from assistant.practice.authorization_request import AuthorizationRequest
from assistant.practice.clock import PracticeClock
from assistant.practice.conditions import under
from assistant.practice.credentials import Authorization, AuthorizationCode, TokenAnswer, new_uuid
from assistant.practice.faults import Faults
from assistant.practice.integration import PracticeIntegration
from assistant.practice.ledger import Holdings, Ledger
from assistant.practice.people import PRACTICE_POPULATION, Population
from assistant.practice.rate_limit import RateLimit
from assistant.practice.request_log import Issued, LogEntry, Note
from assistant.practice.sessions import Sessions
from assistant.practice.switches import CodeOnArrival, ScopesGranted, Switches, TokenType


class Run:
    """State of one run, and the few acts that touch more than one part of it.

    Attributes:
        chosen: names of the situations that `switches` were made of; empty where they were set one by one.

    Raises:
        StateFileError: the state file exists and cannot be used.
    """

    def __init__(
        self,
        integration: PracticeIntegration,
        *,
        clock: PracticeClock,
        switches: Switches,
        population: Population = PRACTICE_POPULATION,
        state_file_path: Path | None = None,
        port: int,
    ) -> None:
        self.integration = integration
        self.clock = clock
        self.switches = switches
        self.chosen: frozenset[str] = frozenset()
        self._population = population
        self.port = port
        self.sessions = Sessions(port=port)
        self.issued = Issued()
        self.log: list[LogEntry] = []
        self.crashes: list[BaseException] = []
        self.faults = Faults()
        self.rate_limit = RateLimit()
        self.control_token = secrets.token_urlsafe(24)
        self._state_file = state_file_path
        holdings = self._resumed() or self._fresh()
        self.ledger = Ledger(holdings, clock=clock, switches=lambda: self.switches)
        self.save()

    @property
    def population(self) -> Population:
        """Everybody and every company, under the switches of this moment."""
        return under(self._population, self.switches)

    @population.setter
    def population(self, population: Population) -> None:
        self._population = population

    def _fresh(self) -> Holdings:
        self.issued.passwords = {person.id: f"practice-{secrets.token_hex(4)}" for person in self._population.people}
        self.issued.legacy_tokens = {company.tenant_id: new_uuid() for company in self._population.companies}
        return Holdings(legacy_tokens={value: tenant for tenant, value in self.issued.legacy_tokens.items()})

    def _resumed(self) -> Holdings | None:
        snapshot = state_file.load(self._state_file) if self._state_file else None
        if snapshot is None:
            return None
        self._population = snapshot.population
        self.clock.advance(snapshot.advanced)
        self.issued.passwords = snapshot.passwords
        self.issued.legacy_tokens = {tenant: value for value, tenant in snapshot.holdings.legacy_tokens.items()}
        self.issued.codes.extend(snapshot.holdings.codes)
        self.issued.access_tokens.extend(snapshot.holdings.access_tokens)
        self.issued.refresh_tokens.extend(snapshot.holdings.refresh_tokens)
        return snapshot.holdings

    def save(self) -> None:
        """Writes the run to its state file, when it was asked to have one.

        Raises:
            StateFileError: it cannot be written.
        """
        if self._state_file is None:
            return
        snapshot = state_file.Snapshot(
            advanced=self.clock.advanced,
            population=self._population,
            passwords=self.issued.passwords,
            holdings=self.ledger.holdings,
        )
        state_file.save(self._state_file, snapshot)

    def approve(self, request: AuthorizationRequest, *, person_id: str, tenant_id: int) -> AuthorizationCode:
        """A code for what a person has approved; the switches decide how much of it, and what the code is worth."""
        fewer = self.switches.scopes_granted is ScopesGranted.ONE_FEWER and len(request.scopes) > 1
        authorization = Authorization(
            client_id=self.integration.client_id,
            tenant_id=tenant_id,
            person_id=person_id,
            service=request.service,
            scopes=request.scopes[:-1] if fewer else request.scopes,
            family=new_uuid(),
        )
        code = self.ledger.approve(
            authorization,
            redirect_uri=request.redirect_uri,
            challenge=request.challenge,
            with_refresh_token=request.with_refresh_token,
        )
        self.issued.codes.append(code.value)
        if self.switches.code_on_arrival is CodeOnArrival.EXPIRED:
            self.ledger.let_expire(code)
        elif self.switches.code_on_arrival is CodeOnArrival.USED:
            self.ledger.use_up(code)
        self.save()
        return code

    def hand_out(self, answer: TokenAnswer) -> dict[str, object]:
        """The body of a token answer, saved before it is sent."""
        self.issued.access_tokens.append(answer.access_token)
        if answer.refresh_token is not None:
            self.issued.refresh_tokens.append(answer.refresh_token)
        self.save()
        body = answer.body()
        if self.switches.token_type is not TokenType.BEARER:
            body["token_type"] = self.switches.token_type.value
        if self.switches.scopes_granted is ScopesGranted.NOT_TOLD:
            del body["scope"]
        return body


def note(request: Request) -> Note:
    """What the log will say about `request`."""
    found: Note = request.scope["practice.note"]
    return found
