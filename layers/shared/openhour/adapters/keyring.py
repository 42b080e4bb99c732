"""The stack's secret: one identity key that never changes, and the signing keys that rotate.

The secret is JSON: `{"identity": "<text>", "signing": [{"key": "<text>", "created_at": "<RFC 3339>"}, ...]}`, oldest
first. With an empty list the first signing key is derived from the identity key.
"""

import hashlib
import hmac
import json
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

VERIFIES_BEFORE_IT_SIGNS = timedelta(minutes=15)
"""Longer than any function keeps the secret in memory, so nobody meets a signature by a key it does not know."""

_KEPT_SECONDS = 300
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One signing key; `created_at` None is the first one, which signs from the start."""

    key: str
    created_at: datetime | None = None

    def signs(self, now: datetime) -> bool:
        """Whether everybody knows it by now."""
        return self.created_at is None or now >= self.created_at + VERIFIES_BEFORE_IT_SIGNS


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of a stack."""

    identity: str
    signing: tuple[SigningKey, ...]

    @classmethod
    def parse(cls, secret: str) -> "Keyring":
        """Read the secret's JSON. Raises KeyError or ValueError when it is not of that form."""
        document = json.loads(secret)
        keys = tuple(
            SigningKey(entry["key"], datetime.fromisoformat(entry["created_at"]) if entry.get("created_at") else None)
            for entry in document["signing"]
        )
        return cls(document["identity"], keys or (SigningKey(first_signing_key(document["identity"])),))

    def in_signing_order(self, now: datetime) -> list[str]:
        """All keys that verify, the one that signs now last, as itsdangerous expects them."""
        waiting = [key.key for key in self.signing if not key.signs(now)]
        signing = [key.key for key in self.signing if key.signs(now)]
        return waiting + signing


def first_signing_key(identity: str) -> str:
    """The signing key of a stack whose keys were never rotated."""
    return hmac.digest(identity.encode(), b"openhour signing key 0", hashlib.sha256).hex()


class SecretKeyring:
    """Reads the secret from Secrets Manager and keeps it for five minutes."""

    def __init__(self, client: "SecretsManagerClient", secret: str) -> None:
        """`secret` is its ARN or name."""
        self._client = client
        self._secret = secret
        self._read: tuple[float, Keyring] | None = None

    def __call__(self) -> Keyring:
        """The keys as they are now, at most five minutes old."""
        kept = self._read  # by the wall clock: a monotonic one may stand still while Lambda has frozen the function
        if kept is None or time() - kept[0] >= _KEPT_SECONDS:
            text = self._client.get_secret_value(SecretId=self._secret)["SecretString"]
            kept = self._read = time(), Keyring.parse(text)
        return kept[1]


class HashedIdentity:
    """The port Identity: HMAC-SHA-256 (RFC 2104) under the identity key, 128 bits in lower-case base32."""

    def __init__(self, keyring: Callable[[], Keyring]) -> None:
        """`keyring` gives the current keys."""
        self._keyring = keyring

    def client_id(self, email: str) -> str:
        """See Identity.client_id."""
        return self._hash("client", email.casefold())

    def request_id(self, email: str, idempotency_key: str) -> str:
        """See Identity.request_id."""
        return self._hash("request", email.casefold(), idempotency_key)

    def caller_id(self, address: str) -> str:
        """See Identity.caller_id."""
        return self._hash("caller", address)

    def _hash(self, *parts: str) -> str:
        message = json.dumps(parts).encode()
        digest = hmac.digest(self._keyring().identity.encode(), message, hashlib.sha256)
        return b32encode(digest[:_ID_BYTES]).decode().rstrip("=").lower()
