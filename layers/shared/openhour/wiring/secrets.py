"""What every function with the secret shares: the keys, and the links and ids made with them."""

from functools import cache

from openhour.adapters import aws
from openhour.adapters.keyring import HashedIdentity, SecretKeyring
from openhour.adapters.starting import at_start
from openhour.adapters.tokens import Tokens
from openhour.wiring import environment
from openhour.wiring.stores import clock


@cache
def keyring() -> SecretKeyring:
    """The stack's keys. Raises SettingMissingError."""
    return SecretKeyring(aws.client("secretsmanager"), environment.setting("SECRET_ARN"))


@cache
def tokens() -> Tokens:
    """Signed links."""
    return Tokens(keyring(), clock())


@cache
def identity() -> HashedIdentity:
    """Ids of people, requests and callers."""
    return HashedIdentity(keyring())


@at_start
def _read() -> None:
    keyring()()
