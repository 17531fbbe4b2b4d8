"""The page of the commands in the docs: made of the parser, the fields each command documents, and a few words.

python -m tests.command.commands_page > docs/commands.md
"""

from __future__ import annotations

import argparse
import ast
import inspect
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import ModuleType

from assistant import cli
from assistant.command import (
    check,
    integration,
    keep_alive,
    listing,
    migrate,
    problems,
    remove,
    renew,
    secret,
    token,
    vault,
)
from assistant.language import current, use

_HEAD = """\
# Commands

Everything the program does without its window. None of these commands loads a window, and none of those about
connections needs the integration file: each connection was stored with its own addresses. In a checkout
`setup-assistant` is `python -m assistant`. This page is written by `python -m tests.command.commands_page`; a test
fails when it is not up to date.

## Exit codes

| Code | Meaning |
|---|---|
| 0 | Done. For `check`: every connection that was checked works. For `keep-alive`: all that was due is renewed. |
| 1 | A problem, or a no to a question. |
| 2 | The command was written wrongly, or what it was to read did not come. |
| 130 | Stopped by Ctrl+C, or SIGTERM or SIGHUP where it may renew: a renewal under way is finished and saved first. |

A command that ends in a problem prints nothing on standard output, with or without `--json`: what a program reads
there is always whole. `check --all` without `--json`, which is for people, may have printed some lines by then. The
first line on standard error begins with the problem's code, such as `TOKEN-11: The connection has to be made again`;
the lines below it say what to do. [problems.md](problems.md) has every
code. `check` and `keep-alive` look at many connections, so there a problem of one connection is a part of the answer,
and only the exit code is 1.

A renewal that has begun is finished and saved, whatever stops the command but a kill: that is when a refresh token
could be lost.

## JSON

`--json` prints one object in ASCII. Its first field is `schema`, the version of the shape; it changes only when a field
changes its meaning or goes, so take fields that you do not know for new ones. Moments are ISO 8601 with an offset, to
the second.

## Which connection

`token`, `check`, `renew` and `remove` take `--connection`, `--tenant`, `--client-id` and `--account`, in any
combination; the one connection that agrees with all of them is meant. With nothing given it is the only one there is.
Where a company has both a service account and user accounts for an integration, the service account is meant unless
`--account user` is said. None that agrees is STORE-20, several are STORE-19.

## Secrets

No command takes a secret as an argument, since arguments can be read by others on the computer. A secret is typed
without being shown, or comes on standard input, in one line. `token` alone prints one.
"""

_WORDS: Mapping[str, str] = {
    "list": """\
Asks no keychain and makes no file. A row that cannot be read is named beside the others, which go on being used;
connecting its company again takes its place, and `remove --connection` takes it away.

How a connection is doing is told from what is stored: `connect-again` and `damaged` need the company to be connected
again, `problem` needs somebody to do something else, `ends-soon` is a user account
with less than 14 days left that nothing renews, `unchecked` was neither used nor checked for 30 days. `approve-again`
stands for permissions that the integration has gained; the window alone knows of those.
""",
    "token": """\
For the program that integrates with Fortnox, in any language:

    curl -H "Authorization: Bearer $(setup-assistant token --tenant 123456)" \\
        https://api.fortnox.se/3/companyinformation

It works as other credential helpers do: one answer on standard output, problems on standard error, and an exit code. It
never asks anything; a keychain that is locked is the problem STORE-02. It must run as the operating system's user who
connected the company. Ask for a token whenever you need one, and keep none: the newest is kept sealed here until
shortly before its end, so that asking costs no request, and however many programs ask at once, one renews and all get
the same.

When Fortnox refuses a token (401) before its time, hand it in, and you get another:

    printf '%s' "$REFUSED" | setup-assistant token --refused --tenant 123456

Several programs may say so of the same token; it is replaced once. From Python,
`assistant.vault.tokens.access_token` is the same without a process.

There is no `get` to write before it and nothing to write to its input, unlike with git's helpers: their protocol knows
user names and passwords, but no expiry that every version keeps to. Shapes like `--json`'s, with a token and its end,
are what newer helpers agree on.
""",
    "check": """\
Uses each connection: a token, the company it opens (whose number must be the stored one), and one harmless read for
each permission that has a known one: `companyinformation`, `settings`, and for user accounts `profile`. The others are
`not-checked`. A company is asked at most 24 times in five seconds.

With `--all` and without `--json` each connection is printed as soon as it was checked. What then stops all alike, such
as a keychain that is locked meanwhile, comes after those lines. A user account whose refresh token was refused is not
said to work while an older access token of it still does.
""",
    "renew": """\
For a user account this begins 45 new days. A service account has nothing that ends; for one this shows that the
approval still stands.
""",
    "remove": """\
Asks at a terminal; elsewhere it needs `--yes`. A user account's access is withdrawn at Fortnox where that can be, then
the connection is deleted here, whether or not that worked. A damaged one is removed by its id (`--connection`); of it
nothing can be withdrawn. Fortnox goes on listing the integration: what to remove
there is said, and is a person's to do.
""",
    "keep-alive": """\
Renews every user account with less than 30 days left of its 45, and notes what it did, so that `list` and the window
show it. It never asks anything; a locked keychain ends the run. Token requests are made five times a second at most; a
server that asks to wait is waited for, three times in a row and ten minutes at most; then, and after an hour and a half
in all, the rest is left for the next run. A connection that Fortnox has refused for good is not tried again.

With `--install`, `--uninstall` or `--status` it renews nothing: they have it run every day from now on (a systemd user
timer, a launchd agent or the Task Scheduler), no longer, or say how that stands. The exit code of `--status` is 0
whatever the state.
""",
    "secret": """\
`secret set` reads the activation key (client secret) of an integration and stores it for all its connections; none has
to be made again. With `--integration` it can be stored before there is a connection.
""",
    "doctor": """\
The exit code is the number of things that do not work, 99 at most; what needs attention or could not be checked does
not count.
""",
    "integration": """\
For the vendor. `check` names every mistake in the integration file (exit code 1); where there is none, it goes through
what only Fortnox's developer portal shows. `sheet` prints what to enter there.
""",
    "migrate": """\
Exchanges an access token of Fortnox's retired scheme for a user account. The token comes on standard input or is typed
without being shown; the activation key comes from where the integration file says, or is stored or typed. The company
is read and asked about by name, unless `--yes` is said. The old token is used up by the exchange, whatever the answer
is. Fortnox documents four refusals: CONN-08 (not found), TOKEN-01 (wrong activation key), CONN-09 (could not be
exchanged) and CONN-10 (not allowed). An integration that goes through the vendor's relay has no such exchange.
""",
}

_SHAPES: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = {
    "list": (
        ("", listing.FIELDS),
        ("Each of `connections`", listing.CONNECTION_FIELDS),
        ("Each of `damaged`", listing.DAMAGED_FIELDS),
        ("`keep_alive`", listing.KEEP_ALIVE_FIELDS),
    ),
    "token": (("", token.FIELDS),),
    "check": (
        ("", check.FIELDS),
        ("Each of `connections`", check.CONNECTION_FIELDS),
        ("Each of `scopes`", check.SCOPE_FIELDS),
    ),
    "renew": (("", renew.FIELDS),),
    "remove": (("", remove.FIELDS),),
    "keep-alive": (
        ("", keep_alive.FIELDS),
        ("Each of `failures`", keep_alive.FAILURE_FIELDS),
        ("With `--install`, `--uninstall` or `--status`", keep_alive.SCHEDULE_FIELDS),
    ),
    "secret": (("", secret.FIELDS),),
    "migrate": (("", migrate.FIELDS),),
}

_SAID_IN_CODE: Mapping[str, ModuleType] = {"integration": integration, "problems": problems, "vault": vault}
"""Commands whose module describes their JSON in the text below its version."""

_ELSEWHERE: Mapping[str, str] = {"doctor": "support.md", "report": "support.md"}
"""Commands whose JSON has a page of its own."""


def text() -> str:
    """The whole page."""
    before = current().code
    use("en")
    try:
        return "\n".join([_HEAD, *(_command(name, parser) for name, parser in commands())])
    finally:
        use(before)


def commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command with its parser, in the order of the help."""
    yield from _subparsers(cli._parser()).items()


def _subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}


def leaves(name: str, parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """`name`, or each of the commands below it, with the parser that takes its options."""
    below = _subparsers(parser)
    if not below:
        yield name, parser
    for word, inner in below.items():
        yield from leaves(f"{name} {word}", inner)


def _command(name: str, parser: argparse.ArgumentParser) -> str:
    parts = [f"## `{name}`\n", _sentence(_helps()[name]) + "\n"]
    if name in _WORDS:
        parts.append(_WORDS[name])
    for words, leaf in leaves(name, parser):
        if words != name:
            parts.append(f"### `{words}`\n")
        parts += _options(leaf)
    for title, fields in _SHAPES.get(name, ()):
        parts.append(f"{title or 'JSON'}:\n")
        parts += ["| Field | Meaning |\n|---|---|", *(f"| `{field}` | {said} |" for field, said in fields.items()), ""]
    if name in _SAID_IN_CODE:
        parts.append(said_below_the_version(_SAID_IN_CODE[name]) + "\n")
    if name in _ELSEWHERE:
        parts.append(f"Its JSON is described in [{_ELSEWHERE[name]}]({_ELSEWHERE[name]}).\n")
    return "\n".join(parts)


def _helps() -> dict[str, str]:
    action = next(each for each in cli._parser()._actions if isinstance(each, argparse._SubParsersAction))
    return {each.dest: each.help or "" for each in action._choices_actions}


def _options(parser: argparse.ArgumentParser) -> list[str]:
    rows = []
    for action in parser._actions:
        if action.help == argparse.SUPPRESS or isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            continue
        value = action.metavar or ("|".join(action.choices) if action.choices else "")
        name = " ".join(filter(None, (", ".join(action.option_strings), str(value) if action.nargs != 0 else "")))
        needed = " (needed)" if action.required and action.option_strings else ""
        rows.append(f"| `{name.replace('|', ' or ')}` | {action.help}{needed} |")
    return ["| Option | Meaning |\n|---|---|", *rows, ""] if rows else []


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")


def said_below_the_version(module: ModuleType) -> str:
    """The text below `JSON_SCHEMA` in the source of `module`."""
    body = ast.parse(inspect.getsource(module)).body
    for before, after in pairwise(body):
        target = before.targets[0] if isinstance(before, ast.Assign) else getattr(before, "target", None)
        if isinstance(target, ast.Name) and target.id == "JSON_SCHEMA":
            assert isinstance(after, ast.Expr)
            assert isinstance(after.value, ast.Constant)
            return inspect.cleandoc(str(after.value.value))
    raise AssertionError(module.__name__)


def main() -> None:
    """Prints the page."""
    print(text(), end="")


if __name__ == "__main__":
    main()
