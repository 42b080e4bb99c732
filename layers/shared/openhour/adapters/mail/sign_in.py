"""The mail with a sign-in link."""

from email.message import EmailMessage
from hashlib import sha256

from openhour.adapters.mail.letter import Button, Letter
from openhour.adapters.mail.message import finished, written
from openhour.adapters.wording.catalogue import catalogue
from openhour.adapters.written.characters import one_line
from openhour.adapters.written.deliverable import carried
from openhour.application.ports.people import SignInRequest
from openhour.domain.transitions import MailKind
from openhour.domain.values import Practice


def sign_in_message(asked: SignInRequest, practice: Practice, url: str, sender: str) -> EmailMessage:
    """The whole mail, the same bytes at every attempt. Raises AddressError as `message` does.

    `url` is the page with the button that signs in, `sender` a plain address. It greets nobody: the mail may go to
    an address that somebody else typed.
    """
    content = _letter(asked, practice, url)
    digest = sha256(f"sign-in:{asked.client}:{asked.period}:{asked.at.timestamp():.0f}".encode()).hexdigest()[:32]
    composed = written(content, sender, carried(asked.email), practice.reply_to, asked.at, digest)
    return finished(composed, content, digest)


def _letter(asked: SignInRequest, practice: Practice, url: str) -> Letter:
    words = catalogue(asked.locale or practice.locale)
    return Letter(
        kind=MailKind.SIGN_IN,
        catalogue=words,
        sender=one_line(practice.neutral_name),
        subject=words.text("sign_in.subject"),
        preview=words.text("sign_in.preview"),
        greeted="",
        client="",
        deadline="",
        details=(),
        offered=(),
        reason=(),
        join_url=None,
        online=False,
        contact=one_line(practice.contact),
        replies_are_read=practice.reply_to is not None,
        buttons=(Button(words.text("action.sign_in"), url),),
    )
