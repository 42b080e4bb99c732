"""Publishes events on the bus."""

import json
from collections.abc import Iterable
from itertools import batched
from typing import TYPE_CHECKING, Any

from openhour.adapters.dynamodb.items import text_of
from openhour.application.ports.bus import NotPublishedError
from openhour.application.ports.people import SignInEvent
from openhour.domain.requests import Event

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient

type Published = Event | SignInEvent

SIGN_IN_TYPE = "SignInLinkRequested"
SOURCE = "openhour.appointments"
_ENTRIES_PER_CALL = 10


class EventBridgeBus:
    """The port Bus on EventBridge."""

    def __init__(self, client: "EventBridgeClient", bus: str) -> None:
        """`bus` is the bus's name."""
        self._client = client
        self._bus = bus

    def publish(self, events: Iterable[Published]) -> None:
        """See Bus.publish. PutEvents takes ten entries a call and may refuse single ones."""
        for batch in batched(events, _ENTRIES_PER_CALL, strict=False):
            answer = self._client.put_events(Entries=[self._entry(event) for event in batch])
            if answer["FailedEntryCount"]:
                raise NotPublishedError(
                    answer["FailedEntryCount"],
                    [entry["ErrorCode"] for entry in answer["Entries"] if entry.get("ErrorCode")],
                )

    def _entry(self, event: Published) -> Any:
        return {
            "EventBusName": self._bus,
            "Source": SOURCE,
            "DetailType": SIGN_IN_TYPE if isinstance(event, SignInEvent) else event.type,
            "Time": event.at,
            "Detail": json.dumps(detail_of(event)),
        }


def detail_of(event: Published) -> dict[str, Any]:
    """The detail of an event: ids, type and instants, nothing personal."""
    if isinstance(event, SignInEvent):
        return {"client": event.client, "period": event.period, "at": text_of(event.at)}
    return {
        "request": event.request,
        "provider": event.provider,
        "version": event.version,
        "revision": event.revision,
        "status": event.status.value,
        "at": text_of(event.at),
        "start": text_of(event.start),
    }
