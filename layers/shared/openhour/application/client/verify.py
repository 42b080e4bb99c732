"""A client proves by a mailed link that the address is theirs: the request goes on, and they are signed in."""

from dataclasses import dataclass
from datetime import datetime

from openhour.application.attempts import persistently
from openhour.application.client.manage import LINK_OUTLIVES, Seen, seen
from openhour.application.client.standing import check_standing
from openhour.application.errors import UnknownProviderError, UnknownRequestError
from openhour.application.own_time import check_own_time
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.requests import Near, Requests
from openhour.application.signed_in import SignedIn
from openhour.domain.booking import ledger_change
from openhour.domain.clients import ClientProfile
from openhour.domain.deadlines import VERIFICATION_TIME, Hold, deadline
from openhour.domain.requests import Request, take
from openhour.domain.transitions import Action, Actor, Status


@dataclass(frozen=True, slots=True)
class VerifyLink:
    """What a verification link is bound to."""

    request: str
    near: Near


@dataclass(frozen=True, slots=True)
class Proven:
    """A request whose address was proven, and who is signed in by that; None when the link signs nobody in any more."""

    seen: Seen
    signed_in: SignedIn | None


@dataclass(frozen=True, slots=True)
class Verifying:
    """The use case with its ports."""

    requests: Requests
    clock: Clock
    hold: Hold
    pause: Pause

    def verify(self, link: VerifyLink) -> Proven:
        """The request, sent on, and who is signed in by that; the same request when it already was.

        Raises UnknownRequestError, TooLateError once its half hour is over, UnknownProviderError,
        KnownClientsOnlyError, TooManyOpenRequestsError, TooManyRequestsError, OwnConflictError, and TryAgainLaterError.
        """
        return persistently(lambda: self._attempt(link), self.pause)

    def _attempt(self, link: VerifyLink) -> Proven:
        around = self.requests.with_surroundings(link.request, link.near, ())
        now = self.clock.now()
        if around is None or now >= around.found.request.end + LINK_OUTLIVES:
            raise UnknownRequestError
        request = around.found.request
        if request.anonymised_at is not None and request.status is not Status.EXPIRED:
            raise UnknownRequestError
        if request.status not in {Status.UNVERIFIED, Status.EXPIRED}:
            return _proven(request, around.profile, now)
        lead = around.provider.rules.answer_lead if around.provider else 0
        until = deadline(now, request.start, self.hold, lead, request.provider.time_zone)
        step = take(request, Action.VERIFY, Actor.CLIENT, now, deadline=until, proven=True)
        if around.provider is None:  # left the practice within this half hour: nobody would answer
            raise UnknownProviderError
        check_standing(around.practice, around.profile, around.found.agenda, now)
        check_own_time(around.found.agenda, request.start, request.service.duration, now)
        change = ledger_change(request, step.after, around.found.days, now)
        self.requests.commit(step, change, around.found.agenda)
        return _proven(step.after, around.profile, now)


def _proven(request: Request, profile: ClientProfile, now: datetime) -> Proven:
    """The link signs in for as long as a sign-in link would, unless the person has signed out everywhere since."""
    is_new = now < request.submitted_at + VERIFICATION_TIME
    was_ended = profile.signed_out_at is not None and profile.signed_out_at >= request.submitted_at
    who = SignedIn(request.client.id, profile.epoch) if is_new and not was_ended else None
    return Proven(seen(request, now), who)
