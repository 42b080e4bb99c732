"""Proof of work by ALTCHA, version 1: find the number whose SHA-256 with a salt is the challenge.

The browser's part of it takes no library, and a phone a second or two. Challenges are signed, so that none is stored
until it is solved, and name nobody.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from altcha.v1 import SHA256, ChallengeOptions, Payload, create_challenge, verify_solution

from openhour.adapters.keyring import Keyring

LARGEST_NUMBER = 100_000
LASTS = timedelta(minutes=10)


class AltchaProofs:
    """The port Proofs, with keys derived from those that sign links."""

    def __init__(self, keyring: Callable[[], Keyring]) -> None:
        """`keyring` gives the current keys."""
        self._keyring = keyring

    def challenge(self, now: datetime) -> Mapping[str, str | int]:
        """See Proofs.challenge. `maxnumber` is the largest number that can be the solution."""
        made = create_challenge(
            ChallengeOptions(
                algorithm=SHA256, max_number=LARGEST_NUMBER, hmac_key=self._keys(now)[-1], expires=now + LASTS
            )
        )
        return {
            "algorithm": made.algorithm,
            "challenge": made.challenge,
            "maxnumber": made.max_number,
            "salt": made.salt,
            "signature": made.signature,
        }

    def solved(self, proof: str, now: datetime) -> str | None:
        """See Proofs.solved. `proof` is base64 of JSON: the challenge's members, and `number` for `maxnumber`."""
        payload = _payload_of(proof)
        if payload is None or not _lasts(payload, now):
            return None
        # By the stack's clock above, not by the library's.
        checked = (verify_solution(payload, key, check_expires=False) for key in self._keys(now))
        return payload.challenge if any(fits for fits, _ in checked) else None

    def _keys(self, now: datetime) -> list[str]:
        """All keys that count, the one that signs now last."""
        return [_derived(key) for key in self._keyring().in_signing_order(now)]


def _derived(key: str) -> str:
    return hmac.digest(key.encode(), b"openhour proof of work", hashlib.sha256).hex()


def _payload_of(proof: str) -> Payload | None:
    """What was sent, if it has the one form: the library takes any JSON, and fails on what it does not expect."""
    try:
        payload = Payload.from_base64(proof)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    texts: list[object] = [payload.algorithm, payload.challenge, payload.salt, payload.signature]
    is_formed = all(isinstance(text, str) and text.isascii() for text in texts) and type(payload.number) is int
    return payload if is_formed and payload.algorithm == SHA256 else None


def _lasts(payload: Payload, now: datetime) -> bool:
    _, expires, _ = payload.parse_salt()
    return expires is not None and now.timestamp() < expires
