"""The calendar file of a mail: iTIP (RFC 5546) as a text, so that calendars enter, move and remove the appointment.

Discreet by construction: the summary is the practice's neutral name, the place is a street address and the class is
private (RFC 5545, section 3.8.1.3), for calendars are shared, shown on watches and read aloud.
"""

from dataclasses import dataclass
from enum import StrEnum

from icalendar import CLASS, STATUS, Calendar, Event, vCalAddress

from openhour.adapters.mail.letter import join_url
from openhour.adapters.mail.plain_text import lines
from openhour.adapters.wording.catalogue import Catalogue
from openhour.adapters.written.characters import one_line
from openhour.domain.requests import Request
from openhour.domain.transitions import MailKind
from openhour.domain.values import Forum

FILE_NAME = "invite.ics"
_PRODUCT = "-//Openhour//Appointments//EN"


class Method(StrEnum):
    """What a calendar shall do with the file (RFC 5546, section 3.2)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


METHODS = {MailKind.CONFIRMED: Method.REQUEST, MailKind.CANCELLED: Method.CANCEL}
"""The mails that carry a calendar file."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who invites whom: plain addresses, and the name that the inviting side goes by."""

    organizer: str
    organizer_name: str
    attendee: str


def calendar_file(method: Method, request: Request, parties: Parties, words: Catalogue, portal: str | None) -> str:
    """The file's text with CRLF line ends, times in UTC.

    It says that the appointment is moved and cancelled in `portal`, None where there is nothing left to move. What it
    shows, the portal's own file shows as well (`site/src/portal/calendar-file.js`).

    UID stays the same over a chain of replacements and SEQUENCE rises with every transition (RFC 5545, sections
    3.8.4.7 and 3.8.7.4), so a later file replaces what an earlier one entered.
    """
    event = Event.new(
        uid=request.calendar_uid,
        sequence=request.version,
        stamp=request.status_at,
        start=request.start,
        end=request.end,
        summary=one_line(parties.organizer_name),
        description=_description(request, words, portal),
        location=_place(request),
        status=STATUS.CANCELLED if method is Method.CANCEL else STATUS.CONFIRMED,
        classification=CLASS.PRIVATE,
        organizer=vCalAddress.new(parties.organizer, cn=one_line(parties.organizer_name)),
        attendees=[_attendee(request, parties)],
    )
    calendar = Calendar.new(prodid=_PRODUCT, method=method.value, subcomponents=[event])
    calendar.pop("UID", None)  # a random one for the file itself (RFC 7986) would make every attempt another mail
    data: bytes = calendar.to_ical()
    return data.decode("utf-8")


def _attendee(request: Request, parties: Parties) -> vCalAddress:
    # The client asked for it: nothing is left to accept, and no reply goes to an address that nobody reads.
    # An address that nobody has proven gets no words that somebody typed, so no name either.
    name = one_line(request.client.name) if request.proven else None
    return vCalAddress.new(parties.attendee, cn=name, role="REQ-PARTICIPANT", partstat="ACCEPTED", rsvp=False)


def _place(request: Request) -> str | None:
    if request.forum is Forum.TELEHEALTH:
        return None
    return ", ".join(lines(request.location.address))


def _description(request: Request, words: Catalogue, portal: str | None) -> str:
    sentences = [words.text("calendar.description")]
    if portal is None:
        return sentences[0]
    url = join_url(request)
    if url and request.forum is Forum.TELEHEALTH:
        sentences.append(words.text("calendar.join", url=url))
    return "\n".join([*sentences, words.text("calendar.answering", url=portal)])
