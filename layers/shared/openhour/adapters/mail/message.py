"""A letter as a MIME message of pure ASCII bytes, the same bytes at every attempt."""

import hashlib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from openhour.adapters.mail import headers
from openhour.adapters.mail.calendar_file import FILE_NAME, METHODS, Method, Parties, calendar_file
from openhour.adapters.mail.letter import Letter, letter
from openhour.adapters.mail.links import Links
from openhour.adapters.mail.pages import html_page, text_page
from openhour.adapters.written.deliverable import carried
from openhour.domain.neighbours import Neighbours
from openhour.domain.requests import Mail, Request
from openhour.domain.transitions import Reader
from openhour.domain.values import Practice, Provider

# 8-bit bodies are accepted by some relays and then never delivered.
ASCII = SMTP.clone(cte_type="7bit")
QUOTED = "quoted-printable"


def message(
    mail: Mail,
    request: Request,
    practice: Practice,
    provider: Provider,
    links: Links,
    sender: str,
    around: Neighbours | None = None,
) -> EmailMessage:
    """The whole mail: text, HTML and, where one is due, the calendar file. `sender` is a plain address.

    Raises AddressError when no mail can carry the reader's address.
    """
    content = letter(mail, request, practice, provider, links, around)
    reader = carried(request.client.email if mail.reader is Reader.CLIENT else provider.email)
    digest = _digest(mail)
    composed = written(content, sender, reader, practice.reply_to, mail.due, digest)
    method = METHODS.get(mail.kind)
    if method is not None:
        parties = Parties(sender, content.sender, reader)
        portal = links.portal() if method is Method.REQUEST else None
        _attach_calendar(composed, method, calendar_file(method, request, parties, content.catalogue, portal))
    return finished(composed, content, digest)


def written(content: Letter, sender: str, reader: str, reply_to: str | None, at: datetime, digest: str) -> EmailMessage:
    """The letter with its headers, as text and HTML; `digest` is the mail's own name.

    The reader's name is left out of `To`: for a stranger's address it could be anybody's words.
    """
    composed = EmailMessage(policy=ASCII)
    composed["From"] = headers.sender(content.sender, sender)
    composed["To"] = headers.reader(reader)
    if reply_to is not None:
        composed["Reply-To"] = headers.reply_to(carried(reply_to))
    composed["Subject"] = headers.subject(content.subject)
    composed["Date"] = at
    composed["Message-ID"] = f"<{digest}@{sender.rpartition('@')[2]}>"
    composed["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5: nobody's holiday notice shall answer it
    composed.set_content(text_page(content), cte=QUOTED)
    composed.add_alternative(html_page(content), subtype="html", cte=QUOTED)
    return composed


def finished(composed: EmailMessage, content: Letter, digest: str) -> EmailMessage:
    """The same once nothing is to be attached any more: with its language, and boundaries that stay the same."""
    composed["Content-Language"] = content.catalogue.tag
    fix_boundaries(composed, digest)
    return composed


def _attach_calendar(composed: EmailMessage, method: Method, text: str) -> None:
    """Twice, as mail programs expect it: the alternative shows an invitation, the attachment can be opened."""
    composed.add_alternative(text, subtype="calendar", cte="base64", params={"method": method.value})
    composed.add_attachment(text.encode("utf-8"), maintype="application", subtype="ics", filename=FILE_NAME)


def _digest(mail: Mail) -> str:
    """The mail's own name: says nothing about it, and is the same at every attempt."""
    return hashlib.sha256(f"{mail.request}:{mail.version}:{mail.reader}:{mail.number}".encode()).hexdigest()[:32]


def fix_boundaries(composed: EmailMessage, digest: str) -> None:
    """Give the parts boundaries that are the same at every attempt."""
    # "=_" occurs neither in quoted-printable nor in base64 (RFC 2045, section 6.7), so no body can hold a boundary.
    for number, part in enumerate(part for part in composed.walk() if part.is_multipart()):
        part.set_boundary(f"=_{digest}_{number}")
