"""The command line. Qt is imported only when a window is wanted, the other rooms only by the command that uses them.

Exit codes: 0 done, 1 a problem (one sentence and its code on standard error), 2 the command was written wrongly, 130
stopped by Ctrl+C, SIGTERM or SIGHUP. docs/commands.md has the whole reference.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import __version__
from assistant.language import _, languages, system_language, use

if TYPE_CHECKING:
    from assistant.connections.ports import Ports
    from assistant.vault.connection import Connection
    from assistant.vault.rows import DamagedRow

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _show_what_can_be_shown()
    try:
        use(_language_wished(given) or system_language())
        parser = _parser()
        options = parser.parse_args(given)
        _check_scenarios(parser, options)
        _check_choice(parser, options)
        if sys.stdout is None and options.command not in _UNSEEN:
            return _output_fails()
        code = _run(options)
        if sys.stdout is not None:
            sys.stdout.flush()  # here, for at the end of the process nobody could say what is wrong
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read the output, such as `head`, has had enough
        _drop_output()
        return 1
    except Exception as failure:  # noqa: BLE001 - nobody at a terminal is helped by a traceback
        if isinstance(failure, OSError) and _is_of_output(failure):
            return _output_fails()
        from assistant.command.telling import tell
        from assistant.problems import ProblemError  # not before the first paint: the catalogue is large
        from assistant.problems.unplanned import unplanned

        tell(failure.occurrence if isinstance(failure, ProblemError) else unplanned(failure), sys.stderr)
        return 1


_UNSEEN = (None, "keep-alive", "practice-server", "tour")
"""The commands whose output nobody waits for: the system may run them without any."""


def _show_what_can_be_shown() -> None:
    """Lets a name with letters that the terminal lacks end nothing: they are shown by their numbers."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _is_of_output(failure: OSError) -> bool:
    """Whether it came of printing: commands themselves write to nothing else; files are for other rooms."""
    place = failure.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None or failure.filename is not None:
        return False
    raised_in, own = Path(place.tb_frame.f_code.co_filename), Path(__file__)
    return raised_in == own or raised_in.parent == own.with_name("command")


def _output_fails() -> int:
    if sys.stdout is not None:
        _drop_output()
    told = _("The output could not be written. See that there is room for it, and that it is not closed.")
    print(told, file=sys.stderr)
    return 1


def _drop_output() -> None:
    """Nothing more is written there: the end of the process would fail too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "token" | "check" | "renew" | "remove" | "keep-alive" | "secret" | "migrate":
            from assistant.command.stopping import renewals_finished

            with renewals_finished():
                return _token(options) if options.command == "token" else _with_connections(options)
        case "list":
            from assistant.command.listing import list_connections

            return list_connections(
                integration_file=options.integration,
                practice=options.practice,
                test_server=options.test_server,
                as_json=options.json,
            )
        case "vault":
            return _run_vault(options)
        case "integration":
            from assistant.command.integration import check_integration, print_sheet

            return (check_integration if options.action == "check" else print_sheet)(
                options.file or options.integration,
                test_server=options.test_server,
                practice=options.practice,
                as_json=options.json,
            )
        case "problems":
            from assistant.command.problems import print_problems

            return print_problems(options.code, as_json=options.json)
        case "doctor":
            from assistant.command.doctor import doctor, try_engine

            if options.engine:
                return try_engine()
            return doctor(
                integration_file=options.integration,
                practice=options.practice,
                test_server=options.test_server,
                as_json=options.json,
            )
        case "report":
            from assistant.command.report import report

            return report(
                integration_file=options.integration,
                practice=options.practice,
                test_server=options.test_server,
                out=options.out,
                as_json=options.json,
            )
        case "practice-server":
            from assistant.practice.serve import list_scenarios, serve

            if options.list_scenarios:
                return list_scenarios()
            return serve(port=options.port, scenarios=options.scenario)
        case "tour":
            if not _can_hold_pictures(options.out):
                return 1
            from assistant.window.tour import tour

            return tour(out=options.out, language_code=options.lang or system_language())
        case _:
            from assistant.window.application import show_window

            return show_window(
                integration_file=options.integration,
                practice=options.practice,
                test_server=options.test_server,
                scenarios=options.scenario,
                language_wished=options.lang is not None,
                resume_at_sign_in=options.resume is not None,
                software_rendering=options.software_rendering,
            )


def _token(options: argparse.Namespace) -> int:
    from assistant.command.token import print_token
    from assistant.fortnox.account import AccountKind

    return print_token(
        connection_id=options.connection,
        tenant_id=options.tenant,
        client_id=options.client_id,
        account=AccountKind(options.account) if options.account else None,
        with_refused=options.refused,
        practice=options.practice,
        as_json=options.json,
    )


def _run_vault(options: argparse.Namespace) -> int:
    from assistant.command import vault

    common = {"practice": options.practice, "as_json": options.json}
    match options.action:
        case "check":
            return vault.check(**common)
        case "export":
            return vault.write_export(options.file, replace=options.replace, **common)
        case "backup":
            return vault.write_backup(options.file, replace=options.replace, **common)
        case _:
            return vault.new_key(**common)


def _with_connections(options: argparse.Namespace) -> int:
    """The commands that do something with connections that are there, or take over an old one."""
    if options.command == "keep-alive" and options.schedule is not None:
        return _schedule(options)
    from assistant.connections.ports import Ports

    ports = Ports.of_this_user(practice=options.practice)
    match options.command:
        case "check":
            from assistant.command.check import check_connections

            wanted = ports.vault.connections() if options.all else (_chosen(ports, options),)
            return check_connections(ports, wanted, as_json=options.json)
        case "renew":
            from assistant.command.renew import renew_connection

            return renew_connection(ports, _chosen(ports, options), as_json=options.json)
        case "remove":
            from assistant.command.remove import remove_connection

            chosen = _damaged(ports, options) or _chosen(ports, options)
            return remove_connection(ports, chosen, yes=options.yes, as_json=options.json)
        case "keep-alive":
            from assistant.command.keep_alive import keep_connections_alive

            return keep_connections_alive(ports, as_json=options.json)
        case "secret":
            from assistant.command.secret import set_secret

            return set_secret(
                ports,
                options.client_id,
                integration_file=options.integration,
                test_server=options.test_server,
                as_json=options.json,
            )
        case _:
            from assistant.command.migrate import migrate_connection

            return migrate_connection(
                ports,
                integration_file=options.integration,
                test_server=options.test_server,
                yes=options.yes,
                as_json=options.json,
            )


def _schedule(options: argparse.Namespace) -> int:
    from assistant import schedule
    from assistant.command.keep_alive import print_schedule
    from assistant.integration import own_app_id
    from assistant.vault.places import DEFAULT_APP_ID

    act = {"install": schedule.install, "uninstall": schedule.uninstall, "status": schedule.status}[options.schedule]
    return print_schedule(act(own_app_id() or DEFAULT_APP_ID, practice=options.practice), as_json=options.json)


def _chosen(ports: Ports, options: argparse.Namespace) -> Connection:
    from assistant.fortnox.account import AccountKind
    from assistant.vault.choosing import choose

    listing = ports.vault.listing()
    return choose(
        listing.connections,
        connection_id=options.connection,
        tenant_id=options.tenant,
        client_id=options.client_id,
        account=AccountKind(options.account) if options.account else None,
        damaged=listing.damaged,
    )


def _damaged(ports: Ports, options: argparse.Namespace) -> DamagedRow | None:
    """The damaged row that is named by its id; nothing else of such a row can be believed."""
    if options.connection is None:
        return None
    return next((row for row in ports.vault.listing().damaged if row.id == options.connection), None)


def _can_hold_pictures(folder: Path) -> bool:
    """Makes `folder`, and says in a sentence when it cannot be made or written in."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        usable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        usable = False
    if not usable:
        told = _("The folder {folder} cannot be made or written in. Choose another with --out.", folder=folder)
        print(told, file=sys.stderr)
    return usable


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="setup-assistant",
        description=_("Connects a Fortnox company to an integration. Without a command the window opens."),
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    _common(parser)
    # What the program says to itself when it starts again, see assistant.window.restart.
    parser.add_argument("--resume", choices=("sign-in",), help=argparse.SUPPRESS)
    parser.add_argument("--software-rendering", action="store_true", help=argparse.SUPPRESS)
    _scenario(parser, default=[])
    commands = parser.add_subparsers(dest="command", metavar=_("COMMAND"), title=_("commands"))

    listing = commands.add_parser("list", help=_("list the connections on this computer, without unlocking anything"))
    _common(listing, default=argparse.SUPPRESS)
    listing.add_argument("--json", action="store_true", help=_("as JSON, for programs"))

    _vault(commands.add_parser("vault", help=_("look after the file in which the connections are kept")))

    _connection_commands(commands)
    vendor = commands.add_parser("integration", help=_("for the vendor: the integration file and the developer portal"))
    actions = vendor.add_subparsers(dest="action", metavar=_("ACTION"), required=True)
    for action, told in (
        ("check", _("go through the vendor's side: the file, and what only the developer portal shows")),
        ("sheet", _("print what to enter in Fortnox's developer portal, field by field")),
    ):
        one = actions.add_parser(action, help=told)
        _common(one, default=argparse.SUPPRESS)
        one.add_argument("file", nargs="?", type=Path, metavar=_("FILE"), help=_("the integration file"))
        one.add_argument("--json", action="store_true", help=_("as JSON, for programs"))

    problems = commands.add_parser("problems", help=_("everything that can go wrong, and what to do about it"))
    problems.add_argument("code", nargs="?", metavar=_("CODE"), help=_("one problem in full, such as AUTH-02"))
    problems.add_argument("--json", action="store_true", help=_("as JSON, for programs"))
    problems.add_argument("--lang", choices=languages(), default=argparse.SUPPRESS, help=_("language"))

    doctor = commands.add_parser("doctor", help=_("test everything a connection needs, in less than ten seconds"))
    _common(doctor, default=argparse.SUPPRESS)
    doctor.add_argument("--json", action="store_true", help=_("as JSON, for programs"))
    # What the program says to itself, see assistant.support.self_test.engine_process.
    doctor.add_argument("--engine", action="store_true", help=argparse.SUPPRESS)

    report = commands.add_parser("report", help=_("write the support file, without any secret in it"))
    _common(report, default=argparse.SUPPRESS)
    report.add_argument("--out", type=Path, metavar="FILE", help=_("the file to write"))
    report.add_argument("--json", action="store_true", help=_("as JSON, for programs"))

    server = commands.add_parser("practice-server", help=_("run the Fortnox to practise on until Ctrl+C"))
    server.add_argument("--port", type=_port, default=0, metavar="N", help=_("the port; without it, any free one"))
    _scenario(server)
    server.add_argument(
        "--list-scenarios", action="store_true", help=_("list the situations that can be practised, and end")
    )
    server.add_argument("--lang", choices=languages(), default=argparse.SUPPRESS, help=_("language"))

    tour = commands.add_parser("tour", help=_("walk through the window in practice and save a picture of every page"))
    tour.add_argument("--out", type=Path, required=True, metavar="DIR", help=_("folder for the pictures"))
    tour.add_argument("--lang", choices=languages(), default=argparse.SUPPRESS, help=_("language"))
    return parser


def _vault(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar=_("ACTION"), title=_("actions"), required=True)
    check = actions.add_parser("check", help=_("is everything whole? Changes nothing and unlocks nothing"))
    export = actions.add_parser("export", help=_("write what is not secret to a file, as JSON"))
    backup = actions.add_parser("backup", help=_("copy the file as it is now, also while it is in use"))
    new_key = actions.add_parser("new-key", help=_("make a new key; earlier backups can no longer be opened"))
    for writing in (export, backup):
        writing.add_argument("file", type=Path, metavar="FILE", help=_("the file to write"))
        writing.add_argument("--replace", action="store_true", help=_("write over a file that is there already"))
    for action in (check, export, backup, new_key):
        action.add_argument(
            "--practice", action="store_true", default=argparse.SUPPRESS, help=_("the connections of practice instead")
        )
        action.add_argument("--json", action="store_true", help=_("as JSON, for programs"))
        action.add_argument("--lang", choices=languages(), default=argparse.SUPPRESS, help=_("language"))


def _connection_commands(commands: Commands) -> None:
    token = commands.add_parser("token", help=_("print a valid access token, for programs"))
    _choice(token)
    token.add_argument(
        "--refused", action="store_true", help=_("read a token from standard input that was refused; print another")
    )
    _plain(token)

    check = commands.add_parser("check", help=_("use a connection to see whether it works"))
    _choice(check)
    check.add_argument("--all", action="store_true", help=_("every connection on this computer"))
    _plain(check)

    renew = commands.add_parser("renew", help=_("renew a connection now"))
    _choice(renew)
    _plain(renew)

    remove = commands.add_parser("remove", help=_("remove a connection from this computer"))
    _choice(remove)
    _yes(remove)
    _plain(remove)

    keep_alive = commands.add_parser("keep-alive", help=_("renew every user account that would otherwise end"))
    schedule = keep_alive.add_mutually_exclusive_group()
    for name, told in (
        ("install", _("have it run every day from now on")),
        ("uninstall", _("no longer have it run every day")),
        ("status", _("say whether it runs every day")),
    ):
        schedule.add_argument(f"--{name}", dest="schedule", action="store_const", const=name, help=told)
    _plain(keep_alive)

    secret = commands.add_parser("secret", help=_("store the activation key of an integration"))
    acts = secret.add_subparsers(dest="act", metavar="set", required=True)
    setting = acts.add_parser("set", help=_("read it from standard input, or without showing it, and store it"))
    setting.add_argument("--client-id", required=True, metavar="ID", help=_("of the integration"))
    setting.add_argument("--json", action="store_true", help=_("as JSON, for programs"))
    _common(setting, default=argparse.SUPPRESS)

    migrate = commands.add_parser("migrate", help=_("exchange an old access token, from before 2025, for a connection"))
    _yes(migrate)
    migrate.add_argument("--json", action="store_true", help=_("as JSON, for programs"))
    _common(migrate, default=argparse.SUPPRESS)


def _choice(parser: argparse.ArgumentParser) -> None:
    """Which connection is meant; see `assistant.vault.choosing`."""
    which = parser.add_argument_group(_("which connection; with nothing given, the only one there is"))
    which.add_argument("--connection", metavar="ID", help=_("its id, as list shows it"))
    which.add_argument("--tenant", metavar="N", help=_("the company's number in Fortnox"))
    which.add_argument("--client-id", metavar="ID", help=_("of the integration"))
    which.add_argument("--account", choices=("service", "user"), help=_("the kind of account"))


def _yes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help=_("go ahead without a question"))


def _plain(parser: argparse.ArgumentParser) -> None:
    """What every command about stored connections takes: they name their own addresses, so no integration file."""
    parser.add_argument("--json", action="store_true", help=_("as JSON, for programs"))
    parser.add_argument(
        "--practice", action="store_true", default=argparse.SUPPRESS, help=_("the connections of practice instead")
    )
    parser.add_argument(
        "--lang", choices=languages(), default=argparse.SUPPRESS, help=_("language; otherwise the system's")
    )


def _scenario(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument(
        "--scenario",
        action="append",
        default=default,
        metavar="NAME",
        help=_("a situation to practise; may be given several times"),
    )


def _check_scenarios(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Ends with exit code 2 for situations that do not exist, do not go together, or stand beside the real Fortnox."""
    if not options.scenario:
        return
    if options.command != "practice-server" and not options.practice:
        parser.error(_("--scenario needs --practice"))
    from assistant.language import current
    from assistant.practice.scenarios import ScenarioError, combine

    try:
        combine(*options.scenario)
    except ScenarioError as refused:
        parser.error(refused.sentence(current()))


def _check_choice(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Ends with exit code 2 where all connections are meant and one of them too."""
    if getattr(options, "all", False) and (
        options.connection or options.tenant or options.client_id or options.account
    ):
        parser.error(_("--all goes with no choice of a connection"))


def _common(parser: argparse.ArgumentParser, default: object = None) -> None:
    parser.add_argument("--integration", type=Path, metavar="FILE", default=default, help=_("the integration file"))
    parser.add_argument(
        "--practice",
        action="store_true",
        default=False if default is None else default,
        help=_("practise: nothing reaches the real Fortnox"),
    )
    parser.add_argument(
        "--test-server",
        action="store_true",
        default=False if default is None else default,
        help=_("accept an integration file that names another server than Fortnox; the window says so all the time"),
    )
    parser.add_argument("--lang", choices=languages(), default=default, help=_("language; otherwise the system's"))


def _language_wished(arguments: Sequence[str]) -> str | None:
    """The language asked for, found before parsing so that usage and errors speak it already."""
    finder = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    finder.add_argument("--lang")
    try:
        found = finder.parse_known_args(arguments)[0].lang
    except argparse.ArgumentError:
        return None
    return found if isinstance(found, str) and found in languages() else None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError(_("a port is a number from 0 to 65535"))
    return int(text)
