"""The answers that prove a connection: which company it opens, and which person approved it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import msgspec

from assistant.fortnox import body as json_body
from assistant.problems import stop

_LONGEST = 200
_DIGITS = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The Fortnox customer a token opens. Texts are Fortnox's, made fit for one line.

    Attributes:
        name: never empty.
        organisation_number: as Fortnox writes it, "" when there is none. Not unique: a test copy shares it.
        tenant_id: `DatabaseNumber` in plain digits; the company's identity [DOC say-goodbye-to-refresh-tokens].
        address: street address or "".
        zip_code: or "".
        town: or "".
        country: ISO code or "".
    """

    name: str
    organisation_number: str
    tenant_id: str
    address: str = ""
    zip_code: str = ""
    town: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The user behind a token, as `/3/me` says. What it says for a service account is unknown."""

    id: str
    name: str
    email: str
    system_administrator: bool | None


class _Information(msgspec.Struct, rename="pascal"):
    company_name: str | None = None
    organization_number: str | None = None
    database_number: int | str | None = None
    address: str | None = None
    zip_code: str | None = None
    city: str | None = None
    country_code: str | None = None


class _Settings(_Information, rename="pascal"):
    name: str | None = None


class _InformationAnswer(msgspec.Struct, rename="pascal"):
    company_information: _Information


class _SettingsAnswer(msgspec.Struct, rename="pascal"):
    company_settings: _Settings


class _Me(msgspec.Struct, rename="pascal"):
    id: int | str
    name: str | None = None
    email: str | None = None
    sys_admin: bool | None = None


class _MeAnswer(msgspec.Struct, rename="pascal"):
    me_information: _Me


def read_company_information(body: bytes) -> Company:
    """The company of `GET /3/companyinformation` (`DatabaseNumber` is a number here).

    Raises:
        ProblemError: CHECK-01 not understood, CHECK-02 without `DatabaseNumber`.
    """
    found = json_body.read(body, _InformationAnswer)
    if found is None:
        raise stop("CHECK-01", {"Answer": "companyinformation"})
    return _company(found.company_information, found.company_information.company_name)


def read_company_settings(body: bytes) -> Company:
    """The company of `GET /3/settings/company` (`DatabaseNumber` is a text here).

    Raises:
        ProblemError: CHECK-01 not understood, CHECK-02 without `DatabaseNumber`.
    """
    found = json_body.read(body, _SettingsAnswer)
    if found is None:
        raise stop("CHECK-01", {"Answer": "settings/company"})
    return _company(found.company_settings, found.company_settings.name)


def read_person(body: bytes) -> Person:
    """The person of `GET /3/me`.

    Raises:
        ProblemError: CHECK-01 not understood.
    """
    found = json_body.read(body, _MeAnswer)
    identity = _line(str(found.me_information.id)) if found else ""
    if found is None or not identity:
        raise stop("CHECK-01", {"Answer": "me"})
    me = found.me_information
    return Person(id=identity, name=_line(me.name), email=_line(me.email), system_administrator=me.sys_admin)


def _company(found: _Information, name: str | None) -> Company:
    number = str(found.database_number).strip() if found.database_number is not None else ""
    if not _DIGITS.fullmatch(number) or not int(number):
        raise stop("CHECK-02")
    title = _line(name)
    if not title:
        raise stop("CHECK-01", {"Answer": "no company name"})
    return Company(
        name=title,
        organisation_number=_line(found.organization_number),
        tenant_id=str(int(number)),
        address=_line(found.address),
        zip_code=_line(found.zip_code),
        town=_line(found.city),
        country=_line(found.country_code),
    )


def _line(text: str | None) -> str:
    """`text` fit to be shown and confirmed: one line, no control or direction-changing characters, not endless."""
    shown = "".join(" " if part.isspace() else part for part in text or "")
    shown = "".join(part for part in shown if unicodedata.category(part) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join(shown.split())[:_LONGEST].strip()
