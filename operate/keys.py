"""The command `openhour keys rotate`: gives a stack a new signing key, and drops those whose last link has ended.

The new key verifies at once and signs fifteen minutes later, when every function knows it. Links from before go on
working until their keys are dropped. The first key, which a fresh stack derives from its identity, is kept by name.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import click

from openhour.adapters.keyring import VERIFIES_BEFORE_IT_SIGNS, Keyring, SigningKey
from operate.aws import aws_errors
from operate.command import Target, World, at_a_stack, dry_run, examples, told_as
from operate.errors import OperatorError

LONGEST_LINK = timedelta(days=730 + 31)
"""A manage link ends 30 days after its session, which begins at most `horizon_days` (730) after it was signed."""

_KEY_BYTES = 32


class RotationError(OperatorError):
    """The keys stay as they are. Its text says what to do."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """The secret's text with the new key, and how many keys were dropped."""

    secret: str
    kept: int
    dropped: int


def rotated(secret: str, key: str, now: datetime, *, drop_all: bool = False) -> Rotation:
    """The secret with `key` as its newest signing key; without those whose links have all ended, or without any other.

    Raises RotationError while the newest key does not sign yet: another one then would only postpone signing by it.
    """
    document = json.loads(secret)
    keys = Keyring.parse(secret).signing
    if not drop_all and not keys[-1].signs(now):
        raise RotationError(f"The newest key signs from {_signs_from(keys[-1]):%H:%M} UTC on. Rotate again after that.")
    kept = () if drop_all else _with_living_links(keys, now)
    entries = [_entry(each) for each in kept] + [{"key": key, "created_at": now.isoformat()}]
    return Rotation(json.dumps(document | {"signing": entries}), len(kept), len(keys) - len(kept))


def _with_living_links(keys: Sequence[SigningKey], now: datetime) -> tuple[SigningKey, ...]:
    """A key signs until the next one does; its last link ends the longest link's life after that."""
    followed = pairwise(keys)
    return (*(key for key, follower in followed if now < _signs_from(follower) + LONGEST_LINK), keys[-1])


def _signs_from(key: SigningKey) -> datetime:
    return (key.created_at or datetime.min.replace(tzinfo=UTC)) + VERIFIES_BEFORE_IT_SIGNS


def _entry(key: SigningKey) -> dict[str, str]:
    return {"key": key.key} if key.created_at is None else {"key": key.key, "created_at": key.created_at.isoformat()}


def rotate(client: Any, secret_id: str, now: datetime, *, drop_all: bool = False, dry_run: bool = False) -> Rotation:
    """Read the secret, rotate, and write it. Raises RotationError, also when somebody else wrote it meanwhile."""
    found = client.get_secret_value(SecretId=secret_id)
    result = rotated(found["SecretString"], secrets.token_hex(_KEY_BYTES), now, drop_all=drop_all)
    if dry_run:
        return result
    if client.get_secret_value(SecretId=secret_id)["VersionId"] != found["VersionId"]:
        raise RotationError("Somebody else has just written the secret. Run the command again.")
    client.put_secret_value(SecretId=secret_id, SecretString=result.secret)
    return result


@click.group()
def keys() -> None:
    """See to the keys that sign the links in mails."""


@keys.command(
    "rotate",
    epilog=examples(
        "openhour keys rotate --stack openhour-prod --dry-run", "openhour keys rotate --stack openhour-prod"
    ),
)
@at_a_stack("secret", "Its secret, by ARN or name, where the stack is not known.")
@dry_run
@click.option("--drop-all-before-now", is_flag=True, help="A key has leaked: no link from before opens anything then.")
@told_as("Not rotated")
def rotate_command(world: World, target: Target, *, dry_run: bool, drop_all_before_now: bool) -> int:
    """Give a stack a new signing key; drop those that have ended.

    The new key verifies at once and signs fifteen minutes later, when every function knows it. Links from before go on
    working until their keys are dropped, which is once the last of them has ended.
    """
    target.announce(world.terminal)
    secret = target.named_or_output("SecretArn")
    client = target.cloud.client("secretsmanager")
    with aws_errors(f"secret {secret}"):
        result = rotate(client, secret, world.now(), drop_all=drop_all_before_now, dry_run=dry_run)
    done = "Would add" if dry_run else "Added"
    world.terminal.say(
        f"{done} a key that signs in 15 minutes; {result.kept} older ones stay, {result.dropped} dropped."
    )
    return 0
