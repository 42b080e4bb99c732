"""The scheduled job: write down what has expired, so that its mail goes out. Nothing else depends on it."""

from collections.abc import Callable
from dataclasses import dataclass

from openhour.application.attempts import persistently
from openhour.application.errors import TryAgainLaterError
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.requests import Requests
from openhour.domain.booking import ledger_change
from openhour.domain.errors import DomainError
from openhour.domain.requests import lapse


@dataclass(frozen=True, slots=True)
class Expired:
    """How many requests were written down as expired, and how many stay for the next run."""

    done: int
    left: int


def expire_overdue(requests: Requests, clock: Clock, pause: Pause, may_go_on: Callable[[], bool]) -> Expired:
    """Expire every overdue request, oldest first, until none is left or `may_go_on` says stop.

    A request that stays contended is left for the next run, and one that fails otherwise stops nobody else's: what it
    raised goes up once the rest is done.
    """
    done = left = 0
    failures: list[Exception] = []
    for request_id in requests.overdue(clock.now()):
        if not may_go_on():
            left += 1
            break
        try:
            done += persistently(lambda request_id=request_id: expire(request_id, requests, clock), pause)  # type: ignore[misc]
        except TryAgainLaterError:
            left += 1
        except Exception as error:  # noqa: BLE001 - it goes up below
            failures.append(error)
    if failures:
        raise failures[0]
    return Expired(done, left)


def expire(request_id: str, requests: Requests, clock: Clock) -> bool:
    """Expire one request; False when there was nothing to write down. Raises ContentionError."""
    found = requests.with_days(request_id, None)
    if found is None:
        return False
    request, now = found.request, clock.now()
    try:
        step = lapse(request, now)
    except DomainError:  # answered or given a new deadline meanwhile: the index was behind
        return False
    requests.commit(step, ledger_change(request, step.after, found.days, now), found.agenda)
    return True
