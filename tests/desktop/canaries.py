"""A practice server whose secrets are known to the test, and an integration file that leads a program to it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from urllib.parse import parse_qs

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.practice.authorization import AUTHORIZE
from assistant.practice.integration import PracticeIntegration
from assistant.practice.server import PracticeServer

APP_ID = "se.exempel.kanarie"
CLIENT_ID = "canary-client"
CLIENT_SECRET = "Canary/7+client~secret=of-the-test"
VARIABLE = "CANARY_CLIENT_SECRET"
START_PAGE = "https://canary.example/login"
_REDIRECT = "https://canary.example/activation"
_SCOPES = ("companyinformation", "profile", "article")

_FILE = """schema = 1
[integration]
name = "Lagerkoll"
vendor = "Exempelbolaget AB"
app_id = "{app_id}"
client_id = "{client_id}"
redirect_uri = "{redirect}"
scopes = [{scopes}]
start_page = "{start_page}"
accounts = ["{account}"]
[client_secret]
{client_secret}
[endpoints]
{endpoints}
"""
_SOURCES = {
    "file": 'from = "file"\npath = "secret.txt"',
    "environment": f'from = "environment"\nvariable = "{VARIABLE}"',
    "ask": 'from = "ask"',
}


class CanaryServer(PracticeServer):
    """Practice, that also remembers what the authorization requests carried: the log keeps no values."""

    def __init__(self) -> None:
        super().__init__(
            PracticeIntegration(
                client_id=CLIENT_ID,
                client_secret=CLIENT_SECRET,
                redirect_uris=(_REDIRECT,),
                scopes=_SCOPES,
                service_accounts=True,
                name="Lagerkoll",
                vendor="Exempelbolaget AB",
            )
        )
        self.requests: list[dict[str, str]] = []

    def _make_server(self) -> uvicorn.Server:
        server = super()._make_server()
        server.config.app = self._remembering(server.config.app)
        return server

    def _remembering(self, answering: ASGIApp) -> ASGIApp:
        async def remember(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["path"] == AUTHORIZE:
                parameters = parse_qs(scope["query_string"].decode())
                if "state" in parameters:  # the preflight only sees whether anybody answers
                    self.requests.append({name: values[0] for name, values in parameters.items()})
            await answering(scope, receive, send)

        return remember

    @property
    def verifiers(self) -> list[str]:
        """The PKCE verifiers that were presented for the challenges of the requests."""
        challenges = {request["code_challenge"] for request in self.requests}
        return [value for value in self.issued.presented if _challenge(value) in challenges]

    def secrets(self) -> dict[str, list[str]]:
        """Every secret there was, by kind.

        Raises:
            AssertionError: one of a kind was not used, so that looking for it would prove nothing.
        """
        issued = self.issued
        kinds = {
            "client secret": [CLIENT_SECRET],
            "authorization code": issued.codes,
            "PKCE verifier": self.verifiers,
            "access token": issued.access_tokens,
            "password": [issued.passwords["anna"]],
        }
        for kind, values in kinds.items():
            assert set(values) & issued.presented, f"no {kind} was presented"
        assert issued.refresh_tokens, "no refresh token was issued"
        # A code is exchanged only when the redirect brings the state of its request back.
        return kinds | {
            "refresh token": issued.refresh_tokens,
            "state": [request["state"] for request in self.requests],
        }

    def integration_file(self, folder: Path, *, source: str, account: str) -> Path:
        """Writes an integration file for this server whose client secret comes from `source`."""
        (folder / "secret.txt").write_text(CLIENT_SECRET)
        path = folder / "integration.toml"
        path.write_text(
            _FILE.format(
                app_id=APP_ID,
                client_id=CLIENT_ID,
                redirect=_REDIRECT,
                scopes=", ".join(f'"{scope}"' for scope in _SCOPES),
                start_page=START_PAGE,
                account=account,
                client_secret=_SOURCES[source],
                endpoints="\n".join(f'{name} = "{address}"' for name, address in self.endpoints.items()),
            ),
            encoding="utf-8",
        )
        return path


def _challenge(verifier: str) -> str:
    """RFC 7636, section 4.2, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
