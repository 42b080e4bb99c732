"""How often callers did what anybody may do, and the proofs they have spent. Time to live removes both."""

from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import Table, raise_unless_condition
from openhour.application.admission import Caps, Counted, Tally

_COUNTS_KEPT = timedelta(hours=48)
_PROOFS_KEPT = timedelta(hours=1)
"""Longer than any challenge lasts."""


class DynamoDBCallers:
    """The port Callers on the table."""

    def __init__(self, table: Table) -> None:
        """`table` is shared with the other stores of a function."""
        self._table = table

    def count(self, caller_id: str, what: Counted, caps: Caps, now: datetime) -> Tally | None:
        """See Callers.count. One item for a day, with a number for each of its hours that had any."""
        hour = f"hour_{now:%H}"
        try:
            self._table.update(
                keys.caller_count(caller_id, what, now.date()),
                UpdateExpression="ADD #day :one, #hour :one SET expires_at = if_not_exists(expires_at, :ends)",
                # Guards against passing either cap, however many ask at once.
                ConditionExpression="(attribute_not_exists(#day) OR #day < :daily)"
                " AND (attribute_not_exists(#hour) OR #hour < :hourly)",
                ExpressionAttributeNames={"#day": "whole_day", "#hour": hour},
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":daily": {"N": str(caps.daily)},
                    ":hourly": {"N": str(caps.hourly)},
                    ":ends": {"N": str(int((now + _COUNTS_KEPT).timestamp()))},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            raise_unless_condition(error)
            counts = {name: int(value["N"]) for name, value in error.response["Item"].items() if "N" in value}  # type: ignore[typeddict-item]
            return Tally(counts.get(hour, 0), counts["whole_day"])
        return None

    def spend(self, challenge: str, request_id: str, now: datetime) -> bool:
        """See Callers.spend."""
        try:
            self._table.update(
                keys.spent_proof(challenge),
                UpdateExpression="SET spent_on = :request, expires_at = :ends",
                # Guards against spending a solution twice; trying again for the same request is no second time.
                ConditionExpression="attribute_not_exists(pk) OR spent_on = :request",
                ExpressionAttributeValues={
                    ":request": {"S": request_id},
                    ":ends": {"N": str(int((now + _PROOFS_KEPT).timestamp()))},
                },
            )
        except ClientError as error:
            raise_unless_condition(error)
            return False
        return True
