"""Requests with their ledgers, and the one transaction that every step is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import Item, Table, typed
from openhour.adapters.dynamodb.directory import practice_of, provider_of, read_days
from openhour.application.ports import Near, OpenRequests, Submission
from openhour.domain.booking import LedgerChange, window
from openhour.domain.ledger import DayLedger, Days
from openhour.domain.requests import Request, Step

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
        of_client = None if client_id is None else keys.open_requests(client_id)
        own = [key for key in (of_request, of_client) if key is not None]
        found = self._table.get_many([*own, of_provider, of_practice, *_day_keys(provider_id, day)])
        return Submission(
            practice=practice_of(found.get(of_practice)),
            provider=provider_of(found.get(of_provider)),
            days=records.days_of(found),
            request=_request_of(found.get(of_request)) if of_request else None,
            open_requests=records.open_requests_of(found.get(of_client) if of_client else None),
        )

    def days(self, provider_id: str, first: date, last: date) -> Days:
        """See Requests.days."""
        return read_days(self._table, provider_id, first, last)

    def request(self, request_id: str) -> Request | None:
        """See Requests.request."""
        return _request_of(self._table.get(keys.request(request_id)))

    def with_days(self, request_id: str, near: Near | None) -> tuple[Request, Days] | None:
        """See Requests.with_days."""
        hinted = [] if near is None else _day_keys(near.provider, near.day)
        found = self._table.get_many([keys.request(request_id), *hinted])
        request = _request_of(found.get(keys.request(request_id)))
        if request is None:
            return None
        needed = _day_keys(request.provider.id, request.start.astimezone(UTC).date())
        if not set(needed) <= set(hinted):
            found = self._table.get_many(needed)
        return request, records.days_of(found)

    def commit(self, step: Step, ledgers: LedgerChange, open_requests: OpenRequests | None = None) -> None:
        """See Requests.commit."""
        name, after = self._table.name, step.after
        provider_id = after.provider.id
        self._table.transact(
            [
                _put_request(name, step),
                *(_put_ledger(name, provider_id, ledger) for ledger in ledgers.writes),
                *(_check_ledger(name, provider_id, ledger) for ledger in ledgers.checks),
                _put(name, records.event_item(step.event)),
                *(_put(name, records.mail_item(mail, after.status_at)) for mail in step.mails),
                *_rows(name, step),
                _update_open(name, step, open_requests),
            ]
        )

    def overdue(self, now: datetime) -> Iterator[str]:
        """See Requests.overdue."""
        items = self._table.query(
            IndexName=keys.OVERDUE_INDEX,
            KeyConditionExpression="#open = :open AND #deadline <= :now",
            ExpressionAttributeNames={"#open": keys.OVERDUE_PK, "#deadline": keys.OVERDUE_SK},
            ExpressionAttributeValues={":open": {"S": keys.OPEN}, ":now": {"S": records.text_of(now)}},
        )
        return (item[keys.PK]["S"].removeprefix("REQUEST#") for item in items)


def _day_keys(provider_id: str, day: date) -> list[keys.Key]:
    first, last = window(day)
    dates = (first, day, last)
    return [
        *(keys.day(provider_id, utc_date) for utc_date in dates),
        *(keys.external(provider_id, utc_date) for utc_date in dates),
    ]


def _request_of(item: Item | None) -> Request | None:
    return None if item is None else records.request_of(item)


def _put(table: str, item: Item) -> Write:
    return {"Put": {"TableName": table, "Item": item}}


def _put_request(table: str, step: Step) -> Write:
    put: dict[str, Any] = {"TableName": table, "Item": records.request_item(step.after)}
    if step.before is None:
        # Never two requests for one idempotency key: the second submission must find the first.
        return {"Put": put | {"ConditionExpression": "attribute_not_exists(pk)"}}
    # Optimistic lock: nobody has taken another step from the same version.
    return {
        "Put": put
        | {
            "ConditionExpression": "#version = :seen",
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": {":seen": _number(step.before.version)},
        }
    }


def _put_ledger(table: str, provider_id: str, ledger: DayLedger) -> Write:
    seen = _unchanged(ledger.version - 1)
    return {
        "Update": {
            "TableName": table,
            "Key": typed(keys.day(provider_id, ledger.day)),
            "UpdateExpression": "SET entries = :entries, #version = :next",
            **seen,
            "ExpressionAttributeValues": seen.get("ExpressionAttributeValues", {})
            | {":entries": records.entries_item(ledger), ":next": _number(ledger.version)},
        }
    }


def _check_ledger(table: str, provider_id: str, ledger: DayLedger) -> Write:
    key = typed(keys.day(provider_id, ledger.day))
    return {"ConditionCheck": {"TableName": table, "Key": key, **_unchanged(ledger.version)}}


def _unchanged(version: int) -> dict[str, Any]:
    """Guards against a time written to this day, by anybody, since the day was read."""
    names = {"#version": "version"}
    if version == 0:
        return {"ConditionExpression": "attribute_not_exists(#version)", "ExpressionAttributeNames": names}
    return {
        "ConditionExpression": "#version = :seen",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {":seen": _number(version)},
    }


def _rows(table: str, step: Step) -> Sequence[Write]:
    put = _put(table, records.appointment_item(step.after))
    if step.before is None or step.before.start == step.after.start:
        return [put]
    return [{"Delete": {"TableName": table, "Key": typed(records.appointment_key(step.before))}}, put]


def _update_open(table: str, step: Step, seen: OpenRequests | None) -> Write:
    """Note the request as open, or forget it; the version rises either way."""
    after = step.after
    names = {"#own": records.open_request_name(after.id), "#version": "version"}
    values: dict[str, Any] = {":one": _number(1)}
    if after.deadline is None:
        expression = "REMOVE #own ADD #version :one"
    else:
        values[":deadline"] = {"S": records.text_of(after.deadline)}
        expression = "SET #own = :deadline ADD #version :one"
        lapsed = [] if seen is None else [old for old, end in seen.deadlines.items() if end <= after.status_at]
        names |= {f"#lapsed{number}": records.open_request_name(old) for number, old in enumerate(lapsed)}
        if lapsed:
            expression += " REMOVE " + ", ".join(f"#lapsed{number}" for number in range(len(lapsed)))
    update: dict[str, Any] = {
        "TableName": table,
        "Key": typed(keys.open_requests(after.client.id)),
        "UpdateExpression": expression,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }
    if seen is not None:
        # Two submissions of one client at once must not both pass the limit of open requests.
        unchanged = _unchanged(seen.version)
        update["ConditionExpression"] = unchanged["ConditionExpression"]
        update["ExpressionAttributeValues"] = values | unchanged.get("ExpressionAttributeValues", {})
    return {"Update": update}


def _number(value: int) -> dict[str, str]:
    return {"N": str(value)}
