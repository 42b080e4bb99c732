"""A client proves by a mailed link that the address is theirs; the request goes on to the provider."""

from dataclasses import dataclass

from openhour.application.attempts import persistently
from openhour.application.client.manage import LINK_OUTLIVES, Seen, seen
from openhour.application.client.submit import check_limit
from openhour.application.errors import KnownClientsOnlyError, UnknownProviderError, UnknownRequestError
from openhour.application.own_time import check_own_time
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.requests import Near, Requests
from openhour.domain.booking import ledger_change
from openhour.domain.clients import is_served
from openhour.domain.deadlines import Hold, deadline
from openhour.domain.requests import take
from openhour.domain.transitions import Action, Actor, Status


@dataclass(frozen=True, slots=True)
class VerifyLink:
    """What a verification link is bound to."""

    request: str
    near: Near


@dataclass(frozen=True, slots=True)
class Verifying:
    """The use case with its ports."""

    requests: Requests
    clock: Clock
    hold: Hold
    pause: Pause

    def verify(self, link: VerifyLink) -> Seen:
        """The request, sent on; the same when it already was.

        Raises UnknownRequestError, TooLateError once its half hour is over, UnknownProviderError,
        KnownClientsOnlyError, TooManyOpenRequestsError, TooManyRequestsError, OwnConflictError, and TryAgainLaterError.
        """
        return persistently(lambda: self._attempt(link), self.pause)

    def _attempt(self, link: VerifyLink) -> Seen:
        around = self.requests.with_surroundings(link.request, link.near, ())
        now = self.clock.now()
        if around is None or now >= around.found.request.end + LINK_OUTLIVES:
            raise UnknownRequestError
        request = around.found.request
        if request.anonymised_at is not None and request.status is not Status.EXPIRED:
            raise UnknownRequestError
        if request.status not in {Status.UNVERIFIED, Status.EXPIRED}:
            return seen(request, now)
        lead = around.provider.rules.answer_lead if around.provider else 0
        until = deadline(now, request.start, self.hold, lead, request.provider.time_zone)
        step = take(request, Action.VERIFY, Actor.CLIENT, now, deadline=until)
        if around.provider is None:  # left the practice within this half hour: nobody would answer
            raise UnknownProviderError
        if not is_served(around.practice, around.profile):
            raise KnownClientsOnlyError
        check_limit(around.practice, around.found.agenda, now)
        check_own_time(around.found.agenda, request.start, request.service.duration, now)
        change = ledger_change(request, step.after, around.found.days, now)
        self.requests.commit(step, change, around.found.agenda)
        return seen(step.after, now)
