"""For the functions behind the client's portal: the table and the secret."""

from functools import cache

from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.adapters.keyring import HashedIdentity
from openhour.wiring import environment
from openhour.wiring.requesting import clock, keyring, tokens

__all__ = ["clock", "identity", "portal", "tokens"]


@cache
def portal() -> DynamoDBPortal:
    """People and their own lists."""
    return DynamoDBPortal(Table(dynamodb_client(), environment.setting("TABLE_NAME")))


@cache
def identity() -> HashedIdentity:
    """Ids of people."""
    return HashedIdentity(keyring())
