"""Standing items to the list of their differences: pure functions.

The item of a request is the truth about its ledger entries, its client's rows and the indexes. Domain and adapters say
what each of them should be; nothing of that is decided here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import Item
from openhour.domain.agenda import Agenda, Held, held_of
from openhour.domain.booking import LedgerChange, day_of, entries_of, ledger_change
from openhour.domain.ledger import DayLedger, Entry, minute_of
from openhour.domain.requests import Event, Request, row
from openhour.domain.slots import conflicts
from openhour.domain.transitions import Action, Actor, Status
from openhour.domain.values import LONGEST_BUFFER
from operate.repair.differences import Difference, DropRow, IndexRequest, NoteOpen, PutRow, WriteLedgers
from operate.repair.history import history_differences
from operate.repair.standing import Place, Standing, dates_around

CLOCKS_APART = timedelta(minutes=2)
"""A deadline this close may have passed for the stack already: its traces may have been tidied up."""

_LAPSED_UNVERIFIED = row(Action.EXPIRE, Actor.SYSTEM, Status.UNVERIFIED).event
_DECIDE = "needs a person's decision"
_GONE = f"{_DECIDE}: bring the request back from a backup, or delete this"


class _Claim(Enum):
    """Whether a request's traces must be there, may be there as they were, or must not be there."""

    LIVE = auto()
    LAPSING = auto()
    NONE = auto()


def _claim(request: Request, now: datetime) -> _Claim:
    if not request.status.keeps_time:
        return _Claim.NONE
    return _Claim.LAPSING if request.deadline and request.deadline <= now + CLOCKS_APART else _Claim.LIVE


def differences(standing: Standing, now: datetime) -> list[Difference]:
    """All that differs at `now` (aware, UTC), by request; first what cannot be read.

    A deadline within two minutes may be seen as past or as ahead.
    """
    found = [
        Difference("", key, "the item cannot be read", f"{_DECIDE}: put it right by hand, or from a backup")
        for key in sorted(standing.unreadable)
    ]
    for request_id in standing.ids:
        found += _of_request(standing, request_id, now)
    found += _overlaps(standing, now)
    return sorted(found, key=lambda difference: difference.request)  # stable: each request's stay in order


def _of_request(standing: Standing, request_id: str, now: datetime) -> Iterator[Difference]:
    stored = standing.requests.get(request_id)
    if stored is None:
        if keys.request(request_id) not in standing.unreadable:
            yield from _left_behind(standing, request_id)
        return
    request = stored.request
    yield from history_differences(standing, request, now)
    if request.status.is_open and request.deadline is None:
        advice = f"{_DECIDE}: give it a deadline, or end it; its other traces are left alone until then"
        yield Difference(request_id, keys.request(request_id), "it is open without a deadline", advice)
        return
    if request.status.is_open != stored.marked_open or (stored.has_deadline and not request.status.is_open):
        yield _index_difference(request)
    if not stored.is_kept_right:
        wrong = "its place in the index of kept requests is wrong"
        yield Difference(request_id, keys.request(request_id), wrong, "put it right", IndexRequest())
    yield from _times(standing, request, now)
    yield from _rows(standing, request)
    yield from _notes(standing, request, now)
    yield from _replacements(standing, request, now)


def _left_behind(standing: Standing, request_id: str) -> Iterator[Difference]:
    """What is about a request that is not there."""
    if request_id in standing.events or request_id in standing.mails:
        wrong = "the request is gone, its events and mails are left"
        yield Difference(request_id, keys.request(request_id), wrong, _GONE)
    for provider, day, entry in standing.entries.get(request_id, {}):
        wrong = f"entry {entry} is of request {request_id}, which is gone"
        yield Difference(request_id, keys.day(provider, day), wrong, _GONE)
    for key in standing.rows.get(request_id, {}):
        yield Difference(request_id, key, "the row's request is gone", _GONE)
    for client in standing.notes.get(request_id, ()):
        wrong = f"{records.held_name(request_id)} is about request {request_id}, which is gone"
        yield Difference(request_id, keys.agenda(client), wrong, _GONE)


def _index_difference(request: Request) -> Difference:
    is_open = request.status.is_open
    wrong = "it is open and not in the index of overdue requests" if is_open else "it has ended and has a deadline"
    remedy = "put it into the index" if is_open else "take it out of the index of overdue requests"
    return Difference(request.id, keys.request(request.id), wrong, remedy, IndexRequest())


# Day ledgers


def _times(standing: Standing, request: Request, now: datetime) -> Iterator[Difference]:
    expected = {(request.provider.id, day_of(entry), entry.id): entry for entry in entries_of(request)}
    found, claim = standing.entries.get(request.id, {}), _claim(request, now)
    if any(_is_near_unreadable(standing, place) for place in (*expected, *found)):
        return
    if claim is _Claim.LIVE:
        for place, entry in expected.items():
            if found.get(place) != entry:
                yield _time_to_keep(standing, request, place, (found.get(place), entry), now)
    for place, entry in found.items():
        is_right = claim is _Claim.LAPSING and entry == expected.get(place)
        is_seen_to = claim is _Claim.LIVE and place in expected
        if entry.live(int(now.timestamp())) and not is_right and not is_seen_to:
            yield _time_to_free(standing, request, place)


def _is_near_unreadable(standing: Standing, place: Place) -> bool:
    provider, day, _ = place
    return any(keys.day(provider, near) in standing.unreadable for near in dates_around([day]))


def _time_to_keep(
    standing: Standing, request: Request, place: Place, entries: tuple[Entry | None, Entry], now: datetime
) -> Difference:
    seen, wanted = entries
    days = standing.days_around(request.provider.id, [day_of(entry) for entry in entries_of(request)])
    key = keys.day(*place[:2])
    wrong = f"entry {wanted.id} is missing" if seen is None else f"entry {wanted.id} differs in {_fields(seen, wanted)}"
    others = (each for each in days.live_entries(int(now.timestamp())) if not _are_together(each, wanted))
    if conflicts(wanted.start, wanted.end, wanted.buffer_before, wanted.buffer_after, others, ()):
        remedy = f"{_DECIDE}: something else keeps that time; end one of the two"
        return Difference(request.id, key, wrong, remedy)
    mend = WriteLedgers(request.provider.id, ledger_change(request, request, days, now))
    return Difference(request.id, key, wrong, "write it as the request says", mend)


def _time_to_free(standing: Standing, request: Request, place: Place) -> Difference:
    provider, day, entry_id = place
    ledger = standing.ledgers[provider][day]
    left = {name: entry for name, entry in ledger.entries.items() if name != entry_id}
    change = LedgerChange((DayLedger(day, ledger.version + 1, left),), ())
    wrong = f"entry {entry_id} keeps time that its {request.status} request does not keep"
    return Difference(request.id, keys.day(provider, day), wrong, "remove the entry", WriteLedgers(provider, change))


def _fields(seen: Entry, wanted: Entry) -> str:
    names = Entry.__dataclass_fields__
    return ", ".join(name for name in names if getattr(seen, name) != getattr(wanted, name))


def _are_together(one: Entry, other: Entry) -> bool:
    """Whether the two may overlap: times of one request, or of two that count once."""
    return one.request in {other.request, other.replaces} or one.replaces == other.request


def _overlaps(standing: Standing, now: datetime) -> Iterator[Difference]:
    """Times that requests say they keep and that are not over, of which no provider can keep both."""
    kept: dict[str, list[Entry]] = {}
    for stored in standing.requests.values():
        if _claim(stored.request, now) is _Claim.LIVE:
            kept.setdefault(stored.request.provider.id, []).extend(entries_of(stored.request))
    for entries in kept.values():
        ahead = sorted((each for each in entries if each.end > minute_of(now)), key=lambda each: (each.start, each.id))
        for number, entry in enumerate(ahead):
            yield from _overlaps_of(entry, ahead[number + 1 :])


def _overlaps_of(entry: Entry, later: list[Entry]) -> Iterator[Difference]:
    for other in later:
        if other.start >= entry.end + LONGEST_BUFFER:
            return
        mine = (entry.start, entry.end, entry.buffer_before, entry.buffer_after)
        if not _are_together(entry, other) and conflicts(*mine, [other], ()):
            wrong = f"its time {entry.id} comes too close to {other.id} of request {other.request}"
            remedy = f"{_DECIDE}: end one of the two"
            yield Difference(entry.request, keys.request(entry.request), wrong, remedy, others=(other.request,))


# What the client's list and limits go by


def _rows(standing: Standing, request: Request) -> Iterator[Difference]:
    key, wanted = records.appointment_key(request), records.appointment_item(request)
    found, listed = standing.rows.get(request.id, {}), _is_listed(request, standing.events.get(request.id, {}))
    if listed and key not in found:
        yield Difference(request.id, key, "the row is missing", "write it", PutRow(request))
    if listed is not False and key in found and found[key] != wanted:
        wrong = f"the row differs in {_attributes(found[key], wanted)}"
        yield Difference(request.id, key, wrong, "write it as the request says", PutRow(request))
    for other in sorted(found):
        if other != key or listed is False:
            yield Difference(request.id, other, "the row is none of its request's", "delete it", DropRow(other))


def _is_listed(request: Request, events: Mapping[int, Event]) -> bool | None:
    """Whether its client's list has it, which is from the verified address on until it is made anonymous.

    None: nothing is left that tells.
    """
    if request.anonymised_at is not None:
        return False
    if request.status is not Status.EXPIRED:
        return request.status is not Status.UNVERIFIED
    if any(event.status is Status.PENDING for event in events.values()):
        return True
    last = events.get(request.version)
    return None if last is None else last.type != _LAPSED_UNVERIFIED


def _attributes(seen: Item, wanted: Item) -> str:
    names = [name for name in sorted(wanted) if seen.get(name) != wanted[name]]
    return ", ".join([*names, *(["what should not be in it"] if seen.keys() - wanted.keys() else [])])


def _notes(standing: Standing, request: Request, now: datetime) -> Iterator[Difference]:
    if keys.agenda(request.client.id) not in standing.unreadable:
        yield from _own_note(standing, request, now)
    for client in standing.notes.get(request.id, ()):
        if client != request.client.id:
            yield _note_difference(standing, request, client, None, now)


def _own_note(standing: Standing, request: Request, now: datetime) -> Iterator[Difference]:
    wanted = held_of(request)
    found = standing.agendas.get(request.client.id, Agenda()).held.get(request.id)
    claim, is_right = _noted(wanted, now), found == wanted
    if claim is _Claim.LIVE and not is_right:
        yield _note_difference(standing, request, request.client.id, wanted, now)
    elif found is not None and (claim is _Claim.NONE or not is_right):
        yield _note_difference(standing, request, request.client.id, None, now)


def _noted(wanted: Held | None, now: datetime) -> _Claim:
    """What does not stand any more may stay noted until the client's next step."""
    if wanted is None:
        return _Claim.NONE
    return _Claim.LIVE if wanted.stands(now + CLOCKS_APART) else _Claim.LAPSING


def _counted(request: Request, now: datetime) -> _Claim:
    """Only open requests whose address was proven count."""
    if request.status is Status.UNVERIFIED or not request.proven or not request.status.is_open:
        return _Claim.NONE
    return _claim(request, now)


def _note_difference(
    standing: Standing, request: Request, client: str, value: Held | None, now: datetime
) -> Difference:
    """`value` is what the client's agenda should say of the request, None when it should say nothing."""
    agenda, name = standing.agendas.get(client, Agenda()), records.held_name(request.id)
    if value is None:
        wrong, remedy = f"{name} is about request {request.id}, of which it should say nothing", "remove it"
    else:
        wrong, remedy = f"{name} is {'wrong' if request.id in agenda.held else 'missing'}", "set it as the request says"
    # Above whatever it was, when it was lost: ids are made of it, so that it must not count from 1 again.
    rise = 1 if agenda.version else int(now.timestamp())
    others = {own: held for own, held in agenda.held.items() if own != request.id}
    held = others if value is None else others | {request.id: value}
    mend = NoteOpen(client, agenda.version, replace(agenda, version=agenda.version + rise, held=held))
    return Difference(request.id, keys.agenda(client), wrong, remedy, mend)


# Requests that replace appointments


def _rivals(standing: Standing, request: Request, now: datetime) -> list[str]:
    """The other open requests that ask for the same appointment's place."""
    others = standing.replacements.get(request.replaces or "", ())
    return [each.id for each in others if each.id != request.id and _counted(each, now) is _Claim.LIVE]


def _replacements(standing: Standing, request: Request, now: datetime) -> Iterator[Difference]:
    if request.replaces is None:
        return
    key, old = keys.request(request.id), standing.requests.get(request.replaces)
    is_open = _counted(request, now) is _Claim.LIVE
    if is_open and old is None and keys.request(request.replaces) not in standing.unreadable:
        yield Difference(request.id, key, f"request {request.replaces}, which it would replace, is gone", _GONE)
    if old is not None and {request.status, old.request.status} == {Status.CONFIRMED}:
        wrong = f"it is confirmed, and so is still {request.replaces}, which it was to replace"
        yield Difference(request.id, key, wrong, f"{_DECIDE}: cancel one of the two")
    rivals = _rivals(standing, request, now) if is_open else []
    if rivals and request.id < min(rivals):
        wrong = f"it would replace {request.replaces}, and so would {', '.join(sorted(rivals))}"
        remedy = f"{_DECIDE}: decline all but one"
        yield Difference(request.id, key, wrong, remedy, others=tuple(rivals))
