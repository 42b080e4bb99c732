"""The queue behind the bus: send the mails that each event owes. Messages that failed come again, the others do not."""

from collections.abc import Mapping
from typing import Any

from openhour.adapters.jobs import each_message
from openhour.application.client.portal import send_link
from openhour.wiring import mailing


@each_message
def lambda_handler(detail: Mapping[str, Any]) -> int:
    """How many mails an event owed; the response names the messages to be received again."""
    if "period" in detail:
        return send_link(detail["client"], detail["period"], mailing.portal(), mailing.post(), mailing.clock())
    return mailing.mailing().send_owed(detail["request"], detail["version"])
