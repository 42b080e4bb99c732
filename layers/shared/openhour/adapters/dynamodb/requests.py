"""Requests with their ledgers, and the one transaction that every step is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import Item, Table, typed
from openhour.adapters.dynamodb.directory import practice_of, provider_of, read_days
from openhour.adapters.dynamodb.items import text_of
from openhour.adapters.dynamodb.ledgers import days_of, entries_item
from openhour.application.ports.requests import Found, Near, Submission, Surroundings
from openhour.domain.agenda import Agenda, is_unproven, is_unverified
from openhour.domain.booking import LedgerChange, window
from openhour.domain.clients import ClientProfile
from openhour.domain.ledger import DayLedger, Days, instant_of
from openhour.domain.requests import Request, Step
from openhour.domain.transitions import Action

type Write = Mapping[str, Any]


class DynamoDBRequests:
    """The port Requests on the table."""

    def __init__(self, table: Table) -> None:
        """`table` is shared with the other stores of a function."""
        self._table = table

    def submission(self, request_id: str | None, client_id: str | None, provider_id: str, day: date) -> Submission:
        """See Requests.submission."""
        of_provider, of_practice = keys.provider(provider_id), keys.practice()
        of_request = None if request_id is None else keys.request(request_id)
        of_agenda = None if client_id is None else keys.agenda(client_id)
        own = [*(key for key in (of_request, of_agenda) if key is not None), *_profile_keys(client_id)]
        found = self._table.get_many([*own, of_provider, of_practice, *_day_keys(provider_id, day)])
        return Submission(
            practice=practice_of(found.get(of_practice)),
            provider=provider_of(found.get(of_provider)),
            days=days_of(found),
            request=_request_of(found.get(of_request)) if of_request else None,
            agenda=records.agenda_of(found.get(of_agenda) if of_agenda else None),
            profile=records.profile_of(found, client_id or ""),
        )

    def days(self, provider_id: str, first: date, last: date) -> Days:
        """See Requests.days."""
        return read_days(self._table, provider_id, first, last)

    def request(self, request_id: str) -> Request | None:
        """See Requests.request."""
        return _request_of(self._table.get(keys.request(request_id)))

    def with_days(self, request_id: str, near: Near | None) -> Found | None:
        """See Requests.with_days."""
        return _found(request_id, self._gathered(request_id, near, (), ()))

    def with_surroundings(
        self, request_id: str, near: Near | None, dates: Sequence[date], *, client: bool = True
    ) -> Surroundings | None:
        """See Requests.with_surroundings."""
        hinted = [] if near is None else [keys.provider(near.provider), *_profile_keys(near.client if client else None)]
        items = self._gathered(request_id, near, dates, [keys.practice(), *hinted])
        found = _found(request_id, items)
        if found is None:
            return None
        client_id, of_provider = found.request.client.id, keys.provider(found.request.provider.id)
        missing = {of_provider, *_profile_keys(client_id if client else None)}.difference(hinted)
        if missing:
            items |= self._table.get_many(sorted(missing))
        return Surroundings(
            found=found,
            practice=practice_of(items.get(keys.practice())),
            provider=provider_of(items.get(of_provider)),
            profile=records.profile_of(items, client_id),
        )

    def _gathered(
        self, request_id: str, near: Near | None, dates: Sequence[date], others: Sequence[keys.Key]
    ) -> dict[keys.Key, Item]:
        """The request, what is near it, and the ledgers around its start and around `dates`.

        What is found may say where to look next: the request names its client, who may have asked to move it.
        """
        wanted = {keys.request(request_id), *others, *([] if near is None else _hinted(near, dates))}
        items: dict[keys.Key, Item] = {}
        asked: set[keys.Key] = set()
        while missing := wanted - asked:
            items |= self._table.get_many(sorted(missing))
            asked |= missing
            request = _request_of(items.get(keys.request(request_id)))
            wanted = set() if request is None else _needed(request, dates, items)
        return items

    def profile(self, client_id: str) -> ClientProfile:
        """See Requests.profile."""
        return records.profile_of(
            self._table.get_many([keys.profile(client_id), keys.known_client(client_id)]), client_id
        )

    def commit(self, step: Step, ledgers: LedgerChange, agenda: Agenda, beside: Step | None = None) -> None:
        """See Requests.commit."""
        name = self._table.name
        steps = [step] if beside is None else [step, beside]
        self._table.transact(
            [
                *(write for each in steps for write in _step_writes(name, each)),
                *ledger_writes(name, step.after.provider.id, ledgers),
                *_agenda_writes(name, agenda, [each for each in steps if not is_unproven(each)]),
                *_profile_writes(name, step),
            ]
        )

    def overdue(self, now: datetime) -> Iterator[str]:
        """See Requests.overdue."""
        is_open = keys.OVERDUE_PK, keys.OPEN
        items = self._table.due(keys.OVERDUE_INDEX, is_open, keys.OVERDUE_SK, text_of(now))
        return (item[keys.PK]["S"].removeprefix("REQUEST#") for item in items)


def _day_keys(provider_id: str, *days: date) -> list[keys.Key]:
    dates = sorted({day for middle in days for day in (window(middle)[0], middle, window(middle)[1])})
    return [
        *(keys.day(provider_id, utc_date) for utc_date in dates),
        *(keys.external(provider_id, utc_date) for utc_date in dates),
    ]


def _hinted(near: Near, dates: Sequence[date]) -> list[keys.Key]:
    of_client = [] if near.client is None else [keys.agenda(near.client)]
    return [*of_client, *_day_keys(near.provider, near.day, *dates)]


def _needed(request: Request, dates: Sequence[date], items: Mapping[keys.Key, Item]) -> set[keys.Key]:
    """What a step of this request can touch beside it, as far as the items tell."""
    of_agenda = keys.agenda(request.client.id)
    agenda = records.agenda_of(items.get(of_agenda))
    move = agenda.move_of(request.id)
    starts = [request.start, *request.offered, *([request.replaces_start] if request.replaces_start else [])]
    starts += [] if move is None else [instant_of(start) for start, _ in agenda.held[move].times]
    others = [keys.request(other) for other in (request.replaces, move) if other is not None]
    days = (start.astimezone(UTC).date() for start in starts)
    return {of_agenda, *others, *_day_keys(request.provider.id, *days, *dates)}


def _found(request_id: str, items: Mapping[keys.Key, Item]) -> Found | None:
    request = _request_of(items.get(keys.request(request_id)))
    if request is None:
        return None
    agenda = records.agenda_of(items.get(keys.agenda(request.client.id)))
    replaced, move = (
        None if other is None else _request_of(items.get(keys.request(other)))
        for other in (request.replaces, agenda.move_of(request_id))
    )
    return Found(request, days_of(items), agenda, replaced, move)


def _profile_keys(client_id: str | None) -> list[keys.Key]:
    return [] if client_id is None else [keys.profile(client_id), keys.known_client(client_id)]


def _request_of(item: Item | None) -> Request | None:
    return None if item is None else records.request_of(item)


def _put(table: str, item: Item) -> Write:
    return {"Put": {"TableName": table, "Item": item}}


def _put_request(table: str, step: Step) -> Write:
    if step.before is None:
        # Never two requests for one idempotency key: the second submission must find the first.
        put = {"TableName": table, "Item": records.request_item(step.after)}
        return {"Put": put | {"ConditionExpression": "attribute_not_exists(pk)"}}
    return put_over(table, step.after, step.before.version)


def put_over(table: str, request: Request, seen: int) -> Write:
    """What writes a request over the version of it that was read.

    Optimistic lock: nobody has taken another step from the same version, and what was taken out stays out.
    """
    return {
        "Put": {
            "TableName": table,
            "Item": records.request_item(request),
            "ConditionExpression": "#version = :seen AND attribute_not_exists(anonymised_at)",
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": {":seen": _number(seen)},
        }
    }


def ledger_writes(table: str, provider_id: str, change: LedgerChange) -> Sequence[Write]:
    """What writes a change of ledgers: nothing of it when one of them has changed since it was read."""
    return [
        *(_put_ledger(table, provider_id, ledger) for ledger in change.writes),
        *(_check_ledger(table, provider_id, ledger) for ledger in change.checks),
    ]


def _put_ledger(table: str, provider_id: str, ledger: DayLedger) -> Write:
    seen = unchanged(ledger.version - 1)
    return {
        "Update": {
            "TableName": table,
            "Key": typed(keys.day(provider_id, ledger.day)),
            "UpdateExpression": "SET entries = :entries, #version = :next",
            **seen,
            "ExpressionAttributeValues": seen.get("ExpressionAttributeValues", {})
            | {":entries": entries_item(ledger), ":next": _number(ledger.version)},
        }
    }


def _check_ledger(table: str, provider_id: str, ledger: DayLedger) -> Write:
    key = typed(keys.day(provider_id, ledger.day))
    return {"ConditionCheck": {"TableName": table, "Key": key, **unchanged(ledger.version)}}


def unchanged(version: int) -> dict[str, Any]:
    """Guards against anything written to an item with a version, by anybody, since it was read (0: nothing there)."""
    names = {"#version": "version"}
    if version == 0:
        return {"ConditionExpression": "attribute_not_exists(#version)", "ExpressionAttributeNames": names}
    return {
        "ConditionExpression": "#version = :seen",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {":seen": _number(version)},
    }


def _step_writes(table: str, step: Step) -> Sequence[Write]:
    """What every step writes of its own request: state, history, mails and the row in its client's list."""
    return [
        _put_request(table, step),
        _put(table, records.event_item(step.event)),
        *(_put(table, records.mail_item(mail)) for mail in step.mails),
        *_rows(table, step),
    ]


def _rows(table: str, step: Step) -> Sequence[Write]:
    """A request is in the list of whoever reads its address from when its provider hears of it."""
    if is_unverified(step):
        return []
    put = _put(table, records.appointment_item(step.after))
    if step.before is None or step.before.start == step.after.start:
        return [put]
    return [{"Delete": {"TableName": table, "Key": typed(records.appointment_key(step.before))}}, put]


def _agenda_writes(table: str, seen: Agenda, steps: Sequence[Step]) -> Sequence[Write]:
    if not steps:
        return []
    # One client's steps one after another: two at once must not both pass a limit, nor take one time twice.
    item = records.agenda_item(steps[0].after.client.id, seen.after(*steps))
    return [{"Put": {"TableName": table, "Item": item, **unchanged(seen.version)}}]


def _profile_writes(table: str, step: Step) -> Sequence[Write]:
    """Whoever follows the link in a mail has shown that the address is theirs."""
    if step.transition.action is not Action.VERIFY:
        return []
    expression = "SET verified_at = if_not_exists(verified_at, :now) REMOVE undeliverable_at, expires_at"
    return [
        {
            "Update": {
                "TableName": table,
                "Key": typed(keys.profile(step.after.client.id)),
                "UpdateExpression": expression,
                "ExpressionAttributeValues": {":now": {"S": text_of(step.after.status_at)}},
            }
        }
    ]


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}
