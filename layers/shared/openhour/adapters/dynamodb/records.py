"""Items of the table to values of the domain and back. Instants are RFC 3339 text in UTC, which sorts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import Item
from openhour.adapters.dynamodb.items import instant_of, plain_of, text_of, to_item
from openhour.application.ports.outbox import REPUBLISHED_AFTER
from openhour.application.ports.people import SignInEvent
from openhour.domain.agenda import Agenda, Held
from openhour.domain.clients import ClientProfile
from openhour.domain.requests import NOBODY, Attendee, Client, Event, Mail, ProviderCard, Request, Terms
from openhour.domain.transitions import Actor, MailKind, Reader, Status
from openhour.domain.values import Forum, Location, Service

_HELD_PREFIX = "request_"
# Requests


def request_item(request: Request) -> Item:
    """A `REQUEST#` item; while the request is open it also stands in the overdue index.

    Afterwards it stands in the index of what is kept, until it is made anonymous; then it has no client.
    """
    deadline = None if request.deadline is None else text_of(request.deadline)
    anonymous = request.anonymised_at is not None
    over_at = None if anonymous or request.over_at is None else text_of(request.over_at)
    return to_item(
        keys.request(request.id),
        {
            "id": request.id,
            "body_hash": None if anonymous else request.body_hash,
            "client": None if anonymous else _record(request.client),
            "provider": _record(request.provider),
            "location": _record(request.location),
            "forum": request.forum.value,
            "service": _record(request.service),
            "start": text_of(request.start),
            "submitted_at": text_of(request.submitted_at),
            "status": request.status.value,
            "status_at": text_of(request.status_at),
            "version": request.version,
            "revision": request.revision,
            "uid": request.uid,
            keys.OVERDUE_SK: deadline,
            keys.OVERDUE_PK: keys.OPEN if deadline else None,
            keys.KEPT_SK: over_at,
            keys.KEPT_PK: keys.KEPT if over_at else None,
            "note": request.note,
            "reason": request.reason,
            "changes": request.changes,
            "offered": [text_of(start) for start in request.offered],
            "replaces": request.replaces,
            "replaces_start": None if request.replaces_start is None else text_of(request.replaces_start),
            "attendee": None if request.attendee is None else _record(request.attendee),
            "proven": request.proven,
            "terms": _record(request.terms),
            "cancelled_by": request.cancelled_by and request.cancelled_by.value,
            "late": request.late,
            "undeliverable": request.undeliverable,
            "anonymised_at": None if request.anonymised_at is None else text_of(request.anonymised_at),
        },
    )


def _record(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def request_of(item: Item) -> Request:
    """A `REQUEST#` item as a value."""
    plain = plain_of(item)
    return Request(
        id=plain["id"],
        body_hash="" if "anonymised_at" in plain else plain["body_hash"],
        client=NOBODY if "anonymised_at" in plain else Client(**plain["client"]),
        provider=ProviderCard(**plain["provider"]),
        location=Location(**plain["location"]),
        forum=Forum(plain["forum"]),
        service=Service(**plain["service"]),
        start=instant_of(plain["start"]),
        submitted_at=instant_of(plain["submitted_at"]),
        status=Status(plain["status"]),
        status_at=instant_of(plain["status_at"]),
        version=plain["version"],
        revision=plain["revision"],
        uid=plain["uid"],
        deadline=_instant_in(plain, keys.OVERDUE_SK),
        note=plain.get("note"),
        reason=plain.get("reason"),
        changes=plain["changes"],
        offered=tuple(instant_of(start) for start in plain["offered"]),
        replaces=plain.get("replaces"),
        replaces_start=_instant_in(plain, "replaces_start"),
        attendee=Attendee(**plain["attendee"]) if "attendee" in plain else None,
        proven=plain.get("proven", True),
        terms=Terms(**plain.get("terms", {})),
        cancelled_by=Actor(plain["cancelled_by"]) if "cancelled_by" in plain else None,
        late=plain.get("late", False),
        undeliverable=plain.get("undeliverable", False),
        anonymised_at=_instant_in(plain, "anonymised_at"),
    )


def _instant_in(plain: Mapping[str, Any], name: str) -> datetime | None:
    return instant_of(plain[name]) if name in plain else None


def appointment_key(request: Request) -> keys.Key:
    """The key of a request's row in its client's list."""
    return keys.appointment(request.client.id, text_of(request.start), request.id)


def appointment_item(request: Request) -> Item:
    """A request's row in its client's list: what the list shows, so that it needs no second read."""
    return to_item(
        appointment_key(request),
        {
            "id": request.id,
            "status": request.status.value,
            "version": request.version,
            "revision": request.revision,
            "start": text_of(request.start),
            "end": text_of(request.end),
            "list_deadline": None if request.deadline is None else text_of(request.deadline),
            "provider": {"id": request.provider.id, "name": request.provider.name},
            "location": {"id": request.location.id, "name": request.location.name},
            "forum": request.forum.value,
            "service": {"id": request.service.id, "name": request.service.name},
        },
    )


def held_name(request_id: str) -> str:
    """The attribute of its client's `OPEN` item that says what a request keeps of their time."""
    return _HELD_PREFIX + request_id


def held_record(held: Held) -> dict[str, Any]:
    """What a request keeps of its client's time, as a plain mapping without what is not there."""
    record: dict[str, Any] = {"times": [list(time) for time in held.times]}
    if held.deadline is not None:
        record["deadline"] = text_of(held.deadline)
    if held.replaces is not None:
        record["replaces"] = held.replaces
    return record


def agenda_item(client_id: str, agenda: Agenda) -> Item:
    """A client's `OPEN` item."""
    held = {held_name(request_id): held_record(one) for request_id, one in agenda.held.items()}
    made = {} if agenda.made_on is None else {"made_on": agenda.made_on.isoformat(), "made": agenda.made}
    return to_item(keys.agenda(client_id), {"version": agenda.version, **made, **held})


def agenda_of(item: Item | None) -> Agenda:
    """A client's `OPEN` item as a value."""
    if item is None:
        return Agenda()
    plain = plain_of(item)
    return Agenda(
        version=plain["version"],
        held={
            name.removeprefix(_HELD_PREFIX): _held_of(value)
            for name, value in plain.items()
            if name.startswith(_HELD_PREFIX)
        },
        made_on=date.fromisoformat(plain["made_on"]) if "made_on" in plain else None,
        made=plain.get("made", 0),
    )


def _held_of(record: Mapping[str, Any]) -> Held:
    times = tuple((int(start), int(end)) for start, end in record["times"])
    return Held(times, _instant_in(record, "deadline"), record.get("replaces"))


def profile_of(items: Mapping[keys.Key, Item], client_id: str) -> ClientProfile:
    """What a client's `PROFILE` and `KNOWN` items among some items say."""
    plain = plain_of(items.get(keys.profile(client_id), {}))
    return ClientProfile(
        listed=keys.known_client(client_id) in items,
        verified_at=_instant_in(plain, "verified_at"),
        epoch=plain.get("epoch", 0),
        signed_out_at=_instant_in(plain, "signed_out_at"),
        undeliverable_at=_instant_in(plain, "undeliverable_at"),
        complained_at=_instant_in(plain, "complained_at"),
    )


# Events and mails


def event_item(event: Event) -> Item:
    """An `EVENT#` item: history and outbox in one, never changed."""
    return to_item(
        keys.event(event.request, event.version),
        {
            "type": event.type,
            "request": event.request,
            "provider": event.provider,
            "version": event.version,
            "revision": event.revision,
            "status": event.status.value,
            "at": text_of(event.at),
            "start": text_of(event.start),
        },
    )


def event_of(item: Item) -> Event:
    """An `EVENT#` item as a value; the image in a stream record has the same form."""
    plain = plain_of(item)
    return Event(
        type=plain["type"],
        request=plain["request"],
        provider=plain["provider"],
        version=plain["version"],
        revision=plain["revision"],
        status=Status(plain["status"]),
        at=instant_of(plain["at"]),
        start=instant_of(plain["start"]),
    )


def sign_in_event_of(item: Item) -> SignInEvent:
    """The `EVENT#` item of a sign-in link that was asked for."""
    plain = plain_of(item)
    return SignInEvent(plain["client"], plain["period"], instant_of(plain["at"]))


def mail_item(mail: Mail) -> Item:
    """A `MAIL#` item, due and in the unsent index.

    What a transition tells at once is published by the stream, so the index has it ten minutes later; a reminder is
    published by nothing else.
    """
    publish_at = mail.due if mail.number else mail.due + REPUBLISHED_AFTER
    return to_item(
        keys.mail(mail.request, mail.version, mail.reader, mail.number),
        {
            "request": mail.request,
            "version": mail.version,
            "reader": mail.reader.value,
            "kind": mail.kind.value,
            "status": mail.status.value,
            "revision": mail.revision,
            "due": text_of(mail.due),
            "number": mail.number,
            "state": "due",
            keys.UNSENT_PK: keys.UNSENT,
            keys.UNSENT_SK: text_of(publish_at),
        },
    )


def mail_of(item: Item) -> Mail:
    """A `MAIL#` item as a value."""
    plain = plain_of(item)
    return Mail(
        request=plain["request"],
        version=plain["version"],
        reader=Reader(plain["reader"]),
        kind=MailKind(plain["kind"]),
        status=Status(plain["status"]),
        revision=plain["revision"],
        due=instant_of(plain["due"]),
        number=plain["number"],
    )


def is_unsent(item: Item) -> bool:
    """Whether a `MAIL#` item is still owed."""
    return keys.UNSENT_PK in item
