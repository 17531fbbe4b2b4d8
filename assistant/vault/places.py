"""Where the vault and what belongs to it lie on this computer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platformdirs import PlatformDirs

DEFAULT_APP_ID: Final = "setup-assistant"

_APP_ID: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9])){0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Paths and names of one program's vault. Nothing here exists before something is saved.

    Attributes:
        vault_file: the SQLite file.
        keychain_service: the service name of the entry in the operating system's keychain.
        state_file: choices of a closed window, none of them secret.
        lock_file: held while one process renews or moves what others may want.
    """

    vault_file: Path
    keychain_service: str
    state_file: Path
    lock_file: Path


def vault_places(app_id: str | None, practice: bool) -> Places:
    """The places of the user who runs this process, for a branded program (`app_id`) or this one as it is.

    Practice has its own file and its own key. On Linux HOME and XDG_DATA_HOME count, on Windows the local application
    data, which does not roam, on macOS the library folder.

    Raises:
        ValueError: `app_id` could not be the name of one folder.
    """
    name = DEFAULT_APP_ID if app_id is None else app_id
    if not _APP_ID.fullmatch(name):
        raise ValueError("an app id is made of letters, digits, and single dots, hyphens and underscores between them")
    kind = "practice" if practice else "connections"
    directories = PlatformDirs(name, appauthor=False, roaming=False)
    data, state = directories.user_data_path, directories.user_state_path
    return Places(
        vault_file=data / f"{kind}.db",
        keychain_service=f"{name} (practice)" if practice else name,
        state_file=state / f"{kind}.json",
        lock_file=data / f"{kind}.lock",
    )
