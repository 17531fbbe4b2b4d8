"""Where the person's own browser can be used for the sign-in, and how its answer comes back."""

from __future__ import annotations

import pytest

from assistant.fortnox.redirect import RedirectUri
from assistant.integration import ClientSecret, Integration, RedirectPage, SecretSource, WayBack


@pytest.mark.parametrize(
    ("redirect_uri", "page", "way"),
    [
        ("http://localhost:4242/", RedirectPage.DYNAMIC, WayBack.LISTENER),
        ("http://127.0.0.1:4242/callback", RedirectPage.STATIC, WayBack.LISTENER),
        ("http://[::1]:4242", RedirectPage.DYNAMIC, WayBack.LISTENER),
        ("https://localhost:4242/", RedirectPage.DYNAMIC, None),
        ("https://lagerkoll.example/activation", RedirectPage.DYNAMIC, None),
        ("https://lagerkoll.example/activation", RedirectPage.STATIC, WayBack.PASTE),
    ],
)
def test_the_way_back(redirect_uri: str, page: RedirectPage, way: WayBack | None) -> None:
    integration = Integration(
        name="Lagerkoll",
        vendor="Exempelbolaget AB",
        client_id="x",
        redirect_uri=RedirectUri(redirect_uri),
        redirect_page=page,
        scopes=("companyinformation",),
        start_page="https://lagerkoll.example/login",
        client_secret=ClientSecret(source=SecretSource.ASK),
    )
    assert integration.way_back is way
