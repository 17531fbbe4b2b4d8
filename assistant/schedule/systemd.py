"""Linux: a timer of the person's own systemd, and the service it starts.

Sources: systemd.service(5), systemd.syntax(7), systemd.timer(5), systemd.exec(5), of systemd 252.

The person's systemd runs while they are signed in; `loginctl enable-linger` makes it run always, but does not open the
keychain, which is opened by signing in. A run that was missed is made up for at the next sign-in (`Persistent`).

What hardens the service is only what an ordinary user's systemd can always do. Everything that shows a process another
file system (ProtectSystem, PrivateTmp, ...) needs a user namespace, which some systems refuse to ordinary users; the
service would then not start at all. The keychain is behind a Unix socket and is not affected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Final

from assistant.schedule.job import (
    LONGEST_RUN_HOURS,
    RANDOM_DELAY_MINUTES,
    Command,
    File,
    Job,
    Look,
    State,
    Status,
    written,
)

_SYSTEMCTL: Final = ("systemctl", "--user", "--no-ask-password")
_UNSAFE_PROGRAM: Final = re.compile(r"['\"\\]")
_ASKED: Final = ("UnitFileState", "ActiveState", "LastTriggerUSec", "NextElapseUSecRealtime")

_HARDENING: Final = """\
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
"""  # AF_UNIX is the session bus; AF_NETLINK is how the C library learns which addresses this computer has


@dataclass(frozen=True, slots=True, kw_only=True)
class Systemd:
    """The schedule of the user `uid`, whose unit files lie in `units`."""

    job: Job
    units: PurePath
    uid: int

    @property
    def _timer(self) -> str:
        return f"{self.job.name}.timer"

    @property
    def _service(self) -> str:
        return f"{self.job.name}.service"

    def files(self) -> tuple[File, ...]:
        return (
            File(path=self.units / self._service, content=service_text(self.job).encode()),
            File(path=self.units / self._timer, content=timer_text(self.job).encode()),
        )

    def paths(self) -> tuple[PurePath, ...]:
        link = self.units / "timers.target.wants" / self._timer
        return (link, self.units / self._timer, self.units / self._service)

    def installing(self) -> tuple[Command, ...]:
        return (
            Command(words=(*_SYSTEMCTL, "daemon-reload"), must_succeed=True),
            Command(words=(*_SYSTEMCTL, "reenable", self._timer), must_succeed=True),
            Command(words=(*_SYSTEMCTL, "restart", self._timer), must_succeed=True),
        )

    def uninstalling(self) -> tuple[Command, ...]:
        return (
            Command(words=(*_SYSTEMCTL, "disable", "--now", self._timer)),
            Command(words=(*_SYSTEMCTL, "clean", "--what=state", self._timer)),  # when it last ran
        )

    def afterwards(self) -> tuple[Command, ...]:
        return (Command(words=(*_SYSTEMCTL, "daemon-reload")),)

    def status(self, look: Look) -> Status:
        service, timer = look.read(self.units / self._service), look.read(self.units / self._timer)
        if service is None or timer is None:
            return Status(state=State.NOT_INSTALLED)
        asked = look.run((*_SYSTEMCTL, "show", self._timer, *(f"--property={name}" for name in _ASKED)))
        if asked.code != 0:
            return Status(state=State.UNKNOWN)
        said = _properties(asked.output)
        lingering = _properties(look.run(("loginctl", "show-user", str(self.uid), "--property=Linger")).output)
        return Status(
            state=self._state(service, said),
            last_run=_moment(said.get("LastTriggerUSec", "")),
            next_run=_moment(said.get("NextElapseUSecRealtime", "")),
            while_signed_in={"no": True, "yes": False}.get(lingering.get("Linger", "")),
        )

    def _state(self, service: bytes, said: dict[str, str]) -> State:
        if said.get("UnitFileState") != "enabled" or said.get("ActiveState") != "active":
            return State.DISABLED
        wanted = {line.encode() for line in _command_lines(self.job)}
        return State.INSTALLED if wanted <= set(service.split(b"\n")) else State.OTHER_PROGRAM


def timer_text(job: Job) -> str:
    """The timer: every day, made up for when missed, and never on the same second as everybody else."""
    return (
        "[Unit]\n"
        f"Description={_specifiers_escaped(written(job.description))}\n"
        "\n"
        "[Timer]\n"
        f"OnCalendar=*-*-* {job.at:%H:%M}:00\n"
        "Persistent=true\n"
        f"RandomizedDelaySec={RANDOM_DELAY_MINUTES}min\n"
        "\n"
        "[Install]\n"
        "WantedBy=timers.target\n"
    )


def service_text(job: Job) -> str:
    """The service the timer starts.

    Raises:
        ValueError: the program's path cannot be written in a unit file.
    """
    return (
        "[Unit]\n"
        f"Description={_specifiers_escaped(written(job.description))}\n"
        "\n"
        "[Service]\n"
        "Type=oneshot\n"
        + "".join(f"{line}\n" for line in _command_lines(job))
        + f"TimeoutStartSec={LONGEST_RUN_HOURS}h\n"
        + _HARDENING
    )


def _command_lines(job: Job) -> list[str]:
    """What starts the program: the lines that differ from one copy of it to another."""
    words = job.words
    if _UNSAFE_PROGRAM.search(words[0]):
        # systemd refuses quotes and backslashes in the program's own path, not in arguments. env would do, but takes
        # a path with "=" for a variable.
        words = ("/usr/bin/nice", "-n", "0", "--", *words)
    # The colon says that "$" means itself.
    lines = ["ExecStart=" + " ".join([_quoted(f":{words[0]}"), *map(_quoted, words[1:])])]
    if job.folder is not None:
        # Taken as it stands, without quotes; the slash keeps a blank or backslash from being the last of the line.
        lines.append(f"WorkingDirectory={_specifiers_escaped(written(job.folder)).rstrip('/')}/")
    lines += [f"Environment={_quoted(f'{name}={value}')}" for name, value in job.environment]
    return lines


def _quoted(word: str) -> str:
    escaped = written(word).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_specifiers_escaped(escaped)}"'


def _specifiers_escaped(text: str) -> str:
    return text.replace("%", "%%")


def _properties(output: bytes) -> dict[str, str]:
    lines = output.decode("utf-8", "replace").splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def _moment(text: str) -> datetime | None:
    """A time as systemctl writes it for the C locale in UTC: `Tue 2026-11-24 09:21:52 UTC`; None for "never"."""
    try:
        return datetime.strptime(text.partition(" ")[2], "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    except ValueError:
        return None
