"""What the engine keeps and what it lets pages do: an off-the-record profile with almost everything switched off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWebEngineCore import QWebEngineProfile, QWebEngineProfileBuilder, QWebEngineSettings

_Attribute = QWebEngineSettings.WebAttribute
SETTINGS: Final = {
    _Attribute.ErrorPageEnabled: False,  # the problem page says it, in the person's language
    _Attribute.PluginsEnabled: False,
    _Attribute.PdfViewerEnabled: False,
    _Attribute.FullScreenSupportEnabled: True,  # so that the wish is heard, and refused in a line
    _Attribute.ScreenCaptureEnabled: False,
    _Attribute.WebRTCPublicInterfacesOnly: True,
    _Attribute.DnsPrefetchEnabled: False,
    _Attribute.HyperlinkAuditingEnabled: False,
    _Attribute.LocalContentCanAccessRemoteUrls: False,
    _Attribute.LocalContentCanAccessFileUrls: False,
    _Attribute.AllowRunningInsecureContent: False,
    _Attribute.AllowGeolocationOnInsecureOrigins: False,
    _Attribute.AllowWindowActivationFromJavaScript: False,
    _Attribute.JavascriptCanAccessClipboard: False,
    _Attribute.JavascriptCanPaste: False,
    _Attribute.PlaybackRequiresUserGesture: True,
    _Attribute.NavigateOnDropEnabled: False,
    _Attribute.AutoLoadIconsForPage: False,
    _Attribute.TouchIconsEnabled: False,
    _Attribute.BackForwardCacheEnabled: False,  # a page left behind must not come back signed in
    _Attribute.JavascriptCanOpenWindows: True,  # a pop-up sign-in may open after an answer from its server
}


def fresh_profile(languages: Sequence[str]) -> QWebEngineProfile:
    """A profile that keeps nothing on disk; `languages` in the order the person prefers, such as ("sv", "en")."""
    profile = QWebEngineProfileBuilder.createOffTheRecordProfile()
    profile.setHttpAcceptLanguage(",".join(languages))
    profile.setSpellCheckEnabled(False)
    profile.setPushServiceEnabled(False)
    settings = profile.settings()
    for attribute, on in SETTINGS.items():
        settings.setAttribute(attribute, on)
    # Scripts that open `bankid:` are otherwise dropped before anybody is asked; every other scheme is refused below.
    settings.setUnknownUrlSchemePolicy(QWebEngineSettings.UnknownUrlSchemePolicy.AllowAllUnknownUrlSchemes)
    return profile
