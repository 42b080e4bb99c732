"""The typed form of values is what DynamoDB's own library writes and reads."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from openhour.adapters.dynamodb.items import plain_of, plain_value, to_item, typed_value

# DynamoDB's numbers have 38 digits.
LEAVES = st.none() | st.booleans() | st.integers(-(10**38) + 1, 10**38 - 1) | st.text()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def without_none(value: Any) -> Any:
    """Members that are nothing are left out, at every depth; elements of lists stay."""
    if isinstance(value, dict):
        return {name: without_none(inner) for name, inner in value.items() if inner is not None}
    return [without_none(inner) for inner in value] if isinstance(value, list) else value


@given(VALUES)
def test_it_writes_what_boto3_writes(value: Any) -> None:
    assert typed_value(value) == TypeSerializer().serialize(without_none(value))


@given(VALUES)
def test_it_reads_what_boto3_reads(value: Any) -> None:
    typed = TypeSerializer().serialize(value)
    assert plain_value(typed) == TypeDeserializer().deserialize(typed) == value


def test_an_item_has_its_key_and_nothing_that_is_nothing() -> None:
    item = to_item(("pk", "sk"), {"name": "Ana", "note": None, "card": {"id": 7, "url": None}})
    assert plain_of(item) == {"pk": "pk", "sk": "sk", "name": "Ana", "card": {"id": 7}}


@pytest.mark.parametrize("value", [1.5, Decimal(1), {1, 2}, object()])
def test_what_nothing_here_stores_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        typed_value(value)


def test_a_type_that_nothing_here_writes_is_refused() -> None:
    with pytest.raises(TypeError):
        plain_value({"SS": ["a"]})
