"""The command `openhour restore`."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from openhour.adapters.clock import full_jitter
from openhour.domain.requests import Request
from operate.command import Target, World, at_a_stack, dry_run, examples, told_as, yes
from operate.repair.command import UNITS_A_SECOND
from operate.repair.repairing import Repairing
from operate.repair.table import RepairTable
from operate.restore.planning import Plan, plan
from operate.restore.tables import RestoreError, Tables


@click.command(
    epilog=examples(
        "openhour restore --stack openhour-prod --at 2026-11-26T02:30:00Z --dry-run",
        "openhour restore --stack openhour-prod --at 2026-11-26T02:30:00Z",
        "openhour restore --stack openhour-prod --from openhour-prod-before",
    )
)
@at_a_stack("table", "Its table, where the stack is not known.")
@click.option(
    "--at", "moment", metavar="INSTANT", help="The last moment at which all was well, as 2026-11-26T02:30:00Z."
)
@click.option("--from", "source", metavar="TABLE", help="A copy that is there already, of that moment or of a backup.")
@click.option(
    "--units-a-second",
    metavar="NUMBER",
    type=click.IntRange(min=1),
    default=UNITS_A_SECOND,
    show_default=True,
    help="Read units that reading each whole table may take in a second.",
)
@dry_run
@yes
@told_as("Not restored")
def restore(
    world: World,
    target: Target,
    *,
    moment: str | None,
    source: str | None,
    units_a_second: int,
    dry_run: bool,
    yes: bool,
) -> int:
    """Put back into a stack's table what it has lost.

    AWS first copies the table as it was at the moment given (point-in-time recovery), under another name; that touches
    nothing. What the copy has and the table has not, or has damaged, is shown and, once you agree, put back, and
    what follows from it is mended. What people have done since that moment stays. Nobody has to be kept out, and after
    an interruption the same command goes on where it was.
    """
    if bool(moment) == bool(source):
        raise click.UsageError("Give either --at or --from.")
    at = None if moment is None else _instant(moment, world.now())
    target.announce(world.terminal)
    name = target.named_or_output("TableName")
    tables = Tables(target.cloud.client("dynamodb"), name, units_a_second, world.wait, world.terminal.progress)
    copy = source or _copy(world, tables, at, yes=yes)
    if copy is None:
        return 1
    found = plan(tables.items(copy), tables.items(name))
    for line in _lines(found):
        world.terminal.say(line)
    if dry_run:
        world.terminal.say("Dry run: nothing was written.")
        return 0
    if not world.confirmed(f"Put {len(found.puts)} items back into {name}, and mend what follows?", yes=yes):
        world.terminal.say("Nothing was put back.")
        return 1
    return _put_back(world, tables, found, copy)


def _instant(text: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"{text} is no instant; write it as 2026-11-26T02:30:00Z.") from None
    if at.tzinfo is None or at >= now:
        raise click.UsageError(f"{text} must be in the past and say its offset, as 2026-11-26T02:30:00Z does.")
    return at.astimezone(UTC)


def _copy(world: World, tables: Tables, at: datetime | None, *, yes: bool) -> str | None:
    """The copy's name, None where the person does not want it made."""
    if at is None:
        raise RestoreError("give --at or --from.")
    name = tables.copy_name(at)
    if tables.state(name) is None and not world.confirmed(f"Have AWS copy {tables.name} into {name}?", yes=yes):
        world.terminal.say("Nothing was copied.")
        return None
    return tables.make_copy(at)


def _lines(found: Plan) -> Iterator[str]:
    for what, requests in (("lost", found.lost), ("damaged", found.damaged)):
        for request in requests:
            yield f"  {what}: REQUEST#{request.id}, {_was(request)}"
    counted = f"{len(found.lost)} requests lost, {len(found.damaged)} damaged"
    yield f"{len(found.puts)} items to be put back: {counted}, and what else is missing."
    if found.unsent:
        yield f"{found.unsent} mails go out then, a second time where they went out after the moment of the copy."


def _was(request: Request) -> str:
    return f"{request.status.value} in version {request.version}, for {request.start:%Y-%m-%dT%H:%MZ}"


def _put_back(world: World, tables: Tables, found: Plan, copy: str) -> int:
    kept = 0
    for number, put in enumerate(found.puts, 1):
        kept += not tables.put_back(put)
        world.terminal.progress(f"{number} of {len(found.puts)} items put back")
    world.terminal.say(f"{len(found.puts) - kept} items put back.")
    if kept:
        world.terminal.say(f"{kept} have been written by others meanwhile, and stay. Run the command again to see.")
    world.terminal.say("Mending what follows from them:")
    table = RepairTable(tables.client, tables.name, tables.units_a_second, world.wait)
    outcome = Repairing(table, world, full_jitter, world.terminal.say, world.terminal.progress).run(fix=True)
    world.terminal.say(f"{outcome.found - outcome.left} mended, {outcome.left + outcome.busy} left.")
    world.terminal.say(f"Once all is well: aws dynamodb delete-table --table-name {copy}")
    return 0 if outcome.is_well and not kept else 1
