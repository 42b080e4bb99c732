"""Mails that are owed: due, leased for a while by whoever sends, then sent or superseded."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import batched

from botocore.exceptions import ClientError

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import Item, Table, raise_unless_condition
from openhour.adapters.dynamodb.directory import practice_of, provider_of, read_days
from openhour.adapters.dynamodb.items import text_of
from openhour.adapters.logs import log_failure
from openhour.application.ports.outbox import REPUBLISHED_AFTER, LeasedError
from openhour.domain.clients import ClientProfile
from openhour.domain.ledger import Days
from openhour.domain.requests import Event, Mail, Request
from openhour.domain.values import Practice, Provider

LEASE = timedelta(minutes=5)
_AT_ONCE = 100


class DynamoDBOutbox:
    """The port Outbox on the table."""

    def __init__(self, table: Table) -> None:
        """`table` is shared with the other stores of a function."""
        self._table = table

    def owed(self, request_id: str, version: int) -> tuple[Request | None, Sequence[Mail]]:
        """See Outbox.owed."""
        partition, first = keys.mail(request_id, version, "")
        last = keys.request(request_id)[1]
        items = list(
            self._table.query(
                KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
                ExpressionAttributeValues={":pk": {"S": partition}, ":first": {"S": first}, ":last": {"S": last}},
                ConsistentRead=True,
            )
        )
        request = next((records.request_of(item) for item in items if item[keys.SK]["S"] == last), None)
        mails = [records.mail_of(item) for item in items if records.is_unsent(item)]
        return request, [mail for mail in mails if mail.version == version]

    def readers(self, provider_id: str) -> tuple[Practice | None, Provider | None]:
        """See Outbox.readers."""
        of_practice, of_provider = keys.practice(), keys.provider(provider_id)
        found = self._table.get_many([of_practice, of_provider])
        return practice_of(found.get(of_practice)), provider_of(found.get(of_provider))

    def days(self, provider_id: str, first: date, last: date) -> Days:
        """See Outbox.days."""
        return read_days(self._table, provider_id, first, last)

    def lease(self, mail: Mail, now: datetime) -> None:
        """See Outbox.lease."""
        # Guards against two senders at once: only a mail that is due, or whose sender has been gone for 5 minutes.
        condition = "#state = :due OR (#state = :leased AND lease_until <= :now)"
        try:
            self._table.update(
                _key(mail),
                UpdateExpression="SET #state = :leased, lease_until = :until",
                ConditionExpression=condition,
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":due": {"S": "due"},
                    ":leased": {"S": "leased"},
                    ":now": {"S": text_of(now)},
                    ":until": {"S": text_of(now + LEASE)},
                },
            )
        except ClientError as error:
            raise_unless_condition(error)
            raise LeasedError from error

    def release(self, mail: Mail, failure: str) -> None:
        """See Outbox.release."""
        try:
            self._table.update(
                _key(mail),
                UpdateExpression="SET #state = :due, failure = :failure REMOVE lease_until",
                ConditionExpression="#state = :leased",  # a mail that was settled meanwhile stays settled
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues={
                    ":due": {"S": "due"},
                    ":leased": {"S": "leased"},
                    ":failure": {"S": failure},
                },
            )
        except ClientError as error:
            raise_unless_condition(error)

    def sent(self, mail: Mail, now: datetime) -> None:
        """See Outbox.sent."""
        self._settle(mail, "sent", now)

    def superseded(self, mail: Mail, now: datetime) -> None:
        """See Outbox.superseded."""
        self._settle(mail, "superseded", now)

    def unsent(self, now: datetime) -> Iterator[Mail]:
        """See Outbox.unsent."""
        unsent = keys.UNSENT_PK, keys.UNSENT
        found = self._table.due(keys.UNSENT_INDEX, unsent, keys.UNSENT_SK, text_of(now))
        for entries in batched(found, _AT_ONCE, strict=False):
            wanted = [(entry[keys.PK]["S"], entry[keys.SK]["S"]) for entry in entries]
            items = self._table.get_many(wanted)
            # The index may be behind: the item itself decides.
            yield from _readable([items[key] for key in wanted if key in items and _is_due(items[key], now)])

    def events(self, versions: Sequence[tuple[str, int]]) -> Sequence[Event]:
        """See Outbox.events."""
        wanted = [keys.event(request_id, version) for request_id, version in versions]
        found = self._table.get_many(wanted)
        return [records.event_of(found[key]) for key in wanted if key in found]

    def postpone(self, mail: Mail, now: datetime) -> None:
        """See Outbox.postpone."""
        try:
            self._table.update(
                _key(mail),
                UpdateExpression="SET #publish_at = :now",
                ConditionExpression="attribute_exists(#unsent)",  # a settled mail must not come back into the index
                ExpressionAttributeNames={"#publish_at": keys.UNSENT_SK, "#unsent": keys.UNSENT_PK},
                ExpressionAttributeValues={":now": {"S": text_of(now + REPUBLISHED_AFTER)}},
            )
        except ClientError as error:
            raise_unless_condition(error)

    def profile(self, client_id: str) -> ClientProfile:
        """See Outbox.profile."""
        of_profile = keys.profile(client_id)
        item = self._table.get(of_profile)
        return records.profile_of({} if item is None else {of_profile: item}, client_id)

    def _settle(self, mail: Mail, state: str, now: datetime) -> None:
        self._table.update(
            _key(mail),
            UpdateExpression="SET #state = :state, settled_at = :now REMOVE lease_until, failure, #unsent, #publish_at",
            ExpressionAttributeNames={"#state": "state", "#unsent": keys.UNSENT_PK, "#publish_at": keys.UNSENT_SK},
            ExpressionAttributeValues={":state": {"S": state}, ":now": {"S": text_of(now)}},
        )


def _readable(items: Sequence[Item]) -> Iterator[Mail]:
    """The mails. One that cannot be read (a hand in the table) is logged and holds up no other; `repair` tells it."""
    for item in items:
        try:
            yield records.mail_of(item)
        except (KeyError, ValueError) as error:
            log_failure(error, mail=item[keys.SK]["S"], of=item[keys.PK]["S"])


def _is_due(item: Item, now: datetime) -> bool:
    return records.is_unsent(item) and item[keys.UNSENT_SK]["S"] <= text_of(now)


def _key(mail: Mail) -> keys.Key:
    return keys.mail(mail.request, mail.version, mail.reader, mail.number)
