"""For the functions that look up providers and slots: the table, nothing else."""

from functools import cache

from openhour.adapters.clock import SystemClock
from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.dynamodb.directory import DynamoDBDirectory
from openhour.wiring import environment


@cache
def directory() -> DynamoDBDirectory:
    """Providers and their time."""
    return DynamoDBDirectory(Table(dynamodb_client(), environment.setting("TABLE_NAME")))


@cache
def clock() -> SystemClock:
    """The present."""
    return environment.clock()
