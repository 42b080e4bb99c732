"""The mails of a stack, as those read them to whom they go: the links in them, and the calendar files."""

import json
import re
from dataclasses import dataclass
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from icalendar import Calendar, Event

from tests.handlers.stack import Stack
from tests.handlers.test_events import event

PROVIDER = "maya@practice.example"


@dataclass(frozen=True)
class Letter:
    """One mail."""

    to: str
    message: EmailMessage

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    def token(self, page: str) -> str:
        """The token in the link to a page: behind its path for the provider, in its fragment for the client."""
        found = re.search(rf"https://\S+/{page}(?:#(?:[a-z2-7]+/)?|/)([\w.-]+)", self.text)
        assert found is not None, self.text
        return found[1]

    def calendar(self) -> tuple[str, Event]:
        """The method and the event of its calendar file."""
        (part, *_) = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        calendar = cast("Calendar", Calendar.from_ical(part.get_payload(decode=True)))
        (found,) = calendar.walk("VEVENT")
        return str(calendar["METHOD"]), cast("Event", found)


def _queued(stack: Stack, detail: dict[str, Any]) -> dict[str, Letter]:
    """What a message of the queue has sent, by its reader's address."""
    stack.mails().clear()
    record = event("send_mails.json")["Records"][0] | {"body": json.dumps({"detail": detail})}
    assert stack.invoke("send_mails", {"Records": [record]}) == {"batchItemFailures": []}
    letters = [
        Letter(mail.destinations[0], cast("EmailMessage", message_from_string(mail.raw_data, policy=default)))
        for mail in stack.mails()
    ]
    assert len({letter.to for letter in letters}) == len(letters)
    return {letter.to: letter for letter in letters}


def letters(stack: Stack, request_id: str) -> dict[str, Letter]:
    """What the newest transition of a request has mailed, by its reader's address."""
    return _queued(stack, {"request": request_id, "version": stack.request(request_id).version})


def sign_in_letters(stack: Stack, email: str) -> dict[str, Letter]:
    """What the newest wish for a sign-in link has mailed."""
    period = int(stack.clock.now().timestamp()) // 300
    return _queued(stack, {"client": stack.client_id(email), "period": period})
