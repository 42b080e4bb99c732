"""For the function that sends mails: the table, the secret and SES."""

from functools import cache
from typing import Any

from openhour.adapters import aws
from openhour.adapters.clock import full_jitter
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.adapters.links import SignedLinks
from openhour.adapters.mail.ses import MailPost
from openhour.adapters.starting import at_start
from openhour.application.jobs.mailing import Mailing
from openhour.wiring.environment import setting
from openhour.wiring.secrets import tokens
from openhour.wiring.stores import clock, table

__all__ = ["clock", "mailing", "portal", "post"]


@cache
def mailing() -> Mailing:
    """The use case that sends what is owed."""
    return Mailing(DynamoDBOutbox(table()), post(), clock(), full_jitter)


@cache
def portal() -> DynamoDBPortal:
    """Sign-in links that were asked for."""
    return DynamoDBPortal(table())


@at_start
@cache
def post() -> MailPost:
    """The mail service."""
    links = SignedLinks(tokens(), setting("API_URL"), setting("SITE_URL"))
    return MailPost(aws.client("ses"), links, setting("SENDER"), setting("CONFIGURATION_SET"), _lists)


@cache
def _lists() -> Any:
    return aws.client("sesv2")
