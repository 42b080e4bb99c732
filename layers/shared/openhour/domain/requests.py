"""A request and what happens to it: pure functions from one state to the next."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from openhour.domain.errors import NotPossibleError, TooEarlyError, TooLateError
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


@dataclass(frozen=True, slots=True)
class ProviderCard:
    """What a request remembers of its provider. `telehealth_url` is shown only once the request is confirmed."""

    id: str
    name: str
    time_zone: str
    telehealth_url: str | None = None
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Request:
    """A client's wish for a time with a provider (FHIR Appointment). All instants are aware and UTC.

    `version` rises at every transition (optimistic lock, event number, iCalendar SEQUENCE), `revision` when what is
    asked for changes. `service`, `location` and `provider` are as they were when it was asked for. `deadline` is set
    while the request is open. `uid` is the iCalendar UID: the id of the first request in a chain of replacements.
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

    @property
    def end(self) -> datetime:
        """When the session ends."""
        return self.start + timedelta(minutes=self.service.duration)

    def status_now(self, now: datetime) -> Status:
        """The status that counts: an open request at its deadline has expired, whether or not a job wrote it down."""
        if self.status.is_open and self.deadline is not None and now >= self.deadline:
            return Status.EXPIRED
        return self.status


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
    """A mail that a transition owes to a reader. It is overtaken once status or revision have moved on."""

    request: str
    version: int
    reader: Reader
    kind: MailKind
    status: Status
    revision: int

    def overtaken_by(self, request: Request, now: datetime) -> bool:
        """Whether the request has moved on, so that this mail would tell its reader something that is not so."""
        return request.status_now(now) is not self.status or request.revision != self.revision


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
        """The mails this step owes."""
        now = self.after
        return tuple(
            Mail(now.id, now.version, reader, kind, now.status, now.revision) for reader, kind in self.transition.mails
        )


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


def take(request: Request, action: Action, actor: Actor, now: datetime, reason: str | None = None) -> Step:
    """The step that `action` is at `now`.

    Raises NotPossibleError when the table has no row for it, TooLateError or TooEarlyError when its time is not now.
    """
    transition = row(action, actor, request.status)
    _check_time(transition, request, now)
    after = replace(
        request,
        status=transition.target,
        status_at=now,
        version=request.version + 1,
        revision=request.revision + transition.revises,
        deadline=request.deadline if transition.target.is_open else None,
        reason=reason,
    )
    return Step(transition, request, after)


def _check_time(transition: Transition, request: Request, now: datetime) -> None:
    past_deadline = request.status_now(now) is not request.status
    if transition.guard is Guard.BEFORE_DEADLINE and past_deadline:
        raise TooLateError(transition.action, request.status)
    if transition.guard is Guard.FROM_DEADLINE and not past_deadline:
        raise TooEarlyError(transition.action, request.status)
    if transition.guard is Guard.BEFORE_START and now >= request.start:
        raise TooLateError(transition.action, request.status)
