"""What a failure means that came through the vendor's relay: there the vendor can help, and Fortnox cannot. Pure.

The relay passes on what Fortnox says, so most answers mean what they always do. What it says of itself, or does not
say, is told apart here; docs/relay.md has the wire format.
"""

from __future__ import annotations

import re

from assistant.problems import Occurrence, occurrence

NOT_REACHED = "TOKEN-22"
"""On a code exchange this means that nothing was sent, as with the network problems it stands for."""
_UNREADABLE, _WITHDRAWN, _NOT_LET_IN, _NOT_WORKING = "TOKEN-03", "TOKEN-20", "TOKEN-21", "TOKEN-23"

_INVALID_TOKEN = re.compile(r"""\berror\s*=\s*"?invalid_token\b""", re.IGNORECASE)

_MEANS = {
    "NET-02": NOT_REACHED,
    "NET-03": NOT_REACHED,
    "NET-08": NOT_REACHED,
    "NET-06": _NOT_WORKING,
    "TOKEN-01": _NOT_LET_IN,  # the client secret is the relay's, so no activation key can mend it
    "TOKEN-05": _UNREADABLE,  # where Fortnox's own addresses are asked, these two are the network's doing
    "TOKEN-06": _UNREADABLE,
}


def through_relay(problem: Occurrence, *, credential_sent: bool) -> Occurrence:
    """`problem` of a token or revocation call, as one that names who can solve it.

    Args:
        credential_sent: whether the call carried a connection credential, which `invalid_token` then refuses.
    """
    known = dict(problem.details)
    code = _code(problem.code, known.get("HTTP status"), known.get("OAuth"), credential_sent=credential_sent)
    return problem if code is None else occurrence(code, dict(known), **problem.facts)


def with_challenge(problem: Occurrence, challenge: str) -> Occurrence:
    """`problem` of a refusal, with what `WWW-Authenticate` says where the body named no error."""
    known = dict(problem.details)
    if known.get("OAuth") is not None or known.get("HTTP status") != "401" or not _INVALID_TOKEN.search(challenge):
        return problem
    return occurrence(problem.code, {**known, "OAuth": "invalid_token"}, **problem.facts)


def _code(code: str, status: str | None, said: str | None, *, credential_sent: bool) -> str | None:
    if said == "invalid_token":  # RFC 6750 3.1
        return _WITHDRAWN if credential_sent else _NOT_LET_IN
    if status == "401" and said is None:
        return _NOT_WORKING  # something before the relay, such as a load balancer; it knows of no credential
    if code == "TOKEN-14" and said is None:
        return _NOT_WORKING  # a refusal in none of Fortnox's words, such as a web server's 404
    return _MEANS.get(code)
