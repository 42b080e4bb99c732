"""Events and mails against the request they belong to: what happened, and what was owed for it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from openhour.adapters import keys
from openhour.adapters.dynamodb.outbox import LEASE
from openhour.application.ports.outbox import REPUBLISHED_AFTER
from openhour.domain.requests import Event, Mail, Request, Step, submitted
from openhour.domain.transitions import TABLE, Action, Status, Transition
from operate.repair.differences import Difference, OweMail, PublishMail, SettleMail, SupersedeMail
from operate.repair.standing import Standing, StoredMail

LONG_AGO = timedelta(hours=1)
"""How far a lease must lie back before its sender is taken for dead, and a mail's publication ahead to be too late."""

FAR_TOO_LONG = timedelta(days=1)
"""How long a mail may be due before a person should look at it; the queue gives up on it long before that."""

_UNSENT = frozenset({"due", "leased"})
_SETTLED = frozenset({"sent", "superseded"})


def history_differences(standing: Standing, request: Request, now: datetime) -> Iterator[Difference]:
    """What is wrong with the events and the mails of a request at `now` (aware)."""
    events = standing.events.get(request.id, {})
    mails = standing.mails.get(request.id, {})
    begin = _begin(request, events)
    for difference in (*_events(request, events, begin), *_mails(request, events, mails, begin, now)):
        if difference.key not in standing.unreadable:
            yield difference


# Events


def _begin(request: Request, events: Mapping[int, Event]) -> int | None:
    """The version that the request began with: 1, or one more than that of the appointment it would replace.

    None: the event that says so is missing.
    """
    if request.replaces is None:
        return 1
    first = min(events, default=0)
    began = submitted(replace(request, status=Status.PENDING)).transition.event
    return first if first and events[first].type == began else None


def _events(request: Request, events: Mapping[int, Event], begin: int | None) -> Iterator[Difference]:
    forever = "stays: history cannot be invented; a backup may have it"
    if begin is None:
        yield Difference(request.id, keys.request(request.id), "the event that it began with is missing", forever)
    for version in range(begin or min(events, default=request.version), request.version + 1):
        if version not in events:
            wrong = "the event is missing, so that no mail of its version can be published again"
            yield Difference(request.id, keys.event(request.id, version), wrong, forever)
    for version in sorted(events):
        if version > request.version:
            wrong = f"the event is ahead of its request, which has version {request.version}"
            remedy = "needs a person's decision: the request may have come from an old backup"
            yield Difference(request.id, keys.event(request.id, version), wrong, remedy)
    last = events.get(request.version)
    if last is not None and (names := _fields(last, request)):
        remedy = "needs a person's decision: the request has changed past its history"
        yield Difference(
            request.id, keys.event(request.id, last.version), f"its {names} differs from the request", remedy
        )


def _fields(event: Event, request: Request) -> str:
    wanted = {
        "provider": request.provider.id,
        "revision": request.revision,
        "status": request.status,
        "at": request.status_at,
        "start": request.start,
    }
    return ", ".join(name for name, value in wanted.items() if getattr(event, name) != value)


# Mails


def _mails(
    request: Request,
    events: Mapping[int, Event],
    mails: Mapping[keys.Key, StoredMail],
    begin: int | None,
    now: datetime,
) -> Iterator[Difference]:
    for version, event in sorted(events.items()):
        transition = _transition(event, events, begin, request)
        if version <= request.version and transition is not None:
            yield from _mails_of(request, event, transition, mails, now)
    for key, stored in sorted(mails.items()):
        if stored.mail.version > request.version:
            remedy = "needs a person's decision: the request may have come from an old backup"
            yield Difference(request.id, key, "the mail is ahead of its request", remedy)
        elif (difference := _state_difference(stored, request, now)) is not None:
            yield difference


def _transition(event: Event, events: Mapping[int, Event], begin: int | None, request: Request) -> Transition | None:
    """The row of the table that an event was; None where what is left does not tell which mails it owed."""
    before = events.get(event.version - 1)
    rows = [
        row
        for row in TABLE
        if (row.event, row.target) == (event.type, event.status)
        and (row.source is None) == (event.version == begin)
        and (before is None or row.source in {None, before.status})
        and (row.action is not Action.CANCEL or row.actor is request.cancelled_by)
    ]
    return rows[0] if rows and all(row.mails == rows[0].mails for row in rows) else None


def _mails_of(
    request: Request, event: Event, transition: Transition, mails: Mapping[keys.Key, StoredMail], now: datetime
) -> Iterator[Difference]:
    """What one transition owed, compared with what is there.

    While status and revision are what it brought, the request tells all of it; later on, or without the deadline that
    reminders go by, only what it told at once.
    """
    is_current = (event.status, event.revision) == (request.status, request.revision)
    tells_all = is_current and request.status.is_open == (request.deadline is not None)
    then = replace(request, version=event.version, status=event.status, status_at=event.at, revision=event.revision)
    owed = {_key(mail): mail for mail in Step(transition, None, then).mails if tells_all or not mail.number}
    for key, mail in owed.items():
        if key not in mails:
            yield _missing(request, mail, now)
        elif names := _unlike(mails[key].mail, mail, is_current=is_current):
            yield _strange(request, key, f"the mail differs in {names} from what its transition owed")
    for key, stored in sorted(mails.items()):
        is_comparable = tells_all or not stored.mail.number
        if stored.mail.version == event.version and is_comparable and key not in owed:
            yield _strange(request, key, "its transition owed no such mail")


def _key(mail: Mail) -> keys.Key:
    return keys.mail(mail.request, mail.version, mail.reader, mail.number)


def _missing(request: Request, mail: Mail, now: datetime) -> Difference:
    wrong = f"the mail {mail.kind} is missing"
    if mail.overtaken_by(request, now):
        return Difference(request.id, _key(mail), wrong, "stays: the request has moved on, nothing is to be sent")
    if now >= request.start:
        return Difference(request.id, _key(mail), wrong, "stays: the session has begun, nothing is to be sent")
    return Difference(request.id, _key(mail), wrong, "write it, to be sent", OweMail(mail))


def _unlike(seen: Mail, owed: Mail, *, is_current: bool) -> str:
    names = ("kind", "status", "revision", "due") if is_current else ("kind",)
    return ", ".join(name for name in names if getattr(seen, name) != getattr(owed, name))


def _strange(request: Request, key: keys.Key, wrong: str) -> Difference:
    return Difference(request.id, key, wrong, "needs a person's decision: it is sent as it is, if it is sent")


def _state_difference(stored: StoredMail, request: Request, now: datetime) -> Difference | None:
    """Whether the mail's state, its lease and the index of unsent mails agree."""
    if stored.state in _SETTLED:
        return _settled_difference(stored)
    if stored.state not in _UNSENT:
        remedy = "needs a person's decision: set it to due, or to superseded"
        return Difference(stored.mail.request, stored.key, "nothing says whether the mail was sent", remedy)
    since = _due_since(stored, request)
    if request.anonymised_at is not None and now > since + REPUBLISHED_AFTER + LONG_AGO:
        wrong = "the mail is due for nobody: its request has been made anonymous"
        return Difference(stored.mail.request, stored.key, wrong, "settle it as superseded", SupersedeMail(stored))
    why = _why_unsent(stored, now)
    if why is None:
        return _overdue_difference(stored, since, now)
    mend = PublishMail(stored, max(now, stored.mail.due), _is_left_leased(stored, now))
    return Difference(stored.mail.request, stored.key, why, "put it into the index of unsent mails, to be sent", mend)


def _due_since(stored: StoredMail, request: Request) -> datetime:
    """Since when it could have gone out, or could have been seen to have no reader any more."""
    return max(stored.mail.due, request.anonymised_at or stored.mail.due)


def _overdue_difference(stored: StoredMail, since: datetime, now: datetime) -> Difference | None:
    """Without a failure noted it is not this mail that is wrong: nothing is sent, and the alarm says so."""
    if stored.failure is None or now <= since + FAR_TOO_LONG:
        return None
    wrong = f"the mail has been due for more than a day and does not go out: {stored.failure}"
    remedy = "needs a person's decision: it is tried again every ten minutes; see what the notifier logs of it"
    return Difference(stored.mail.request, stored.key, wrong, remedy)


def _settled_difference(stored: StoredMail) -> Difference | None:
    if not stored.in_index:
        return None
    wrong, remedy = f"the mail is {stored.state} and in the index of unsent mails", "take it out of the index"
    return Difference(stored.mail.request, stored.key, wrong, remedy, SettleMail(stored))


def _why_unsent(stored: StoredMail, now: datetime) -> str | None:
    """Why an unsent mail would stay so; None when it is on its way."""
    if stored.publish_at is None:
        return "the mail is unsent and not in the index of unsent mails"
    if _is_left_leased(stored, now):
        return "whoever was sending the mail has left it"
    if stored.publish_at > max(now, stored.mail.due) + REPUBLISHED_AFTER + LONG_AGO:
        return "the mail would be published too late"
    return None


def _is_left_leased(stored: StoredMail, now: datetime) -> bool:
    if stored.state != "leased":
        return False
    return stored.lease_until is None or not now - LONG_AGO < stored.lease_until <= now + LEASE + LONG_AGO
