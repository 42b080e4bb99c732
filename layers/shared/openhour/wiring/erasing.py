"""For the function by which people erase their data: the table and the secret."""

from functools import cache

from openhour.adapters.clock import full_jitter
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.application.jobs.erase import Erasing
from openhour.wiring.secrets import tokens
from openhour.wiring.stores import clock, table

__all__ = ["erasing", "tokens"]


@cache
def erasing() -> Erasing:
    """The use case."""
    archive, requests, outbox = DynamoDBArchive(table()), DynamoDBRequests(table()), DynamoDBOutbox(table())
    return Erasing(archive, requests, outbox, clock(), full_jitter)
