"""What all commands share: naming a stack, saying what is about to be touched, telling of failures."""

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import click

from operate.cloud import Cloud
from operate.errors import OperatorError
from operate.terminal import Terminal

type Command = Callable[..., int]
"""A command's function; it returns the exit status."""


@dataclass(frozen=True, slots=True)
class World:
    """Time and the person: `present` gives aware instants, `ask` puts a question, `wait` takes seconds."""

    present: Callable[[], datetime] = lambda: datetime.now(UTC)
    ask: Callable[[str], str] = input
    wait: Callable[[float], None] = time.sleep
    terminal: Terminal = field(default_factory=Terminal)

    def now(self) -> datetime:
        """The present as an aware UTC instant in whole seconds (the port Clock)."""
        return self.present().astimezone(UTC).replace(microsecond=0)

    def confirmed(self, question: str, *, yes: bool) -> bool:
        """Whether the person agrees, or did with --yes. Raises OperatorError where nobody can be asked."""
        if yes:
            return True
        self.terminal.clear()
        try:
            return self.ask(f"{question} [y/N] ").strip().lower() in {"y", "yes"}
        except EOFError:
            raise OperatorError("there is no terminal to confirm at; add --yes to go on without a question.") from None


@dataclass(frozen=True, slots=True)
class Target:
    """What a command line names: a stack, or something in its stead (`kind`: table, secret, stage), and where."""

    cloud: Cloud
    stack: str | None
    kind: str = ""
    name: str = ""

    def named_or_output(self, output: str) -> str:
        """What is named in the stack's stead, or the stack's output of that name. Raises CloudError."""
        return self.cloud.output(self.stack, output) if self.stack else self.name

    def announce(self, terminal: Terminal) -> None:
        """Say what is about to be touched, before anything is. Raises CloudError."""
        what = f"Stack {self.stack}" if self.stack else f"{self.kind.capitalize()} {self.name}"
        terminal.note(f"{what} in {self.cloud.described()}.")


def at_a_stack(kind: str, meaning: str) -> Callable[[Command], Command]:
    """Options that name a stack, or a `kind` in its stead, and where AWS is: the command gets them as `target`."""

    def decorate(command: Command) -> Command:
        @click.option("--stack", metavar="NAME", help=f"The stack, as deployed; this or --{kind} must be given.")
        @click.option(f"--{kind}", "name", metavar="NAME", help=meaning)
        @click.option("--region", metavar="REGION", help="The region of AWS, where it is not the environment's.")
        @click.option("--endpoint-url", metavar="URL", help="Where AWS is emulated, such as http://127.0.0.1:4566.")
        @functools.wraps(command)
        def run(
            *given: Any,
            stack: str | None,
            name: str | None,
            region: str | None,
            endpoint_url: str | None,
            **options: Any,
        ) -> int:
            if bool(stack) == bool(name):
                raise click.UsageError(f"Give either --stack or --{kind}.")
            target = Target(Cloud(region, endpoint_url), stack or None, kind, name or "")
            return command(*given, target=target, **options)

        return run

    return decorate


def told_as(refusal: str, *, status: int = 1) -> Callable[[Command], Command]:
    """An OperatorError ends the command with this status, and with its text behind these words."""

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        @click.pass_obj
        def run(world: World, *given: Any, **options: Any) -> int:
            try:
                return command(world, *given, **options)
            except OperatorError as error:
                world.terminal.note(f"{refusal}: {error}")
                return status

        return run

    return decorate


def examples(*lines: str) -> str:
    """Command lines as they stand below a command's options."""
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in lines)))


dry_run = click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing.")
yes = click.option("--yes", is_flag=True, help="Do not ask before writing.")
