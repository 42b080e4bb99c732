"""SES's own events, by EventBridge: a mail came back for good, or its reader complained."""

from collections.abc import Mapping
from typing import Any

from openhour.adapters.jobs import job, report
from openhour.adapters.mail.ses_events import ToldTrouble, troubles
from openhour.wiring import noting


@job
def lambda_handler(event: Mapping[str, Any], _context: Any) -> dict[str, int]:
    """How many addresses of clients were marked, how many people are told, and how many mails met nobody of the staff.

    The last is counted before anybody is told: a metric stays where a notice cannot be sent either.
    """
    found = troubles(event)
    of_staff = sum(one.client is None for one in found)
    if of_staff:
        report("UnreachedStaff", of_staff)
    told = [_told(one) for one in found]
    return {"marked": len(found) - of_staff, "told": sum(told), "unreached": of_staff}


def _told(one: ToldTrouble) -> bool:
    if one.client is not None:
        return noting.noting().note(one.client, one.trouble, one.request)
    if one.provider is not None:
        return noting.unreached().tell(one.provider, one.request)
    return False  # a notice of ours came back: telling of it would come back, too
