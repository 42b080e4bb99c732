"""For the functions behind the client's portal: the table and the secret."""

from functools import cache

from openhour.adapters.dynamodb.callers import DynamoDBCallers
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.application.admission import Ration
from openhour.wiring import environment
from openhour.wiring.environment import origin_secret
from openhour.wiring.secrets import identity, tokens
from openhour.wiring.stores import clock, table

__all__ = ["clock", "identity", "origin_secret", "portal", "ration", "tokens"]


@cache
def portal() -> DynamoDBPortal:
    """People and their own lists."""
    return DynamoDBPortal(table())


@cache
def ration() -> Ration:
    """How many links one caller may ask for."""
    return Ration(DynamoDBCallers(table()), identity(), environment.caps())
