"""The command `openhour repair`.

Exit status: 0 nothing differs (any more), 1 something does, 2 the table could not be read or the command line is wrong.
"""

import click

from openhour.adapters.clock import full_jitter
from operate.command import Target, World, at_a_stack, examples, told_as
from operate.repair.repairing import Outcome, Repairing
from operate.repair.table import RepairTable

UNITS_A_SECOND = 500
"""Read units; a unit is 4 KB, so that this is some 2 MB a second."""


@click.command(
    epilog=examples(
        "openhour repair --stack openhour-prod",
        "openhour repair --stack openhour-prod --fix",
    )
)
@at_a_stack("table", "Its table, where the stack is not known.")
@click.option("--fix", is_flag=True, help="Mend what can be mended; else nothing is written.")
@click.option(
    "--units-a-second",
    metavar="NUMBER",
    type=click.IntRange(min=1),
    default=UNITS_A_SECOND,
    show_default=True,
    help="Read units that reading the whole table may take in a second.",
)
@told_as("Not compared", status=2)
def repair(world: World, target: Target, *, fix: bool, units_a_second: int) -> int:
    """See whether a stack's table agrees with itself, and mend it.

    It compares what the table says of every request in several places, and reads all of it for that.

    One line for each difference: the key of the item, what is wrong with it, and what would be done. Ids only, nothing
    personal. With --fix it mends what can be mended without a person's decision.

    Ends with 0 when nothing differs any more, 1 when something does, 2 when the table could not be read.
    """
    target.announce(world.terminal)
    name = target.named_or_output("TableName")
    table = RepairTable(target.cloud.client("dynamodb"), name, units_a_second, world.wait)
    outcome = Repairing(table, world, full_jitter, world.terminal.say, world.terminal.progress).run(fix=fix)
    world.terminal.say(_summary(outcome, fix=fix))
    return 0 if outcome.is_well else 1


def _summary(outcome: Outcome, *, fix: bool) -> str:
    compared = f"{_counted(outcome.requests, 'request')} compared"
    if not outcome.found and not outcome.busy:
        return f"{compared}: nothing differs."
    mended = f"{outcome.found - outcome.left} mended" if fix else f"{outcome.mendable} to be mended by --fix"
    busy = f"; {_counted(outcome.busy, 'request')} kept changing" if outcome.busy else ""
    return f"{compared}: {_counted(outcome.found, 'difference')}, {mended}{busy}."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
