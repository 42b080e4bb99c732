"""What handlers without a caller have around them: the stream's, the queue's and the schedule's."""

import functools
import json
from collections import Counter
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any

from aws_lambda_powertools.metrics import Metrics, MetricUnit

from openhour.adapters.logs import log_failure, logger
from openhour.adapters.starting import start
from openhour.application.ports.outbox import LeasedError
from openhour.application.ports.post import NotDeliveredError

type Handler = Callable[[Mapping[str, Any], Any], dict[str, int]]

_RESERVE_MS = 5_000


class JobFailedError(Exception):
    """A job failed and is to be run again. Carries the type of what happened, not its text."""


def job(handle: Handler) -> Handler:
    """Log the counts that a job returns. A failure goes up, so that it is tried again, without its text."""
    start()  # a handler is the last thing that its module makes

    @functools.wraps(handle)
    def lambda_handler(event: Mapping[str, Any], context: Any) -> dict[str, int]:
        try:
            counts = handle(event, context)
        except Exception as error:  # noqa: BLE001 - its text must not reach the log
            log_failure(error)
            raise JobFailedError(type(error).__name__) from None
        logger.info("done", extra=counts)
        return counts

    return lambda_handler


def each_message(handle: Callable[[Mapping[str, Any]], int]) -> Callable[[Mapping[str, Any], Any], dict[str, Any]]:
    """Handle the event in each message of a queue; those that failed are named, so that only they come again."""
    start()  # as above

    @functools.wraps(handle)
    def lambda_handler(batch: Mapping[str, Any], _context: Any) -> dict[str, Any]:
        outcomes = {record["messageId"]: _handled(record, handle) for record in batch["Records"]}
        failed = sum(outcome is _Outcome.FAILED for outcome in outcomes.values())
        if failed:  # Lambda counts no error here, as the batch itself does not fail
            report("FailedMails", failed)
        again = [message_id for message_id, outcome in outcomes.items() if outcome is not _Outcome.DONE]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}

    return lambda_handler


class _Outcome(Enum):
    """What became of a message; one whose mail somebody else sends right now comes again without having failed."""

    DONE = auto()
    FAILED = auto()
    TAKEN = auto()


def _handled(record: Mapping[str, Any], handle: Callable[[Mapping[str, Any]], int]) -> _Outcome:
    try:
        detail = json.loads(record["body"])["detail"]
        sent = handle(detail)
    except Exception as error:  # noqa: BLE001 - whatever it was, the other messages must not suffer
        # What the mail service answered names no address: adapters.mail.ses makes sure of that.
        answered = {"mail_service": str(error)} if isinstance(error, NotDeliveredError) else {}
        log_failure(error, queue_message=record["messageId"], **answered)
        return _Outcome.TAKEN if isinstance(error, LeasedError) else _Outcome.FAILED
    ids = {"queue_message": record["messageId"], "appointment_request": detail.get("request")}
    logger.info("sent", extra=ids | {"mails": sent})
    return _Outcome.DONE


def in_turn(*parts: Callable[[], Mapping[str, int]]) -> dict[str, int]:
    """The counts of all parts of a job, added up by their names.

    A part that fails holds up none behind it; its failure goes up once they are done.
    """
    counts = Counter[str]()
    failures: list[Exception] = []
    for part in parts:
        try:
            counts.update(part())
        except Exception as error:  # noqa: BLE001 - whatever it was, the other parts must not suffer
            failures.append(error)
    for further in failures[1:]:
        log_failure(further)
    if failures:
        raise failures[0]
    return dict(counts)


def enough_time(context: Any, share: float = 1) -> Callable[[], bool]:
    """Whether a part of a job may go on: it may use a `share` of the time that is left now, but for five seconds."""
    left: int = context.get_remaining_time_in_millis()
    end = max(_RESERVE_MS, left * (1 - share))
    return lambda: context.get_remaining_time_in_millis() > end


def report(name: str, count: int) -> None:
    """Emit a metric that an alarm watches (CloudWatch embedded metric format).

    Its dimension `service` is POWERTOOLS_SERVICE_NAME: the stack's name.
    """
    metrics = Metrics(namespace="Openhour")
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
    metrics.flush_metrics()
