"""SES's own events, by EventBridge: a mail came back for good, or its reader complained."""

from collections.abc import Mapping
from typing import Any

from openhour.adapters.jobs import job
from openhour.adapters.mail.ses_events import troubles
from openhour.wiring import noting


@job
def lambda_handler(event: Mapping[str, Any], _context: Any) -> dict[str, int]:
    """How many addresses were marked, and how many providers are told."""
    found = troubles(event)
    told = [noting.noting().note(one.client, one.trouble, one.request) for one in found]
    return {"marked": len(found), "told": sum(told)}
