"""For the function that publishes the stream's events: the bus, nothing else."""

from functools import cache

import boto3

from openhour.adapters.event_bus import EventBridgeBus
from openhour.wiring.environment import setting


@cache
def bus() -> EventBridgeBus:
    """Where events are published."""
    return EventBridgeBus(boto3.client("events"), setting("BUS_NAME"))
