"""Gives a stack a new signing key, and drops those whose last link has ended.

    python -m operate.keys --stack openhour-prod --dry-run
    python -m operate.keys --stack openhour-prod
    python -m operate.keys --stack openhour-prod --drop-all-before-now     (a key has leaked)

The new key verifies at once and signs fifteen minutes later, when every function knows it. Links from before go on
working until their keys are dropped. The first key, which a fresh stack derives from its identity, is kept by name.
"""

import argparse
import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import boto3

from openhour.adapters.keyring import VERIFIES_BEFORE_IT_SIGNS, Keyring, SigningKey

LONGEST_LINK = timedelta(days=730 + 31)
"""A manage link ends 30 days after its session, which begins at most `horizon_days` (730) after it was signed."""

_KEY_BYTES = 32


class RotationError(Exception):
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


def _secret_of(stack: str, options: argparse.Namespace) -> str:
    client = boto3.client("cloudformation", region_name=options.region, endpoint_url=options.endpoint_url)
    outputs = client.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
    for output in outputs:
        if output["OutputKey"] == "SecretArn":
            return str(output["OutputValue"])
    raise RotationError(f"Stack {stack} has no output SecretArn; is it a stack of Openhour, and deployed?")


def main(arguments: Sequence[str] | None = None) -> int:
    """Rotate and say what was done. 0 done, 1 refused."""
    parser = argparse.ArgumentParser(description="Give a stack a new signing key.")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--stack", help="the stack, as deployed")
    where.add_argument("--secret", help="the secret's ARN or name, when it is known")
    parser.add_argument("--region", help="of AWS; else the environment's")
    parser.add_argument("--endpoint-url", help="where AWS is emulated")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done and write nothing")
    parser.add_argument("--drop-all-before-now", action="store_true", help="every link from before opens nothing then")
    options = parser.parse_args(arguments)
    client = boto3.client("secretsmanager", region_name=options.region, endpoint_url=options.endpoint_url)
    try:
        secret = options.secret or _secret_of(options.stack, options)
        drop_all, now = options.drop_all_before_now, datetime.now(UTC).replace(microsecond=0)
        result = rotate(client, secret, now, drop_all=drop_all, dry_run=options.dry_run)
    except RotationError as error:
        print(error, file=sys.stderr)
        return 1
    done = "Would add" if options.dry_run else "Added"
    print(f"{done} a key that signs in 15 minutes; {result.kept} older ones stay, {result.dropped} dropped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
