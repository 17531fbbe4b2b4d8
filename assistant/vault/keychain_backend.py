"""Which keychain backend is used: the operating system's own, whatever the environment says.

keyring lets `PYTHON_KEYRING_BACKEND` and `keyringrc.cfg` choose any class, and `KEYRING_PROPERTY_*` set any attribute
of it. A program that holds a company's credentials leaves that choice to nobody but root.
"""

from __future__ import annotations

import os
import stat
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from assistant.problems import ProblemError, stop

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVER_SETTING: Final = Path("/etc/setup-assistant/keychain.toml")
"""Where root names another backend, for a server without a desktop: `backend = "package.module.Class"`."""

_OWN: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "win32": ("keyring.backends.Windows.WinVaultKeyring", {"persist": "local machine"}),
    "darwin": ("keyring.backends.macOS.Keyring", {"keychain": None}),
    "linux": ("keyring.backends.SecretService.Keyring", {}),
}
# "local machine": keyring's default lets Windows roam the key to every computer of the user while the vault stays.
# "keychain": the class takes its default from KEYCHAIN_PATH in the environment.

_KEEPS_NOTHING: Final = ("keyring.backends.null.", "keyring.backends.fail.", "keyring.backends.chainer.")
_IN_CLEAR: Final = ("plaintext", "keyrings.alt.pyfs.", "keyrings.alt.google.", "keyrings.alt.multi.")


def backend_name(setting: Path = SERVER_SETTING) -> str:
    """The class to use, as "package.module.Class". Reads a small file at most.

    Raises:
        ProblemError: STORE-01 on an unknown system; STORE-12 when the setting is not root's alone or not readable.
    """
    return _named_by_root(setting) or _own()[0]


def is_own(name: str) -> bool:
    """Whether `name` is the operating system's own backend."""
    return sys.platform in _OWN and name == _own()[0]


def pinned(name: str, base: type) -> KeyringBackend:
    """An instance of class `name`, a kind of `base`, that no environment variable has touched.

    Raises:
        ProblemError: STORE-12 when the class is missing, is no backend, or keeps secrets nowhere or in clear.
    """
    _refuse_by_name(name)
    module, _, wanted = name.rpartition(".")
    try:
        found = getattr(import_module(module), wanted)
    except (ImportError, AttributeError, ValueError, TypeError):
        raise _refused("cannot be imported") from None
    if not (isinstance(found, type) and issubclass(found, base)):
        raise _refused("is no keyring backend")
    for ancestor in found.__mro__:
        _refuse_by_name(f"{ancestor.__module__}.{ancestor.__qualname__}")
    attributes: dict[str, Any] = dict(_OWN[sys.platform][1]) if is_own(name) else {}
    attributes["set_properties_from_env"] = _unmoved_by_the_environment
    make = cast(Any, type(found))(f"Pinned{wanted}", (found,), attributes)
    try:
        backend: KeyringBackend = make()
    except Exception:  # noqa: BLE001 - a class named by root; whatever it raises, it cannot be used
        raise _refused("cannot be made") from None
    if _writes_in_clear(backend):
        raise _refused("keeps secrets in clear")
    return backend


def _unmoved_by_the_environment(backend: object) -> None:
    """Stands in for keyring's own, which sets an attribute for every KEYRING_PROPERTY_* variable."""


def _own() -> tuple[str, dict[str, Any]]:
    try:
        return _OWN[sys.platform]
    except KeyError:
        raise stop("STORE-01", details={"platform": sys.platform}, system=sys.platform) from None


def _refuse_by_name(name: str) -> None:
    plain = name.lower()
    if any(plain.startswith(part) for part in _KEEPS_NOTHING) or any(part in plain for part in _IN_CLEAR):
        raise _refused("keeps secrets nowhere or in clear")


def _writes_in_clear(backend: object) -> bool:
    """File backends have an `encrypt` step; one that returns what it was given does not encrypt.

    A backend that would ask a person for a password to do so is not tried: asking is proof enough.
    """
    encrypt = getattr(backend, "encrypt", None)
    if encrypt is None or hasattr(backend, "_unlock") or hasattr(type(backend), "keyring_key"):
        return False
    probe = b"setup-assistant"
    try:
        return bytes(encrypt(probe)) == probe
    except Exception:  # noqa: BLE001 - it wants something first, such as a password; then it does encrypt
        return False


def _named_by_root(setting: Path) -> str | None:
    if os.name != "posix":
        return None
    try:
        handle = os.open(setting, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError:
        raise _refused("cannot be read") from None
    try:
        # The folders count too: whoever may write in one of them may put another file in this one's place.
        states = [os.fstat(handle), *(folder.stat() for folder in setting.absolute().parents)]
        if not stat.S_ISREG(states[0].st_mode) or not all(_roots_alone(state) for state in states):
            raise _refused("can be written by others than root")
        name = tomllib.loads(os.read(handle, 4096).decode())["backend"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError):
        raise _refused("names no backend") from None
    finally:
        os.close(handle)
    if not isinstance(name, str) or not name:
        raise _refused("names no backend")
    return name


def _roots_alone(state: os.stat_result) -> bool:
    sticky_folder = stat.S_ISDIR(state.st_mode) and state.st_mode & stat.S_ISVTX
    return state.st_uid == 0 and (bool(sticky_folder) or not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def _refused(reason: str) -> ProblemError:
    return stop("STORE-12", details={"reason": reason})
