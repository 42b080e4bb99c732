"""For the functions that look up providers and slots: the table, nothing else."""

from functools import cache

from openhour.adapters.dynamodb.directory import DynamoDBDirectory
from openhour.wiring.stores import clock, table

__all__ = ["clock", "directory"]


@cache
def directory() -> DynamoDBDirectory:
    """Providers and their time."""
    return DynamoDBDirectory(table())
