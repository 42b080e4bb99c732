"""The table's stream: every new `EVENT#` item goes onto the bus. A failure raises, so that the batch comes again."""

from collections.abc import Mapping
from typing import Any

from openhour.adapters.jobs import job
from openhour.adapters.stream import new_events
from openhour.wiring import publishing


@job
def lambda_handler(batch: Mapping[str, Any], _context: Any) -> dict[str, int]:
    """How many events were published."""
    events = new_events(batch)
    publishing.bus().publish(events)
    return {"published": len(events)}
