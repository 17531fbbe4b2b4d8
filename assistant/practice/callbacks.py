"""What goes back to the integration after somebody has approved."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from urllib.parse import urlencode

from assistant.practice.authorization_request import AuthorizationRequest
from assistant.practice.credentials import AuthorizationCode, new_uuid
from assistant.practice.switches import Callback


def answer_of(request: AuthorizationRequest, code: AuthorizationCode, callback: Callback) -> str:
    """The address that carries `code`, or what stands in its place.

    Raises:
        ValueError: nothing comes back.
    """
    right = [("code", code.value), ("state", request.state)]
    match callback:
        case Callback.NONE:
            raise ValueError("nothing comes back")
        case Callback.EMPTY:
            return request.redirect_uri
        case Callback.EMPTY_QUERY:
            return f"{request.redirect_uri}{'' if '?' in request.redirect_uri else '?'}"
        case Callback.WITHOUT_STATE:
            pairs = right[:1]
        case Callback.OTHER_STATE:
            pairs = [right[0], ("state", secrets.token_urlsafe(16))]
        case Callback.TWO_CODES:
            pairs = [right[0], ("code", new_uuid()), right[1]]
        case Callback.CODE_AND_ERROR:
            pairs = [right[0], ("error", "access_denied"), right[1]]
        case Callback.OTHER_ISSUER:
            pairs = [*right, ("iss", "https://issuer.example")]
        case _:
            pairs = right
    return _with(request.redirect_uri, pairs)


def _with(redirect_uri: str, pairs: Iterable[tuple[str, str]]) -> str:
    return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(list(pairs))}"
