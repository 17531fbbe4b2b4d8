"""Sends the messages: the one import of httpx, and the one place where the way to Fortnox can fail.

Requests go straight to httpx's transport. What a browser-like client adds has no place here: no redirects are
followed, no cookies kept, no `.netrc` read, nothing decompressed, and the addresses are not logged.
"""

from __future__ import annotations

import asyncio
import errno
import inspect
import logging
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import httpx
import truststore
from socksio import SOCKSError

from assistant.fortnox import certificate, company, messages, tokens
from assistant.fortnox.company import Company, Person
from assistant.fortnox.dates import read_date, read_retry_after
from assistant.fortnox.endpoints import Endpoints
from assistant.fortnox.errors import api_refusal, token_refusal
from assistant.fortnox.messages import Access, Attempt, HttpRequest, RelayAccess
from assistant.fortnox.proxies import Proxy, ProxyFor, place_of, system_proxy
from assistant.fortnox.relay import through_relay, with_challenge
from assistant.fortnox.tokens import TokenAnswer
from assistant.language import N_
from assistant.own_thread import OwnThread
from assistant.problems import Occurrence, ProblemError, occurrence, stop
from assistant.secret import Secret

Shape = TypeVar("Shape")

_PROXY_LOOK_UP = OwnThread("proxy-look-up")
"""Windows may ask the network for names before it says which proxy; nothing of ours waits for that but the request."""

_OFFLINE = {errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH}
_UNSENT = (httpx.TransportError, httpx.InvalidURL, SOCKSError, OSError, ImportError, ValueError)
"""What httpx and its parts raise where a request cannot be made, or its answer does not come."""
_OUTDATED = {9, 10}  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much. Times in seconds; `total` covers one request from first name look-up to last byte."""

    connect: float = 10.0
    read: float = 15.0
    total: float = 20.0
    body: int = 1_000_000


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content_type: str
    body: bytes
    retry_after: int | None
    challenge: str = ""
    proxy: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How a server answered that was only asked whether it is there.

    Attributes:
        host: whose answer it is.
        status: of HTTP.
        proxy: host and port of the proxy on the way; "" for a direct one.
        issuer: who issued the certificate that was accepted; "" without TLS.
    """

    host: str
    status: int
    proxy: str = ""
    issuer: str = ""


@contextmanager
def _naming(host: str) -> Iterator[None]:
    """Adds the host to the facts of a problem raised within, for texts that name it."""
    try:
        yield
    except ProblemError as error:
        known = error.occurrence
        error.occurrence = replace(known, facts={"host": host, **known.facts})
        raise error.with_traceback(None) from None  # the frames below hold what was answered


class _SocksEnd:
    """Closes the connection to a SOCKS proxy that lets nothing past; httpcore (1.0.9) leaves it open. A trace."""

    def __init__(self) -> None:
        self._stream: Any = None

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        if event == "socks.connect_tcp.complete":
            self._stream = info["return_value"]
        elif event == "socks.setup_socks5_connection.failed":
            await self._stream.aclose()


class _Progress:
    """How far a request has come, from httpx's trace. Decides whether its outcome is known when it fails."""

    def __init__(self) -> None:
        self.connected = False
        self.sent = False  # some of it may have been sent
        self.issuer = ""  # of the certificate accepted last: with a proxy spoken to by TLS, the one behind it
        self.proxy_wants: tuple[str, ...] = ()  # the ways of signing in that a proxy asked for
        self._ending = _SocksEnd()

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        await self._ending(event, info)
        if event in ("connection.connect_tcp.complete", "socks.connect_tcp.complete"):
            self.connected = True
        elif event.endswith(".start_tls.complete"):
            accepted = info["return_value"].get_extra_info("ssl_object").getpeercert(binary_form=True)
            self.issuer = certificate.issuer(accepted or b"") or ""
        elif event == "http11.send_request_headers.started" and info["request"].method != b"CONNECT":
            self.sent = True
        elif event == "http11.receive_response_headers.complete" and info["return_value"][1] == 407:
            wanted = [value for name, value in info["return_value"][3] if name.lower() == b"proxy-authenticate"]
            self.proxy_wants = tuple(value.decode("latin-1").split(" ", 1)[0].strip(",").lower() for value in wanted)


class Client:
    """Speaks with one authorization server and its API; an async context manager.

    Every method raises `ProblemError` and nothing else but cancellation. Exceptions carry no request and no cause,
    since both hold secrets.

    Args:
        endpoints: where.
        access: how the integration proves itself; None for calls to the API alone, which need only an access token.
        verify: the certificates to trust; the operating system's by default.
        proxy: finds the proxy for an address; the system's or environment's by default. It may block: it is called on a
            thread of its own.
        limits: time and size.
        user_agent: names the program to the server.
        clock: the time now, with a time zone.
    """

    def __init__(
        self,
        endpoints: Endpoints,
        access: Access | None,
        *,
        verify: ssl.SSLContext | None = None,
        proxy: ProxyFor | None = None,
        limits: Limits | None = None,
        user_agent: str = "setup-assistant",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._endpoints = endpoints
        self._access = access
        self._verify = verify or truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._proxy = proxy or system_proxy
        self._limits = limits or Limits()
        self._user_agent = user_agent
        self._clock = clock
        self._transports: dict[Proxy | None, httpx.AsyncHTTPTransport] = {}
        self.server_time_difference: timedelta | None = None
        """The server's clock minus this computer's, from the last answer with a `Date`; whole seconds count."""
        self.server_time: datetime | None = None
        """What the `Date` of the last answer said."""

    async def __aenter__(self) -> Self:
        for name in ("httpx", "httpcore"):  # at DEBUG httpcore writes headers, at INFO httpx writes addresses
            logging.getLogger(name).setLevel(logging.WARNING)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        transports, self._transports = list(self._transports.values()), {}
        for transport in transports:
            await transport.aclose()

    async def exchange_code(
        self, code: Secret, redirect_uri: str, verifier: Secret | None, attempt: Attempt | None = None
    ) -> TokenAnswer:
        """The tokens for an authorization code. TOKEN-04 when the code may be used up and the answer is lost."""
        return await self._tokens(
            messages.exchange_code(
                self._endpoints,
                self._proof(),
                code=code,
                redirect_uri=redirect_uri,
                verifier=verifier,
                attempt=attempt,
            )
        )

    async def refresh(self, refresh_token: Secret) -> TokenAnswer:
        """New tokens. TOKEN-04 when the refresh token may be used up and the answer is lost."""
        return await self._tokens(messages.refresh(self._endpoints, self._proof(), refresh_token=refresh_token))

    async def client_credentials(self, tenant_id: str, scopes: Iterable[str] | None = None) -> TokenAnswer:
        """An access token of the company's service account. TOKEN-08 when there is no consent for it."""
        return await self._tokens(
            messages.client_credentials(self._endpoints, self._proof(), tenant_id=tenant_id, scopes=scopes)
        )

    async def migrate(self, legacy_token: Secret) -> TokenAnswer:
        """The tokens for a legacy access token."""
        return await self._tokens(messages.migrate(self._endpoints, self._proof(), legacy_token=legacy_token))

    async def revoke(self, refresh_token: Secret) -> bool:
        """Whether the server says that the refresh token is revoked."""
        return await self._revoked(messages.revoke(self._endpoints, self._proof(), refresh_token=refresh_token))

    async def give_back(self) -> bool:
        """Whether the vendor's relay says that it has forgotten the connection credential it gave out.

        Raises:
            ProblemError: TOKEN-15 where none is held; TOKEN-20 when the relay does not know it, or no longer.
        """
        return await self._revoked(messages.give_back(self._proof()))

    async def reach(self, address: str | None = None) -> Reached:
        """Sees whether the server of `address` (the authorization server's by default) answers at all, and notes its
        time. Sends nothing of the integration.

        Any answer will do: Fortnox said 501 to HEAD in 2022 [USER].
        """
        request = HttpRequest(grant=None, method="HEAD", url=address or self._endpoints.authorize)
        answer = await self._answer(request)
        return Reached(host=request.host, status=answer.status, proxy=answer.proxy, issuer=answer.issuer)

    async def trusts(self, origin: str) -> bool:
        """Whether the certificate that `origin` (https) shows is one that requests are sent to. Sends nothing there."""
        try:
            proxy = await self._proxy_for(origin)
        except (ValueError, ProblemError):
            return False
        return await _shown_certificate(origin, proxy, self._verify, self._limits) is not None

    async def company(self, access_token: Secret, scopes: Iterable[str]) -> Company:
        """The company the token opens, read with `companyinformation` when granted, else with `settings`."""
        if "companyinformation" in scopes:
            read, path, needs = company.read_company_information, "/3/companyinformation", "companyinformation"
        else:
            read, path, needs = company.read_company_settings, "/3/settings/company", "settings"
        return await self._get(path, access_token, needs, read)

    async def person(self, access_token: Secret) -> Person:
        """The person behind the token; needs the scope `profile`."""
        return await self._get("/3/me", access_token, "profile", company.read_person)

    def _proof(self) -> Access:
        if self._access is None:
            raise stop("TOKEN-15")
        return self._access

    async def _tokens(self, request: HttpRequest) -> TokenAnswer:
        assert request.grant is not None  # noqa: S101 - a type checker's need
        answer = await self._answer(request)
        with self._laid_to(request):
            return tokens.read_token_answer(answer.status, answer.content_type, answer.body, grant=request.grant)

    async def _revoked(self, request: HttpRequest) -> bool:
        answer = await self._answer(request)
        with self._laid_to(request):
            return tokens.read_revocation_answer(answer.status, answer.body)

    async def _get(self, path: str, access_token: Secret, scope_name: str, read: Callable[[bytes], Shape]) -> Shape:
        request = messages.call(self._endpoints, path, access_token=access_token)
        answer = await self._answer(request)
        with _naming(request.host):
            if not 200 <= answer.status < 300:
                raise ProblemError(
                    api_refusal(answer.status, answer.body, scope_name=scope_name, retry_after=answer.retry_after)
                )
            return read(answer.body)

    @contextmanager
    def _laid_to(self, request: HttpRequest) -> Iterator[None]:
        """Adds the host to a problem raised within, and lays it to the vendor where the vendor's relay was asked."""
        try:
            with _naming(request.host):
                yield
        except ProblemError as error:
            if request.grant is None or not isinstance(self._access, RelayAccess):
                raise
            sent = any(name == "Authorization" for name, _ in request.headers)
            raise ProblemError(through_relay(error.occurrence, credential_sent=sent)) from None

    async def _answer(self, request: HttpRequest) -> _Answer:
        """Sends `request` and reads its whole answer, or ends in the problem that stopped it."""
        with self._laid_to(request):
            return await self._answer_or_failure(request)

    async def _answer_or_failure(self, request: HttpRequest) -> _Answer:
        proxy: Proxy | None = None
        progress = _Progress()
        failed: Occurrence
        try:
            async with asyncio.timeout(self._limits.total):
                proxy = await self._proxy_for(request.url)
                answer = await self._exchange(request, proxy, progress)
                return self._refused_early(request, answer)
        except ProblemError:
            raise
        except TimeoutError as error:
            failed = self._failure(request, proxy, progress, error)
        except (*_UNSENT, httpx.StreamError) as error:
            failed = self._failure(request, proxy, progress, error)
            if failed.code == "NET-04":
                failed = await self._with_issuer(request, proxy, failed)
        raise ProblemError(failed)  # outside the handler: no cause, no context, so no request on a traceback

    async def _proxy_for(self, url: str) -> Proxy | None:
        if inspect.iscoroutinefunction(self._proxy) or inspect.iscoroutinefunction(type(self._proxy).__call__):
            found = self._proxy(url)
        else:
            found = await _PROXY_LOOK_UP.call(lambda: self._proxy(url))
        if inspect.isawaitable(found):
            found = await found
        return Proxy.of(found) if isinstance(found, str) else found

    async def _exchange(self, request: HttpRequest, proxy: Proxy | None, progress: _Progress) -> _Answer:
        transport = self._transport(proxy)
        sent = httpx.Request(
            request.method,
            request.url,
            headers=[
                ("User-Agent", self._user_agent),
                ("Accept-Encoding", "identity"),  # nothing to unpack, so no small answer can become a large one
                ("Connection", "close"),
                *request.revealed_headers(),
            ],
            content=request.body() or None,
            extensions={"timeout": self._timeouts(), "trace": progress},
        )
        response = await transport.handle_async_request(sent)
        try:
            self._note_time(response.headers.get("Date", ""))
            body = bytearray()
            async for part in response.aiter_raw():
                body += part
                if len(body) > self._limits.body:
                    details: dict[str, object] = {"HTTP status": response.status_code, "Answer": "too large"}
                    raise stop("CHECK-01" if request.grant is None else "TOKEN-05", details, host=request.host)
        finally:
            await response.aclose()
        return _Answer(
            status=response.status_code,
            content_type=response.headers.get("Content-Type", ""),
            body=bytes(body),
            retry_after=read_retry_after(response.headers.get("Retry-After", ""), now=self._server_now()),
            challenge=response.headers.get("WWW-Authenticate", ""),
            proxy=_place(proxy),
            issuer=progress.issuer,
        )

    def _transport(self, proxy: Proxy | None) -> httpx.AsyncHTTPTransport:
        if proxy not in self._transports:
            self._transports[proxy] = httpx.AsyncHTTPTransport(
                verify=self._verify,
                trust_env=False,
                # A kept connection that the server closes meanwhile looks like a lost answer: each request has its own.
                limits=httpx.Limits(max_keepalive_connections=0),
                proxy=_through(proxy),
            )
        return self._transports[proxy]

    def _timeouts(self) -> dict[str, float]:
        limits = self._limits
        return {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.total}

    def _refused_early(self, request: HttpRequest, answer: _Answer) -> _Answer:
        """`answer`, unless it is one that no reader needs to look into."""
        details: dict[str, object] = {"HTTP status": answer.status}
        if request.method == "HEAD":
            return answer  # only whether it answers is asked
        if 300 <= answer.status < 400:
            raise stop("CHECK-01" if request.grant is None else "TOKEN-06", details)
        if request.grant is not None and answer.status >= 400:
            refused = token_refusal(request.grant, answer.status, answer.body, retry_after=answer.retry_after)
            if refused is not None:
                raise ProblemError(with_challenge(refused, answer.challenge))
        return answer

    def _failure(
        self, request: HttpRequest, proxy: Proxy | None, progress: _Progress, error: BaseException
    ) -> Occurrence:
        causes = list(_chain(error))
        details: dict[str, object] = {"Host": request.host, "Failure": type(causes[-1]).__name__}
        if proxy is not None:
            details["Proxy"] = _place(proxy)
        facts = {"host": request.host}
        if progress.sent:
            if request.grant is not None and not request.grant.repeatable:
                return occurrence("TOKEN-04", details | {"Grant": request.grant.value}, **facts)
            return occurrence(
                "NET-03" if _is(causes, TimeoutError, httpx.TimeoutException) else "NET-08", details, **facts
            )
        code = _network_code(causes, proxied=proxy is not None, connected=progress.connected)
        if code == "NET-05" and progress.proxy_wants:
            details["Proxy wants"] = ", ".join(progress.proxy_wants)
            if "basic" not in progress.proxy_wants:
                return occurrence("NET-11", details, **facts)
        return occurrence(code, details, **facts)

    async def _with_issuer(self, request: HttpRequest, proxy: Proxy | None, failed: Occurrence) -> Occurrence:
        """`failed` with the name of the certificate's issuer: a second handshake, and nothing sent after it."""
        found = await _issuer(request.url, proxy, self._limits)
        details: dict[str, object] = {**dict(failed.details), "Issuer": found}
        return occurrence("NET-04", details, host=request.host, issuer=found or N_("an unknown issuer"))

    def _server_now(self) -> datetime:
        return self._clock() + (self.server_time_difference or timedelta())

    def _note_time(self, date: str) -> None:
        said = read_date(date)
        if said is not None:
            self.server_time = said
            self.server_time_difference = said - self._clock()


def _place(proxy: Proxy | None) -> str:
    return "" if proxy is None else place_of(proxy.address)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """`error` and everything that led to it, groups unfolded, the first cause last."""
    seen: set[int] = set()
    queue: list[BaseException] = [error]
    while queue:
        one = queue.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            queue.extend(one.exceptions)
        queue.extend(before for before in (one.__cause__, one.__context__) if before is not None)


def _is(causes: Iterable[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _network_code(causes: list[BaseException], *, proxied: bool, connected: bool) -> str:
    """The problem behind a failure before anything of the request was sent, so that repeating it is safe."""
    for cause in causes:
        if isinstance(cause, httpx.ProxyError):
            return "NET-05" if str(cause).startswith("407") else "NET-09"
        if isinstance(cause, SOCKSError):
            return "NET-09"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "NET-10" if cause.verify_code in _OUTDATED else "NET-04"
    if proxied and not connected:
        return "NET-07"
    if _is(causes, socket.gaierror):
        return "NET-01"
    if any(isinstance(cause, OSError) and cause.errno in _OFFLINE for cause in causes):
        return "NET-01"
    if _is(causes, TimeoutError, httpx.TimeoutException):
        return "NET-03"
    return "NET-08" if connected else "NET-02"


class _Handshaken(Exception):
    """The handshake is done; nothing more is wanted."""


def _through(proxy: Proxy | None) -> httpx.Proxy | None:
    if proxy is None:
        return None
    password = proxy.password
    return httpx.Proxy(proxy.address, auth=(proxy.user, password.reveal()) if password is not None else None)


async def _issuer(url: str, proxy: Proxy | None, limits: Limits) -> str | None:
    """Who issued the certificate that `url` shows, trusted or not."""
    unchecked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    shown = await _shown_certificate(url, proxy, unchecked, limits)
    return None if shown is None else certificate.issuer(shown)


async def _shown_certificate(url: str, proxy: Proxy | None, verify: ssl.SSLContext, limits: Limits) -> bytes | None:
    """The certificate that `url` shows, as DER; None where none came that `verify` accepts. Sends no request."""
    host: str | None = None
    found: bytes | None = None
    asked: str | None = None
    ending = _SocksEnd()

    async def look(event: str, info: Mapping[str, Any]) -> None:
        nonlocal found, asked
        await ending(event, info)
        if event.endswith(".start_tls.started"):
            asked = info["server_hostname"]
        elif event.endswith(".start_tls.complete") and asked == host:
            stream = info["return_value"]
            found = stream.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
            await stream.aclose()  # nobody else knows of it yet
            raise _Handshaken

    try:
        host = urlsplit(url).hostname
        async with asyncio.timeout(limits.connect):
            async with httpx.AsyncHTTPTransport(verify=verify, trust_env=False, proxy=_through(proxy)) as transport:
                await transport.handle_async_request(httpx.Request("HEAD", url, extensions={"trace": look}))
    except (_Handshaken, *_UNSENT):
        return found
    return found
