"""What the relay asks of Fortnox: the only place that holds the client secret."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

LONGEST_ANSWER = 1_000_000
PATIENCE, GLANCE = 30.0, 4.0
_DIGITS = re.compile(r"[0-9]{1,20}")


class NotReachedError(Exception):
    """Nothing was sent to Fortnox."""


class LostError(Exception):
    """Something was sent, and what Fortnox said to it is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Fortnox said, as it said it."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def fields(self) -> dict[str, object]:
        """The JSON object of a success; empty for anything else."""
        try:
            found = json.loads(self.body) if 200 <= self.status < 300 else None
        except ValueError:
            found = None
        return found if isinstance(found, dict) else {}


class Fortnox:
    """Fortnox's endpoints with this integration's client authentication.

    Args:
        endpoints: addresses by name: token, revoke, api.
        patience: seconds for one whole answer. More than the program waits, so that what it gave up on is known here.
        glance: seconds for reading the company, in all, while the program waits for its tokens.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        endpoints: Mapping[str, str],
        *,
        patience: float = PATIENCE,
        glance: float = GLANCE,
    ) -> None:
        self.client_id = client_id
        self._client_secret = client_secret
        self._endpoints = endpoints
        self._patience, self._glance = patience, glance

    async def grant(self, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Answer:
        """A request to the token endpoint."""
        return await self._post("token", fields, headers or {})

    async def revoke(self, refresh_token: str) -> Answer:
        """A request to the revocation endpoint."""
        return await self._post("revoke", {"token_type_hint": "refresh_token", "token": refresh_token}, {})

    async def tenant_id(self, access_token: str) -> str | None:
        """Which company the token opens: by its `DatabaseNumber`, else by the token's own claim; None if neither is
        to be had. The claim is not verified and need not be: the token came from Fortnox itself, over TLS."""
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        wanted = ("companyinformation", "CompanyInformation"), ("settings/company", "CompanySettings")
        try:
            async with asyncio.timeout(self._glance), httpx.AsyncClient(timeout=self._glance, trust_env=False) as web:
                for path, name in wanted:
                    answer = await web.get(f"{self._endpoints['api']}/3/{path}", headers=headers)
                    if answer.status_code == 200 and (found := _tenant(answer.json()[name]["DatabaseNumber"])):
                        return found
        except (TimeoutError, httpx.HTTPError, ValueError, KeyError, TypeError):
            pass
        return _claim(access_token)

    async def _post(self, endpoint: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        async with httpx.AsyncClient(timeout=httpx.Timeout(None, connect=10.0), trust_env=False) as web:
            asked = web.build_request("POST", self._endpoints[endpoint], data=fields, headers=headers)
            try:
                async with asyncio.timeout(self._patience):
                    return await self._sent(web, asked)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                raise NotReachedError from None  # its text could hold the request
            except (TimeoutError, httpx.HTTPError):
                raise LostError from None

    async def _sent(self, web: httpx.AsyncClient, asked: httpx.Request) -> Answer:
        answer = await web.send(asked, auth=(self.client_id, self._client_secret), stream=True)
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > LONGEST_ANSWER:
                raise LostError
        kept = {name: answer.headers[name] for name in ("Content-Type", "Retry-After") if name in answer.headers}
        return Answer(answer.status_code, bytes(body), kept)


def _tenant(value: object) -> str | None:
    """A number or a text of digits, as plain digits."""
    text = str(value)
    return str(int(text)) if not isinstance(value, bool) and _DIGITS.fullmatch(text) else None


def _claim(access_token: str) -> str | None:
    parts = access_token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return _tenant(claims["tenantId"])
    except (ValueError, KeyError, IndexError, TypeError):
        return None
