"""Mails as SES takes them, and what becomes of it when SES does not."""

import email
import traceback
from collections.abc import Iterator
from dataclasses import replace
from email.policy import default
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.stub import Stubber
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses import ses_backends

from openhour.adapters.mail.ses import NOT_TAKEN, MailPost
from openhour.application.ports.post import NotDeliveredError, Post
from openhour.domain.transitions import MailKind, Reader
from tests.unit.mail_examples import CLIENT, EVERY_KIND, NOTE, PROVIDER, SENDER, Case, FakeLinks, case

REGION = "eu-west-1"
SET = "openhour-untracked"


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("ses", region_name=REGION, config=Config(retries={"total_max_attempts": 1}))


def post(client: Any) -> Post:
    return MailPost(client, FakeLinks(), SENDER, SET, lambda: boto3.client("sesv2", region_name="eu-west-2"))


class Listed:
    """The account's suppression list, and what it answers."""

    def __init__(self, code: str | None = None) -> None:
        self.code = code
        self.taken_off: list[str] = []

    def delete_suppressed_destination(self, *, EmailAddress: str) -> None:  # noqa: N803 - as boto3 has it
        if self.code is not None:
            raise ClientError({"Error": {"Code": self.code, "Message": EmailAddress}}, "DeleteSuppressedDestination")
        self.taken_off.append(EmailAddress)


@pytest.mark.parametrize(("code", "told"), [("NotFoundException", []), ("TooManyRequestsException", ["ClientError"])])
def test_an_address_that_cannot_be_taken_off_the_list_keeps_no_mail_and_is_in_no_log(
    code: str, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    MailPost(None, FakeLinks(), SENDER, SET, lambda: Listed(code)).let_through(CLIENT.email)  # type: ignore[arg-type]
    logged = [vars(record) for record in caplog.records]
    assert [entry["error"] for entry in logged] == told
    assert CLIENT.email not in str(logged)


def test_an_address_is_taken_off_the_list_of_those_that_were_given_up() -> None:
    listed = Listed()
    MailPost(None, FakeLinks(), SENDER, SET, lambda: listed).let_through(CLIENT.email)  # type: ignore[arg-type]
    assert listed.taken_off == [CLIENT.email]


def deliver(client: Any, made: Case) -> None:
    post(client).deliver(made.mail, made.request, made.practice, made.provider)


def taken() -> list[Any]:
    return ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages


@pytest.mark.parametrize(("kind", "reader"), EVERY_KIND)
def test_ses_takes_every_mail_for_its_one_reader(ses: Any, kind: MailKind, reader: Reader) -> None:
    ses.verify_email_identity(EmailAddress=SENDER)
    deliver(ses, case(kind, reader))
    (message,) = taken()
    address = CLIENT.email if reader is Reader.CLIENT else PROVIDER.email
    assert message.source == SENDER
    assert set(message.destinations) == {address}
    parsed = email.message_from_string(message.raw_data, policy=default)
    assert parsed["To"] == address
    assert parsed["Subject"] == case(kind, reader).read()["Subject"]


def test_a_mail_says_in_its_tags_whom_it_is_for_so_that_its_coming_back_can_be_told() -> None:
    client = boto3.client("ses", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
    made = case(MailKind.NEW_REQUEST)
    expected = {
        "Source": SENDER,
        "Destinations": [PROVIDER.email],
        "RawMessage": {"Data": made.composed().as_bytes()},
        "ConfigurationSetName": SET,
        "Tags": [{"Name": "provider", "Value": PROVIDER.id}, {"Name": "request", "Value": made.request.id}],
    }
    with Stubber(client) as stub:
        stub.add_response("send_raw_email", {"MessageId": "1"}, expected)
        deliver(client, made)


def test_source_destination_and_configuration_set_are_always_given() -> None:
    client = boto3.client("ses", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
    made = case(MailKind.CONFIRMED)
    expected = {
        "Source": SENDER,
        "Destinations": [CLIENT.email],
        "RawMessage": {"Data": made.composed().as_bytes()},
        "ConfigurationSetName": SET,
        "Tags": [{"Name": "client", "Value": CLIENT.id}, {"Name": "request", "Value": made.request.id}],
    }
    with Stubber(client) as stubbed:
        stubbed.add_response("send_raw_email", {"MessageId": "m1"}, expected)
        deliver(client, made)
        stubbed.assert_no_pending_responses()


def test_a_sender_that_is_not_verified_is_not_delivered(ses: Any) -> None:
    with pytest.raises(NotDeliveredError, match="MessageRejected"):
        deliver(ses, case(MailKind.WAITING))
    assert taken() == []


def test_an_address_that_no_mail_can_carry_is_not_delivered_and_not_named(ses: Any) -> None:
    made = case(MailKind.WAITING, client=replace(CLIENT, email=CLIENT.email.replace("zoe", "zoë")))
    with pytest.raises(NotDeliveredError) as caught:
        deliver(ses, made)
    assert "client.example" not in logged(caught.value)


def refusing(code: str, status: int) -> Any:
    client = boto3.client("ses", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
    stubbed = Stubber(client)
    stubbed.add_client_error("send_raw_email", code, f"Email address is not verified: {CLIENT.email}", status)
    stubbed.activate()
    return client


def logged(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


@pytest.mark.parametrize("code", sorted(NOT_TAKEN))
def test_what_ses_refuses_is_not_delivered_and_no_log_of_it_names_anybody(code: str) -> None:
    with pytest.raises(NotDeliveredError, match=code) as caught:
        deliver(refusing(code, 400), case(MailKind.WAITING))
    assert isinstance(caught.value.__cause__, ClientError)
    for personal in (CLIENT.email, CLIENT.name, NOTE):
        assert personal not in logged(caught.value)


def test_a_fault_of_ses_itself_is_not_delivered_whatever_its_name() -> None:
    with pytest.raises(NotDeliveredError, match="InternalFailure"):
        deliver(refusing("InternalFailure", 500), case(MailKind.WAITING))


def test_a_fault_of_our_own_goes_up() -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        deliver(refusing("AccessDenied", 403), case(MailKind.WAITING))


class Unreachable:
    """A client whose call fails before it reaches anybody."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def send_raw_email(self, **_: object) -> None:
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://email.example"),
        ConnectTimeoutError(endpoint_url="https://email.example"),
        ReadTimeoutError(endpoint_url="https://email.example"),
    ],
)
def test_a_service_that_cannot_be_reached_is_not_delivered(error: Exception) -> None:
    with pytest.raises(NotDeliveredError, match=type(error).__name__) as caught:
        deliver(Unreachable(error), case(MailKind.WAITING))
    assert caught.value.__cause__ is error


def test_a_call_that_was_made_wrongly_is_not_mistaken_for_an_outage() -> None:
    with pytest.raises(ParamValidationError):
        deliver(Unreachable(ParamValidationError(report="x")), case(MailKind.WAITING))
