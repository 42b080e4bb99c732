"""Events that SES publishes on EventBridge about mails it has taken, and the tags by which they are told apart.

Detail types "Email Bounced" and "Email Complaint Received". Only the tags are read: no address is looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openhour.application.jobs.bounces import Trouble

if TYPE_CHECKING:
    from types_boto3_ses.type_defs import MessageTagTypeDef

CLIENT_TAG, REQUEST_TAG = "client", "request"
_FOR_GOOD = "Permanent"


@dataclass(frozen=True, slots=True)
class ToldTrouble:
    """What happened to a mail of ours to a client, and the request that it was about, if any."""

    client: str
    trouble: Trouble
    request: str | None


def tags(client: str | None, request: str | None) -> "list[MessageTagTypeDef]":
    """The tags of a mail (SES message tags); a provider's mail has none and is told of by the console alone."""
    named = {CLIENT_TAG: client, REQUEST_TAG: request}
    return [] if client is None else [{"Name": name, "Value": value} for name, value in named.items() if value]


def troubles(event: Mapping[str, Any]) -> list[ToldTrouble]:
    """What an event says of mails to clients. A full mailbox is no reason to give an address up."""
    return list(_troubles(event["detail"]))


def _troubles(detail: Mapping[str, Any]) -> Iterator[ToldTrouble]:
    tagged: Mapping[str, list[str]] = detail["mail"].get("tags", {})
    client, request = (next(iter(tagged.get(name, ())), None) for name in (CLIENT_TAG, REQUEST_TAG))
    if client is None:
        return
    if detail["eventType"] == "Bounce" and detail["bounce"]["bounceType"] == _FOR_GOOD:
        yield ToldTrouble(client, Trouble.UNDELIVERABLE, request)
    if detail["eventType"] == "Complaint":
        yield ToldTrouble(client, Trouble.COMPLAINT, request)
