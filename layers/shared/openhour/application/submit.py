"""A client asks for an appointment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from openhour.application.attempts import persistently
from openhour.application.errors import (
    InvalidInputError,
    KeyReusedError,
    SlotTakenError,
    TooManyOpenRequestsError,
    UnknownProviderError,
)
from openhour.application.ports import Clock, Identity, Pause, Requests, Submission
from openhour.application.slot_lookup import check_offered
from openhour.domain.booking import ledger_change
from openhour.domain.deadlines import Hold, deadline
from openhour.domain.ledger import Entry, instant_of, minute_of
from openhour.domain.requests import Client, ProviderCard, Request, submitted
from openhour.domain.slots import Verdict, Wanted, free_starts, judge, nearest
from openhour.domain.transitions import Status
from openhour.domain.values import Practice, Provider, SelfSchedule

ALTERNATIVES = 5
_ALTERNATIVE_DAYS = timedelta(days=7)

_REFUSALS = {
    Verdict.OFF_GRID: "No session starts at this minute. Choose one of the starts that the slot lookup lists.",
    Verdict.OUTSIDE_HOURS: "The provider does not see clients then. Choose one of the starts that the lookup lists.",
    Verdict.TOO_SOON: "This is too soon for the provider to answer. Choose a later time.",
    Verdict.BEYOND_HORIZON: "This is further ahead than can be booked. Choose an earlier date.",
    Verdict.NOT_OFFERED: "The provider does not offer this. Choose one of the starts that the slot lookup lists.",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, as written. `time_zone` is an IANA name, None for the provider's."""

    name: str
    email: str
    phone: str | None = None
    time_zone: str | None = None
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `start` is an aware instant."""

    provider: str
    wanted: Wanted
    start: datetime
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """The caller's idempotency key and a hash of the body it came with."""

    text: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a submission would be, were it made now."""

    status: Status
    start: datetime
    end: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Submitting:
    """The use case with its ports: submit a request, or only validate one."""

    requests: Requests
    identity: Identity
    clock: Clock
    hold: Hold
    pause: Pause

    def submit(self, wish: Wish, person: Person, key: Key) -> Request:
        """The request that this key stands for: a new one, or the one that was made under it before.

        Raises KeyReusedError, UnknownProviderError, InvalidInputError, TooManyOpenRequestsError, SlotTakenError with
        the nearest free starts, and TryAgainLaterError when the store stays contended; nothing is written then.
        """
        return persistently(lambda: self._attempt(wish, person, key), self.pause)

    def validate(self, wish: Wish, email: str | None) -> Preview:
        """Check without writing; limits of the person only where an address is given. Raises as `submit` does."""
        return persistently(lambda: self._look(wish, email), self.pause)

    def _attempt(self, wish: Wish, person: Person, key: Key) -> Request:
        request_id = self.identity.request_id(person.email, key.text)
        client_id = self.identity.client_id(person.email)
        seen = self.requests.submission(request_id, client_id, wish.provider, _utc_date(wish))
        if seen.request is not None:
            return _replayed(seen.request, key)
        now = self.clock.now()
        request = self._build(wish, person, key, request_id, client_id, self._checked(wish, seen, now), now)
        step = submitted(request)
        self.requests.commit(step, ledger_change(None, request, seen.days, now), seen.open_requests)
        return request

    def _look(self, wish: Wish, email: str | None) -> Preview:
        client_id = None if email is None else self.identity.client_id(email)
        seen = self.requests.submission(None, client_id, wish.provider, _utc_date(wish))
        now = self.clock.now()
        provider = self._checked(wish, seen, now)
        end = wish.start + timedelta(minutes=provider.services[wish.wanted.service].duration)
        return Preview(Status.PENDING, wish.start, end, self._deadline(wish, provider, now))

    def _checked(self, wish: Wish, seen: Submission, now: datetime) -> Provider:
        provider = seen.provider
        if provider is None or provider.self_schedule is SelfSchedule.OFF:
            raise UnknownProviderError
        check_offered(provider, wish.wanted)
        _check_limit(seen, now)
        self._check_free(wish, provider, seen, now)
        return provider

    def _check_free(self, wish: Wish, provider: Provider, seen: Submission, now: datetime) -> None:
        if wish.start.second or wish.start.microsecond:
            raise InvalidInputError({"start": _REFUSALS[Verdict.OFF_GRID]})
        entries = seen.days.live_entries(int(now.timestamp()))
        verdict = judge(provider, wish.wanted, minute_of(wish.start), entries, seen.days.external, now)
        if verdict in {Verdict.TAKEN, Verdict.DAY_FULL}:
            raise SlotTakenError(self._alternatives(wish, provider, now))
        if verdict is not Verdict.FREE:
            raise InvalidInputError({"start": _REFUSALS[verdict]})

    def _alternatives(self, wish: Wish, provider: Provider, now: datetime) -> Sequence[datetime]:
        first, last = wish.start - _ALTERNATIVE_DAYS, wish.start + _ALTERNATIVE_DAYS
        day = timedelta(days=1)
        days = self.requests.days(provider.id, (first - day).date(), (last + day).date())
        entries: list[Entry] = days.live_entries(int(now.timestamp()))
        starts = free_starts(provider, wish.wanted, entries, days.external, now, minute_of(first), minute_of(last))
        return [instant_of(start) for start in nearest(starts, minute_of(wish.start), ALTERNATIVES)]

    def _deadline(self, wish: Wish, provider: Provider, now: datetime) -> datetime:
        return deadline(now, wish.start, self.hold, provider.rules.answer_lead, provider.time_zone)

    def _build(
        self, wish: Wish, person: Person, key: Key, request_id: str, client_id: str, provider: Provider, now: datetime
    ) -> Request:
        return Request(
            id=request_id,
            body_hash=key.body_hash,
            client=Client(
                id=client_id,
                name=person.name,
                email=person.email,
                time_zone=person.time_zone or provider.time_zone,
                phone=person.phone,
                locale=person.locale,
            ),
            provider=ProviderCard(
                provider.id, provider.name, provider.time_zone, provider.telehealth_url, provider.locale
            ),
            location=provider.locations[wish.wanted.location],
            forum=wish.wanted.forum,
            service=replace(provider.services[wish.wanted.service], description=None),
            start=wish.start.astimezone(UTC),
            submitted_at=now,
            status=Status.PENDING,
            status_at=now,
            version=1,
            revision=1,
            uid=request_id,
            deadline=self._deadline(wish, provider, now),
            note=wish.note,
        )


def _utc_date(wish: Wish) -> date:
    return wish.start.astimezone(UTC).date()


def _replayed(request: Request, key: Key) -> Request:
    if request.body_hash != key.body_hash:
        raise KeyReusedError
    return request


def _check_limit(seen: Submission, now: datetime) -> None:
    practice: Practice | None = seen.practice
    if practice is not None and seen.open_requests.live(now) >= practice.max_open_requests:
        raise TooManyOpenRequestsError(practice.max_open_requests)
