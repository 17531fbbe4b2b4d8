"""The vendor's side of an integration: what to enter in the developer portal, and what to see to before customers.

Nothing here can look into the portal. What the file says is judged; what only the vendor can see is asked, with what to
compare it with. Where the portal's fields and their names come from is told with each: [DOC] documented by Fortnox,
[USER] reported by people who use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from assistant.fortnox.account import AccountKind
from assistant.fortnox.scopes import scope
from assistant.integration.model import Integration, SecretSource
from assistant.language import N_, _


class Verdict(Enum):
    """What is known of one point."""

    RIGHT = "right"  # the file alone shows that it is as it should be
    COMPARE = "compare"  # only the portal shows it: to be compared by the vendor
    CONSIDER = "consider"  # it works, and something else would be better or safer

    @property
    def words(self) -> str:
        """The verdict in the current language."""
        return _(_VERDICTS[self])


_VERDICTS = {
    Verdict.RIGHT: N_("Right"),
    Verdict.COMPARE: N_("Compare in the portal"),
    Verdict.CONSIDER: N_("Consider"),
}


class Certainty(Enum):
    """How well a statement about the portal is known."""

    DOCUMENTED = "documented"
    REPORTED = "reported"

    @property
    def words(self) -> str:
        """The certainty in the current language."""
        return _(_CERTAINTIES[self])


_CERTAINTIES = {
    Certainty.DOCUMENTED: N_("documented by Fortnox"),
    Certainty.REPORTED: N_("reported by users of the portal"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of the developer portal, and what belongs in it.

    Attributes:
        key: its name in JSON.
        label: what the portal calls it, in the current language.
        values: what to enter, one a line; empty where the portal itself makes the value.
        note: what to know about it, in the current language.
        certainty: how well it is known that the portal has this field.
    """

    key: str
    label: str
    values: tuple[str, ...]
    note: str
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing to see to on the vendor's side. `title` and `text` are in the current language."""

    key: str
    title: str
    verdict: Verdict
    text: str


def sheet(integration: Integration) -> tuple[Field, ...]:
    """What to enter in the developer portal, field by field, in the portal's order as far as it is known."""
    service = AccountKind.SERVICE in integration.accounts
    return (
        Field(
            key="name",
            label=_("Name"),
            values=(integration.name,),
            note=_("Customers see it on Fortnox's approval page."),
            certainty=Certainty.DOCUMENTED,
        ),
        Field(
            key="scopes",
            label=_("Permissions (Behörigheter)"),
            values=tuple(f"{name}  {_(scope(name).label)}" for name in integration.scopes),
            note=_("Each one has to be switched on. One that is missing stops every sign-in."),
            certainty=Certainty.REPORTED,
        ),
        Field(
            key="redirect_uri",
            label=_("Redirect URI"),
            values=(integration.redirect_uri.text,),
            note=_("Character for character, with or without a slash at the end just as it stands here."),
            certainty=Certainty.DOCUMENTED,
        ),
        Field(
            key="service_account",
            label=_("Enable service account authorization (Möjliggör auktorisering som servicekonto)"),
            values=(_("on") if service else _("off is enough"),),
            note=_("Fortnox's guide describes it as choosing “Only administrator”."),
            certainty=Certainty.REPORTED,
        ),
        Field(
            key="client_id",
            label=_("Client id"),
            values=(integration.client_id,),
            note=_("The portal makes it. It has to be the one in the integration file."),
            certainty=Certainty.DOCUMENTED,
        ),
        Field(
            key="client_secret",
            label=_("Client secret"),
            values=(),
            note=_(_SECRETS[integration.client_secret.source]),
            certainty=Certainty.DOCUMENTED,
        ),
        Field(
            key="start_page",
            label=_("Link to start page"),
            values=(integration.start_page,),
            note=_("My Integrations in Fortnox leads there."),
            certainty=Certainty.DOCUMENTED,
        ),
        Field(
            key="listing",
            label=_("Publishing"),
            values=(integration.listing,) if integration.listing else (_("hidden"),),
            note=_("A one-to-one integration may stay hidden; others need a landing page and Fortnox's review.")
            if not integration.listing
            else _("The landing page has to be published and reviewed before customers can order there."),
            certainty=Certainty.DOCUMENTED,
        ),
    )


def check(integration: Integration) -> tuple[Point, ...]:
    """What to see to on the vendor's side, most important first."""
    return (
        _service_account(integration),
        _redirect_uri(integration),
        _scopes(integration),
        _client_secret(integration),
        _start_page(integration),
        _publishing(integration),
        _support(integration),
        _download(integration),
    )


_SECRETS = {
    SecretSource.RELAY: N_("The portal makes it. It belongs on the relay's server and nowhere else."),
    SecretSource.ASK: N_("The portal makes it. The customer is given it as the activation key."),
    SecretSource.ENVIRONMENT: N_("The portal makes it. It belongs in the environment variable that the file names."),
    SecretSource.FILE: N_("The portal makes it. It belongs in the file beside the integration file."),
}


def _service_account(integration: Integration) -> Point:
    title = _("Service account")
    if AccountKind.SERVICE not in integration.accounts:
        text = _(
            "Only user accounts are offered. They stop when the person leaves or loses a licence, "
            "and have to be renewed every 45 days. A service account does neither."
        )
        return Point(key="service_account", title=title, verdict=Verdict.CONSIDER, text=text)
    text = _(
        "“Enable service account authorization” has to be on in the portal, or “Only administrator” chosen. "
        "Without it every customer who chooses the service account is refused."
    )
    return Point(key="service_account", title=title, verdict=Verdict.COMPARE, text=text)


def _redirect_uri(integration: Integration) -> Point:
    title, uri = _("Redirect URI"), integration.redirect_uri
    text = _("The portal has to hold {uri} character for character.", uri=uri.text)
    if uri.is_loopback:
        text += " " + _("It leads to the computer itself: its port has to be free on your customers' computers.")
    elif integration.way_back is None:
        text += " " + _(
            "If its page runs no code, say so with redirect_page = “static”: then customers may use their own browser."
        )
    return Point(key="redirect_uri", title=title, verdict=Verdict.COMPARE, text=text)


def _scopes(integration: Integration) -> Point:
    text = _(
        "These have to be switched on in the portal as well as named in the file: {scopes}.",
        scopes=", ".join(integration.scopes),
    )
    unsure = [name for name in integration.scopes if not scope(name).licence_certain]
    if unsure:
        text += " " + _("Which licence these need is not known for certain: {scopes}.", scopes=", ".join(unsure))
    return Point(key="scopes", title=_("Permissions"), verdict=Verdict.COMPARE, text=text)


def _client_secret(integration: Integration) -> Point:
    title, source = _("Client secret"), integration.client_secret.source
    if source is SecretSource.RELAY:
        text = _("It stays on the relay. That fits a vendor with several customers.")
        return Point(key="client_secret", title=title, verdict=Verdict.RIGHT, text=text)
    reach = _("Whoever has it and a company's tenant id, which is no secret, opens that company's service account.")
    if source is SecretSource.ASK:
        text = _("The customer types it in, so it reaches the customer's computer.") + " " + reach
        text += " " + _("That fits a client id of that customer's own. With several customers on one, use a relay.")
        return Point(key="client_secret", title=title, verdict=Verdict.CONSIDER, text=text)
    text = _("It lies on the computer that connects.") + " " + reach
    text += " " + _("That fits a computer that you run yourself. For customers' computers, use a relay.")
    return Point(key="client_secret", title=title, verdict=Verdict.CONSIDER, text=text)


def _start_page(integration: Integration) -> Point:
    text = _(
        "The portal's “Link to start page” ought to be {address}, so that My Integrations leads to the same place.",
        address=integration.start_page,
    )
    return Point(key="start_page", title=_("Start page"), verdict=Verdict.COMPARE, text=text)


def _publishing(integration: Integration) -> Point:
    title = _("Publishing")
    if integration.listing is None:
        text = _(
            "No listing is named, so the integration is taken to be hidden. "
            "If customers have to order it at Fortnox first, name its page with listing."
        )
        return Point(key="publishing", title=title, verdict=Verdict.COMPARE, text=text)
    text = _(
        "{address} has to be published and reviewed. With “Buy via Fortnox” nobody can connect before ordering there.",
        address=integration.listing,
    )
    return Point(key="publishing", title=title, verdict=Verdict.COMPARE, text=text)


def _support(integration: Integration) -> Point:
    title, support = _("Support"), integration.support
    if support.phone and support.hours:
        text = _("The window shows {phone}, {hours}.", phone=support.phone, hours=support.hours)
        return Point(key="support", title=title, verdict=Verdict.RIGHT, text=text)
    if support.phone:
        text = _("Add hours, so that nobody calls a telephone that nobody answers.")
    else:
        text = _("Add a telephone number: customers who are unsure shall call you, and not whoever called them.")
    return Point(key="support", title=title, verdict=Verdict.CONSIDER, text=text)


def _download(integration: Integration) -> Point:
    title = _("Hand-over")
    if integration.download:
        text = _("An administrator who takes over is sent to {address}.", address=integration.download)
        return Point(key="download", title=title, verdict=Verdict.RIGHT, text=text)
    text = _("Add download: people who are no system administrators pass the set-up on with that address.")
    return Point(key="download", title=title, verdict=Verdict.CONSIDER, text=text)
