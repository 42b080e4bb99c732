"""The schedule: count and publish what stays unsent, write down what has expired, make old requests anonymous."""

from collections.abc import Mapping
from typing import Any

from openhour.adapters.jobs import enough_time, in_turn, job, report
from openhour.application.jobs.expire import expire_overdue
from openhour.wiring import tidying


@job
def lambda_handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """How many requests expired or were made anonymous or are left for the next run, and mails published or overdue.

    The count comes first, for an alarm waits for it. Each other part gets half of the time that is left to it, so that
    none goes without, however much there is to do.
    """
    return in_turn(_count, lambda: _expire(context), lambda: _publish(context), lambda: _anonymise(context))


def _count() -> dict[str, int]:
    unsent = tidying.republishing().overdue()
    report("UnsentMails", unsent)
    return {"unsent": unsent}


def _expire(context: Any) -> dict[str, int]:
    expired = expire_overdue(tidying.requests(), tidying.clock(), tidying.pause, enough_time(context, share=0.5))
    return {"expired": expired.done, "left": expired.left}


def _publish(context: Any) -> dict[str, int]:
    return {"published": tidying.republishing().publish(enough_time(context, share=0.5))}


def _anonymise(context: Any) -> dict[str, int]:
    old = tidying.erasing().anonymise_old(enough_time(context))  # last: nobody waits for it
    return {"anonymised": old.done, "left": old.left}
