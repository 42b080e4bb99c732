"""What the template lets a function do to the table, held against every call that the function makes.

The emulated cloud and moto know actions and resources, but not `dynamodb:LeadingKeys`; here they count as on AWS.
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from tests.cloud import template

_OF_TRANSACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_LEADING_KEYS = {"ForAllValues:StringLike": "dynamodb:LeadingKeys"}

type Use = tuple[str, str | None, str]
"""An action, the index it is done to if any, and the partition key of what it is done to."""


class NotAllowedError(BaseException):
    """The template does not allow it. No Exception: nothing in a function may take it for an error of AWS."""


def check(function: str, operation: str, params: Mapping[str, Any]) -> None:
    """Raises NotAllowedError for a call that AWS would refuse to the function."""
    for use in uses(operation, params):
        if not any(_allows(statement, use) for statement in _statements(function)):
            raise NotAllowedError(f"template.yaml does not let {function} do {use}")


def uses(operation: str, params: Mapping[str, Any]) -> Iterator[Use]:
    """What a call does, each of its items by itself: AWS decides about those."""
    if operation == "TransactWriteItems":
        for write in params["TransactItems"]:
            ((kind, what),) = write.items()
            yield _OF_TRANSACTIONS[kind], None, what.get("Key", what.get("Item"))["pk"]["S"]
    elif operation == "BatchGetItem":
        for table in params["RequestItems"].values():
            yield from ((operation, None, key["pk"]["S"]) for key in table["Keys"])
    elif operation == "Query":
        yield operation, params.get("IndexName"), _queried(params)
    else:
        yield operation, None, params["Key"]["pk"]["S"]


def _queried(params: Mapping[str, Any]) -> str:
    """The value of the partition key: it comes first in every key condition of the code."""
    name = params["KeyConditionExpression"].split(" = ", 1)[1].split()[0]
    value: str = params["ExpressionAttributeValues"][name]["S"]
    return value


def _allows(statement: Mapping[str, Any], use: Use) -> bool:
    action, index, key = use
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    if f"dynamodb:{action}" not in actions or not _covers(statement["Resource"], index):
        return False
    condition = statement.get("Condition")
    if condition is None:
        return True
    assert {operator: next(iter(names)) for operator, names in condition.items()} == _LEADING_KEYS
    return any(fnmatchcase(key, pattern) for pattern in condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])


def _covers(resource: Any, index: str | None) -> bool:
    resources = resource if isinstance(resource, list) else [resource]
    wanted = {"GetAtt": "Table.Arn"} if index is None else {"Sub": f"${{Table.Arn}}/index/{index}"}
    return wanted in resources


@cache
def _statements(function: str) -> list[Mapping[str, Any]]:
    for resource in template()["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            if properties["Handler"].startswith(f"{function}."):
                return [each for policy in properties.get("Policies", ()) for each in policy["Statement"]]
    return []
