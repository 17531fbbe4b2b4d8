"""The language of the window: ours from gettext, Qt's own strings from Qt's catalogues."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from assistant.language import use

_installed: list[QTranslator] = []


def locale_of(code: str) -> QLocale:
    """The forms of dates and numbers in the language `code`: the system's own where it speaks that language, else the
    language's; English is British."""
    system = QLocale.system()
    if system.language() == QLocale(code).language():
        return system
    return QLocale("en_GB") if code == "en" else QLocale(code)


def speak(code: str) -> None:
    """Makes `code` the language of the window, of Qt's own buttons and of dates and numbers."""
    use(code)
    application = QCoreApplication.instance()
    while _installed and application is not None:
        application.removeTranslator(_installed.pop())
    QLocale.setDefault(locale_of(code))
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if application is not None and translator.load(f"qtbase_{code}", folder):
        application.installTranslator(translator)
        _installed.append(translator)
