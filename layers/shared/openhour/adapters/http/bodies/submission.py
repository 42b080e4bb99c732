"""The body of a submission."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from openhour.adapters.http.bodies.fields import STRICT, Email, Id, Locale, Name, Note, Phone, instant
from openhour.adapters.http.bodies.reading import document_of, validated
from openhour.adapters.http.fields import parse_zone
from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.application.client.submit import Key, Person, Wish
from openhour.application.signed_in import SignedIn
from openhour.domain.requests import Attendee
from openhour.domain.slots import Wanted
from openhour.domain.values import Forum

KEY = re.compile(r"[A-Za-z0-9_-]{8,200}", re.ASCII)


class _ClientBody(BaseModel):
    model_config = STRICT
    name: Name
    email: Email
    phone: Phone | None = None
    time_zone: Annotated[str, AfterValidator(parse_zone)] | None = None
    locale: Locale | None = None


class _AttendeeBody(BaseModel):
    model_config = STRICT
    name: Name
    guardian: bool = False


class SubmissionBody(BaseModel):
    """What is submitted. `leave_empty` is a trap: pages hide it, and programs fill in whatever they find."""

    model_config = STRICT
    provider: Id
    location: Id
    forum: Annotated[Forum, Field(strict=False)]
    service: Id
    start: Annotated[datetime, BeforeValidator(instant)]
    client: _ClientBody
    attendee: _AttendeeBody | None = None
    note: Note | None = None
    leave_empty: Annotated[str, Field(max_length=2000)] | None = None
    proof: Annotated[str, Field(max_length=2000)] | None = None

    def wish(self) -> Wish:
        """What is asked for."""
        return Wish(self.provider, Wanted(self.service, self.location, self.forum), self.start, self.note or None)

    def fingerprint(self) -> str:
        """SHA-256 of the body as understood, so that spacing and the order of fields do not matter.

        Nor does the case of the address: the key belongs to whoever reads it, however it is written. Without trap
        and proof: the same request, sent again, may need another proof.
        """
        understood = self.model_dump(mode="json", exclude={"leave_empty", "proof"})
        understood["client"]["email"] = self.client.email.casefold()
        return hashlib.sha256(json.dumps(understood, sort_keys=True).encode()).hexdigest()


class DraftBody(SubmissionBody):
    """To be validated only: who asks may still be open."""

    client: _ClientBody | None = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission as it was sent. `fell_for_trap` says that what people do not see was filled in."""

    wish: Wish
    person: Person
    key: Key
    proof: str | None
    fell_for_trap: bool


def submission(request: HttpRequest, signed_in: SignedIn | None = None) -> Submitted:
    """Read a submission by whoever is signed in, if anybody is.

    Raises ProblemError that names everything that is not usable.
    """
    key = request.headers.get("idempotency-key", "")
    if not KEY.fullmatch(key):
        raise ProblemError(Problem.KEY_MISSING)
    body = validated(SubmissionBody, document_of(request))
    client = body.client
    attendee = Attendee(body.attendee.name, body.attendee.guardian) if body.attendee else None
    person = Person(client.name, client.email, client.phone, client.time_zone, client.locale, attendee, signed_in)
    # Whoever is signed in is a person, whatever their browser filled in for them.
    fell_for_trap = bool(body.leave_empty) and signed_in is None
    return Submitted(body.wish(), person, Key(key, body.fingerprint()), body.proof, fell_for_trap)


def draft(request: HttpRequest) -> tuple[Wish, str | None]:
    """Read what is only to be validated: the wish, and the address where one is given. Raises ProblemError."""
    body = validated(DraftBody, document_of(request))
    return body.wish(), body.client.email if body.client else None
