"""A request and what happens to it: pure functions from one state to the next."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from openhour.domain.errors import NotPossibleError, TooEarlyError, TooLateError
from openhour.domain.reminders import before_deadline, before_session
from openhour.domain.transitions import TABLE, Action, Actor, Guard, MailKind, Reader, Status, Transition
from openhour.domain.values import Forum, Location, Service


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks. `id` is a keyed hash of the address; `time_zone` is an IANA name, `locale` a language tag."""

    id: str
    name: str
    email: str
    time_zone: str
    phone: str | None = None
    locale: str = "en"


NOBODY = Client(id="", name="", email="", time_zone="UTC")
"""The client of a request that has been made anonymous."""


@dataclass(frozen=True, slots=True)
class ProviderCard:
    """What a request remembers of its provider. `telehealth_url` is shown only once the request is confirmed."""

    id: str
    name: str
    time_zone: str
    telehealth_url: str | None = None
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Attendee:
    """Whom the session is for, when that is not the client: `guardian` says that the client answers for them."""

    name: str
    guardian: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The practice's rules as they were when it was asked for.

    `cancellation_notice` in minutes: a client who cancels later than that before the start is marked late.
    `session_reminder` is how many minutes before the start the client is reminded, None for never.
    """

    cancellation_notice: int = 24 * 60
    session_reminder: int | None = None
    answer_reminders: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A client's wish for a time with a provider (FHIR Appointment). All instants are aware and UTC.

    `version` rises at every transition (optimistic lock, event number, iCalendar SEQUENCE), `revision` when what is
    asked for changes. `service`, `location` and `provider` are as they were when it was asked for. `deadline` is set
    while the request is open. `uid` is the iCalendar UID: the id of the first request in a chain of replacements.
    `replaces` is the confirmed request that this one would take the place of, `replaces_start` when that one starts.
    `offered` are the starts that the provider offers instead, all of them held. `changes` counts the client's changes.
    `proven` says that whoever made it has shown that the address is theirs: only then it counts against the client's
    limits, and mails to them may repeat what was typed.
    `late` marks a cancellation after the notice. `undeliverable` says that the client's mail came back.
    `anonymised_at` is when everything personal was taken out of it; from then on nothing happens to it any more.
    """

    id: str
    body_hash: str
    client: Client
    provider: ProviderCard
    location: Location
    forum: Forum
    service: Service
    start: datetime
    submitted_at: datetime
    status: Status
    status_at: datetime
    version: int
    revision: int
    uid: str
    deadline: datetime | None = None
    note: str | None = None
    reason: str | None = None
    changes: int = 0
    offered: tuple[datetime, ...] = ()
    replaces: str | None = None
    replaces_start: datetime | None = None
    attendee: Attendee | None = None
    proven: bool = True
    terms: Terms = Terms()
    cancelled_by: Actor | None = None
    late: bool = False
    undeliverable: bool = False
    anonymised_at: datetime | None = None

    @property
    def end(self) -> datetime:
        """When the session ends."""
        return self.start + timedelta(minutes=self.service.duration)

    @property
    def calendar_uid(self) -> str:
        """The UID of its calendar files (RFC 5545, section 3.8.4.7): the same over a chain of replacements."""
        return f"{self.uid}@openhour"

    @property
    def free_to_cancel_until(self) -> datetime:
        """Until when a client's cancellation is not late."""
        return self.start - timedelta(minutes=self.terms.cancellation_notice)

    @property
    def over_at(self) -> datetime | None:
        """From when on nothing more comes of it: its session's end if it was ever confirmed, else its last transition.

        None while it is open.
        """
        if self.status.is_open:
            return None
        return self.end if self.status in _WERE_CONFIRMED else self.status_at

    def status_now(self, now: datetime) -> Status:
        """The status that counts: an open request at its deadline has expired, whether or not a job wrote it down."""
        if self.status.is_open and self.deadline is not None and now >= self.deadline:
            return Status.EXPIRED
        return self.status


_WERE_CONFIRMED = frozenset({Status.CONFIRMED, Status.CANCELLED, Status.REPLACED})


@dataclass(frozen=True, slots=True)
class Event:
    """That a transition happened: ids, type and instants only, nothing personal."""

    type: str
    request: str
    provider: str
    version: int
    revision: int
    status: Status
    at: datetime
    start: datetime


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that a transition owes to a reader. It is overtaken once status or revision have moved on.

    `due` is when it shall go out. `number` is 0 for what the transition tells at once, and counts the reminders of a
    version from 1.
    """

    request: str
    version: int
    reader: Reader
    kind: MailKind
    status: Status
    revision: int
    due: datetime
    number: int = 0

    def overtaken_by(self, request: Request, now: datetime) -> bool:
        """Whether the request has moved on, so that this mail would tell its reader something that is not so."""
        moved_on = request.status_now(now) is not self.status or request.revision != self.revision
        return moved_on or request.anonymised_at is not None


@dataclass(frozen=True, slots=True)
class Step:
    """One transition of one request, ready to be written: the state before and after, and the row that allows it."""

    transition: Transition
    before: Request | None
    after: Request

    @property
    def event(self) -> Event:
        """The event of this step."""
        now = self.after
        return Event(
            type=self.transition.event,
            request=now.id,
            provider=now.provider.id,
            version=now.version,
            revision=now.revision,
            status=now.status,
            at=now.status_at,
            start=now.start,
        )

    @property
    def mails(self) -> tuple[Mail, ...]:
        """The mails this step owes: at once, and reminders later."""
        at_once = tuple(self._mail(reader, kind, self.after.status_at) for reader, kind in self.transition.mails)
        return at_once + self._reminders()

    def _reminders(self) -> tuple[Mail, ...]:
        now = self.after
        if self.transition.source is self.transition.target and not self.transition.revises:
            return ()  # what was owed before still is
        if now.status is Status.PENDING and now.terms.answer_reminders and now.deadline is not None:
            dues = before_deadline(now.status_at, now.deadline, now.provider.time_zone)
            return self._numbered(Reader.PROVIDER, MailKind.ANSWER_REMINDER, dues)
        if now.status is Status.CONFIRMED and now.terms.session_reminder is not None:
            dues = before_session(now.status_at, now.start, now.terms.session_reminder, now.client.time_zone)
            return self._numbered(Reader.CLIENT, MailKind.SESSION_REMINDER, dues)
        return ()

    def _numbered(self, reader: Reader, kind: MailKind, dues: tuple[datetime, ...]) -> tuple[Mail, ...]:
        return tuple(self._mail(reader, kind, due, number) for number, due in enumerate(dues, start=1))

    def _mail(self, reader: Reader, kind: MailKind, due: datetime, number: int = 0) -> Mail:
        now = self.after
        return Mail(now.id, now.version, reader, kind, now.status, now.revision, due, number)


def row(action: Action, actor: Actor, source: Status | None, target: Status | None = None) -> Transition:
    """The row of the table for an action. Raises NotPossibleError when there is none."""
    for transition in TABLE:
        if (transition.action, transition.actor, transition.source) == (action, actor, source) and (
            target is None or transition.target is target
        ):
            return transition
    raise NotPossibleError(action, source)


def submitted(request: Request) -> Step:
    """The first step of a new request, into the status it was built with."""
    return Step(row(Action.SUBMIT, Actor.CLIENT, None, request.status), None, request)


def take(
    request: Request, action: Action, actor: Actor, now: datetime, reason: str | None = None, **changes: Any
) -> Step:
    """The step that `action` is at `now`. `changes` are further fields of the request that it sets.

    Raises NotPossibleError when the table has no row for it or the request has been made anonymous, TooLateError or
    TooEarlyError when its time is not now.
    """
    transition = row(action, actor, request.status)
    if request.anonymised_at is not None:
        raise NotPossibleError(action, request.status)
    _check_time(transition, request, now)
    target = transition.target
    fields: dict[str, Any] = {
        "status": target,
        "status_at": now,
        "version": request.version + 1,
        "revision": request.revision + transition.revises,
        "deadline": request.deadline if target.is_open else None,
        "offered": request.offered if target is Status.OFFERED else (),
        "reason": reason,
    }
    return Step(transition, request, replace(request, **(fields | changes)))


def cancel(request: Request, actor: Actor, now: datetime, reason: str | None = None) -> Step:
    """The step that cancels an appointment; a client's is marked late after the notice. Raises as `take` does."""
    late = actor is Actor.CLIENT and now > request.free_to_cancel_until
    return take(request, Action.CANCEL, actor, now, reason, cancelled_by=actor, late=late)


def lapse(request: Request, now: datetime) -> Step:
    """The step that expires a request. Raises as `take` does.

    One whose address nobody proved never reached its provider, and nothing that was written into it is kept.
    """
    step = take(request, Action.EXPIRE, Actor.SYSTEM, now)
    return replace(step, after=anonymised(step.after, now)) if request.status is Status.UNVERIFIED else step


def anonymised(request: Request, now: datetime) -> Request:
    """The request without anything that is of a person: who asked, for whom, and what client and provider wrote.

    What stays: ids, provider, place, service, times, status and versions. The hash of the body goes too: a body can be
    guessed.
    """
    return replace(
        request,
        body_hash="",
        client=NOBODY,
        note=None,
        reason=None,
        attendee=None,
        undeliverable=False,
        anonymised_at=now,
    )


def _check_time(transition: Transition, request: Request, now: datetime) -> None:
    past_deadline = request.status_now(now) is not request.status
    if transition.guard is Guard.BEFORE_DEADLINE and past_deadline:
        raise TooLateError(transition.action, request.status)
    if transition.guard is Guard.FROM_DEADLINE and not past_deadline:
        raise TooEarlyError(transition.action, request.status)
    if transition.guard is Guard.BEFORE_START and now >= request.start:
        raise TooLateError(transition.action, request.status)
