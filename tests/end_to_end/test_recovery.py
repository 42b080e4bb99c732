"""What happens when time passes and parts fail: nothing blocks, nothing is lost."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.end_to_end.visitor import Visitor, text_of


@pytest.fixture
def moved_clock(visitor: Visitor) -> Iterator[Visitor]:
    """Whatever a test does to the functions' clock is undone."""
    yield visitor
    visitor.cloud.set_clock_offset(0)


def seconds_until(instant: str) -> int:
    return int((datetime.fromisoformat(instant) - datetime.now(UTC)).total_seconds())


def test_at_the_deadline_the_slot_is_free_and_the_link_says_expired_with_the_job_stopped(moved_clock: Visitor) -> None:
    visitor = moved_clock
    request = visitor.submitted()
    link = visitor.answer_link(request)
    token = visitor.manage_token(visitor.mail(""))
    assert request["start"] not in visitor.slots()

    visitor.cloud.set_clock_offset(seconds_until(request["deadline"]) + 1)
    assert request["start"] in visitor.slots()
    for answer in (visitor.open(link), visitor.press(link, "confirm")):
        assert answer.status == 410
        assert "expired" in answer.text
        assert "Ana Lima" not in answer.text
    assert visitor.manage("GET", request, token).json["status"] == "expired"
    assert visitor.manage("DELETE", request, token).status == 409

    visitor.cloud.invoke("expire_requests")
    assert "not answered" in text_of(visitor.mail("not answered in time")).lower()


def test_the_schedule_itself_runs_the_job(moved_clock: Visitor) -> None:
    visitor = moved_clock
    request = visitor.submitted()
    visitor.mail("")
    visitor.cloud.set_clock_offset(seconds_until(request["deadline"]) + 1)
    visitor.cloud.start_schedule()
    try:
        visitor.cloud.mailbox.wait_for(
            lambda mail: visitor.email in str(mail["To"]) and "not answered in time" in str(mail["Subject"]).lower(),
            seconds=90,
        )
    finally:
        visitor.cloud.stop_schedule()


@pytest.mark.parametrize("function", ["publish_events", "send_mails"])
def test_events_wait_for_a_consumer_that_is_down(visitor: Visitor, function: str) -> None:
    visitor.cloud.stop_consumer(function)
    try:
        request = visitor.submitted()
        assert visitor.mails() == []
    finally:
        visitor.cloud.start_consumer(function)
    visitor.mail("")
    visitor.provider_mail_about(request)
    assert len(visitor.mails()) == 1


def test_a_mail_service_that_fails_for_a_while_gets_every_mail_once(visitor: Visitor) -> None:
    visitor.cloud.retry_mails_after(2)
    visitor.cloud.refuse_mail()
    try:
        request = visitor.submitted()
        assert visitor.mails() == []
    finally:
        visitor.cloud.accept_mail()
    visitor.mail("")
    visitor.provider_mail_about(request)
    assert Counter(visitor.mails()).most_common(1)[0][1] == 1


def test_mails_that_stayed_unsent_are_published_again_by_the_job(moved_clock: Visitor) -> None:
    visitor = moved_clock
    visitor.cloud.stop_consumer("publish_events")
    try:
        visitor.submitted()
        visitor.cloud.set_clock_offset(11 * 60)
        ran = visitor.cloud.invoke("expire_requests")
        assert ran["unsent"] >= 2
        visitor.mail("")  # although the stream's consumer is still down
    finally:
        visitor.cloud.start_consumer("publish_events")
    assert len(visitor.mails()) == 1
