"""Whether a client may have a time, and which others are near when not."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from openhour.application.errors import InvalidInputError, SlotTakenError, UnknownProviderError
from openhour.application.offers import check_offered
from openhour.application.ports.requests import Requests
from openhour.domain.ledger import Days, instant_of, minute_of
from openhour.domain.requests import Request
from openhour.domain.slots import Verdict, Wanted, free_starts, judge, nearest
from openhour.domain.values import Provider, SelfSchedule

ALTERNATIVES = 5
_ALTERNATIVE_DAYS = timedelta(days=7)
_DAY = timedelta(days=1)

REFUSALS = {
    Verdict.OFF_GRID: "No session starts at this minute. Choose one of the starts that the slot lookup lists.",
    Verdict.OUTSIDE_HOURS: "The provider does not see clients then. Choose one of the starts that the lookup lists.",
    Verdict.TOO_SOON: "This is too soon for the provider to answer. Choose a later time.",
    Verdict.BEYOND_HORIZON: "This is further ahead than can be booked. Choose an earlier date.",
    Verdict.NOT_OFFERED: "The provider does not offer this. Choose one of the starts that the slot lookup lists.",
}


def reason_of(verdict: Verdict) -> str:
    """What programs are told of it: `outside-hours`."""
    return verdict.replace("_", "-")


def utc_date(start: datetime) -> date:
    """The UTC date of an aware instant: the ledger that it belongs to."""
    return start.astimezone(UTC).date()


def wanted_of(request: Request) -> Wanted:
    """What the request asks for."""
    return Wanted(request.service.id, request.location.id, request.forum)


def bookable(provider: Provider | None, wanted: Wanted) -> Provider:
    """The provider, if clients may ask for this. Raises UnknownProviderError and InvalidInputError."""
    if provider is None or provider.self_schedule is SelfSchedule.OFF:
        raise UnknownProviderError
    check_offered(provider, wanted)
    return provider


def check_free(
    provider: Provider,
    wanted: Wanted,
    start: datetime,
    days: Days,
    now: datetime,
    requests: Requests,
    ignoring: Collection[str] = (),
) -> None:
    """Raise SlotTakenError with the nearest free starts, or InvalidInputError that says why it can never be had.

    `ignoring` are the requests whose own time does not stand in the way.
    """
    if start.second or start.microsecond:
        raise refusal(Verdict.OFF_GRID)
    entries = days.live_entries(int(now.timestamp()), ignoring)
    verdict = judge(provider, wanted, minute_of(start), entries, days.external, now)
    if verdict in {Verdict.TAKEN, Verdict.DAY_FULL}:
        raise SlotTakenError(_alternatives(provider, wanted, start, now, requests, ignoring))
    if verdict is not Verdict.FREE:
        raise refusal(verdict)


def refusal(verdict: Verdict) -> InvalidInputError:
    """What a start is refused with that nobody can have."""
    return InvalidInputError({"start": REFUSALS[verdict]}, reason_of(verdict))


def _alternatives(
    provider: Provider, wanted: Wanted, start: datetime, now: datetime, requests: Requests, ignoring: Collection[str]
) -> Sequence[datetime]:
    first, last = start - _ALTERNATIVE_DAYS, start + _ALTERNATIVE_DAYS
    starts = free_between(provider, wanted, first, last, now, requests, ignoring)
    return [instant_of(free) for free in nearest(starts, minute_of(start), ALTERNATIVES)]


def free_between(
    provider: Provider,
    wanted: Wanted,
    first: datetime,
    last: datetime,
    now: datetime,
    requests: Requests,
    ignoring: Collection[str] = (),
) -> list[int]:
    """The free starts from `first` up to `last` as UTC epoch minutes. 1 call."""
    days = requests.days(provider.id, (first - _DAY).date(), (last + _DAY).date())
    entries = days.live_entries(int(now.timestamp()), ignoring)
    return free_starts(provider, wanted, entries, days.external, now, minute_of(first), minute_of(last))
