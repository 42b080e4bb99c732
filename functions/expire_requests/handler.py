"""The schedule: write down what has expired, and publish again what stays unsent."""

from collections.abc import Mapping
from typing import Any

from openhour.adapters.jobs import enough_time, job, report_unsent
from openhour.application.expire import expire_overdue
from openhour.application.mailing import overdue_mails, publish_again
from openhour.wiring import tidying


@job
def lambda_handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """How many requests expired, how many are left for the next run, how many mails are overdue."""
    expired = expire_overdue(tidying.requests(), tidying.clock(), tidying.pause, enough_time(context))
    unsent = overdue_mails(tidying.outbox(), tidying.clock())
    report_unsent(len(unsent))
    publish_again(unsent, tidying.outbox(), tidying.bus(), tidying.clock())
    return {"expired": expired.done, "left": expired.left, "unsent": len(unsent)}
