"""For the scheduled job: the table and the bus."""

from functools import cache

from openhour.adapters.clock import SystemClock, full_jitter
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.application.jobs.erase import Erasing
from openhour.wiring import environment
from openhour.wiring.publishing import bus

__all__ = ["bus", "clock", "erasing", "outbox", "pause", "requests"]

pause = full_jitter


@cache
def _table() -> Table:
    return Table(dynamodb_client(), environment.setting("TABLE_NAME"))


@cache
def requests() -> DynamoDBRequests:
    """Requests with their ledgers."""
    return DynamoDBRequests(_table())


@cache
def outbox() -> DynamoDBOutbox:
    """Mails that are owed."""
    return DynamoDBOutbox(_table())


@cache
def erasing() -> Erasing:
    """The use case that makes old requests anonymous."""
    return Erasing(DynamoDBArchive(_table()), requests(), outbox(), clock(), pause)


@cache
def clock() -> SystemClock:
    """The present."""
    return environment.clock()
