"""`openhour mail unsuppress`, on an emulated SES."""

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from operate import cloud
from operate.__main__ import main

ADDRESS = "maya@practice.example"
REGION = "eu-west-2"


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Any:
    """SES, as far as the command asks it."""
    client = boto3.client("sesv2", region_name=REGION, aws_access_key_id="x", aws_secret_access_key="x")
    monkeypatch.setattr(cloud.Cloud, "client", lambda _cloud, _service: client)
    monkeypatch.setattr(cloud.Cloud, "described", lambda _cloud: "AWS account 123456789012, region eu-west-2")
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


def listed(stub: Any, reason: str) -> None:
    found = {"EmailAddress": ADDRESS, "Reason": reason, "LastUpdateTime": "2027-03-01T08:00:00Z"}
    answer = {"SuppressedDestination": found}
    stub.add_response("get_suppressed_destination", answer, {"EmailAddress": ADDRESS})


def test_an_address_is_taken_off_the_list(ses: Any, capsys: pytest.CaptureFixture[str]) -> None:
    listed(ses, "BOUNCE")
    ses.add_response("delete_suppressed_destination", {}, {"EmailAddress": ADDRESS})
    assert main(["mail", "unsuppress", ADDRESS]) == 0
    said = capsys.readouterr()
    assert "Took the address off the list; it was there for BOUNCE." in said.out
    assert "AWS account 123456789012, region eu-west-2" in said.err


def test_a_dry_run_takes_nothing_off(ses: Any, capsys: pytest.CaptureFixture[str]) -> None:
    listed(ses, "COMPLAINT")
    assert main(["mail", "unsuppress", ADDRESS, "--dry-run"]) == 0
    assert "Would take" in capsys.readouterr().out


def test_an_address_that_is_not_listed_needs_nothing(ses: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ses.add_client_error("get_suppressed_destination", "NotFoundException", http_status_code=404)
    assert main(["mail", "unsuppress", ADDRESS]) == 0
    assert "not on the list" in capsys.readouterr().out


def test_whoever_complained_is_written_to_again_only_when_a_person_says_so(ses: Any) -> None:
    listed(ses, "COMPLAINT")
    assert main(["mail", "unsuppress", ADDRESS], ask=lambda _: "n") == 1
    listed(ses, "COMPLAINT")
    ses.add_response("delete_suppressed_destination", {}, {"EmailAddress": ADDRESS})
    assert main(["mail", "unsuppress", ADDRESS], ask=lambda _: "y") == 0


def test_what_aws_refuses_is_said(ses: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ses.add_client_error("get_suppressed_destination", "AccessDeniedException", "not authorized", 403)
    assert main(["mail", "unsuppress", ADDRESS]) == 1
    assert "Not taken off" in capsys.readouterr().err
