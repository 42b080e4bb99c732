"""For the scheduled job: the table and the bus."""

from functools import cache

from openhour.adapters.clock import full_jitter
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.application.jobs.erase import Erasing
from openhour.application.jobs.republishing import Republishing
from openhour.wiring.publishing import bus
from openhour.wiring.stores import clock, table

__all__ = ["clock", "erasing", "pause", "republishing", "requests"]

pause = full_jitter


@cache
def requests() -> DynamoDBRequests:
    """Requests with their ledgers."""
    return DynamoDBRequests(table())


@cache
def republishing() -> Republishing:
    """The use case that publishes again what stays unsent."""
    return Republishing(DynamoDBOutbox(table()), bus(), clock())


@cache
def erasing() -> Erasing:
    """The use case that makes old requests anonymous."""
    return Erasing(DynamoDBArchive(table()), requests(), DynamoDBOutbox(table()), clock(), pause)
