"""For the functions behind the client's portal: the table and the secret."""

from functools import cache

from openhour.adapters.dynamodb.callers import DynamoDBCallers
from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.adapters.keyring import HashedIdentity
from openhour.application.admission import Ration
from openhour.wiring import environment
from openhour.wiring.environment import origin_secret
from openhour.wiring.requesting import clock, keyring, tokens

__all__ = ["clock", "identity", "origin_secret", "portal", "ration", "tokens"]


@cache
def portal() -> DynamoDBPortal:
    """People and their own lists."""
    return DynamoDBPortal(_table())


@cache
def ration() -> Ration:
    """How many links one caller may ask for."""
    return Ration(DynamoDBCallers(_table()), identity(), environment.caps())


@cache
def identity() -> HashedIdentity:
    """Ids of people."""
    return HashedIdentity(keyring())


@cache
def _table() -> Table:
    return Table(dynamodb_client(), environment.setting("TABLE_NAME"))
