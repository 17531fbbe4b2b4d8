"""The sign-in browser: Fortnox's own pages inside the window. The one room that imports QtWebEngine.

Importing it loads the engine: import it after the first window is shown (`assistant.window.warming` does).

Each attempt has an off-the-record profile of its own, destroyed after its pages. No script is put into a page, no
bridge leads out of it, its title is never used. What the page wants of the computer is refused and said in a line.
"""

from __future__ import annotations

from assistant.window.browser.sign_in import SignInBrowser

__all__ = ["SignInBrowser"]
