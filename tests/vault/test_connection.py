from __future__ import annotations

from datetime import datetime

import pytest

from assistant.fortnox.endpoints import Endpoints
from assistant.secret import Secret
from assistant.vault.connection import Secrets, new_connection_id
from tests.vault.samples import SERVICE, service, user


def test_an_id_is_random_and_of_128_bits() -> None:
    ids = {new_connection_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(len(bytes.fromhex(one)) == 16 for one in ids)


def test_a_service_account_is_known_by_company_and_client_id() -> None:
    assert service().identity == service(company_name="Another name").identity
    assert service().identity != service(tenant_id="7654321").identity
    assert service().identity != service(client_id="another").identity
    assert service().identity != service(endpoints=Endpoints(authorize="http://127.0.0.1:4242/auth")).identity
    assert service().identity != user().identity
    # The person who approved a service account is not part of it.
    assert service(person_id="42").identity == service(person_id="43").identity


def test_a_user_account_is_known_by_its_person_too() -> None:
    assert user().identity == user(person_name="Eva Nyberg").identity
    assert user().identity != user(person_id="43").identity
    assert user(person_id=None).identity is None


def test_the_grant_follows_the_account() -> None:
    assert service().grant == "client_credentials"
    assert user().grant == "refresh_token"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    naive = datetime(2026, 11, 23)  # noqa: DTZ001 - the mistake itself
    with pytest.raises(ValueError, match="time zone"):
        service(connected_at=naive)
    with pytest.raises(ValueError, match="time zone"):
        user(valid_until=naive)


@pytest.mark.parametrize("name", ["id", "tenant_id", "client_id"])
def test_what_identifies_it_is_never_empty(name: str) -> None:
    with pytest.raises(ValueError, match="tenant id"):
        service(**{name: ""})


def test_secrets_show_nothing() -> None:
    secrets = Secrets(refresh_token=Secret("canary-1"), connection_credential=Secret("canary-2"))
    assert "canary" not in f"{secrets} {secrets!r}"
    assert "lagerkoll" in repr(SERVICE)
