"""Looks for secrets where none may be: in files, output, arguments and environments, however they are written down."""

from __future__ import annotations

import base64
import json
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

SHORTEST = 8
"""Shorter secrets would be found by chance."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret found; its value is not part of it.

    Attributes:
        kind: what the secret was called.
        encoding: how it was written down.
        place: where.
    """

    kind: str
    encoding: str
    place: str


def writings(secret: str) -> dict[str, frozenset[bytes]]:
    """Every way `secret` may have been written down, by name.

    base64 is there as it comes out when the secret begins at any byte of a longer text, such as `id:secret`.

    Raises:
        ValueError: it is too short to be told from chance.
    """
    if len(secret) < SHORTEST:
        raise ValueError("a secret this short would be found by chance")
    plain = secret.encode()
    base64_parts = frozenset(_base64_parts(plain))
    escaped = json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]
    return {
        "plain": frozenset({plain}),
        "JSON": frozenset(text.encode() for text in (*escaped, *(text.replace("/", r"\/") for text in escaped))),
        "URL": frozenset(
            {
                quote(secret, safe="").encode(),
                quote(secret).encode(),
                quote(secret, safe="").replace("%20", "+").encode(),
                "".join(f"%{byte:02X}" for byte in plain).encode(),
                "".join(f"%{byte:02x}" for byte in plain).encode(),
            }
        ),
        "base64": base64_parts,
        "base64url": frozenset(part.translate(bytes.maketrans(b"+/", b"-_")) for part in base64_parts),
        "hex": frozenset({plain.hex().encode(), plain.hex().upper().encode()}),
        "UTF-16LE": frozenset({secret.encode("utf-16-le")}),
        "UTF-16BE": frozenset({secret.encode("utf-16-be")}),
    }


def _base64_parts(plain: bytes) -> Iterator[bytes]:
    """The characters that depend on nothing but `plain`, for each of the three ways it can begin."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + plain).rstrip(b"=")
        whole = 8 * (before + len(plain)) // 6  # a last character that also holds bits of what follows is left out
        yield encoded[(8 * before + 5) // 6 : whole]


class Search:
    """Looks for `secrets`, each under the name of its kind.

    Args:
        client_id: for `id:secret`, the form of HTTP Basic; only the client secret goes with it.
    """

    def __init__(self, secrets: Mapping[str, Iterable[str]], *, client_id: str = "") -> None:
        self._patterns: dict[bytes, tuple[str, str]] = {}
        for kind, values in secrets.items():
            for value in values:
                for encoding, patterns in writings(value).items():
                    for pattern in patterns:
                        self._patterns.setdefault(pattern, (kind, encoding))
                if client_id and kind == "client secret":
                    basic = base64.b64encode(f"{client_id}:{value}".encode())
                    self._patterns.setdefault(basic, (kind, "Basic"))

    def look(self, content: bytes, place: str) -> list[Leak]:
        """What stands in `content`."""
        found = {kind_and_way for pattern, kind_and_way in self._patterns.items() if pattern in content}
        return [Leak(kind, encoding, place) for kind, encoding in sorted(found)]

    def look_all(self, contents: Iterable[tuple[str, bytes]]) -> list[Leak]:
        """What stands in any of `contents`, pairs of a place's name and what is there."""
        return [leak for place, content in contents for leak in self.look(content, place)]


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file under `folder` with its content, and every name: a secret in a file's name is one too.

    Raises:
        OSError: one cannot be read, which must not pass for clean.
    """
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        yield f"name of {name}", name.encode()
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            yield f"link {name}", str(path.readlink()).encode()
        elif stat.S_ISREG(mode):
            yield name, path.read_bytes()
