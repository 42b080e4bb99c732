"""A client asks for an appointment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from openhour.application.admission import Admission, Caller
from openhour.application.attempts import persistently
from openhour.application.client.standing import check_standing
from openhour.application.errors import KeyReusedError, SignedOutError
from openhour.application.free_time import bookable, check_free, utc_date
from openhour.application.own_time import check_own_time
from openhour.application.ports.clock import Clock
from openhour.application.ports.contention import Pause
from openhour.application.ports.identity import Identity
from openhour.application.ports.requests import Requests, Submission
from openhour.application.signed_in import SignedIn
from openhour.domain.booking import ledger_change
from openhour.domain.clients import asks_for_proof
from openhour.domain.deadlines import Hold, deadline, verification_deadline
from openhour.domain.requests import Attendee, Client, ProviderCard, Request, Terms, submitted
from openhour.domain.slots import Wanted
from openhour.domain.transitions import Status
from openhour.domain.values import Practice, Provider


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, as written. `time_zone` is an IANA name, None for the provider's, `locale` None for the practice's.

    `attendee` is whom the session is for, when that is somebody else. `signed_in` is whose sign-in came with the
    submission: nothing else shows that the address is theirs.
    """

    name: str
    email: str
    phone: str | None = None
    time_zone: str | None = None
    locale: str | None = None
    attendee: Attendee | None = None
    signed_in: SignedIn | None = None


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
    admission: Admission

    def submit(self, wish: Wish, person: Person, key: Key, caller: Caller) -> Request:
        """The request that this key stands for: a new one, or the one that was made under it before.

        Raises KeyReusedError, UnknownProviderError, InvalidInputError, KnownClientsOnlyError, SignedOutError,
        TooManyOpenRequestsError, TooManyRequestsError, ProofNeededError, OwnConflictError, SlotTakenError with the
        nearest free starts, and TryAgainLaterError when the store stays contended; no request is written then.
        """
        request_id = self.identity.request_id(person.email, key.text)
        # However often the store makes us try, the caller asked once.
        admit = cache(lambda: self.admission.admit(caller, request_id, self.clock.now()))
        return persistently(lambda: self._attempt(request_id, wish, person, key, admit), self.pause)

    def validate(self, wish: Wish, email: str | None, signed_in: SignedIn | None = None) -> Preview:
        """Check without writing; how a client stands only where they are signed in. Raises as `submit` does."""
        return persistently(lambda: self._look(wish, email, signed_in), self.pause)

    def _attempt(self, request_id: str, wish: Wish, person: Person, key: Key, admit: Callable[[], None]) -> Request:
        client_id = self.identity.client_id(person.email)
        seen, proven = self._seen(request_id, wish, client_id, person.signed_in)
        if seen.request is not None:
            return _replayed(seen.request, key)
        now = self.clock.now()
        status = _first_status(seen, proven, now)
        provider = self._checked(wish, seen, proven, now)
        until = self._deadline(status, wish, provider, now)
        request = _build(wish, person, key, (request_id, client_id), (seen.practice, provider), status, until, now)
        if not proven:
            admit()
        step = submitted(replace(request, proven=proven))
        self.requests.commit(step, ledger_change(None, step.after, seen.days, now), seen.agenda)
        return step.after

    def _look(self, wish: Wish, email: str | None, signed_in: SignedIn | None) -> Preview:
        client_id = None if email is None else self.identity.client_id(email)
        seen, proven = self._seen(None, wish, client_id, signed_in)
        now = self.clock.now()
        status = _first_status(seen, proven, now)
        provider = self._checked(wish, seen, proven, now)
        end = wish.start + timedelta(minutes=provider.services[wish.wanted.service].duration)
        return Preview(status, wish.start, end, self._deadline(status, wish, provider, now))

    def _seen(
        self, request_id: str | None, wish: Wish, client_id: str | None, signed_in: SignedIn | None
    ) -> tuple[Submission, bool]:
        """What the submission looks at, and whether a sign-in shows that the address is theirs.

        Without one nothing is read of the client, so that not even the time it takes says who they are. Raises
        SignedOutError.
        """
        own = signed_in if signed_in is not None and signed_in.client == client_id else None
        asked = None if own is None else own.client
        seen = self.requests.submission(request_id, asked, wish.provider, utc_date(wish.start))
        if own is not None and own.epoch != seen.profile.epoch:
            raise SignedOutError
        return seen, own is not None

    def _checked(self, wish: Wish, seen: Submission, proven: bool, now: datetime) -> Provider:
        provider = bookable(seen.provider, wish.wanted)
        if proven:
            check_own_time(seen.agenda, wish.start, provider.services[wish.wanted.service].duration, now)
        check_free(provider, wish.wanted, wish.start, seen.days, now, self.requests)
        return provider

    def _deadline(self, status: Status, wish: Wish, provider: Provider, now: datetime) -> datetime:
        lead = provider.rules.answer_lead
        if status is Status.UNVERIFIED:
            return verification_deadline(now, wish.start, lead)
        return deadline(now, wish.start, self.hold, lead, provider.time_zone)


def terms_of(practice: Practice | None) -> Terms:
    """The practice's rules that a request remembers."""
    if practice is None:
        return Terms()
    return Terms(practice.cancellation_notice, practice.client_reminder, practice.provider_reminders)


def card_of(provider: Provider) -> ProviderCard:
    """What a request remembers of its provider."""
    return ProviderCard(provider.id, provider.name, provider.time_zone, provider.telehealth_url, provider.locale)


def _first_status(seen: Submission, proven: bool, now: datetime) -> Status:
    """How the client stands counts only where the address is proven: nobody else learns it, or uses up their limits."""
    if proven:
        check_standing(seen.practice, seen.profile, seen.agenda, now)
        return Status.PENDING
    return Status.UNVERIFIED if asks_for_proof(seen.practice) else Status.PENDING


def _build(
    wish: Wish,
    person: Person,
    key: Key,
    ids: tuple[str, str],
    sides: tuple[Practice | None, Provider],
    status: Status,
    until: datetime,
    now: datetime,
) -> Request:
    request_id, client_id = ids
    practice, provider = sides
    return Request(
        id=request_id,
        body_hash=key.body_hash,
        client=Client(
            id=client_id,
            name=person.name,
            email=person.email,
            time_zone=person.time_zone or provider.time_zone,
            phone=person.phone,
            locale=person.locale or (practice.locale if practice else "en"),
        ),
        provider=card_of(provider),
        location=provider.locations[wish.wanted.location],
        forum=wish.wanted.forum,
        service=replace(provider.services[wish.wanted.service], description=None),
        start=wish.start.astimezone(UTC),
        submitted_at=now,
        status=status,
        status_at=now,
        version=1,
        revision=1,
        uid=request_id,
        deadline=until,
        note=wish.note,
        attendee=person.attendee,
        terms=terms_of(practice),
    )


def _replayed(request: Request, key: Key) -> Request:
    if request.body_hash != key.body_hash:
        raise KeyReusedError
    return request
