"""The schedule: write down what has expired, publish reminders and what stays unsent, make old requests anonymous."""

from collections.abc import Mapping
from typing import Any

from openhour.adapters.jobs import enough_time, job, report_unsent
from openhour.application.jobs.expire import expire_overdue
from openhour.application.jobs.mailing import mails_to_publish, overdue, publish_again
from openhour.wiring import tidying


@job
def lambda_handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """How many requests expired or were made anonymous or are left for the next run, and mails published or overdue."""
    expired = expire_overdue(tidying.requests(), tidying.clock(), tidying.pause, enough_time(context))
    mails = mails_to_publish(tidying.outbox(), tidying.clock())
    unsent = overdue(mails, tidying.clock())
    report_unsent(unsent)
    publish_again(mails, tidying.outbox(), tidying.bus(), tidying.clock())
    old = tidying.erasing().anonymise_old(enough_time(context))  # last: nobody waits for it
    left = expired.left + old.left
    published = {"published": len(mails), "unsent": unsent}
    return {"expired": expired.done, "anonymised": old.done, "left": left} | published
