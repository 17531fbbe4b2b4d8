"""Where `assistant.own_thread` was, for those who still look for it here."""

from __future__ import annotations

from assistant.own_thread import OwnThread

__all__ = ["OwnThread"]
