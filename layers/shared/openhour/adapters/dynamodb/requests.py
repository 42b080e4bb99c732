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
from openhour.application.ports.requests import Found, Near, OpenRequests, Submission, Surroundings
from openhour.domain.booking import LedgerChange, window
from openhour.domain.clients import ClientProfile
from openhour.domain.ledger import DayLedger, Days
from openhour.domain.requests import Request, Step
from openhour.domain.transitions import Action, Status

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
        own = [*([of_request] if of_request else []), *_client_keys(client_id)]
        found = self._table.get_many([*own, of_provider, of_practice, *_day_keys(provider_id, day)])
        return Submission(
            practice=practice_of(found.get(of_practice)),
            provider=provider_of(found.get(of_provider)),
            days=days_of(found),
            request=_request_of(found.get(of_request)) if of_request else None,
            open_requests=_open_requests_in(found, client_id),
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
        return self._found(request_id, self._gathered(request_id, near, (), ()))

    def with_surroundings(
        self, request_id: str, near: Near | None, dates: Sequence[date], *, client: bool = True
    ) -> Surroundings | None:
        """See Requests.with_surroundings."""
        hinted = [] if near is None else [keys.provider(near.provider), *_client_keys(near.client)]
        items = self._gathered(request_id, near, dates, [keys.practice(), *hinted])
        found = self._found(request_id, items)
        if found is None:
            return None
        client_id, of_provider = found.request.client.id, keys.provider(found.request.provider.id)
        missing = {of_provider, *(_client_keys(client_id) if client else ())}.difference(hinted)
        if missing:
            items |= self._table.get_many(sorted(missing))
        return Surroundings(
            found=found,
            practice=practice_of(items.get(keys.practice())),
            provider=provider_of(items.get(of_provider)),
            open_requests=_open_requests_in(items, client_id),
            profile=records.profile_of(items, client_id),
        )

    def _gathered(
        self, request_id: str, near: Near | None, dates: Sequence[date], others: Sequence[keys.Key]
    ) -> dict[keys.Key, Item]:
        """The request, what is near it, and the ledgers around its start and around `dates`."""
        of_request = keys.request(request_id)
        hinted = [] if near is None else _day_keys(near.provider, near.day, *dates)
        items = self._table.get_many([of_request, *others, *hinted])
        request = _request_of(items.get(of_request))
        if request is None:
            return {}
        of_old = [] if request.replaces is None else [keys.request(request.replaces)]
        needed = {*_days_needed(request, dates), *of_old}.difference(hinted)
        return items | self._table.get_many(sorted(needed)) if needed else items

    def _found(self, request_id: str, items: Mapping[keys.Key, Item]) -> Found | None:
        request = _request_of(items.get(keys.request(request_id)))
        if request is None:
            return None
        old = None if request.replaces is None else _request_of(items.get(keys.request(request.replaces)))
        return Found(request, days_of(items), old)

    def profile(self, client_id: str) -> ClientProfile:
        """See Requests.profile."""
        return records.profile_of(
            self._table.get_many([keys.profile(client_id), keys.known_client(client_id)]), client_id
        )

    def commit(
        self,
        step: Step,
        ledgers: LedgerChange,
        open_requests: OpenRequests | None = None,
        replaced: Step | None = None,
    ) -> None:
        """See Requests.commit."""
        name = self._table.name
        provider_id = step.after.provider.id
        self._table.transact(
            [
                *_step_writes(name, step),
                *(_step_writes(name, replaced) if replaced else ()),
                *ledger_writes(name, provider_id, ledgers),
                *_open_writes(name, step, open_requests),
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


def _days_needed(request: Request, dates: Sequence[date]) -> list[keys.Key]:
    """The ledgers that a step of this request can touch."""
    starts = [request.start, *request.offered, *([request.replaces_start] if request.replaces_start else [])]
    return _day_keys(request.provider.id, *(start.astimezone(UTC).date() for start in starts), *dates)


def _client_keys(client_id: str | None) -> list[keys.Key]:
    if client_id is None:
        return []
    return [keys.open_requests(client_id), keys.profile(client_id), keys.known_client(client_id)]


def _open_requests_in(items: Mapping[keys.Key, Item], client_id: str | None) -> OpenRequests:
    return records.open_requests_of(None if client_id is None else items.get(keys.open_requests(client_id)))


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
    """A request is in its client's list from the moment on that its address is known to be theirs."""
    if _is_unverified(step):
        return []
    put = _put(table, records.appointment_item(step.after))
    if step.before is None or step.before.start == step.after.start:
        return [put]
    return [{"Delete": {"TableName": table, "Key": typed(records.appointment_key(step.before))}}, put]


def _is_unverified(step: Step) -> bool:
    """Whether the step begins or ends a request whose address was never verified."""
    before = None if step.before is None else step.before.status
    return step.after.status is Status.UNVERIFIED or (before is Status.UNVERIFIED and not step.after.status.is_open)


def _open_writes(table: str, step: Step, seen: OpenRequests | None) -> Sequence[Write]:
    """Note the request as open, or forget it; the version rises either way. Unverified ones do not count."""
    if _is_unverified(step):
        return []
    after = step.after
    sets, removes = [], []
    names = {"#own": records.open_request_name(after.id), "#version": "version"}
    values: dict[str, Any] = {":one": _number(1)}
    # The name of a request that has lapsed may have gone to another one meanwhile; alone it says nothing any more.
    if after.replaces is not None and after.status is not Status.EXPIRED:
        names["#replacing"] = records.replacing_name(after.replaces)
    own = [name for name in names if name != "#version"]
    if after.deadline is None:
        removes += own
    else:
        values[":deadline"] = {"S": text_of(after.deadline)}
        sets.append("#own = :deadline")
        if after.replaces is not None:
            values[":id"] = {"S": after.id}
            sets.append("#replacing = :id")
    if seen is not None:
        values[":today"] = {"S": after.status_at.date().isoformat()}
        values[":made"] = _number(seen.made_today(after.status_at) + 1)
        sets += ["made_on = :today", "made = :made"]
        lapsed = {f"#lapsed{number}": name for number, name in enumerate(_lapsed_names(seen, after))}
        names |= lapsed
        removes += lapsed
    update: dict[str, Any] = {
        "TableName": table,
        "Key": typed(keys.open_requests(after.client.id)),
        "UpdateExpression": " ".join(
            [
                *(["SET " + ", ".join(sets)] if sets else []),
                *(["REMOVE " + ", ".join(removes)] if removes else []),
                "ADD #version :one",
            ]
        ),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }
    if seen is not None:
        # Two submissions of one client at once must not both pass the limit of open requests.
        guard = unchanged(seen.version)
        update["ConditionExpression"] = guard["ConditionExpression"]
        update["ExpressionAttributeValues"] = values | guard.get("ExpressionAttributeValues", {})
    return [{"Update": update}]


def _lapsed_names(seen: OpenRequests, after: Request) -> Sequence[str]:
    """The attributes of what has expired meanwhile; a request's own ones are written anyway."""
    lapsed = [request_id for request_id in seen.lapsed(after.status_at) if request_id != after.id]
    live = seen.deadlines.keys() - lapsed
    replacing = [old for old, new in seen.replacing.items() if new not in live and old != after.replaces]
    return [*map(records.open_request_name, lapsed), *map(records.replacing_name, replacing)]


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
