"""What has been issued and what it is still worth: the rules of every grant, without HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from assistant.practice.clock import PracticeClock
from assistant.practice.credentials import (
    ACCESS_TOKEN_LIFETIME,
    CODE_LIFETIME,
    REFRESH_GRACE,
    REFRESH_TOKEN_LIFETIME,
    AccessToken,
    Authorization,
    AuthorizationCode,
    RefreshToken,
    ServiceConsent,
    TokenAnswer,
    access_token_text,
    new_uuid,
)
from assistant.practice.switches import (
    AccessTokenLife,
    CodeReuse,
    ConsentRecorded,
    OlderAccessTokens,
    Pkce,
    RefreshReuse,
    RefreshTokens,
    RevocationOfConsent,
    ServiceConsentFound,
    Switches,
)


class GrantError(Exception):
    """A token request that gets no token.

    Attributes:
        error, description: as RFC 6749 section 5.2, with the texts seen in reports where there are any.
        status: of the HTTP answer.
    """

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status


class TokenState(Enum):
    """What an access token presented to the API turns out to be."""

    VALID = "valid"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Holdings:
    """Everything issued in a run, by its value; what a state file keeps."""

    codes: dict[str, AuthorizationCode] = field(default_factory=dict, repr=False)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict, repr=False)
    refresh_tokens: dict[str, RefreshToken] = field(default_factory=dict, repr=False)
    legacy_tokens: dict[str, int] = field(default_factory=dict, repr=False)
    """Access tokens of the retired scheme, each with its tenant id."""
    consents: list[ServiceConsent] = field(default_factory=list)


_DEAD_REFRESH_TOKEN = ("invalid_grant", "Invalid refresh token")
_BAD_CODE = ("invalid_grant", "Authorization code doesn't exist or is invalid for the client")


class Ledger:
    """Issues, renews, revokes and judges.

    Args:
        switches: asked at every decision, because they may be changed while the server runs.
    """

    def __init__(self, holdings: Holdings, *, clock: PracticeClock, switches: Callable[[], Switches]) -> None:
        self.holdings = holdings
        self._clock = clock
        self._switches = switches

    def approve(
        self, authorization: Authorization, *, redirect_uri: str, challenge: str | None, with_refresh_token: bool
    ) -> AuthorizationCode:
        """The code that goes back after somebody has approved."""
        code = AuthorizationCode(
            value=new_uuid(),
            authorization=authorization,
            redirect_uri=redirect_uri,
            challenge=challenge,
            with_refresh_token=with_refresh_token,
            issued_at=self._clock.now(),
        )
        self.holdings.codes[code.value] = code
        if authorization.service and self._switches().consent_recorded is ConsentRecorded.AT_APPROVAL:
            self._record_consent(authorization)
        return code

    def use_up(self, code: AuthorizationCode) -> None:
        """Lets `code` have been exchanged by somebody else."""
        self.holdings.codes[code.value] = replace(code, used=True)

    def let_expire(self, code: AuthorizationCode) -> None:
        """Lets `code` have been given out longer ago than it lives."""
        self.holdings.codes[code.value] = replace(code, issued_at=code.issued_at - CODE_LIFETIME - 60)

    def redeem(
        self,
        value: str,
        *,
        client_id: str,
        redirect_uri: str | None,
        verifier: str | None,
        permitted: Callable[[Authorization], None] = lambda _: None,
    ) -> TokenAnswer:
        """Exchanges an authorization code.

        Args:
            permitted: raises `GrantError` when the company may not; asked before the code is used up.

        Raises:
            GrantError: the code, the redirect URI or the code verifier is not right.
        """
        code = self.holdings.codes.get(value)
        if code is None or code.authorization.client_id != client_id:
            raise GrantError(*_BAD_CODE)
        if code.used:
            if self._switches().code_reuse is CodeReuse.REVOKE_TOKENS:
                self._kill(lambda authorization: authorization.family == code.authorization.family)
            raise GrantError(*_BAD_CODE)
        if self._clock.now() >= code.issued_at + CODE_LIFETIME:
            raise GrantError("invalid_grant", "The authorization code has expired")
        if redirect_uri != code.redirect_uri:
            raise GrantError("redirect_uri_mismatch", "The redirect URI is missing or do not match")
        if self._switches().pkce is Pkce.REQUIRE and not _answers(code.challenge, verifier):
            raise GrantError("invalid_grant", "The code_verifier is missing or invalid")
        permitted(code.authorization)
        self.holdings.codes[value] = replace(code, used=True)
        if code.authorization.service and self._switches().consent_recorded is ConsentRecorded.AT_EXCHANGE:
            self._record_consent(code.authorization)
        return self.issue(code.authorization, with_refresh_token=code.with_refresh_token)

    def renew(
        self, value: str, *, client_id: str, permitted: Callable[[Authorization], None] = lambda _: None
    ) -> TokenAnswer:
        """Exchanges a refresh token for a new pair; the old one is used up.

        Args:
            permitted: raises `GrantError` when the company may no longer; asked before the token is used up.

        Raises:
            GrantError: the token is unknown, used, revoked, expired, or no longer permitted.
        """
        token = self.holdings.refresh_tokens.get(value)
        now = self._clock.now()
        if token is None or token.revoked or token.authorization.client_id != client_id:
            raise GrantError(*_DEAD_REFRESH_TOKEN)
        if token.used_at is not None:
            reuse = self._switches().refresh_reuse
            if reuse is RefreshReuse.REVOKE_FAMILY:
                self._kill(lambda authorization: authorization.family == token.authorization.family)
            if reuse is not RefreshReuse.GRACE or now >= token.used_at + REFRESH_GRACE:
                raise GrantError(*_DEAD_REFRESH_TOKEN)
        elif now >= token.issued_at + REFRESH_TOKEN_LIFETIME:
            raise GrantError(*_DEAD_REFRESH_TOKEN)
        permitted(token.authorization)
        if token.used_at is None:
            self.holdings.refresh_tokens[value] = replace(token, used_at=now)
        return self.issue(token.authorization, with_refresh_token=True)

    def for_service(
        self, *, client_id: str, tenant_id: int, scopes: tuple[str, ...] | None, opens: int | None = None
    ) -> TokenAnswer:
        """An access token by `client_credentials` [DOC]; the refusals are guesses.

        Args:
            scopes: None means all that were consented to.
            opens: the company that the token then opens, when it is not the one that consented.

        Raises:
            GrantError: there is no service consent of that company, or it does not cover `scopes`.
        """
        consent = self.consent(client_id=client_id, tenant_id=tenant_id)
        if consent is None or self._switches().service_consent is ServiceConsentFound.MISSING:
            raise GrantError("invalid_grant", "No consent exists for the client and tenant")
        if scopes is not None and not set(scopes) <= set(consent.scopes):
            raise GrantError("invalid_scope", "The requested scope exceeds the consent")
        authorization = Authorization(
            client_id=client_id,
            tenant_id=tenant_id if opens is None else opens,
            person_id=consent.person_id,
            service=True,
            scopes=consent.scopes if scopes is None else scopes,
            family=new_uuid(),
        )
        return self.issue(authorization, with_refresh_token=False)

    def issue(self, authorization: Authorization, *, with_refresh_token: bool) -> TokenAnswer:
        """New tokens for an authorization that has been proved."""
        now = self._clock.now()
        if self._switches().older_access_tokens is OlderAccessTokens.DIE:
            for old in tuple(self.holdings.access_tokens.values()):
                if _same_party(old.authorization, authorization):
                    self.holdings.access_tokens[old.value] = replace(old, alive=False)
        switches = self._switches()
        life = 0.0 if switches.access_token_life is AccessTokenLife.OVER_AT_ONCE else ACCESS_TOKEN_LIFETIME
        access = AccessToken(
            value=access_token_text(
                authorization, issued_at=now, claim=switches.tenant_claim, length=switches.token_length
            ),
            authorization=authorization,
            expires_at=now + life,
        )
        self.holdings.access_tokens[access.value] = access
        refresh = None
        if with_refresh_token and switches.refresh_tokens is RefreshTokens.GIVEN:
            refresh = RefreshToken(value=new_uuid(), authorization=authorization, issued_at=now)
            self.holdings.refresh_tokens[refresh.value] = refresh
        return TokenAnswer(
            access_token=access.value,
            refresh_token=None if refresh is None else refresh.value,
            scope=authorization.scope,
            tenant_id=authorization.tenant_id,
        )

    def revoke(self, value: str, *, client_id: str) -> RefreshToken | None:
        """Revokes a refresh token; access tokens live on [DOC]. Returns it, or None when there was no such token."""
        token = self.holdings.refresh_tokens.get(value)
        if token is None or token.authorization.client_id != client_id:
            return None
        self.holdings.refresh_tokens[value] = replace(token, revoked=True)
        if token.authorization.service and self._switches().revocation_of_consent is RevocationOfConsent.WITHDRAW:
            self._forget_consent(client_id=client_id, tenant_id=token.authorization.tenant_id)
        return token

    def withdraw(self, *, client_id: str, tenant_id: int) -> None:
        """The customer removes the integration in Fortnox: consent and refresh tokens end, and access tokens too."""
        self._forget_consent(client_id=client_id, tenant_id=tenant_id)
        self._kill(lambda held: (held.client_id, held.tenant_id) == (client_id, tenant_id))

    def judge(self, value: str) -> tuple[TokenState, Authorization | None]:
        """What an access token is worth now, and for whom it was issued."""
        token = self.holdings.access_tokens.get(value)
        if token is None:
            return TokenState.UNKNOWN, None
        if not token.alive or self._clock.now() >= token.expires_at:
            return TokenState.EXPIRED, token.authorization
        return TokenState.VALID, token.authorization

    def consent(self, *, client_id: str, tenant_id: int) -> ServiceConsent | None:
        """The service consent of that company for that integration, if there is one; there is at most one [DOC]."""
        return next(
            (held for held in self.holdings.consents if (held.client_id, held.tenant_id) == (client_id, tenant_id)),
            None,
        )

    def connected(self, client_id: str) -> tuple[int, ...]:
        """Tenant ids that have a consent or a live refresh token, each once."""
        live = (token for token in self.holdings.refresh_tokens.values() if not token.revoked and token.used_at is None)
        authorized: Iterable[Authorization | ServiceConsent] = (
            *self.holdings.consents,
            *(token.authorization for token in live),
        )
        return tuple(sorted({held.tenant_id for held in authorized if held.client_id == client_id}))

    def _record_consent(self, authorization: Authorization) -> None:
        self._forget_consent(client_id=authorization.client_id, tenant_id=authorization.tenant_id)
        self.holdings.consents.append(
            ServiceConsent(
                client_id=authorization.client_id,
                tenant_id=authorization.tenant_id,
                person_id=authorization.person_id,
                scopes=authorization.scopes,
                recorded_at=self._clock.now(),
            )
        )

    def _forget_consent(self, *, client_id: str, tenant_id: int) -> None:
        kept = [held for held in self.holdings.consents if (held.client_id, held.tenant_id) != (client_id, tenant_id)]
        self.holdings.consents[:] = kept

    def _kill(self, affected: Callable[[Authorization], bool]) -> None:
        for access in tuple(self.holdings.access_tokens.values()):
            if affected(access.authorization):
                self.holdings.access_tokens[access.value] = replace(access, alive=False)
        for refresh in tuple(self.holdings.refresh_tokens.values()):
            if affected(refresh.authorization):
                self.holdings.refresh_tokens[refresh.value] = replace(refresh, revoked=True)


def _same_party(one: Authorization, other: Authorization) -> bool:
    return (one.client_id, one.tenant_id) == (other.client_id, other.tenant_id)


def _answers(challenge: str | None, verifier: str | None) -> bool:
    """Whether `verifier` is the one that `challenge` was made from (RFC 7636, S256)."""
    if challenge is None or verifier is None:
        return False
    try:
        digest = hashlib.sha256(verifier.encode("ascii")).digest()
    except UnicodeEncodeError:
        return False
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(made.encode(), challenge.encode())
