"""Starts a scenario of the journey in a process of its own, checks that it ended cleanly, and reads what it saw."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.practice.request_log import LogEntry

ROOT = Path(__file__).resolve().parents[2]
AUTHORIZE, TOKEN, REVOKE = "/oauth-v1/auth", "/oauth-v1/token", "/oauth-v1/revoke"
COMPANY, PERSON = "/3/companyinformation", "/3/me"
HARMLESS = (
    *tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"][
        "qt_log_ignore"
    ],
    # The engine and the offscreen platform on a machine without a graphics card; it draws in software.
    r"^QRhiGles2: Failed to create (temporary )?context$",
    r"^Failed to create RHI for backend: OpenGL$",
    r"^GPUInfo not initialized on GpuInfoUpdate$",
    r"createPlatformVulkanInstance|QVulkanInstance: Failed to initialize Vulkan",
    # Chromium asks the system's D-Bus about power and network; a container has none.
    r"dbus/(bus|object_proxy)\.cc",
    # A page that goes away while its last frame is on the way to the window: that frame is dropped, the next is drawn.
    r"shared_image_manager\.cc:\d+\] SharedImageManager::Produce\w+: Trying to Produce a \w+ representation from a "
    r"non-existent mailbox",
)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How things stood at one moment of a scenario; see `Walker.mark`."""

    step: str
    problem: str | None
    account: str
    attempt: int
    held: bool
    replaced: str | None
    log: tuple[LogEntry, ...]
    tokens: list[dict[str, Any]]
    codes: int
    vault: list[dict[str, Any]]
    opened: list[str]
    steps: list[str]
    more: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Mark:
        own = {name: value for name, value in told.items() if name in cls.__dataclass_fields__ and name != "log"}
        log = tuple(
            LogEntry(**{**entry, **{name: tuple(entry[name]) for name in ("query_names", "form_names")}})
            for entry in told["log"]
        )
        return cls(**own, log=log, more={name: told[name] for name in told if name not in own and name != "log"})

    def requests(self, *paths: str, since: int = 0) -> list[tuple[str, str | None, int | None]]:
        """What arrived at `paths` (token, revoke and API where none is named): path, grant or outcome, tenant id."""
        wished = paths or (TOKEN, REVOKE, COMPANY, PERSON)
        return [
            (entry.path, entry.grant or entry.outcome, entry.tenant_id)
            for entry in self.log[since:]
            if entry.path in wished
        ]

    @property
    def attempts(self) -> int:
        """The authorization requests that were accepted."""
        return sum(entry.path == AUTHORIZE and entry.outcome == "accepted" for entry in self.log)

    @property
    def revoked(self) -> list[bool]:
        """Of every refresh token the server gave out, oldest first: whether it is revoked there."""
        return [token["revoked"] for token in self.tokens]

    @property
    def stored(self) -> list[tuple[str, str]]:
        """Account and tenant id of what the vault holds."""
        return [(each["account"], each["tenant_id"]) for each in self.vault]


@dataclass(frozen=True)
class Walked:
    """A scenario that ended.

    Attributes:
        marks: its moments by name; what is no moment stands in `notes`.
    """

    marks: dict[str, Mark]
    notes: dict[str, Any]


def environment(home: Path) -> dict[str, str]:
    """What a scenario's process is started with."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT", "XDG", "LANG", "LC_"))}
    kept |= {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        kept["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox"
    return kept


def walked(folder: Path, name: str, argument: str = "") -> Walked:
    """Runs the scenario `name` in `folder` and asserts that its process ended well and left nothing unsaid."""
    ended = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.window.walk", name, str(folder), argument],
        cwd=ROOT, env=environment(folder / "home"), capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert not (said := unexpected(ended.stderr.splitlines())), said
    assert not (said := unexpected(told["qt"])), said
    assert not told["crashes"], f"practice itself failed: {told['crashes']}"
    assert told["left"] == 0, "pages of the engine outlived their window"
    assert [code for code, _ in told["ends"]] == [0] * len(told["ends"])
    marks = told["marks"]
    moments = {key: Mark.of(value) for key, value in marks.items() if isinstance(value, dict) and "log" in value}
    return Walked(moments, {key: value for key, value in marks.items() if key not in moments})


def unexpected(lines: list[str]) -> list[str]:
    """Those of `lines` that are not known to be harmless."""
    return [line for line in lines if line.strip() and not any(re.search(known, line) for known in HARMLESS)]
