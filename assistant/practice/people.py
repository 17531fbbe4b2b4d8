"""The invented people and companies of practice, and who may see which company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from assistant.fortnox.scopes import SCOPES
from assistant.language import N_


class Role(Enum):
    """What a person is at the company they work for."""

    SYSTEM_ADMINISTRATOR = "system administrator"
    USER = "user"
    CONSULTANT = "consultant"


ROLE_NAMES: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.SYSTEM_ADMINISTRATOR: N_("System administrator"),
        Role.USER: N_("Ordinary user"),
        Role.CONSULTANT: N_("Accounting consultant"),
    }
)
"""Message ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can sign in to practice."""

    id: str
    user_id: str
    name: str
    email: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """One Fortnox company.

    Attributes:
        tenant_id: its `DatabaseNumber`; unlike the organisation number it is unique.
        licences: Fortnox's Swedish licence words.
        integration_licence: without it the API answers 2001103 and nothing can be connected.
        is_test: made in the developer portal, as a copy of another company.
    """

    tenant_id: int
    name: str
    organisation_number: str
    address: str
    zip_code: str
    city: str
    licences: frozenset[str]
    integration_licence: bool = True
    is_test: bool = False

    def missing_licences(self, scopes: Iterable[str]) -> tuple[str, ...]:
        """Those of `scopes` whose licence this company lacks, in the order given."""
        return tuple(
            name
            for name in scopes
            if name in SCOPES and SCOPES[name].licences and not self.licences.intersection(SCOPES[name].licences)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """That a person sees a company, and with which right."""

    person_id: str
    tenant_id: int
    system_administrator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Everybody and every company of a practice run."""

    people: tuple[Person, ...]
    companies: tuple[Company, ...]
    memberships: tuple[Membership, ...]

    def person(self, person_id: str) -> Person | None:
        """The person with that id, if there is one."""
        return next((person for person in self.people if person.id == person_id), None)

    def company(self, tenant_id: int) -> Company | None:
        """The company with that `DatabaseNumber`, if there is one."""
        return next((company for company in self.companies if company.tenant_id == tenant_id), None)

    def companies_of(self, person_id: str) -> tuple[Company, ...]:
        """The companies that person may choose among, in the order of the list."""
        seen = {entry.tenant_id for entry in self.memberships if entry.person_id == person_id}
        return tuple(company for company in self.companies if company.tenant_id in seen)

    def membership(self, person_id: str, tenant_id: int) -> Membership | None:
        """What ties that person to that company, if anything does."""
        return next(
            (entry for entry in self.memberships if (entry.person_id, entry.tenant_id) == (person_id, tenant_id)), None
        )


_EVERY_LICENCE = frozenset(
    {"Bokföring", "Kundfaktura", "Order", "Lager", "Lön", "Tidredovisning", "Anläggningsregister", "Arkivplats"}
)
_TRADE = frozenset({"Bokföring", "Kundfaktura", "Order"})

PRACTICE_POPULATION: Final = Population(
    people=(
        Person(
            id="anna",
            user_id="4001",
            name="Anna Björkdal",
            email="anna@bjorkdalens.example",
            role=Role.SYSTEM_ADMINISTRATOR,
        ),
        Person(id="olle", user_id="4002", name="Olle Ek", email="olle@bjorkdalens.example", role=Role.USER),
        Person(
            id="karin",
            user_id="4003",
            name="Karin Åkerlund",
            email="karin@siffersmedjan.example",
            role=Role.CONSULTANT,
        ),
    ),
    # The organisation numbers have right check digits but lie in a part of the series that nobody has been given.
    companies=(
        Company(
            tenant_id=1_100_017,
            name="Björkdalens Trävaror AB",
            organisation_number="559999-0016",
            address="Övningsgatan 1",
            zip_code="123 45",
            city="Björkdalen",
            licences=_EVERY_LICENCE,
        ),
        Company(
            tenant_id=1_100_025,
            name="Björkdalens Trävaror AB (testkopia)",
            organisation_number="559999-0016",
            address="Övningsgatan 1",
            zip_code="123 45",
            city="Björkdalen",
            licences=_EVERY_LICENCE,
            is_test=True,
        ),
        Company(
            tenant_id=1_100_033,
            name="Kafé Måsen i Strandviken AB",
            organisation_number="559999-0024",
            address="Hamnplan 3",
            zip_code="123 46",
            city="Strandviken",
            licences=frozenset({"Bokföring"}),
        ),
        Company(
            tenant_id=1_100_041,
            name="Lindqvists Rör & Värme AB",
            organisation_number="559999-0032",
            address="Verkstadsvägen 12",
            zip_code="123 47",
            city="Norrby",
            licences=_TRADE,
        ),
        Company(
            tenant_id=1_100_058,
            name="Bröderna Öhlunds Specialsnickerier och Fastighetsförvaltning i Övre Ångsjö Aktiebolag",
            organisation_number="559999-0040",
            address="Sågverksvägen 204",
            zip_code="123 48",
            city="Övre Ångsjö",
            licences=_TRADE,
        ),
    ),
    memberships=(
        Membership(person_id="anna", tenant_id=1_100_017, system_administrator=True),
        Membership(person_id="anna", tenant_id=1_100_025, system_administrator=True),
        Membership(person_id="anna", tenant_id=1_100_033, system_administrator=True),
        Membership(person_id="olle", tenant_id=1_100_017),
        Membership(person_id="karin", tenant_id=1_100_033),
        Membership(person_id="karin", tenant_id=1_100_041, system_administrator=True),
        Membership(person_id="karin", tenant_id=1_100_058, system_administrator=True),
    ),
)
"""An administrator of three companies, an ordinary user of one, a consultant with three clients."""
