"""For the function that publishes the stream's events: the bus, nothing else."""

from functools import cache

from openhour.adapters import aws
from openhour.adapters.event_bus import EventBridgeBus
from openhour.adapters.starting import at_start
from openhour.wiring.environment import setting


@at_start
@cache
def bus() -> EventBridgeBus:
    """Where events are published."""
    return EventBridgeBus(aws.client("events"), setting("BUS_NAME"))
