"""What can have happened to a request, and what its traces in the table can have suffered."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.items import text_of
from openhour.adapters.dynamodb.ledgers import entries_item
from openhour.application.provider.answer import Decision
from openhour.domain.agenda import Agenda, Held
from openhour.domain.booking import entries_of
from openhour.domain.ledger import DayLedger, minute_of
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from tests.builders import START, practice
from tests.repairs import alter, put, raw
from tests.use_cases import Openhour

LATER = START + timedelta(hours=2)
MAYA = "maya-okafor"
STRANGER = "s" * 26


@dataclass(frozen=True)
class Damage:
    """`before` happens, `damage` is done, `lines` are reported; `{id}` is the request's, `{client}` its client's."""

    name: str
    before: Callable[[Openhour], Request]
    damage: Callable[[Request], object]
    lines: tuple[str, ...]

    def told(self, request: Request) -> list[str]:
        old = request.replaces or ""
        return [line.format(id=request.id, client=request.client.id, old=old, stranger=STRANGER) for line in self.lines]


# What can have happened before the damage


def pending(openhour: Openhour) -> Request:
    return openhour.submit()


def mailed(openhour: Openhour) -> Request:
    request = openhour.submit()
    openhour.mailing.send_owed(request.id, request.version)
    return request


def confirmed(openhour: Openhour) -> Request:
    openhour.answer(openhour.submit(), Decision.CONFIRM)
    return the_request(openhour)


def cancelled(openhour: Openhour) -> Request:
    openhour.end(confirmed(openhour))
    return the_request(openhour)


def declined(openhour: Openhour) -> Request:
    openhour.answer(openhour.submit(), Decision.DECLINE, "No time.")
    return the_request(openhour)


def offered(openhour: Openhour) -> Request:
    openhour.offer(openhour.submit(), LATER, LATER + timedelta(hours=2))
    return the_request(openhour)


def changed(openhour: Openhour) -> Request:
    openhour.change(openhour.submit(), start=LATER)
    return the_request(openhour)


def unverified(openhour: Openhour) -> Request:
    openhour.store.seed(practice(verify=True))
    return openhour.submit(signed_in=False)


def expired(openhour: Openhour) -> Request:
    openhour.submit()
    openhour.clock.move(hours=49)
    openhour.expire()
    return the_request(openhour)


def never_verified(openhour: Openhour) -> Request:
    unverified(openhour)
    openhour.clock.move(hours=1)
    openhour.expire()
    return the_request(openhour)


def moving(openhour: Openhour) -> Request:
    """The open request that would replace an appointment."""
    return openhour.change(confirmed(openhour), start=LATER).request


def withdrawn_move(openhour: Openhour) -> Request:
    move = moving(openhour)
    openhour.end(move)
    return openhour.store.request(move.id)


def the_request(openhour: Openhour) -> Request:
    found = next(item for item in openhour.store.items() if item["sk"] == {"S": "REQUEST"})
    return records.request_of(found)


# Keys of what a request has left


def ledger(request: Request, day: datetime | None = None) -> keys.Key:
    return keys.day(request.provider.id, (day or request.start).date())


def mail(request: Request, reader: str, version: int | None = None, number: int = 0) -> keys.Key:
    return keys.mail(request.id, version or request.version, reader, number)


def event(request: Request, version: int | None = None) -> keys.Key:
    return keys.event(request.id, version or request.version)


def opened(request: Request) -> keys.Key:
    return keys.agenda(request.client.id)


def own(request: Request) -> keys.Key:
    return keys.request(request.id)


# Damages


def text(value: str) -> dict[str, str]:
    return {"S": value}


def note(request: Request, **held: Any) -> None:
    """Have its client's agenda say of a request that it keeps its time."""
    times = ((minute_of(request.start), minute_of(request.end)),)
    name, agenda = records.held_name(request.id), Agenda(held={request.id: Held(times, **held)})
    alter(opened(request), **{name: records.agenda_item(request.client.id, agenda)[name]})


def copy_entry(request: Request, entry_id: str, provider_id: str, day: datetime) -> None:
    """The time of a request once more: in another ledger, under another id, or although it is over."""
    (entry,) = entries_of(replace(request, status=Status.CONFIRMED, deadline=None))
    written = entries_item(DayLedger(day.date(), 1, {entry.id: entry}))["M"][entry.id]
    pk, sk = keys.day(provider_id, day.date())
    try:
        item = raw((pk, sk))
    except KeyError:
        item = {"pk": text(pk), "sk": text(sk), "version": {"N": "1"}, "entries": {"M": {}}}
    item["entries"]["M"][entry_id] = written
    put(item)


def copy_row(request: Request, client: str, start: datetime) -> None:
    key = keys.appointment(client, text_of(start), request.id)
    put(records.appointment_item(request) | {"pk": text(key[0]), "sk": text(key[1])})
