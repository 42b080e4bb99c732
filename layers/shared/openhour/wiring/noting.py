"""For the function that notes what SES says of mails: the table, and SES for notices to the practice."""

from functools import cache

from openhour.adapters import aws
from openhour.adapters.clock import full_jitter
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.portal import DynamoDBPortal
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.adapters.mail.notice import SesNoticePost
from openhour.application.jobs.bounces import Noting
from openhour.application.jobs.unreached import Unreached
from openhour.wiring.environment import setting
from openhour.wiring.stores import clock, table


@cache
def noting() -> Noting:
    """The use case."""
    return Noting(DynamoDBRequests(table()), DynamoDBPortal(table()), clock(), full_jitter)


@cache
def unreached() -> Unreached:
    """The use case that tells the practice of a provider whom no mail reaches."""
    post = SesNoticePost(aws.client("ses"), setting("SENDER"), setting("CONFIGURATION_SET"))
    return Unreached(DynamoDBOutbox(table()), DynamoDBRequests(table()), post, clock())
