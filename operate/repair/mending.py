"""What mends a difference, as writes of one transaction, each with the conditions under which it does."""

from collections.abc import Mapping, Sequence
from typing import Any

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import typed
from openhour.adapters.dynamodb.items import text_of
from openhour.adapters.dynamodb.requests import ledger_writes, unchanged
from openhour.domain.requests import Request
from operate.repair.differences import (
    DropRow,
    IndexRequest,
    Mend,
    NoteOpen,
    OweMail,
    PublishMail,
    PutRow,
    SettleMail,
    SupersedeMail,
    WriteDirectory,
    WriteLedgers,
)
from operate.repair.standing import StoredMail

type Write = Mapping[str, Any]


def writes_of(table: str, request: Request | None, mend: Mend) -> Sequence[Write]:
    """All or nothing of it: the request must be in the version it was read in, and so must what is written over.

    The directory belongs to no request. Raises ValueError when anything else is to be mended without one.
    """
    if isinstance(mend, WriteDirectory):
        return [_write_directory(table, mend)]
    if request is None:
        raise ValueError("mending needs the request")
    if isinstance(mend, IndexRequest):
        return [_index_request(table, request)]
    # A request that has moved on has written all of this anew.
    check = {"TableName": table, "Key": typed(keys.request(request.id)), **unchanged(request.version)}
    if isinstance(mend, WriteLedgers):
        return [{"ConditionCheck": check}, *ledger_writes(table, mend.provider, mend.change)]
    return [{"ConditionCheck": check}, _write(table, mend)]


def _write(table: str, mend: PutRow | DropRow | NoteOpen | OweMail | PublishMail | SettleMail | SupersedeMail) -> Write:
    match mend:
        case PutRow(request):
            return {"Put": {"TableName": table, "Item": records.appointment_item(request)}}
        case DropRow(key):
            return {"Delete": {"TableName": table, "Key": typed(key)}}
        case NoteOpen(client, seen, agenda):
            return {"Put": {"TableName": table, "Item": records.agenda_item(client, agenda), **unchanged(seen)}}
        case OweMail(mail):
            # Never over a mail that may have been sent.
            guard = {"ConditionExpression": "attribute_not_exists(pk)"}
            return {"Put": {"TableName": table, "Item": records.mail_item(mail), **guard}}
        case PublishMail():
            return _publish_mail(table, mend)
        case SettleMail(stored) | SupersedeMail(stored):
            return _settle_mail(table, stored, supersede=isinstance(mend, SupersedeMail))


def _write_directory(table: str, mend: WriteDirectory) -> Write:
    guard: dict[str, Any] = {"TableName": table, "ConditionExpression": "attribute_not_exists(pk)"}
    if mend.seen is not None:
        # Whoever applied a file meanwhile has written it anew.
        guard |= {"ConditionExpression": "version = :seen", "ExpressionAttributeValues": {":seen": {"S": mend.seen}}}
    key = typed(keys.directory())
    if mend.wanted is None:
        return {"Delete": {"Key": key, **guard}}
    said = {"document": {"B": mend.wanted.document}, "version": {"S": mend.wanted.version}}
    return {"Put": {"Item": key | said, **guard}}


def _index_request(table: str, request: Request) -> Write:
    guard, wanted = unchanged(request.version), records.request_item(request)
    attributes = (keys.OVERDUE_PK, keys.OVERDUE_SK, keys.KEPT_PK, keys.KEPT_SK)
    sets = [f"#{name} = :{name}" for name in attributes if name in wanted]
    removes = [f"#{name}" for name in attributes if name not in wanted]
    parts = [f"{word} {', '.join(some)}" for word, some in (("SET", sets), ("REMOVE", removes)) if some]
    return {
        "Update": {
            "TableName": table,
            "Key": typed(keys.request(request.id)),
            "UpdateExpression": " ".join(parts),
            **guard,
            "ExpressionAttributeNames": guard["ExpressionAttributeNames"] | {f"#{name}": name for name in attributes},
            "ExpressionAttributeValues": guard["ExpressionAttributeValues"]
            | {f":{name}": wanted[name] for name in attributes if name in wanted},
        }
    }


def _publish_mail(table: str, mend: PublishMail) -> Write:
    sets = "SET #unsent = :unsent, #publish_at = :publish_at"
    values = {":unsent": {"S": keys.UNSENT}, ":publish_at": {"S": text_of(mend.publish_at)}}
    if mend.take_back:
        sets += ", #state = :due REMOVE lease_until"
        values[":due"] = {"S": "due"}
    return _update_mail(table, mend.seen, sets, values)


def _settle_mail(table: str, seen: StoredMail, *, supersede: bool) -> Write:
    if not supersede:
        return _update_mail(table, seen, "REMOVE #unsent, #publish_at", {})
    sets = "SET #state = :superseded REMOVE lease_until, failure, #unsent, #publish_at"
    return _update_mail(table, seen, sets, {":superseded": {"S": "superseded"}})


def _update_mail(table: str, seen: StoredMail, expression: str, values: Mapping[str, Any]) -> Write:
    until = seen.lease_until
    # Whoever has leased, sent or settled it meanwhile knows better.
    condition = "#state = :seen AND " + (
        "attribute_not_exists(lease_until)" if until is None else "lease_until = :until"
    )
    return {
        "Update": {
            "TableName": table,
            "Key": typed(seen.key),
            "UpdateExpression": expression,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {
                "#state": "state",
                "#unsent": keys.UNSENT_PK,
                "#publish_at": keys.UNSENT_SK,
            },
            "ExpressionAttributeValues": {
                ":seen": {"S": seen.state},
                **({} if until is None else {":until": {"S": text_of(until)}}),
                **values,
            },
        }
    }
