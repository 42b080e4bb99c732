"""What stands in a table, as far as its items repeat each other: from items to values.

An item that cannot be read is remembered by its key alone: nothing is compared with it, and nothing written over it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import Item
from openhour.adapters.dynamodb.items import instant_of, plain_of
from openhour.adapters.dynamodb.ledgers import ledger_of
from openhour.domain.agenda import Agenda
from openhour.domain.booking import day_of, entries_of, window
from openhour.domain.ledger import DayLedger, Days, Entry
from openhour.domain.requests import Event, Mail, Request
from operate.repair.shapes import fits

REQUESTS, ITSELF = keys.request("")
PROVIDERS = keys.day("", date.min)[0]
CLIENTS, _NOTES = keys.agenda("")
"""What the partitions of requests, ledgers and clients begin with; `ITSELF` sorts a request among its history."""

_ROWS = "APPT#"

_UNREADABLE = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)

type Place = tuple[str, date, str]
"""Where a ledger entry stands: provider, UTC date, and the entry's id."""


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request, and which of the two keys of the index of overdue requests its item has.

    The request has a deadline only while it is open, whatever its item says. `is_kept_right` is whether its item has
    what it should have for the index of kept requests, which is how what is old is found to be made anonymous.
    """

    request: Request
    marked_open: bool
    has_deadline: bool
    is_kept_right: bool


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail that was owed and how far it has come. `publish_at` is None where the index of unsent mails has it not.

    `in_index` says that at least one of that index's two keys is there, `failure` what kept it from going out last.
    """

    mail: Mail
    state: str | None
    lease_until: datetime | None
    publish_at: datetime | None
    in_index: bool
    failure: str | None = None

    @property
    def key(self) -> keys.Key:
        """Its key in the table."""
        return keys.mail(self.mail.request, self.mail.version, self.mail.reader, self.mail.number)


@dataclass(frozen=True)
class Standing:
    """Everything of a table that is about requests, or some of it. Ids of requests, clients and providers are keys."""

    requests: Mapping[str, StoredRequest] = field(default_factory=dict)
    events: Mapping[str, Mapping[int, Event]] = field(default_factory=dict)
    mails: Mapping[str, Mapping[keys.Key, StoredMail]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[keys.Key, Item]] = field(default_factory=dict)
    agendas: Mapping[str, Agenda] = field(default_factory=dict)
    ledgers: Mapping[str, Mapping[date, DayLedger]] = field(default_factory=dict)
    unreadable: AbstractSet[keys.Key] = frozenset()

    @cached_property
    def entries(self) -> Mapping[str, Mapping[Place, Entry]]:
        """The ledger entries of each request."""
        found: dict[str, dict[Place, Entry]] = defaultdict(dict)
        for provider, days in self.ledgers.items():
            for day, ledger in days.items():
                for entry in ledger.entries.values():
                    found[entry.request][provider, day, entry.id] = entry
        return found

    @cached_property
    def notes(self) -> Mapping[str, list[str]]:
        """The clients whose `OPEN` items name each request."""
        found: dict[str, list[str]] = defaultdict(list)
        for client, agenda in self.agendas.items():
            for request in agenda.held:
                found[request].append(client)
        return found

    @cached_property
    def replacements(self) -> Mapping[str, list[Request]]:
        """The requests that ask to take the place of each appointment."""
        found: dict[str, list[Request]] = defaultdict(list)
        for stored in self.requests.values():
            if stored.request.replaces is not None:
                found[stored.request.replaces].append(stored.request)
        return found

    @cached_property
    def ids(self) -> list[str]:
        """The ids of all requests that anything is about, sorted."""
        parts = (self.requests, self.events, self.mails, self.rows, self.entries, self.notes)
        return sorted({request_id for part in parts for request_id in part})

    def days_around(self, provider: str, days: Iterable[date]) -> Days:
        """The ledgers of these UTC dates and of their neighbours."""
        known = self.ledgers.get(provider, {})
        return Days({near: known[near] for near in dates_around(days) if near in known})


def dates_around(days: Iterable[date]) -> set[date]:
    """These UTC dates and their neighbours: what a time that starts on one of them can touch."""
    return {near for day in days for near in (day, *window(day))}


def standing_of(items: Iterable[Item]) -> Standing:
    """Values of items in DynamoDB's typed form; what is about no request is passed over."""
    reader = _Reader()
    for item in items:
        reader.take(item)
    return reader.standing


class _Reader:
    """Takes items one by one."""

    def __init__(self) -> None:
        self._requests: dict[str, StoredRequest] = {}
        self._events: dict[str, dict[int, Event]] = defaultdict(dict)
        self._mails: dict[str, dict[keys.Key, StoredMail]] = defaultdict(dict)
        self._rows: dict[str, dict[keys.Key, Item]] = defaultdict(dict)
        self._agendas: dict[str, Agenda] = {}
        self._ledgers: dict[str, dict[date, DayLedger]] = defaultdict(dict)
        self._unreadable: set[keys.Key] = set()

    @property
    def standing(self) -> Standing:
        """What was taken."""
        return Standing(
            self._requests, self._events, self._mails, self._rows, self._agendas, self._ledgers, self._unreadable
        )

    def take(self, item: Item) -> None:
        key = item[keys.PK]["S"], item[keys.SK]["S"]
        take = self._taker(key)
        if take is None:
            return
        try:
            take(key, item)
        except _UNREADABLE:  # their texts may quote a person
            self._unreadable.add(key)

    def _taker(self, key: keys.Key) -> Callable[[keys.Key, Item], None] | None:
        partition, sort = key
        if partition.startswith(REQUESTS):
            return self._part_of_request(sort)
        if partition.startswith(PROVIDERS) and sort.startswith("DAY#") and not sort.endswith("#EXT"):
            return self._ledger
        if partition.startswith(CLIENTS) and sort == _NOTES:
            return self._agenda
        if partition.startswith(CLIENTS) and sort.startswith(_ROWS):
            return self._row
        return None

    def _part_of_request(self, sort: str) -> Callable[[keys.Key, Item], None] | None:
        if sort.startswith(keys.EVENT_PREFIX):
            return self._event
        return self._mail if sort.startswith(keys.MAIL_PREFIX) else self._request

    def _request(self, key: keys.Key, item: Item) -> None:
        request = records.request_of(item)
        _check(request, key, keys.request(request.id))
        truth = request if request.status.is_open else replace(request, deadline=None)
        _check_usable(truth)
        marked = item.get(keys.OVERDUE_PK) == {"S": keys.OPEN}
        wanted = records.request_item(truth)
        kept_right = all(item.get(name) == wanted.get(name) for name in (keys.KEPT_PK, keys.KEPT_SK))
        self._requests[request.id] = StoredRequest(truth, marked, keys.OVERDUE_SK in item, kept_right)

    def _event(self, key: keys.Key, item: Item) -> None:
        event = records.event_of(item)
        _check(event, key, keys.event(event.request, event.version))
        self._events[event.request][event.version] = event

    def _mail(self, key: keys.Key, item: Item) -> None:
        plain, mail = plain_of(item), records.mail_of(item)
        until, publish_at = plain.get("lease_until"), plain.get(keys.UNSENT_SK)
        is_complete = plain.get(keys.UNSENT_PK) == keys.UNSENT and publish_at is not None
        stored = StoredMail(
            mail=mail,
            state=plain.get("state"),
            lease_until=None if until is None else instant_of(until),
            publish_at=instant_of(str(publish_at)) if is_complete else None,
            in_index=keys.UNSENT_PK in item or keys.UNSENT_SK in item,
            failure=plain.get("failure"),
        )
        _check(stored, key, stored.key)
        self._mails[mail.request][key] = stored

    def _row(self, key: keys.Key, item: Item) -> None:
        request_id = key[1].rpartition("#")[2]
        self._rows[request_id][key] = item

    def _agenda(self, key: keys.Key, item: Item) -> None:
        agenda, client = records.agenda_of(item), key[0].removeprefix(CLIENTS)
        _check(agenda, key, keys.agenda(client))
        self._agendas[client] = agenda

    def _ledger(self, key: keys.Key, item: Item) -> None:
        ledger, provider = ledger_of(item), key[0].removeprefix(PROVIDERS)
        _check(ledger, key, keys.day(provider, ledger.day))
        self._ledgers[provider][ledger.day] = ledger


def _check(value: object, key: keys.Key, own: keys.Key) -> None:
    """An item of another shape, or one that says it were another one's, says nothing. Raises ValueError."""
    if key != own or not fits(value, type(value)):
        raise ValueError


def _check_usable(request: Request) -> None:
    """Raises what comparing such a request would: for a zone that is none, or a date beyond the calendar."""
    records.appointment_item(request)
    ZoneInfo(request.client.time_zone)
    dates_around(day_of(entry) for entry in entries_of(request))
    dates_around([request.start.date() + timedelta(days=1)])
