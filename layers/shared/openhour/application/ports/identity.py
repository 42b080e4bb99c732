"""Ids of people, requests and callers."""

from typing import Protocol


class Identity(Protocol):
    """Ids that are keyed hashes: the same input gives the same id for the life of a stack."""

    def client_id(self, email: str) -> str:
        """The id of whoever reads this address; case does not matter."""

    def request_id(self, email: str, idempotency_key: str) -> str:
        """The id of the request that this address submits under this key."""

    def caller_id(self, address: str) -> str:
        """The id of whoever calls from this address of the network."""
