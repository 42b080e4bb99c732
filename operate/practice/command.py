"""The commands `openhour practice check|apply|export|forget`.

Exit status: 0 done (or nothing to do), 1 refused, declined or failed, 2 the file or the command line is wrong.
No setting is written unless the status is 0, but for what a failure with --in-parts reports.
"""

import functools
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from operate.aws import aws_errors
from operate.command import Command, Target, World, at_a_stack, dry_run, examples, told_as, yes
from operate.practice import PracticeError, PracticeFileError, load
from operate.practice.applying import Applying, Options, Wanted
from operate.practice.connection import Connection
from operate.practice.export import exported
from operate.practice.forgetting import Forgetting
from operate.practice.leaving import Departing, Farewell
from operate.practice.reading import listed_clients

_LONGEST_REASON = 500


@click.group()
def practice() -> None:
    """Set up a practice from its file, or forget a client."""


def _told_as(refusal: str) -> Callable[[Command], Command]:
    """As `told_as`; a wrong file ends with status 2 and all that is wrong with it."""

    def decorate(command: Command) -> Command:
        @told_as(refusal)
        @functools.wraps(command)
        def run(world: World, *given: Any, **options: Any) -> int:
            try:
                return command(world, *given, **options)
            except PracticeFileError as error:
                world.terminal.note(f"{error}\n{_number_of_problems(error)}")
                return 2

        return run

    return decorate


def _number_of_problems(error: PracticeFileError) -> str:
    count = len(error.problems)
    return f"{count} problem{'s' if count > 1 else ''} in {error.file}."


_at_a_table = at_a_stack("table", "Its table, where the stack is not known.")


@practice.command(
    epilog=examples(
        "openhour practice check practice.yaml",
    )
)
@click.argument("file")
@_told_as("Not checked")
def check(world: World, file: str) -> int:
    """Say whether FILE is right, without touching any stack.

    The place of every mistake is named. Ends with 0 when there is none, else with 2.
    """
    described, providers = load(file)
    services = {service for provider in providers for service in provider.services}
    counts = [f"{len(providers)} providers", f"{len(services)} services offered"]
    if (clients := listed_clients(file)) is not None:
        counts.append(f"{len(clients)} known clients")
    world.terminal.say(f"{file} is fine: {described.name}, {', '.join(counts)}.")
    return 0


def _reason(_context: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    if text is None:
        return None
    cleaned = unicodedata.normalize("NFC", text).strip()
    if not cleaned or len(cleaned) > _LONGEST_REASON:
        raise click.BadParameter(f"write 1 to {_LONGEST_REASON} characters")
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character != "\n" for character in cleaned):
        raise click.BadParameter("leave out control characters")
    return cleaned


@practice.command(
    epilog=examples(
        "openhour practice apply practice.yaml --stack openhour-prod --dry-run",
        "openhour practice apply practice.yaml --stack openhour-prod",
    )
)
@click.argument("file")
@_at_a_table
@click.option("--secret", metavar="ARN", help="The stack's secret, where --table is given and FILE lists clients.")
@dry_run
@yes
@click.option(
    "--overwrite",
    metavar="[PATH]",
    multiple=True,
    is_flag=False,
    flag_value="",
    help="Let FILE win over what was changed elsewhere: at and below PATH, or everywhere.",
)
@click.option(
    "--in-parts",
    is_flag=True,
    help="Write changes that do not fit into one transaction of DynamoDB one part after another.",
)
@click.option("--decline-open", is_flag=True, help="Decline open requests with what goes; clients are told.")
@click.option("--cancel-confirmed", is_flag=True, help="Cancel appointments with what goes; clients are told.")
@click.option("--reason", metavar="TEXT", callback=_reason, help="What those clients read.")
@click.option("--allow-orphans", is_flag=True, help="Leave everything else with what goes as it stands.")
@_told_as("Not applied")
def apply(
    world: World,
    target: Target,
    *,
    file: str,
    secret: str | None,
    dry_run: bool,
    yes: bool,
    overwrite: tuple[str, ...],
    in_parts: bool,
    decline_open: bool,
    cancel_confirmed: bool,
    reason: str | None,
    allow_orphans: bool,
) -> int:
    """Show what FILE would change in a stack, ask, and change it.

    Apply it as often as you like: it compares what the file said last, what stands, and what the file says now. What
    was changed elsewhere is not overwritten unless --overwrite says so.

    A provider, service or location that somebody has a time with only goes if --decline-open, --cancel-confirmed or
    --allow-orphans say what becomes of those.
    """
    _check_reason(reason, ends=decline_open or cancel_confirmed)
    described, providers = load(file)
    clients = listed_clients(file)
    target.announce(world.terminal)
    connection = Connection(target.cloud)
    name = target.named_or_output("TableName")
    table = connection.table(name, world.terminal.progress)
    departing = Departing(table, connection.leaving(name, world), world.now)
    why = "the file names a list of clients, and the table keeps them as keyed hashes"
    known = None if clients is None else connection.known_clients(name, _secret(target, secret, why))
    applying = Applying(table, departing, world.terminal.say, functools.partial(world.confirmed, yes=yes), known)
    farewell = Farewell(decline_open, cancel_confirmed, allow_orphans, reason)
    options = Options(dry_run, in_parts, overwrite, farewell)
    return 0 if applying.run(Wanted(described, providers, clients), options) else 1


def _check_reason(reason: str | None, *, ends: bool) -> None:
    if ends and not reason:
        raise click.UsageError("--decline-open and --cancel-confirmed need --reason TEXT: it is what the clients read.")
    if reason and not ends:
        raise click.UsageError("--reason goes with --decline-open or --cancel-confirmed.")


def _secret(target: Target, secret: str | None, why: str) -> str:
    if secret:
        return secret
    if target.stack is None:
        raise PracticeError(
            f"{why}: add --secret with the stack's output SecretArn, or give --stack instead of --table."
        )
    return target.cloud.output(target.stack, "SecretArn")


@practice.command(
    epilog=examples(
        "openhour practice export --stack openhour-prod --output standing.yaml",
    )
)
@_at_a_table
@click.option("--output", metavar="FILE", help="Where to; it must not be there yet. Else it is printed.")
@_told_as("Not exported")
def export(world: World, target: Target, *, output: str | None) -> int:
    """Write a file of what stands in a stack.

    Applying that file changes nothing. Comments are not kept, nor the list of known clients.
    """
    target.announce(world.terminal)
    table = Connection(target.cloud).table(target.named_or_output("TableName"))
    text, unsaid = exported(table.stored(), table.name)
    if output is None:
        world.terminal.say(text.removesuffix("\n"))
    else:
        _write_new(Path(output), text)
    for line in unsaid:
        world.terminal.note(f"The file cannot say all of what stands: {line}")
    return 0


def _write_new(path: Path, text: str) -> None:
    """A file that is there may have comments, which an export has not: it is never replaced."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise PracticeError(f"{path} is there already; choose another name, or move it away.") from None
    except OSError as error:
        raise PracticeError(f"{path} cannot be written: {error.strerror}") from error


@practice.command(
    epilog=examples(
        "openhour practice forget ana@client.example --stack openhour-prod --dry-run",
        "openhour practice forget ana@client.example --stack openhour-prod",
    )
)
@click.argument("address")
@_at_a_table
@click.option("--secret", metavar="ARN", help="The stack's secret, where --table is given.")
@dry_run
@yes
@_told_as("Not forgotten")
def forget(world: World, target: Target, *, address: str, secret: str | None, dry_run: bool, yes: bool) -> int:
    """Forget the client who books with the mail address ADDRESS.

    Their past requests become anonymous; their profile, list of appointments and sign-ins are deleted. It refuses while
    something of theirs waits for an answer or is to come.
    """
    target.announce(world.terminal)
    connection = Connection(target.cloud)
    name = target.named_or_output("TableName")
    identity = connection.identity(_secret(target, secret, "the table knows people by keyed hashes"))
    with aws_errors(f"table {name}"):
        confirm = functools.partial(world.confirmed, yes=yes)
        forgetting = Forgetting(connection.erasing(name, world), identity, world.terminal.say, confirm)
        return 0 if forgetting.run(address, dry_run=dry_run) else 1
