"""For the function that notes what SES says of mails: the table, nothing else."""

from functools import cache

from openhour.adapters.clock import full_jitter
from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.application.jobs.bounces import Noting
from openhour.wiring import environment


@cache
def noting() -> Noting:
    """The use case."""
    table = Table(dynamodb_client(), environment.setting("TABLE_NAME"))
    return Noting(DynamoDBRequests(table), DynamoDBPortal(table), environment.clock(), full_jitter)
