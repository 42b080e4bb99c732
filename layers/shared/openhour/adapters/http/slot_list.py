"""Free slots as JSON."""

from typing import Any

from openhour.application.client.slot_lookup import FreeSlots
from openhour.domain.slots import rfc3339


def slot_list(free: FreeSlots) -> dict[str, Any]:
    """`slots` are starts in UTC; with any provider asked for, `by_provider` says whose they are."""
    document: dict[str, Any] = {
        "slots": [rfc3339(start) for start in free.starts],
        "duration_minutes": free.duration,
        "time_zone": free.time_zone,
    }
    if free.by_provider is not None:
        document["by_provider"] = {
            provider: [rfc3339(start) for start in starts] for provider, starts in free.by_provider.items()
        }
    return document
