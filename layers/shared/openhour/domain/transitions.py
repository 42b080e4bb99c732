"""The life of a request: one table. `docs/states.md` is drawn from it.

Status values correspond to FHIR Appointment.status and iCalendar STATUS (RFC 5545, section 3.8.1.11): open ones are
`pending` / TENTATIVE, confirmed is `booked` / CONFIRMED, all others are `cancelled` / CANCELLED.
"""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a request stands."""

    UNVERIFIED = "unverified"
    PENDING = "pending"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    REPLACED = "replaced"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer; open requests have a deadline."""
        return self in OPEN

    @property
    def keeps_time(self) -> bool:
        """Whether the request's time is its own: open ones until their deadline, confirmed ones for good."""
        return self in OPEN or self is Status.CONFIRMED


OPEN = frozenset({Status.UNVERIFIED, Status.PENDING, Status.OFFERED})


class Actor(StrEnum):
    """Who acts."""

    CLIENT = "client"
    PROVIDER = "provider"
    SYSTEM = "system"


class Reader(StrEnum):
    """Who reads a mail."""

    CLIENT = "client"
    PROVIDER = "provider"


class Action(StrEnum):
    """What can be done to a request."""

    SUBMIT = "submit"
    VERIFY = "verify"
    CONFIRM = "confirm"
    DECLINE = "decline"
    OFFER = "offer"
    CHOOSE = "choose"
    CHANGE = "change"
    EDIT_NOTE = "edit_note"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    CANCEL = "cancel"
    REPLACE = "replace"
    NOTE_UNDELIVERABLE = "note_undeliverable"


class Guard(StrEnum):
    """When an action is in time. Instants are compared as UTC; a deadline is valid while now < deadline."""

    NONE = "any time"
    BEFORE_DEADLINE = "before the deadline"
    FROM_DEADLINE = "from the deadline on"
    BEFORE_START = "before the start"


class MailKind(StrEnum):
    """What a mail says; each has a text and an HTML template and its catalogue texts."""

    VERIFY_ADDRESS = "verify_address"
    WAITING = "waiting"
    NEW_REQUEST = "new_request"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    OFFERED = "offered"
    CHOSEN = "chosen"
    CHANGED = "changed"
    CHANGED_REQUEST = "changed_request"
    CANCELLED = "cancelled"
    CANCELLED_BY_CLIENT = "cancelled_by_client"
    OFFER_EXPIRED = "offer_expired"
    OFFER_LAPSED = "offer_lapsed"
    UNDELIVERABLE = "undeliverable"
    ANSWER_REMINDER = "answer_reminder"
    SESSION_REMINDER = "session_reminder"
    SIGN_IN = "sign_in"
    UNREACHED = "unreached"

    @property
    def is_reminder(self) -> bool:
        """Whether it goes out some time after its transition, and only if nothing has happened since."""
        return self in {MailKind.ANSWER_REMINDER, MailKind.SESSION_REMINDER}


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: `actor` does `action` to a request in `source` and it is in `target`.

    `event` is the detail-type that is published, `mails` what is owed to whom. `revises` says that what is asked
    for changes, so links bound to the revision before open nothing any more.
    """

    action: Action
    actor: Actor
    source: Status | None
    target: Status
    event: str
    guard: Guard = Guard.BEFORE_DEADLINE
    mails: tuple[tuple[Reader, MailKind], ...] = ()
    revises: bool = False


_TO_CLIENT = Reader.CLIENT
_TO_PROVIDER = Reader.PROVIDER
_ASKED = ((_TO_CLIENT, MailKind.WAITING), (_TO_PROVIDER, MailKind.NEW_REQUEST))
_CHOSEN = ((_TO_CLIENT, MailKind.CONFIRMED), (_TO_PROVIDER, MailKind.CHOSEN))
_CHANGED = ((_TO_CLIENT, MailKind.CHANGED), (_TO_PROVIDER, MailKind.CHANGED_REQUEST))
_CANCELLED = ((_TO_CLIENT, MailKind.CANCELLED), (_TO_PROVIDER, MailKind.CANCELLED_BY_CLIENT))
_TELL_EXPIRED = ((_TO_CLIENT, MailKind.EXPIRED),)

_A, _S, _P, _G = Action, Status, Actor, Guard

TABLE: tuple[Transition, ...] = (
    Transition(
        _A.SUBMIT,
        _P.CLIENT,
        None,
        _S.UNVERIFIED,
        "AppointmentRequestReceived",
        _G.NONE,
        ((_TO_CLIENT, MailKind.VERIFY_ADDRESS),),
    ),
    Transition(_A.SUBMIT, _P.CLIENT, None, _S.PENDING, "AppointmentRequestSubmitted", _G.NONE, _ASKED),
    Transition(_A.VERIFY, _P.CLIENT, _S.UNVERIFIED, _S.PENDING, "AppointmentRequestSubmitted", mails=_ASKED),
    Transition(_A.EXPIRE, _P.SYSTEM, _S.UNVERIFIED, _S.EXPIRED, "AppointmentRequestLapsed", _G.FROM_DEADLINE),
    Transition(
        _A.CONFIRM,
        _P.PROVIDER,
        _S.PENDING,
        _S.CONFIRMED,
        "AppointmentRequestConfirmed",
        mails=((_TO_CLIENT, MailKind.CONFIRMED),),
    ),
    Transition(
        _A.DECLINE,
        _P.PROVIDER,
        _S.PENDING,
        _S.DECLINED,
        "AppointmentRequestDeclined",
        mails=((_TO_CLIENT, MailKind.DECLINED),),
    ),
    Transition(
        _A.OFFER,
        _P.PROVIDER,
        _S.PENDING,
        _S.OFFERED,
        "AppointmentTimesOffered",
        mails=((_TO_CLIENT, MailKind.OFFERED),),
    ),
    Transition(
        _A.CHANGE,
        _P.CLIENT,
        _S.PENDING,
        _S.PENDING,
        "AppointmentRequestChanged",
        mails=_CHANGED,
        revises=True,
    ),
    Transition(_A.EDIT_NOTE, _P.CLIENT, _S.PENDING, _S.PENDING, "AppointmentRequestNoteEdited"),
    Transition(
        _A.WITHDRAW,
        _P.CLIENT,
        _S.PENDING,
        _S.WITHDRAWN,
        "AppointmentRequestWithdrawn",
        mails=((_TO_PROVIDER, MailKind.WITHDRAWN),),
    ),
    Transition(
        _A.EXPIRE,
        _P.SYSTEM,
        _S.PENDING,
        _S.EXPIRED,
        "AppointmentRequestExpired",
        _G.FROM_DEADLINE,
        _TELL_EXPIRED,
    ),
    Transition(_A.CHOOSE, _P.CLIENT, _S.OFFERED, _S.CONFIRMED, "AppointmentTimeChosen", mails=_CHOSEN, revises=True),
    Transition(
        _A.DECLINE,
        _P.PROVIDER,
        _S.OFFERED,
        _S.DECLINED,
        "AppointmentRequestDeclined",
        mails=((_TO_CLIENT, MailKind.DECLINED),),
    ),
    Transition(
        _A.WITHDRAW,
        _P.CLIENT,
        _S.OFFERED,
        _S.WITHDRAWN,
        "AppointmentRequestWithdrawn",
        mails=((_TO_PROVIDER, MailKind.WITHDRAWN),),
    ),
    Transition(
        _A.EXPIRE,
        _P.SYSTEM,
        _S.OFFERED,
        _S.EXPIRED,
        "AppointmentRequestExpired",
        _G.FROM_DEADLINE,
        ((_TO_CLIENT, MailKind.OFFER_EXPIRED), (_TO_PROVIDER, MailKind.OFFER_LAPSED)),
    ),
    Transition(
        _A.CANCEL,
        _P.CLIENT,
        _S.CONFIRMED,
        _S.CANCELLED,
        "AppointmentCancelled",
        _G.BEFORE_START,
        _CANCELLED,
    ),
    Transition(
        _A.CANCEL,
        _P.PROVIDER,
        _S.CONFIRMED,
        _S.CANCELLED,
        "AppointmentCancelled",
        _G.BEFORE_START,
        ((_TO_CLIENT, MailKind.CANCELLED),),
    ),
    Transition(_A.REPLACE, _P.SYSTEM, _S.CONFIRMED, _S.REPLACED, "AppointmentReplaced", _G.NONE),
    *(
        Transition(
            _A.NOTE_UNDELIVERABLE,
            _P.SYSTEM,
            status,
            status,
            "AppointmentMailUndeliverable",
            _G.NONE,
            ((_TO_PROVIDER, MailKind.UNDELIVERABLE),),
        )
        for status in (_S.PENDING, _S.OFFERED, _S.CONFIRMED)
    ),
)
