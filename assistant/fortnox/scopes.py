"""What each Fortnox scope means to a person, and the licence behind it.

Every scope gives both reading and changing; Fortnox has no read-only scope [DOC scopes]. The licence column comes from
two independent public copies of Fortnox's own table [CODE]; where these contradict each other, `licence_certain` is
False. One scope without its licence, or not registered in the developer portal, fails the whole authorization.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from assistant.language import N_, _


class ScopeGroup(Enum):
    """Where a scope stands in a long list. Values are message ids; the order is the order on the page."""

    COMPANY = N_("The company")
    SALES = N_("Sales")
    PURCHASES = N_("Purchases")
    ACCOUNTS = N_("Accounts")
    SALARY_AND_TIME = N_("Salary and time")
    FILES = N_("Files")
    STOCK = N_("Stock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One scope as a person meets it. `label`, `description` and `caution` are message ids.

    Attributes:
        name: the scope as Fortnox spells it, case sensitive.
        label: Fortnox's own word for it (in the Swedish translation) or its plain English name.
        description: what it covers, in one sentence.
        licences: Fortnox's Swedish licence words, any one of which is enough; empty when every licence will do.
        licence_certain: False where the sources contradict each other.
        group: where it stands in a long list.
        caution: one more sentence for what people worry about; "" for most.
    """

    name: str
    label: str
    description: str
    licences: tuple[str, ...] = ()
    licence_certain: bool = True
    group: ScopeGroup
    caution: str = ""

    @property
    def sensitive(self) -> bool:
        """Whether it deserves an extra line: personal data, payments, the accounts."""
        return bool(self.caution)


_SALES = ("Order", "Kundfaktura")
_ANY_MODULE = ("Bokföring", "Order", "Kundfaktura")

_ALL = (
    Scope(
        name="companyinformation",
        label=N_("Company information"),
        description=N_("The company's name, organisation number and address."),
        group=ScopeGroup.COMPANY,
    ),
    Scope(
        name="profile",
        label=N_("Profile"),
        description=N_("Name and e-mail of the person approving."),
        group=ScopeGroup.COMPANY,
    ),
    Scope(
        name="settings",
        label=N_("Settings"),
        description=N_("Company settings such as payment terms, units and locked period."),
        group=ScopeGroup.COMPANY,
    ),
    Scope(
        name="inbox",
        label=N_("Inbox"),
        description=N_("Put files in the inbox, such as incoming invoices."),
        group=ScopeGroup.FILES,
    ),
    Scope(
        name="archive",
        label=N_("File archive"),
        description=N_("Files in the company's archive."),
        licences=("Arkivplats",),
        licence_certain=False,
        group=ScopeGroup.FILES,
    ),
    Scope(
        name="connectfile",
        label=N_("Attach files"),
        description=N_("Attach files to vouchers, invoices and articles."),
        licences=("Bokföring", "Anläggningsregister", "Arkivplats"),
        group=ScopeGroup.FILES,
    ),
    Scope(
        name="bookkeeping",
        label=N_("Bookkeeping"),
        description=N_("Vouchers, chart of accounts, financial years and SIE files."),
        licences=("Bokföring", "Kundfaktura"),
        group=ScopeGroup.ACCOUNTS,
        caution=N_("It covers all of the company's accounts. Whoever keeps the books goes on as before."),
    ),
    Scope(
        name="customer",
        label=N_("Customers"),
        description=N_("The customer register."),
        licences=("Kundfaktura", "Order"),
        group=ScopeGroup.SALES,
    ),
    Scope(
        name="article",
        label=N_("Articles"),
        description=N_("The article register: goods and services."),
        licences=_SALES,
        group=ScopeGroup.SALES,
    ),
    Scope(
        name="invoice",
        label=N_("Invoices"),
        description=N_("Customer invoices, contracts, accruals and tax reductions."),
        licences=_SALES,
        group=ScopeGroup.SALES,
    ),
    Scope(
        name="payment",
        label=N_("Payments"),
        description=N_("Record payments of customer and supplier invoices in Fortnox."),
        licences=_ANY_MODULE,
        group=ScopeGroup.ACCOUNTS,
        caution=N_("It is for recording payments in Fortnox, not for paying from the bank account."),
    ),
    Scope(
        name="price",
        label=N_("Prices"),
        description=N_("Price lists and prices."),
        licences=_SALES,
        group=ScopeGroup.SALES,
    ),
    Scope(
        name="print",
        label=N_("Print templates"),
        description=N_("The templates used to print invoices and orders."),
        licences=_SALES,
        group=ScopeGroup.SALES,
    ),
    Scope(
        name="offer",
        label=N_("Quotes"),
        description=N_("Quotes to customers."),
        licences=("Order",),
        group=ScopeGroup.SALES,
    ),
    Scope(
        name="order",
        label=N_("Orders"),
        description=N_("Sales orders."),
        licences=("Order",),
        group=ScopeGroup.SALES,
    ),
    Scope(
        name="supplier",
        label=N_("Suppliers"),
        description=N_("The supplier register, not the invoices."),
        licences=("Bokföring",),
        group=ScopeGroup.PURCHASES,
    ),
    Scope(
        name="supplierinvoice",
        label=N_("Supplier invoices"),
        description=N_("Invoices from suppliers."),
        licences=("Bokföring",),
        group=ScopeGroup.PURCHASES,
    ),
    Scope(
        name="project",
        label=N_("Projects"),
        description=N_("Projects that entries and invoices can be marked with."),
        licences=_ANY_MODULE,
        group=ScopeGroup.ACCOUNTS,
    ),
    Scope(
        name="costcenter",
        label=N_("Cost centres"),
        description=N_("Cost centres that entries and invoices can be marked with."),
        licences=_ANY_MODULE,
        group=ScopeGroup.ACCOUNTS,
    ),
    Scope(
        name="currency",
        label=N_("Currencies"),
        description=N_("Currencies and rates."),
        licences=_ANY_MODULE,
        group=ScopeGroup.ACCOUNTS,
    ),
    Scope(
        name="salary",
        label=N_("Salary"),
        description=N_("Employees, payroll, absence and schedules. Contains personal data."),
        licences=("Lön",),
        group=ScopeGroup.SALARY_AND_TIME,
        caution=N_("It shows what each employee earns."),
    ),
    Scope(
        name="noxfinansinvoice",
        label=N_("Fortnox Finans"),
        description=N_("Invoices handled by Fortnox Finans."),
        licences=("Kundfaktura",),
        group=ScopeGroup.SALES,
    ),
    Scope(
        name="timereporting",
        label=N_("Time reporting"),
        description=N_("Reported working time. Contains personal data."),
        licences=("Tidredovisning",),
        group=ScopeGroup.SALARY_AND_TIME,
        caution=N_("It shows who has worked, and when."),
    ),
    Scope(
        name="assets",
        label=N_("Fixed assets"),
        description=N_("Fixed assets and their depreciation."),
        licences=("Anläggningsregister",),
        licence_certain=False,
        group=ScopeGroup.ACCOUNTS,
    ),
    Scope(
        name="warehouse",
        label=N_("Warehouse"),
        description=N_("Stock places, balances and movements."),
        licences=("Lager",),
        group=ScopeGroup.STOCK,
    ),
    Scope(
        name="developerapi",
        label=N_("Developer API"),
        description=N_("For Fortnox partners only. Not expected in an ordinary connection."),
        licences=("Fortnox partner",),
        group=ScopeGroup.COMPANY,
    ),
)

SCOPES: Mapping[str, Scope] = MappingProxyType({entry.name: entry for entry in _ALL})
"""Every known scope by name."""


def scope(name: str) -> Scope:
    """The scope `name`; one we do not know is shown by its raw name, and the vendor is the one to ask."""
    known = SCOPES.get(name)
    if known is not None:
        return known
    return Scope(name=name, label=name, description=N_("Ask {vendor} what it means."), group=ScopeGroup.COMPANY)


def licence_words(entry: Scope) -> str:
    """The licence `entry` needs, in the current language, such as "Bokföring, Order or Kundfaktura".

    The licences keep Fortnox's own Swedish words in every language, because those are what stands in Fortnox.
    """
    if not entry.licences:
        return _("no particular licence")
    *others, last = entry.licences
    words = _("{others} or {last}", others=", ".join(others), last=last) if others else last
    return words if entry.licence_certain else _("perhaps {licences}", licences=words)


def licence_list(names: Iterable[str]) -> str:
    """The licences that the scopes `names` need together, each once, such as "Order; Order or Kundfaktura"."""
    needed = dict.fromkeys(licence_words(entry) for entry in map(scope, names) if entry.licences)
    return "; ".join(needed)
