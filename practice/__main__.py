"""The command: `python -m practice check|apply|schema`.

Exit status: 0 done (or nothing to do), 1 refused, declined or failed, 2 the file or the command line is wrong.
Nothing is written unless the status is 0, but for what a failure with --in-parts reports.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from practice import PracticeError, PracticeFileError, load
from practice.applying import Applying, Options
from practice.connection import Connection
from practice.schema import schema_text
from practice.table import PracticeTable


def main(
    arguments: Sequence[str] | None = None,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ask: Callable[[str], str] = input,
) -> int:
    """Run the command and return its exit status. `now` gives aware instants; `ask` puts a question to the person."""
    options = _parser().parse_args(arguments)
    try:
        return _COMMANDS[options.command](options, now, ask)
    except PracticeFileError as error:
        print(f"{error}\n{_number_of_problems(error)}", file=sys.stderr)
        return 2
    except PracticeError as error:
        print(f"Not applied: {error}", file=sys.stderr)
        return 1


def _check(options: Namespace, _now: Callable[[], datetime], _ask: Callable[[str], str]) -> int:
    practice, providers = load(options.file)
    services = {service for provider in providers for service in provider.services}
    print(f"{options.file} is fine: {practice.name}, {len(providers)} providers, {len(services)} services offered.")
    return 0


def _apply(options: Namespace, now: Callable[[], datetime], ask: Callable[[str], str]) -> int:
    practice, providers = load(options.file)
    applying = Applying(_table(options), print, _confirmation(options, ask), now)
    choices = Options(options.dry_run, options.allow_orphans, options.in_parts)
    return 0 if applying.run(practice, providers, choices) else 1


def _schema(_options: Namespace, _now: Callable[[], datetime], _ask: Callable[[str], str]) -> int:
    print(schema_text(), end="")
    return 0


_COMMANDS = {"check": _check, "apply": _apply, "schema": _schema}


def _table(options: Namespace) -> PracticeTable:
    connection = Connection(options.region, options.endpoint_url)
    return connection.table(options.table or connection.table_of_stack(options.stack))


def _confirmation(options: Namespace, ask: Callable[[str], str]) -> Callable[[str], bool]:
    def confirm(question: str) -> bool:
        if options.yes:
            return True
        try:
            return ask(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
        except EOFError:
            raise PracticeError("there is no terminal to confirm at; add --yes to apply without a question.") from None

    return confirm


def _number_of_problems(error: PracticeFileError) -> str:
    count = len(error.problems)
    return f"{count} problem{'s' if count > 1 else ''} in {error.file}."


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m practice", description="Set up a practice from its file.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="check|apply|schema")
    check = commands.add_parser("check", help="say whether a file is right, without touching any stack")
    check.add_argument("file", metavar="FILE")
    commands.add_parser("schema", help="print the JSON Schema of the file, for editors")
    apply = commands.add_parser("apply", help="show what would change in a stack, ask, and change it")
    apply.add_argument("file", metavar="FILE")
    _add_apply_options(apply)
    return parser


def _add_apply_options(parser: ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--stack", metavar="NAME", help="the stack, as deployed")
    where.add_argument("--table", metavar="NAME", help="its table, when it is known")
    parser.add_argument("--region", metavar="REGION", help="of AWS; else the environment's")
    parser.add_argument("--endpoint-url", metavar="URL", help="where AWS is emulated")
    parser.add_argument("--dry-run", action="store_true", help="show the changes and write nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask before writing")
    parser.add_argument(
        "--allow-orphans",
        action="store_true",
        help="remove providers even if they have appointments or open requests",
    )
    parser.add_argument(
        "--in-parts",
        action="store_true",
        help="write changes that do not fit into one transaction of DynamoDB one part after another",
    )


if __name__ == "__main__":
    sys.exit(main())
