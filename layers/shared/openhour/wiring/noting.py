"""For the function that notes what SES says of mails: the table, nothing else."""

from functools import cache

from openhour.adapters.clock import full_jitter
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.application.jobs.bounces import Noting
from openhour.wiring.stores import clock, table


@cache
def noting() -> Noting:
    """The use case."""
    return Noting(DynamoDBRequests(table()), DynamoDBPortal(table()), clock(), full_jitter)
