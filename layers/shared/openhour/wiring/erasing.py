"""For the function by which people erase their data: the table and the secret."""

from functools import cache

from openhour.adapters.clock import full_jitter
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.application.jobs.erase import Erasing
from openhour.wiring import environment
from openhour.wiring.requesting import clock, tokens

__all__ = ["erasing", "tokens"]


@cache
def erasing() -> Erasing:
    """The use case."""
    table = Table(dynamodb_client(), environment.setting("TABLE_NAME"))
    return Erasing(DynamoDBArchive(table), DynamoDBRequests(table), DynamoDBOutbox(table), clock(), full_jitter)
