"""What every function with the table shares: the one table and the present."""

from functools import cache

from openhour.adapters.clock import SystemClock
from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.starting import at_start
from openhour.wiring import environment


@cache
def table() -> Table:
    """The stack's table. Raises SettingMissingError."""
    return Table(dynamodb_client(), environment.setting("TABLE_NAME"))


@cache
def clock() -> SystemClock:
    """The present."""
    return environment.clock()


@at_start
def _connect() -> None:
    table().connect()
