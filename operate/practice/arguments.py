"""What can be written behind `python -m operate.practice`."""

import unicodedata
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence

_LONGEST_REASON = 500


def arguments_of(arguments: Sequence[str] | None) -> Namespace:
    """The command line (None: this program's). Ends the program with status 2 and a sentence when it is wrong."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "apply":
        ends = options.decline_open or options.cancel_confirmed
        if ends and not options.reason:
            parser.error("--decline-open and --cancel-confirmed need --reason TEXT: it is what the clients read")
        if options.reason and not ends:
            parser.error("--reason goes with --decline-open or --cancel-confirmed")
    return options


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m operate.practice", description="Set up a practice from its file.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="check|apply|export|forget")
    check = commands.add_parser("check", help="say whether a file is right, without touching any stack")
    check.add_argument("file", metavar="FILE")
    apply = commands.add_parser("apply", help="show what would change in a stack, ask, and change it")
    apply.add_argument("file", metavar="FILE")
    add_where(apply)
    _add_apply_options(apply)
    export = commands.add_parser("export", help="write a file of what stands in a stack")
    export.add_argument("--output", metavar="FILE", help="where to; it must not be there yet. Else it is printed")
    add_where(export)
    forget = commands.add_parser("forget", help="make a client's past requests anonymous, and forget the client")
    forget.add_argument("address", metavar="ADDRESS", help="the mail address that they book with")
    add_where(forget)
    forget.add_argument("--secret", metavar="ARN", help="the stack's secret, where --table is given")
    forget.add_argument("--dry-run", action="store_true", help="say what would go and write nothing")
    forget.add_argument("--yes", action="store_true", help="do not ask before writing")
    return parser


def add_where(parser: ArgumentParser) -> None:
    """The options that name a stack or its table, and where AWS is."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--stack", metavar="NAME", help="the stack, as deployed")
    where.add_argument("--table", metavar="NAME", help="its table, when it is known")
    parser.add_argument("--region", metavar="REGION", help="of AWS; else the environment's")
    parser.add_argument("--endpoint-url", metavar="URL", help="where AWS is emulated")


def _add_apply_options(parser: ArgumentParser) -> None:
    parser.add_argument("--secret", metavar="ARN", help="the stack's secret, where --table is given and clients listed")
    parser.add_argument("--dry-run", action="store_true", help="show the changes and write nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask before writing")
    parser.add_argument(
        "--overwrite",
        metavar="PATH",
        action="append",
        nargs="?",
        const="",
        default=[],
        help="let the file win over what was changed elsewhere: at and below PATH, or everywhere",
    )
    parser.add_argument(
        "--in-parts",
        action="store_true",
        help="write changes that do not fit into one transaction of DynamoDB one part after another",
    )
    _add_departure_options(parser)


def _add_departure_options(parser: ArgumentParser) -> None:
    departures = parser.add_argument_group("when a provider, service or location goes that somebody has a time with")
    departures.add_argument("--decline-open", action="store_true", help="decline open requests; clients are told")
    departures.add_argument("--cancel-confirmed", action="store_true", help="cancel appointments; clients are told")
    departures.add_argument("--reason", metavar="TEXT", type=_reason, help="what those clients read")
    departures.add_argument("--allow-orphans", action="store_true", help="leave everything else as it stands")


def _reason(text: str) -> str:
    cleaned = unicodedata.normalize("NFC", text).strip()
    if not cleaned or len(cleaned) > _LONGEST_REASON:
        raise ArgumentTypeError(f"write 1 to {_LONGEST_REASON} characters")
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character != "\n" for character in cleaned):
        raise ArgumentTypeError("leave out control characters")
    return cleaned
