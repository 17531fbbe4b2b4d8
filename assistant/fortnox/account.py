"""The two kinds of account a connection can be made for."""

from __future__ import annotations

from enum import Enum

from assistant.language import _


class AccountKind(Enum):
    """In whose name the integration works in Fortnox.

    `SERVICE` is Fortnox's service account: it belongs to the company, at most one for a client id and company, and only
    a system administrator can approve it [DOC service-accounts]. `USER` is the person's own: it may do what that person
    may do, and ends with that person. The values are stored with a connection and never change.
    """

    SERVICE = "service"
    USER = "user"

    @property
    def words(self) -> str:
        """The kind in the current language, as it stands in a line of facts."""
        return _("service account") if self is AccountKind.SERVICE else _("user account")
