"""For the scheduled job: the table and the bus."""

from functools import cache

from openhour.adapters.clock import full_jitter
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.application.jobs.erase import Erasing
from openhour.wiring.publishing import bus
from openhour.wiring.stores import clock, table

__all__ = ["bus", "clock", "erasing", "outbox", "pause", "requests"]

pause = full_jitter


@cache
def requests() -> DynamoDBRequests:
    """Requests with their ledgers."""
    return DynamoDBRequests(table())


@cache
def outbox() -> DynamoDBOutbox:
    """Mails that are owed."""
    return DynamoDBOutbox(table())


@cache
def erasing() -> Erasing:
    """The use case that makes old requests anonymous."""
    return Erasing(DynamoDBArchive(table()), requests(), outbox(), clock(), pause)
