"""A mail to a provider came back: the practice is told, and nothing goes round in circles."""

import json
from dataclasses import replace
from email import message_from_string
from email.policy import default
from typing import Any

import pytest

from openhour.adapters.wording.catalogue import tags
from tests.builders import practice, provider
from tests.handlers.calls import made
from tests.handlers.stack import Stack
from tests.handlers.test_events import event

OFFICE = "office@practice.example"


def came_back(
    stack: Stack, *, request: str | None = None, kind: str = "note_bounce.provider.json", **tagged: str
) -> Any:
    """What is done about an event of SES's; `tagged` in place of the tags that say to whom the mail went."""
    told = event(kind)
    found = told["detail"]["mail"]["tags"]
    if tagged:
        for name in ("client", "provider", "request"):
            found.pop(name, None)
        found |= {name: [value] for name, value in tagged.items()}
    if request is not None:
        found["request"] = [request]
    stack.mails().clear()
    return stack.invoke("note_bounce", told)


def with_office(stack: Stack, **changes: Any) -> None:
    stack.store.seed(practice(reply_to=OFFICE, **changes), provider())


def test_the_practice_is_told_whom_and_which_request_and_nothing_of_the_client(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    with_office(stack)
    assert came_back(stack, request=made(stack)) == {"marked": 0, "told": 1, "unreached": 1}
    (mail,) = stack.mails()
    assert set(mail.destinations) == {OFFICE}
    read = message_from_string(mail.raw_data, policy=default)
    text = str(read.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    for known in ("Dr Maya Okafor", "maya@practice.example", "Monday 8 March 2027, 09:00", "openhour mail unsuppress"):
        assert known in text
    for secret in ("Ana", "Lima", "client.example", "Couples", "therapy"):
        assert secret not in mail.raw_data
    metric = next(json.loads(line) for line in capsys.readouterr().out.splitlines() if "UnreachedStaff" in line)
    assert metric["UnreachedStaff"] == [1.0]


@pytest.mark.parametrize("kind", ["note_bounce.bounce.json", "note_bounce.complaint.json"])
def test_a_complaint_of_a_provider_is_told_too_for_nothing_reaches_them_any_more(stack: Stack, kind: str) -> None:
    with_office(stack)
    assert came_back(stack, kind=kind, provider="maya-okafor") == {"marked": 0, "told": 1, "unreached": 1}


def test_a_notice_that_comes_back_goes_nowhere_but_the_metric(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    with_office(stack)
    assert came_back(stack, notice="unreached") == {"marked": 0, "told": 0, "unreached": 1}
    assert list(stack.mails()) == []
    assert "UnreachedStaff" in capsys.readouterr().out


def test_nobody_is_told_at_the_address_that_does_not_work_or_where_nobody_reads(stack: Stack) -> None:
    for reply_to in ("Maya@practice.example", None):
        stack.store.seed(practice(reply_to=reply_to), provider())
        assert came_back(stack) == {"marked": 0, "told": 0, "unreached": 1}
        assert list(stack.mails()) == []


def test_a_provider_who_has_left_is_nobody_to_tell_of(stack: Stack) -> None:
    with_office(stack)
    assert came_back(stack, provider="somebody-else") == {"marked": 0, "told": 0, "unreached": 1}


@pytest.mark.parametrize("locale", sorted(tags()))
def test_the_notice_reads_in_every_language(stack: Stack, locale: str) -> None:
    stack.store.seed(replace(practice(reply_to=OFFICE), locale=locale), provider())
    assert came_back(stack) == {"marked": 0, "told": 1, "unreached": 1}
