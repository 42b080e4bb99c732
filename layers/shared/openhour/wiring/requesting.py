"""For the functions that show, change, answer and withdraw requests: the table and the secret."""

from functools import cache

import boto3

from openhour.adapters.clock import SystemClock, full_jitter
from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.adapters.keyring import HashedIdentity, SecretKeyring
from openhour.adapters.tokens import Tokens
from openhour.application.client.change import Changing
from openhour.application.client.verify import Verifying
from openhour.application.provider.answer import Answering
from openhour.domain.deadlines import Hold
from openhour.wiring import environment

pause = full_jitter


@cache
def requests() -> DynamoDBRequests:
    """Requests with their ledgers."""
    return DynamoDBRequests(Table(dynamodb_client(), environment.setting("TABLE_NAME")))


@cache
def clock() -> SystemClock:
    """The present."""
    return environment.clock()


@cache
def keyring() -> SecretKeyring:
    """The stack's keys."""
    return SecretKeyring(boto3.client("secretsmanager"), environment.setting("SECRET_ARN"))


@cache
def tokens() -> Tokens:
    """Signed links."""
    return Tokens(keyring(), clock())


@cache
def verifying() -> Verifying:
    """The use case behind the link that proves an address."""
    return Verifying(requests(), clock(), hold(), pause)


@cache
def changing() -> Changing:
    """The use case of a client's change."""
    return Changing(requests(), HashedIdentity(keyring()), clock(), hold(), pause)


@cache
def answering() -> Answering:
    """The use case of a provider's answer."""
    return Answering(requests(), clock(), hold(), pause)


def hold() -> Hold:
    """How long an open request keeps its time. Raises SettingMissingError."""
    return Hold.parse(environment.setting("HOLD"))
