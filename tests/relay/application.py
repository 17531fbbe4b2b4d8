"""The relay itself: three addresses, and who gets what there. docs/relay.md says the same in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.relay.codes import STATE, VERIFIER, Codes, state_of
from tests.relay.credentials import Credentials, Holding
from tests.relay.fortnox import Answer, Fortnox, LostError, NotReachedError
from tests.relay.pace import Pace

LONGEST_REQUEST = 64 * 1024
_PRIVATE = {"Cache-Control": "no-store", "Pragma": "no-cache", "Referrer-Policy": "no-referrer"}
_PAGE = "<!doctype html><title>Lagerkoll</title><p>Copy the address of this page back into the program."


class RefusedError(Exception):
    """The relay's own no. Fortnox was not asked, or its answer may not be passed on."""

    def __init__(self, status: int, error: str, **headers: str) -> None:
        super().__init__(error)
        self.status, self.error, self.headers = status, error, headers


def _not_known() -> RefusedError:
    """No credential, a void one and another company's: the same answer, so that nobody learns which."""
    return RefusedError(401, "invalid_token", **{"WWW-Authenticate": 'Bearer error="invalid_token"'})


class Relay:
    """Stands between the program and Fortnox, and adds what only the vendor has.

    Args:
        log: told of each call what it was and how it ended; never a token, code, credential or body.
    """

    def __init__(
        self,
        fortnox: Fortnox,
        *,
        credentials: Credentials,
        codes: Codes,
        pace: Pace,
        log: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.credentials = credentials
        self._fortnox, self._codes, self._pace, self._log = fortnox, codes, pace, log

    def application(self) -> Starlette:
        """To be served."""
        return Starlette(
            routes=[
                Route("/token", self._token, methods=["POST"]),
                Route("/revoke", self._revoke, methods=["POST"]),
                Route("/activation", self._redirect_page, methods=["GET"]),
            ]
        )

    async def _token(self, request: Request) -> Response:
        return await self._answered(request, self._granted)

    async def _revoke(self, request: Request) -> Response:
        return await self._answered(request, self._revoked)

    async def _redirect_page(self, request: Request) -> Response:
        """Where `redirect_uri` leads in a browser that is not the program's own: without any code that runs."""
        code, state = request.query_params.get("code", ""), request.query_params.get("state", "")
        if 0 < len(code) <= 512 and STATE.fullmatch(state) and not self._pace.wait(f"page {_address(request)}"):
            self._codes.came_back(code, state)
        return HTMLResponse(_PAGE, headers={**_PRIVATE, "Content-Security-Policy": "default-src 'none'"})

    async def _answered(
        self, request: Request, ask: Callable[[Request, Mapping[str, str], Holding | None], object]
    ) -> Response:
        """Reads the request, sees who asks, and says what came of it."""
        tenant, grant = "-", "-"
        try:
            holding = self._holding(request)
            self._slow_down(request, holding)
            fields = await _form(request)
            tenant = holding.tenant_id if holding else "-"
            grant = {"authorization_code": "code", "refresh_token": "refresh", "client_credentials": "service"}.get(
                fields.get("grant_type", ""), "-"
            )
            if fields.get("client_id") != self._fortnox.client_id:
                raise RefusedError(401, "invalid_client")
            response: Response = await ask(request, fields, holding)  # type: ignore[misc]
        except RefusedError as refused:
            response = JSONResponse(
                {"error": refused.error} if refused.error else {}, refused.status, headers=refused.headers
            )
        except NotReachedError:
            response = JSONResponse({}, 503)
        except LostError:
            response = JSONResponse({}, 504)  # what became of a code or refresh token is not known
        response.headers.update(_PRIVATE)
        self._log(f"{request.url.path} {grant} {response.status_code} tenant {tenant}")
        return response

    async def _granted(self, request: Request, fields: Mapping[str, str], holding: Holding | None) -> Response:
        match fields.get("grant_type"):
            case "authorization_code":
                return await self._exchanged(fields)
            case "refresh_token":
                return await self._renewed(fields, _known(holding))
            case "client_credentials":
                return await self._for_service(request, fields, _known(holding))
            case _:
                raise RefusedError(400, "unsupported_grant_type")

    async def _exchanged(self, fields: Mapping[str, str]) -> Response:
        """Nobody has a credential yet. What is asked instead: the secret of the sign-in that the code came from."""
        code, verifier = _needed(fields, "code"), _needed(fields, "state_verifier")
        if not VERIFIER.fullmatch(verifier):
            raise RefusedError(400, "invalid_request")
        theirs, void = self._codes.claim(code, state_of(verifier))
        if void is not None:
            self.credentials.void(void)
        if not theirs:
            raise RefusedError(400, "invalid_grant")
        answer = await self._fortnox.grant(_only(fields, "grant_type", "code", "redirect_uri", "code_verifier"))
        access_token, refresh_token = answer.fields.get("access_token"), answer.fields.get("refresh_token")
        if not isinstance(access_token, str):
            return _passed_on(answer)
        kept = refresh_token if isinstance(refresh_token, str) else None
        tenant_id = await self._fortnox.tenant_id(access_token)
        if tenant_id is None:
            await self._hand_back(kept)
            raise RefusedError(500, "")  # nobody may be given what nobody can be asked for again
        credential, holding = self.credentials.issue(
            tenant_id, service=fields.get("account_type") == "service", refresh_token=kept
        )
        if not self._codes.gave(code, holding.key):
            self.credentials.void(holding.key)
            await self._hand_back(kept)
            raise RefusedError(400, "invalid_grant")
        return JSONResponse({**answer.fields, "connection_credential": credential}, answer.status)

    async def _renewed(self, fields: Mapping[str, str], holding: Holding) -> Response:
        if not holding.has(_needed(fields, "refresh_token")):
            raise RefusedError(400, "invalid_grant")
        answer = await self._fortnox.grant(_only(fields, "grant_type", "refresh_token"))
        newest = answer.fields.get("refresh_token")
        if isinstance(newest, str):
            self.credentials.rotate(holding.key, newest)
        return _passed_on(answer)

    async def _for_service(self, request: Request, fields: Mapping[str, str], holding: Holding) -> Response:
        if not holding.service or request.headers.get("TenantId") != holding.tenant_id:
            raise _not_known()
        answer = await self._fortnox.grant(_only(fields, "grant_type", "scope"), {"TenantId": holding.tenant_id})
        return _passed_on(answer)

    async def _revoked(self, _: Request, fields: Mapping[str, str], holding: Holding | None) -> Response:
        """Ends a credential and, where one came with it, the refresh token at Fortnox."""
        holding, token = _known(holding), _needed(fields, "token")
        if fields.get("token_type_hint") == "connection_credential":
            found = self.credentials.holding(token)
            own = found is not None and found.key == holding.key
            if own:
                self.credentials.void(holding.key)
            return JSONResponse({"revoked": own})
        if not holding.has(token):
            return JSONResponse({"revoked": False})
        answer = await self._fortnox.revoke(token)
        if 200 <= answer.status < 300:
            self.credentials.void(holding.key)
        return _passed_on(answer)

    async def _hand_back(self, refresh_token: str | None) -> None:
        """What was obtained and may not be given to anybody does not stay open."""
        if refresh_token is not None:
            await self._fortnox.revoke(refresh_token)

    def _holding(self, request: Request) -> Holding | None:
        scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
        return self.credentials.holding(credential) if scheme.lower() == "bearer" else None

    def _slow_down(self, request: Request, holding: Holding | None) -> None:
        """A credential has a pace of its own, so that a crowd behind one address keeps none from its connection."""
        seconds = self._pace.wait(f"key {holding.key}" if holding else f"address {_address(request)}")
        if seconds:
            raise RefusedError(429, "slow_down", **{"Retry-After": str(seconds)})


def _known(holding: Holding | None) -> Holding:
    if holding is None:
        raise _not_known()
    return holding


async def _form(request: Request) -> Mapping[str, str]:
    if request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise RefusedError(415, "invalid_request")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_REQUEST:
            raise RefusedError(413, "invalid_request")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError:
        raise RefusedError(400, "invalid_request") from None
    if len(dict(pairs)) != len(pairs):  # two readers could take different ones
        raise RefusedError(400, "invalid_request")
    return dict(pairs)


def _needed(fields: Mapping[str, str], name: str) -> str:
    if not fields.get(name):
        raise RefusedError(400, "invalid_request")
    return fields[name]


def _only(fields: Mapping[str, str], *names: str) -> dict[str, str]:
    """What Fortnox documents; the relay's own fields stay here."""
    return {name: fields[name] for name in names if name in fields}


def _passed_on(answer: Answer) -> Response:
    """Status and body as Fortnox sent them, and when to come back."""
    return Response(answer.body, answer.status, headers=dict(answer.headers))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
