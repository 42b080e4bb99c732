"""Taking people out of the table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import Item, Table, typed
from openhour.adapters.dynamodb.directory import practice_of
from openhour.adapters.dynamodb.items import text_of, to_item
from openhour.adapters.dynamodb.portal import appointment_of
from openhour.adapters.dynamodb.requests import put_over, unchanged
from openhour.application.jobs.erase import Belongings, Erasure
from openhour.domain.clients import ClientProfile
from openhour.domain.requests import Request
from openhour.domain.values import Practice

type Write = Mapping[str, Any]

_TOKENS_OUTLIVED = timedelta(days=1)
"""Longer than any sign-in lasts; until then the epoch has to be remembered, so that none from before counts again."""

_AT_ONCE = 100
_BESIDE_THE_ROWS = 3  # PROFILE, OPEN and KNOWN sort behind them


class DynamoDBArchive:
    """The port Archive on the table."""

    def __init__(self, table: Table) -> None:
        """`table` is shared with the other stores of a function."""
        self._table = table

    def practice(self) -> Practice | None:
        """See Archive.practice."""
        return practice_of(self._table.get(keys.practice()))

    def over(self, before: datetime) -> Iterator[str]:
        """See Archive.over."""
        kept = keys.KEPT_PK, keys.KEPT
        items = self._table.due(keys.KEPT_INDEX, kept, keys.KEPT_SK, text_of(before))
        return (item[keys.PK]["S"].removeprefix("REQUEST#") for item in items)

    def requests(self, request_ids: Sequence[str]) -> Sequence[Request]:
        """See Archive.requests."""
        found: list[Request] = []
        for some in batched(request_ids, _AT_ONCE, strict=False):
            items = self._table.get_many([keys.request(request_id) for request_id in some])
            found += [records.request_of(item) for item in items.values()]
        return found

    def belongings(self, client_id: str, most: int | None = None) -> Belongings:
        """See Archive.belongings."""
        partition = keys.profile(client_id)[0]
        query: dict[str, Any] = {
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": {"S": partition}},
            "ConsistentRead": True,
            "ScanIndexForward": False,
        }
        if most is None:
            items = list(self._table.query(**query))
        else:
            items, _ = self._table.page(**query, Limit=most + _BESIDE_THE_ROWS)
        return _belongings_of(client_id, {(partition, item[keys.SK]["S"]): item for item in items})

    def links(self, client_id: str) -> int:
        """See Archive.links."""
        return sum(key[1].startswith(keys.LINK_PREFIX) for key in self._sign_in_keys(client_id))

    def erase(self, erasure: Erasure) -> None:
        """See Archive.erase."""
        if erasure.forgets:  # first: should it end in between, what follows is tried again
            self._delete_sign_ins(erasure.belongings.client)
        self._table.transact(
            [
                *(write for request in erasure.requests for write in self._anonymise(erasure, request)),
                *self._rest(erasure),
            ]
        )

    def _delete_sign_ins(self, client_id: str) -> None:
        for some in batched(self._sign_in_keys(client_id), _AT_ONCE, strict=False):
            self._table.transact([self._delete(key) for key in some])

    def _anonymise(self, erasure: Erasure, request: Request) -> Iterator[Write]:
        # Guards against a step taken since the request was read: its writer would put back what goes here.
        yield put_over(self._table.name, request, request.version)
        yield self._delete(keys.appointment(erasure.belongings.client, text_of(request.start), request.id))

    def _rest(self, erasure: Erasure) -> Iterator[Write]:
        belongings = erasure.belongings
        # Guards against a request that came in since: whoever asks again is not to be forgotten.
        guard = {"TableName": self._table.name, **unchanged(belongings.agenda.version)}
        key = {"Key": typed(keys.agenda(belongings.client))}
        if not erasure.forgets:
            left = belongings.agenda.without([request.id for request in erasure.requests])
            is_named = left != belongings.agenda
            item = records.agenda_item(belongings.client, left)
            yield {"Put": guard | {"Item": item}} if is_named else {"ConditionCheck": guard | key}
            return
        yield {"Delete": guard | key}
        if erasure.by_wish or belongings.profile != ClientProfile(listed=belongings.profile.listed):
            yield self._forget_profile(erasure)
        if erasure.by_wish and belongings.profile.listed:
            yield self._delete(keys.known_client(belongings.client))

    def _forget_profile(self, erasure: Erasure) -> Write:
        client, epoch = erasure.belongings.client, erasure.belongings.profile.epoch
        ends = int((erasure.at + _TOKENS_OUTLIVED).timestamp())
        ended = {"epoch": epoch + 1, "signed_out_at": text_of(erasure.at), "expires_at": ends}
        item = to_item(keys.profile(client), ended)
        return {"Put": {"TableName": self._table.name, "Item": item}}

    def _sign_in_keys(self, client_id: str) -> list[keys.Key]:
        partition = keys.sign_in(client_id, 0)[0]
        items = self._table.query(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            ProjectionExpression="pk, sk",
            ConsistentRead=True,
        )
        return [(partition, item[keys.SK]["S"]) for item in items]

    def _delete(self, key: keys.Key) -> Write:
        return {"Delete": {"TableName": self._table.name, "Key": typed(key)}}


def _belongings_of(client_id: str, items: Mapping[keys.Key, Item]) -> Belongings:
    rows = [item for key, item in items.items() if key[1].startswith("APPT#")]
    return Belongings(
        client=client_id,
        rows=[appointment_of(item) for item in reversed(rows)],
        agenda=records.agenda_of(items.get(keys.agenda(client_id))),
        profile=records.profile_of(items, client_id),
    )
