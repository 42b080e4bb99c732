"""The commands `openhour release list`, `rollback` and `prune`.

A release is what one build made: a version of every function that says so in its variables (`RELEASE`). Each function's
alias `live` leads to the version that is called. Deploying makes versions and leads the aliases there; these commands
lead them elsewhere, and delete versions that nobody goes back to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from operate.aws import aws_errors
from operate.command import Target, World, at_a_stack, dry_run, examples, told_as, yes
from operate.errors import OperatorError
from operate.stages import MEANING, at_its_stack

ALIAS = "live"
KEPT = 10
"""Releases that `prune` leaves, the one that is live among them."""

_NAMED_BY = "RELEASE"


class ReleaseError(OperatorError):
    """The release that is live stays as it is. Its text says what to do."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a function, by its number, and the release that it belongs to; empty for one of none."""

    function: str
    number: int
    release: str


@dataclass(frozen=True, slots=True)
class Standing:
    """All versions of a stack's functions, and the number of the one that is live of each."""

    versions: Sequence[Version]
    live: Mapping[str, int]

    @property
    def releases(self) -> list[str]:
        """All there are, newest first."""
        return sorted({version.release for version in self.versions if version.release}, reverse=True)

    @property
    def live_releases(self) -> list[str]:
        """The releases that are live, newest first: more than one where a change was interrupted."""
        return sorted({version.release for version in self.versions if self._is_live(version)}, reverse=True)

    def of(self, release: str) -> dict[str, int]:
        """Its versions by their functions, the newest where it has several of one."""
        found = sorted(self.versions, key=lambda version: version.number)
        return {version.function: version.number for version in found if version.release == release}

    def superfluous(self, keep: int) -> list[Version]:
        """The versions of all releases but the newest `keep`; what is live is never among them."""
        dropped = self.releases[keep:]
        return [each for each in self.versions if each.release in dropped and not self._is_live(each)]

    def _is_live(self, version: Version) -> bool:
        return self.live.get(version.function) == version.number


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions of a stack, by their names, behind a client of Lambda."""

    client: Any = field(repr=False)
    names: Sequence[str]

    def standing(self) -> Standing:
        """What there is. Raises CloudError."""
        with aws_errors("versions of the functions"):
            versions = [version for name in self.names for version in self._versions(name)]
            live = {name: self._live(name) for name in self.names}
        return Standing(versions, {name: number for name, number in live.items() if number is not None})

    def serve(self, versions: Mapping[str, int]) -> None:
        """Lead the aliases to these versions, one right after the other. May be repeated. Raises CloudError."""
        for name, number in versions.items():
            with aws_errors(f"alias {ALIAS} of {name}"):
                self.client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=str(number))

    def delete(self, version: Version) -> None:
        """Delete a version; AWS refuses that for one that is live. Raises CloudError."""
        with aws_errors(f"version {version.number} of {version.function}"):
            self.client.delete_function(FunctionName=version.function, Qualifier=str(version.number))

    def _versions(self, name: str) -> Iterator[Version]:
        for page in self.client.get_paginator("list_versions_by_function").paginate(FunctionName=name):
            for each in page["Versions"]:
                if each["Version"] != "$LATEST":
                    variables = each.get("Environment", {}).get("Variables", {})
                    yield Version(name, int(each["Version"]), variables.get(_NAMED_BY, ""))

    def _live(self, name: str) -> int | None:
        try:
            number = self.client.get_alias(FunctionName=name, Name=ALIAS)["FunctionVersion"]
        except self.client.exceptions.ResourceNotFoundException:
            return None
        return int(number) if number.isdecimal() else None


def former(standing: Standing) -> str:
    """The release before the one that is live. Raises ReleaseError where there is none."""
    live = standing.live_releases
    older = [release for release in standing.releases if not live or release < live[0]]
    if not older:
        raise ReleaseError("there is no release before the one that is live.")
    return older[0]


def _functions(target: Target) -> Functions:
    client = target.cloud.client("cloudformation")
    with aws_errors(f"stack {target.stack}"):
        pages = client.get_paginator("list_stack_resources").paginate(StackName=target.stack)
        resources = [each for page in pages for each in page["StackResourceSummaries"]]
    names = [each["PhysicalResourceId"] for each in resources if each["ResourceType"] == "AWS::Lambda::Function"]
    return Functions(target.cloud.client("lambda"), sorted(names))


def _lines(standing: Standing, functions: Functions) -> Iterator[str]:
    for release in standing.releases:
        versions = standing.of(release)
        served = sum(standing.live.get(name) == number for name, number in versions.items())
        live = "" if not served else "  live" if served == len(functions.names) else f"  live: {served} functions"
        missing = len(functions.names) - len(versions)
        yield f"  {release}{f'  without {missing} of {len(functions.names)} functions' if missing else ''}{live}"


@click.group()
def release() -> None:
    """See which releases of a stack there are, and go back to one."""


@release.command("list", epilog=examples("openhour release list --stage prod"))
@at_a_stack("stage", MEANING)
@told_as("Not listed")
def list_command(world: World, target: Target) -> int:
    """List the releases that can be gone back to, newest first."""
    target = at_its_stack(target)
    target.announce(world.terminal)
    functions = _functions(target)
    for line in _lines(functions.standing(), functions):
        world.terminal.say(line)
    return 0


@release.command(
    "rollback",
    epilog=examples(
        "openhour release rollback --stage prod                  (what `make rollback STAGE=prod` runs)",
        'openhour release rollback --stack openhour-prod --to "2026-11-26T12:00:00Z 1a842e3"',
    ),
)
@at_a_stack("stage", MEANING)
@click.option("--to", "wanted", metavar="RELEASE", help="The release, as listed; else the one before what is live.")
@dry_run
@yes
@told_as("Not rolled back")
def rollback_command(world: World, target: Target, *, wanted: str | None, dry_run: bool, yes: bool) -> int:
    """Have all functions serve a former release, or a later one.

    Code, layers and parameters of the functions go back together, within a second or two. All else of the stack stays:
    permissions, queues, the table, the pages. The next deployment leads on from there.
    """
    target = at_its_stack(target)
    target.announce(world.terminal)
    functions = _functions(target)
    standing = functions.standing()
    for line in _lines(standing, functions):
        world.terminal.say(line)
    to = wanted or former(standing)
    versions = standing.of(to)
    if not versions:
        raise ReleaseError(f"there is no release {to}.")
    changed = {name: number for name, number in versions.items() if standing.live.get(name) != number}
    said = f"{to}: {len(changed)} of {len(functions.names)} functions"
    if dry_run or not changed:
        world.terminal.say(f"Would go to {said}." if changed else f"All functions serve {to} already.")
        return 0
    if not world.confirmed(f"Go to {said}?", yes=yes):
        world.terminal.say("Nothing was changed.")
        return 1
    functions.serve(changed)
    world.terminal.say(f"Went to {said}.")
    return 0


@release.command("prune", epilog=examples("openhour release prune --stage prod --keep 10"))
@at_a_stack("stage", MEANING)
@click.option(
    "--keep", type=click.IntRange(min=2), default=KEPT, show_default=True, help="Releases to keep, the newest ones."
)
@dry_run
@told_as("Not pruned")
def prune_command(world: World, target: Target, *, keep: int, dry_run: bool) -> int:
    """Delete the versions of old releases; never one that is live."""
    target = at_its_stack(target)
    target.announce(world.terminal)
    functions = _functions(target)
    versions = functions.standing().superfluous(keep)
    for number, version in enumerate(versions, 1):
        if not dry_run:
            functions.delete(version)
            world.terminal.progress(f"{number} of {len(versions)} versions deleted")
    gone = len({version.release for version in versions})
    world.terminal.say(f"{'Would delete' if dry_run else 'Deleted'} {len(versions)} versions of {gone} old releases.")
    return 0
