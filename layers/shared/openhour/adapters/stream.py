"""Records of the table's stream."""

from collections.abc import Mapping
from typing import Any

from openhour.adapters import keys
from openhour.adapters.dynamodb.records import event_of
from openhour.domain.requests import Event


def new_events(batch: Mapping[str, Any]) -> list[Event]:
    """The events among a batch of stream records, in their order. Raises KeyError or ValueError for a broken one."""
    images = (record["dynamodb"]["NewImage"] for record in batch["Records"] if record["eventName"] == "INSERT")
    return [event_of(image) for image in images if image[keys.SK]["S"].startswith(keys.EVENT_PREFIX)]
