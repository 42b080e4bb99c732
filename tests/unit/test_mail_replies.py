"""Whether anybody reads replies, in every mail there is."""

from dataclasses import replace

import pytest

from openhour.domain.transitions import MailKind, Reader
from tests.unit.mail_examples import EVERY_KIND, PRACTICE, case, text_of

NOT_READ = "Replies to this mail are not read."


@pytest.mark.parametrize(("kind", "reader"), EVERY_KIND)
def test_a_mail_says_that_replies_are_not_read_unless_they_go_to_the_practice(kind: MailKind, reader: Reader) -> None:
    made = case(kind, reader)
    unread = made.read()
    assert unread["Reply-To"] is None
    assert NOT_READ in text_of(unread)
    read = replace(made, practice=replace(PRACTICE, reply_to="office@harbour.example")).read()
    assert read["Reply-To"] == "office@harbour.example"
    assert NOT_READ not in text_of(read)


def test_the_subject_of_a_confirmation_is_what_a_calendar_may_call_it() -> None:
    assert case(MailKind.CONFIRMED).read()["Subject"] == "Harbour Street Office, Monday 8 March 2027"
