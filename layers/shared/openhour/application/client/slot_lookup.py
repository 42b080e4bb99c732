"""Which starts are free: one provider, or any."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openhour.application.errors import InvalidInputError, UnknownProviderError
from openhour.application.offers import check_offered, offers
from openhour.application.ports.clock import Clock
from openhour.application.ports.directory import Directory
from openhour.domain.ledger import Days, Entry, minute_of
from openhour.domain.slots import Case, Wanted, free_starts, free_starts_of_all
from openhour.domain.values import Provider, SelfSchedule

MOST_DAYS = 62
MOST_DAYS_OF_ALL = 14
MOST_PROVIDERS = 50


@dataclass(frozen=True, slots=True)
class SlotQuery:
    """What is asked for: dates are inclusive and local to `time_zone` (None: the provider's, or UTC for any)."""

    wanted: Wanted
    first: date
    last: date
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class FreeSlots:
    """Free starts as sorted UTC epoch minutes; `by_provider` only when any provider was asked for."""

    starts: Sequence[int]
    duration: int
    time_zone: str
    by_provider: Mapping[str, Sequence[int]] | None = None


@dataclass(frozen=True, slots=True)
class _Range:
    first: int
    last: int
    first_day: date
    last_day: date


def slots_of_provider(
    provider_id: str, query: SlotQuery, directory: Directory, clock: Clock, ignoring: Collection[str] = ()
) -> FreeSlots:
    """The free starts of one provider; `ignoring` are the requests whose own time does not stand in the way.

    Raises UnknownProviderError for one who is not there or `off`, InvalidInputError for a service, location or forum
    that this provider does not offer, and for more than 62 dates.
    """
    _check_length(query, MOST_DAYS)
    provider = directory.provider(provider_id)
    if provider is None or provider.self_schedule is SelfSchedule.OFF:
        raise UnknownProviderError
    check_offered(provider, query.wanted)
    now = clock.now()
    zone = query.time_zone or provider.time_zone
    span = _range(query, zone, now, (provider,))
    duration = provider.services[query.wanted.service].duration
    if span is None:
        return FreeSlots((), duration, zone)
    days = directory.days(provider.id, span.first_day, span.last_day)
    starts = free_starts(provider, query.wanted, *_busy(days, now, ignoring), now, span.first, span.last)
    return FreeSlots(starts, duration, zone)


def slots_of_any(query: SlotQuery, directory: Directory, clock: Clock) -> FreeSlots:
    """The free starts of all public providers who offer what is wanted, and whose they are.

    Raises InvalidInputError when nobody offers it, for more than 14 dates, or when more than 50 providers do.
    """
    _check_length(query, MOST_DAYS_OF_ALL)
    practice, everyone = directory.providers()
    providers = [provider for provider in everyone if _offers(provider, query.wanted)]
    if not providers:
        raise InvalidInputError({"service": "Nobody offers this service at this location in this forum."})
    if len(providers) > MOST_PROVIDERS:
        raise InvalidInputError({"service": "More than 50 providers offer this. Ask for one provider's slots instead."})
    now = clock.now()
    zone = query.time_zone or (practice.time_zone if practice else "UTC")
    duration = max(provider.services[query.wanted.service].duration for provider in providers)
    span = _range(query, zone, now, providers)
    if span is None:
        return FreeSlots((), duration, zone, {})
    days = directory.days_of_all([provider.id for provider in providers], span.first_day, span.last_day)
    cases = [Case(provider, query.wanted, *_busy(days[provider.id], now)) for provider in providers]
    free = free_starts_of_all(cases, now, span.first, span.last)
    return FreeSlots(free.union, duration, zone, free.by_provider())


def _offers(provider: Provider, wanted: Wanted) -> bool:
    return provider.self_schedule is SelfSchedule.PUBLIC and (
        (wanted.location, wanted.forum, wanted.service) in offers(provider)
    )


def _check_length(query: SlotQuery, most: int) -> None:
    if query.last < query.first:
        raise InvalidInputError({"to": "`to` must not lie before `from`."})
    if (query.last - query.first).days >= most:
        raise InvalidInputError({"to": f"Ask for at most {most} dates at a time."})


def _range(query: SlotQuery, zone: str, now: datetime, providers: Sequence[Provider]) -> _Range | None:
    """The minutes asked for, and the UTC dates whose ledgers matter; None when nothing there can be booked."""
    today = now.date()
    horizon = max(provider.services[query.wanted.service].horizon_days for provider in providers)
    first = max(query.first, today - timedelta(days=2))
    last = min(query.last, today + timedelta(days=horizon + 2))
    if last < first:
        return None
    start, end = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    first_day = start.astimezone(UTC).date() - timedelta(days=1)
    last_day = end.astimezone(UTC).date() + timedelta(days=1)
    return _Range(minute_of(start), minute_of(end), first_day, last_day)


def _midnight(local: date, zone: str) -> datetime:
    """The first instant of a local date: a midnight that a change skips moves forward (RFC 5545, section 3.3.5)."""
    return datetime.combine(local, time(), ZoneInfo(zone))


def _busy(days: Days, now: datetime, ignoring: Collection[str] = ()) -> tuple[list[Entry], tuple[tuple[int, int], ...]]:
    return days.live_entries(int(now.timestamp()), ignoring), days.external
