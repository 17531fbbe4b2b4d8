"""Listening on this computer for the redirect from the person's own browser. No Qt.

    async with listening(redirect_uri, wanted, stray_page=page) as listener:
        visitor = await listener.first()
    await visitor.show(page)

Whatever else knocks is answered and survived; the first request that is wanted ends it (RFC 8252 7.3 and 8.3).
"""

from __future__ import annotations

from assistant.loopback.listener import Listener, Visitor, listening
from assistant.loopback.page import page

__all__ = ["Listener", "Visitor", "listening", "page"]
