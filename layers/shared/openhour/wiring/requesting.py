"""For the functions that show, change, answer and withdraw requests: the table and the secret."""

from functools import cache

from openhour.adapters.clock import full_jitter
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.application.client.change import Changing
from openhour.application.client.verify import Verifying
from openhour.application.provider.answer import Answering
from openhour.domain.deadlines import Hold
from openhour.wiring import environment
from openhour.wiring.secrets import identity, keyring, tokens
from openhour.wiring.stores import clock, table

__all__ = ["answering", "changing", "clock", "hold", "identity", "keyring", "pause", "requests", "tokens", "verifying"]

pause = full_jitter


@cache
def requests() -> DynamoDBRequests:
    """Requests with their ledgers."""
    return DynamoDBRequests(table())


@cache
def verifying() -> Verifying:
    """The use case behind the link that proves an address."""
    return Verifying(requests(), clock(), hold(), pause)


@cache
def changing() -> Changing:
    """The use case of a client's change."""
    return Changing(requests(), identity(), clock(), hold(), pause)


@cache
def answering() -> Answering:
    """The use case of a provider's answer."""
    return Answering(requests(), clock(), hold(), pause)


def hold() -> Hold:
    """How long an open request keeps its time. Raises SettingMissingError."""
    return Hold.parse(environment.setting("HOLD"))
