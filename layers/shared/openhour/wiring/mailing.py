"""For the function that sends mails: the table, the secret and SES."""

from functools import cache

import boto3

from openhour.adapters.clock import SystemClock, full_jitter
from openhour.adapters.dynamodb.client import Table, dynamodb_client
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.adapters.keyring import SecretKeyring
from openhour.adapters.links import SignedLinks
from openhour.adapters.mail.ses import MailPost
from openhour.adapters.tokens import Tokens
from openhour.application.jobs.mailing import Mailing
from openhour.wiring import environment
from openhour.wiring.environment import setting


@cache
def mailing() -> Mailing:
    """The use case that sends what is owed."""
    return Mailing(DynamoDBOutbox(_table()), post(), clock(), full_jitter)


@cache
def portal() -> DynamoDBPortal:
    """Sign-in links that were asked for."""
    return DynamoDBPortal(_table())


@cache
def post() -> MailPost:
    """The mail service."""
    tokens = Tokens(SecretKeyring(boto3.client("secretsmanager"), setting("SECRET_ARN")), clock())
    links = SignedLinks(tokens, setting("API_URL"), setting("SITE_URL"))
    return MailPost(boto3.client("ses"), links, setting("SENDER"), setting("CONFIGURATION_SET"))


@cache
def clock() -> SystemClock:
    """The present."""
    return environment.clock()


@cache
def _table() -> Table:
    return Table(dynamodb_client(), setting("TABLE_NAME"))
