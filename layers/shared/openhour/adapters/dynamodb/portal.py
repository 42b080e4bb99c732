"""Sign-in links that were asked for, profiles, and every person's own list."""

from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import Item, Table, typed
from openhour.adapters.dynamodb.directory import practice_of
from openhour.adapters.dynamodb.items import instant_of, plain_of, text_of, to_item
from openhour.application.client.portal import PAGE
from openhour.application.jobs.bounces import Trouble
from openhour.application.ports.contention import ContentionError
from openhour.application.ports.people import Appointment, Entry, Named, Page, SignInRequest, Use
from openhour.domain.clients import ClientProfile
from openhour.domain.transitions import Status
from openhour.domain.values import Forum, Practice

_KEPT = timedelta(hours=1)
_MARKS = {Trouble.UNDELIVERABLE: "undeliverable_at", Trouble.COMPLAINT: "complained_at"}


class DynamoDBPortal:
    """The port Portal on the table."""

    def __init__(self, table: Table) -> None:
        """`table` is shared with the other stores of a function."""
        self._table = table

    def ask_for_link(self, asked: SignInRequest) -> None:
        """See Portal.ask_for_link."""
        ends = int((asked.at + _KEPT).timestamp())
        event = {"client": asked.client, "period": asked.period, "at": text_of(asked.at), "expires_at": ends}
        noted = event | {"email": asked.email, "locale": asked.locale}
        puts = [
            (keys.sign_in_event(asked.client, asked.period), event),
            (keys.sign_in(asked.client, asked.period), noted),
        ]
        try:
            self._table.transact([self._put_once(key, plain) for key, plain in puts])
        except ContentionError as error:
            if not any(_failed(error.__cause__)):
                raise

    def _put_once(self, key: keys.Key, plain: dict[str, Any]) -> dict[str, Any]:
        # Nobody's mailbox is filled by asking again and again.
        item = to_item(key, plain)
        return {"Put": {"TableName": self._table.name, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}

    def link_asked_for(self, client_id: str, period: int) -> SignInRequest | None:
        """See Portal.link_asked_for."""
        item = self._table.get(keys.sign_in(client_id, period))
        if item is None:
            return None
        locale = item["locale"]["S"] if "locale" in item else None
        return SignInRequest(client_id, period, item["email"]["S"], locale, instant_of(item["at"]["S"]))

    def is_known(self, client_id: str) -> bool:
        """See Portal.is_known."""
        profile = self.profile(client_id)
        if profile.listed or profile.verified_at is not None:
            return True
        partition, first = keys.appointment(client_id, "", "")
        found = self._table.query(
            KeyConditionExpression="pk = :pk AND begins_with(sk, :first)",
            ExpressionAttributeValues={":pk": {"S": partition}, ":first": {"S": first.rstrip("#") + "#"}},
            Limit=1,
        )
        return next(found, None) is not None

    def practice(self) -> Practice | None:
        """See Portal.practice."""
        return practice_of(self._table.get(keys.practice()))

    def profile(self, client_id: str) -> ClientProfile:
        """See Portal.profile."""
        items = self._table.get_many([keys.profile(client_id), keys.known_client(client_id)])
        return records.profile_of(items, client_id)

    def enter(self, client_id: str, epoch: int, use: Use, period: int, now: datetime) -> Entry:
        """See Portal.enter."""
        seen = "SET verified_at = if_not_exists(verified_at, :now) REMOVE undeliverable_at, expires_at"
        writes = [
            self._update_profile(client_id, epoch, seen, {":now": {"S": text_of(now)}}),
            self._use_once(client_id, use),
            *self._forget_asked(client_id, period),
        ]
        try:
            self._table.transact(writes)
        except ContentionError as error:
            signed_out, used, *_ = _failed(error.__cause__) or (False, False)
            if not signed_out and not used:
                raise
            return Entry.SIGNED_OUT if signed_out else Entry.USED
        return Entry.IN

    def mark(self, client_id: str, trouble: Trouble, now: datetime) -> None:
        """See Profiles.mark."""
        self._table.update(
            keys.profile(client_id),
            UpdateExpression=f"SET {_MARKS[trouble]} = :now REMOVE expires_at",
            ExpressionAttributeValues={":now": {"S": text_of(now)}},
        )

    def sign_out(self, client_id: str, epoch: int, period: int, now: datetime) -> None:
        """See Portal.sign_out."""
        values = {":next": {"N": str(epoch + 1)}, ":now": {"S": text_of(now)}}
        raised = self._update_profile(client_id, epoch, "SET epoch = :next, signed_out_at = :now", values)
        try:
            self._table.transact([raised, *self._forget_asked(client_id, period)])
        except ContentionError as error:
            if not any(_failed(error.__cause__)):
                raise

    def _update_profile(self, client_id: str, epoch: int, expression: str, values: dict[str, Any]) -> dict[str, Any]:
        # Guards against a link or token from before somebody signed out everywhere.
        condition = "epoch = :epoch" if epoch else "attribute_not_exists(epoch) OR epoch = :epoch"
        update = {
            "TableName": self._table.name,
            "Key": typed(keys.profile(client_id)),
            "UpdateExpression": expression,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": values | {":epoch": {"N": str(epoch)}},
        }
        return {"Update": update}

    def _use_once(self, client_id: str, use: Use) -> dict[str, Any]:
        ends = int(use.ends.timestamp())
        item = to_item(keys.used_link(client_id, ends), {"by": use.by, "expires_at": ends + int(_KEPT.total_seconds())})
        # Guards against a link that somebody else has used: whoever used it may press twice.
        put = {
            "TableName": self._table.name,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk) OR #by = :by",
        }
        names = {"ExpressionAttributeNames": {"#by": "by"}, "ExpressionAttributeValues": {":by": {"S": use.by}}}
        return {"Put": put | names}

    def _forget_asked(self, client_id: str, period: int) -> list[dict[str, Any]]:
        asked = (keys.sign_in(client_id, period), keys.sign_in_event(client_id, period))
        return [{"Delete": {"TableName": self._table.name, "Key": typed(key)}} for key in asked]

    def appointments(
        self, client_id: str, first: datetime, last: datetime, after: str | None, *, forwards: bool
    ) -> Page:
        """See Portal.appointments."""
        partition, low = keys.appointment(client_id, text_of(first), "")
        high = keys.appointment(client_id, text_of(last), "~")[1]
        if after is not None and (after > high if forwards else after < low):
            return Page([])
        # DynamoDB refuses a cursor outside the range, and the range moves on while somebody reads.
        inside = after if after is not None and low <= after <= high else None
        start = {} if inside is None else {"ExclusiveStartKey": typed((partition, inside))}
        items, more = self._table.page(
            KeyConditionExpression="pk = :pk AND sk BETWEEN :low AND :high",
            ExpressionAttributeValues={":pk": {"S": partition}, ":low": {"S": low}, ":high": {"S": high}},
            ConsistentRead=True,
            ScanIndexForward=forwards,
            Limit=PAGE,
            **start,
        )
        return Page([appointment_of(item) for item in items], items[-1][keys.SK]["S"] if more else None)


def _failed(error: BaseException | None) -> list[bool]:
    """Of each write of a transaction whether its condition was what failed; empty when that is not known."""
    reasons = error.response.get("CancellationReasons", ()) if isinstance(error, ClientError) else ()
    return [reason.get("Code") == "ConditionalCheckFailed" for reason in reasons]


def appointment_of(item: Item) -> Appointment:
    """A row of a person's own list."""
    plain = plain_of(item)
    deadline = plain.get("list_deadline")
    return Appointment(
        id=plain["id"],
        status=Status(plain["status"]),
        start=instant_of(plain["start"]),
        end=instant_of(plain["end"]),
        deadline=None if deadline is None else instant_of(deadline),
        provider=Named(**plain["provider"]),
        location=Named(**plain["location"]),
        forum=Forum(plain["forum"]),
        service=Named(**plain["service"]),
    )
