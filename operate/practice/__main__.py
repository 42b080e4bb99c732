"""The command: `python -m operate.practice check|apply|export|forget`.

Exit status: 0 done (or nothing to do), 1 refused, declined or failed, 2 the file or the command line is wrong.
No setting is written unless the status is 0, but for what a failure with --in-parts reports.
"""

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from operate.practice import PracticeError, PracticeFileError, load
from operate.practice.applying import Applying, Options, Wanted
from operate.practice.arguments import arguments_of
from operate.practice.aws import aws_errors
from operate.practice.connection import Connection
from operate.practice.export import exported
from operate.practice.forgetting import Forgetting
from operate.practice.leaving import Departing, Farewell
from operate.practice.reading import listed_clients


@dataclass(frozen=True, slots=True)
class World:
    """Time and the person: `now` gives aware instants, `ask` puts a question."""

    present: Callable[[], datetime]
    ask: Callable[[str], str]

    def now(self) -> datetime:
        """The present as an aware UTC instant in whole seconds (the port Clock)."""
        return self.present().astimezone(UTC).replace(microsecond=0)


def main(
    arguments: Sequence[str] | None = None,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ask: Callable[[str], str] = input,
) -> int:
    """Run the command and return its exit status. `now` gives aware instants; `ask` puts a question to the person."""
    options = arguments_of(arguments)
    try:
        return _COMMANDS[options.command](options, World(now, ask))
    except PracticeFileError as error:
        print(f"{error}\n{_number_of_problems(error)}", file=sys.stderr)
        return 2
    except PracticeError as error:
        print(f"{_REFUSED[options.command]}: {error}", file=sys.stderr)
        return 1


def _check(options: Namespace, _world: World) -> int:
    practice, providers = load(options.file)
    services = {service for provider in providers for service in provider.services}
    counts = [f"{len(providers)} providers", f"{len(services)} services offered"]
    if (clients := listed_clients(options.file)) is not None:
        counts.append(f"{len(clients)} known clients")
    print(f"{options.file} is fine: {practice.name}, {', '.join(counts)}.")
    return 0


def _apply(options: Namespace, world: World) -> int:
    practice, providers = load(options.file)
    connection = Connection(options.region, options.endpoint_url)
    name = options.table or connection.table_of_stack(options.stack)
    table = connection.table(name)
    departing = Departing(table, connection.leaving(name, world), world.now)
    clients = listed_clients(options.file)
    why = "the file names a list of clients, and the table keeps them as keyed hashes"
    known = None if clients is None else connection.known_clients(name, _secret(options, connection, why))
    applying = Applying(table, departing, print, _confirmation(options, world.ask), known)
    return 0 if applying.run(Wanted(practice, providers, clients), _choices(options)) else 1


def _secret(options: Namespace, connection: Connection, why: str) -> str:
    if options.secret is None and options.stack is None:
        raise PracticeError(
            f"{why}: add --secret with the stack's output SecretArn, or give --stack instead of --table."
        )
    return str(options.secret or connection.secret_of_stack(options.stack))


def _choices(options: Namespace) -> Options:
    farewell = Farewell(options.decline_open, options.cancel_confirmed, options.allow_orphans, options.reason)
    return Options(options.dry_run, options.in_parts, tuple(options.overwrite), farewell)


def _export(options: Namespace, _world: World) -> int:
    connection = Connection(options.region, options.endpoint_url)
    table = connection.table(options.table or connection.table_of_stack(options.stack))
    text, unsaid = exported(table.stored(), table.name)
    if options.output is None:
        print(text, end="")
    else:
        _write_new(Path(options.output), text)
    for line in unsaid:
        print(f"The file cannot say all of what stands: {line}", file=sys.stderr)
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


def _forget(options: Namespace, world: World) -> int:
    connection = Connection(options.region, options.endpoint_url)
    name = options.table or connection.table_of_stack(options.stack)
    identity = connection.identity(_secret(options, connection, "the table knows people by keyed hashes"))
    confirm = _confirmation(options, world.ask)
    with aws_errors(f"table {name}"):
        forgetting = Forgetting(connection.erasing(name, world), identity, print, confirm)
        return 0 if forgetting.run(options.address, dry_run=options.dry_run) else 1


_COMMANDS = {"check": _check, "apply": _apply, "export": _export, "forget": _forget}
_REFUSED = {
    "check": "Not checked",
    "apply": "Not applied",
    "export": "Not exported",
    "forget": "Not forgotten",
}


def _confirmation(options: Namespace, ask: Callable[[str], str]) -> Callable[[str], bool]:
    def confirm(question: str) -> bool:
        if options.yes:
            return True
        try:
            return ask(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
        except EOFError:
            raise PracticeError("there is no terminal to confirm at; add --yes to go on without a question.") from None

    return confirm


def _number_of_problems(error: PracticeFileError) -> str:
    count = len(error.problems)
    return f"{count} problem{'s' if count > 1 else ''} in {error.file}."


if __name__ == "__main__":
    sys.exit(main())
