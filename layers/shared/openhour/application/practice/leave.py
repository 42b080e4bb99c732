"""The practice ends what stands with a provider, service or location that leaves."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from openhour.application.attempts import persistently
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.requests import Requests
from openhour.application.replacement import ending_move
from openhour.domain.booking import ledger_change
from openhour.domain.requests import Request, Step, cancel, take
from openhour.domain.transitions import Action, Actor, Status


@dataclass(frozen=True, slots=True)
class Leaving:
    """The use case with its ports."""

    requests: Requests
    clock: Clock
    pause: Pause

    def look(self, request_id: str) -> Request | None:
        """The request as it stands; None when it is gone. Raises TryAgainLaterError."""
        return persistently(lambda: self.requests.request(request_id), self.pause)

    def end(self, request_id: str, may_end: AbstractSet[Status], reason: str | None) -> Status | None:
        """Decline the request if it is open, cancel it if it is confirmed, in the provider's name; the new status.

        None when nothing was done: its status is none of `may_end`, its session has begun, or it is gone. Requests of
        unproven addresses are left alone: they lapse by themselves. The client is told by the mail of the step, which
        bears `reason`. Raises TryAgainLaterError.
        """

        def attempt() -> Status | None:
            found = self.requests.with_days(request_id, None)
            now = self.clock.now()
            step = None if found is None else _step(found.request, may_end, reason, now)
            if found is None or step is None:
                return None
            is_cancelled = step.after.status is Status.CANCELLED
            beside = ending_move(found, Actor.PROVIDER, now, reason) if is_cancelled else None
            change = ledger_change(found.request, step.after, found.days, now, beside)
            self.requests.commit(step, change, found.agenda, beside)
            return step.after.status

        return persistently(attempt, self.pause)


def can_be_ended(request: Request, now: datetime) -> bool:
    """Whether a provider's side can still decline or cancel it."""
    status = request.status_now(now)
    if status is Status.CONFIRMED:
        return now < request.start
    return status in {Status.PENDING, Status.OFFERED}


def _step(request: Request, may_end: AbstractSet[Status], reason: str | None, now: datetime) -> Step | None:
    if not can_be_ended(request, now) or request.status not in may_end:
        return None
    if request.status is Status.CONFIRMED:
        return cancel(request, Actor.PROVIDER, now, reason)
    return take(request, Action.DECLINE, Actor.PROVIDER, now, reason)
