"""Compares what a stack's table says of every request in several places, and mends what differs.

    python -m operate.repair --stack openhour-prod           reports, and writes nothing
    python -m operate.repair --stack openhour-prod --fix     mends what can be mended without a person's decision

One line for each difference: the key of the item, what is wrong with it, and what would be done. Ids only.
Exit status: 0 nothing differs (any more), 1 something does, 2 the table could not be read or the command line is wrong.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import boto3

from openhour.adapters.clock import SystemClock, full_jitter
from openhour.application.ports.clock import Clock
from operate.practice.arguments import add_where
from operate.practice.aws import aws_errors
from operate.practice.connection import Connection
from operate.practice.errors import TableError
from operate.repair.repairing import Outcome, Repairing
from operate.repair.table import RepairTable

UNITS_A_SECOND = 500
"""Read units; a unit is 4 KB, so that this is some 2 MB a second."""


def main(
    arguments: Sequence[str] | None = None, *, clock: Clock | None = None, wait: Callable[[float], None] = time.sleep
) -> int:
    """Run the command and return its exit status. `wait` takes seconds."""
    options = _parser().parse_args(arguments)
    try:
        connection = Connection(options.region, options.endpoint_url)
        table = _table(options.table or connection.table_of_stack(options.stack), options, wait)
        outcome = Repairing(table, clock or SystemClock(), full_jitter, print).run(fix=options.fix)
    except TableError as error:
        print(f"Not compared: {error}", file=sys.stderr)
        return 2
    print(_summary(outcome, fix=options.fix))
    return 0 if outcome.is_well else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m operate.repair", description="Compare what a stack's table says of every request."
    )
    add_where(parser)
    parser.add_argument("--fix", action="store_true", help="mend what can be mended; else nothing is written")
    parser.add_argument(
        "--units-a-second",
        metavar="NUMBER",
        type=_positive,
        default=UNITS_A_SECOND,
        help=f"read units that reading the whole table may take in a second ({UNITS_A_SECOND})",
    )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("write a number from 1 on")
    return number


def _table(name: str, options: argparse.Namespace, wait: Callable[[float], None]) -> RepairTable:
    with aws_errors(f"table {name}"):
        client = boto3.client("dynamodb", region_name=options.region, endpoint_url=options.endpoint_url)
    return RepairTable(client, name, options.units_a_second, wait)


def _summary(outcome: Outcome, *, fix: bool) -> str:
    compared = f"{_counted(outcome.requests, 'request')} compared"
    if not outcome.found and not outcome.busy:
        return f"{compared}: nothing differs."
    mended = f"{outcome.found - outcome.left} mended" if fix else f"{outcome.mendable} to be mended by --fix"
    busy = f"; {_counted(outcome.busy, 'request')} kept changing" if outcome.busy else ""
    return f"{compared}: {_counted(outcome.found, 'difference')}, {mended}{busy}."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


if __name__ == "__main__":
    sys.exit(main())
