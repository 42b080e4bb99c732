"""Records of the table's stream."""

from collections.abc import Mapping
from typing import Any

from openhour.adapters import keys
from openhour.adapters.dynamodb.records import event_of, sign_in_event_of
from openhour.adapters.event_bus import Published


def new_events(batch: Mapping[str, Any]) -> list[Published]:
    """The events among a batch of stream records, in their order. Raises KeyError or ValueError for a broken one."""
    images = (record["dynamodb"]["NewImage"] for record in batch["Records"] if record["eventName"] == "INSERT")
    return [_event_of(image) for image in images if image[keys.SK]["S"].startswith(keys.EVENT_PREFIX)]


def _event_of(image: Mapping[str, Any]) -> Published:
    return sign_in_event_of(dict(image)) if "period" in image else event_of(dict(image))
