"""The command line. Qt is imported only when a window is wanted, the other rooms only by the command that uses them.

Exit codes: 0 done, 1 a problem (one sentence and its code on standard error), 2 the command was written wrongly.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant import __version__
from assistant.language import _, languages, system_language, use


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        use(_language_wished(given) or system_language())
        parser = _parser()
        options = parser.parse_args(given)
        _check_scenarios(parser, options)
        return _run(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read the output, such as `head`, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as failure:  # noqa: BLE001 - nobody at a terminal is helped by a traceback
        from assistant.command.telling import tell
        from assistant.problems import ProblemError  # not before the first paint: the catalogue is large
        from assistant.problems.unplanned import unplanned

        tell(failure.occurrence if isinstance(failure, ProblemError) else unplanned(failure), sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "list":
            from assistant.command.listing import list_connections

            return list_connections(
                integration_file=options.integration,
                practice=options.practice,
                test_server=options.test_server,
                as_json=options.json,
            )
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
