"""The body of a submission, checked by pydantic; its errors are told by field, without repeating what was written."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from openhour.adapters.http.fields import parse_instant, parse_zone
from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.application.change import Change
from openhour.application.manage import SignedIn
from openhour.application.submit import Key, Person, Wish
from openhour.domain.requests import Attendee
from openhour.domain.slots import Wanted
from openhour.domain.values import Forum

_KEY = re.compile(r"[A-Za-z0-9_-]{8,200}", re.ASCII)
_LINE_BREAKS = "\r\n\t"
_LONGEST_ADDRESS = 254


def _one_line(text: str) -> str:
    cleaned = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in cleaned):
        raise ValueError("Write it on one line, without control characters.")
    if not cleaned:
        raise ValueError("Write something here.")
    return cleaned


def _many_lines(text: str) -> str:
    cleaned = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in _LINE_BREAKS for character in cleaned):
        raise ValueError("Leave out control characters.")
    return cleaned


def _address(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).ascii_email or ""
    except EmailNotValidError as error:
        raise ValueError("Write an email address, as name@example.com.") from error


def _instant(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError("Write it as text, as 2027-03-08T09:00:00Z.")  # noqa: TRY004 - pydantic wants a ValueError
    return parse_instant(value)


type _Locale = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
type _Note = Annotated[str, Field(max_length=2000), AfterValidator(_many_lines)]
type _Id = Annotated[str, Field(min_length=1, max_length=60)]
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class _ClientBody(BaseModel):
    model_config = _STRICT
    name: Annotated[str, Field(max_length=100), AfterValidator(_one_line)]
    email: Annotated[str, Field(max_length=_LONGEST_ADDRESS), AfterValidator(_address)]
    phone: Annotated[str, Field(max_length=40), AfterValidator(_one_line)] | None = None
    time_zone: Annotated[str, AfterValidator(parse_zone)] | None = None
    locale: _Locale | None = None


class _AttendeeBody(BaseModel):
    model_config = _STRICT
    name: Annotated[str, Field(max_length=100), AfterValidator(_one_line)]
    guardian: bool = False


class _SubmissionBody(BaseModel):
    """What is submitted. `website` is a trap: pages hide it, people leave it empty, programs that fill forms do not."""

    model_config = _STRICT
    provider: _Id
    location: _Id
    forum: Annotated[Forum, Field(strict=False)]
    service: _Id
    start: Annotated[datetime, BeforeValidator(_instant)]
    client: _ClientBody
    attendee: _AttendeeBody | None = None
    note: _Note | None = None
    website: Annotated[str, Field(max_length=2000)] | None = None
    proof: Annotated[str, Field(max_length=2000)] | None = None

    def wish(self) -> Wish:
        """What is asked for."""
        return Wish(self.provider, Wanted(self.service, self.location, self.forum), self.start, self.note or None)

    def fingerprint(self) -> str:
        """SHA-256 of the body as understood, so that spacing and the order of fields do not matter.

        Without the proof: the same request, sent again, may need another one.
        """
        text = json.dumps(self.model_dump(mode="json", exclude={"website", "proof"}), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class _Draft(_SubmissionBody):
    """To be validated only: who asks may still be open."""

    client: _ClientBody | None = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission as it was sent. `is_trapped` says that a program filled in what people do not see."""

    wish: Wish
    person: Person
    key: Key
    proof: str | None
    is_trapped: bool


def submission(request: HttpRequest, signed_in: SignedIn | None = None) -> Submitted:
    """Read a submission by whoever is signed in, if anybody is.

    Raises ProblemError that names everything that is not usable.
    """
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise ProblemError(Problem.KEY_MISSING)
    body = _validated(_SubmissionBody, _document(request))
    client = body.client
    attendee = Attendee(body.attendee.name, body.attendee.guardian) if body.attendee else None
    person = Person(client.name, client.email, client.phone, client.time_zone, client.locale, attendee, signed_in)
    # Whoever is signed in is a person, whatever their browser filled in for them.
    is_trapped = bool(body.website) and signed_in is None
    return Submitted(body.wish(), person, Key(key, body.fingerprint()), body.proof, is_trapped)


def draft(request: HttpRequest) -> tuple[Wish, str | None]:
    """Read what is only to be validated: the wish, and the address where one is given. Raises ProblemError."""
    body = _validated(_Draft, _document(request))
    return body.wish(), body.client.email if body.client else None


class _SignInBody(BaseModel):
    model_config = _STRICT
    email: Annotated[str, Field(max_length=_LONGEST_ADDRESS), AfterValidator(_address)]
    locale: _Locale | None = None


def sign_in_wish(request: HttpRequest) -> tuple[str, str | None]:
    """Read the address that wants a sign-in link, and its language. Raises ProblemError."""
    body = _validated(_SignInBody, _document(request))
    return body.email, body.locale


class _ChangeBody(BaseModel):
    model_config = _STRICT
    location: _Id | None = None
    forum: Annotated[Forum, Field(strict=False)] | None = None
    service: _Id | None = None
    start: Annotated[datetime, BeforeValidator(_instant)] | None = None
    chosen: Annotated[datetime, BeforeValidator(_instant)] | None = None
    note: _Note | None = None


def change(request: HttpRequest) -> Change:
    """Read a change (merge patch, RFC 7396): what is left out stays, a `note` of null goes. Raises ProblemError."""
    document = _document(request)
    body = _validated(_ChangeBody, document)
    if not document:
        raise ProblemError(Problem.INVALID, errors={"start": "Say what shall change."})
    if body.chosen is not None and len(document) > 1:
        raise ProblemError(Problem.INVALID, errors={"chosen": "Choose an offered time, or change something else."})
    return Change(
        service=body.service,
        location=body.location,
        forum=body.forum,
        start=body.start,
        chosen=body.chosen,
        note=body.note or None,
        note_given="note" in document,
    )


def _document(request: HttpRequest) -> Any:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(Problem.NOT_JSON)
    try:
        document = json.loads(request.body.decode(), parse_constant=_refuse_constant, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise ProblemError(Problem.MALFORMED) from error
    if not isinstance(document, dict):
        raise ProblemError(Problem.MALFORMED)
    return document


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are not JSON (RFC 8259, section 6)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice")  # RFC 8259, section 4: what it means would be anybody's guess
    return document


def _validated[Body: BaseModel](model: type[Body], document: Any) -> Body:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise ProblemError(Problem.INVALID, errors=_by_field(error)) from None


def _by_field(error: ValidationError) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in item["loc"])[:100].encode(errors="replace").decode()
        found.setdefault(name, _sentence(item["type"], item.get("ctx") or {}))
    return found


def _sentence(kind: str, context: Mapping[str, Any]) -> str:
    pattern = _SENTENCES.get(kind, "Not usable here; see /v1/openapi.json for its form.")
    return pattern.format_map(context)


_SENTENCES = {
    "enum": "One of {expected}.",
    "extra_forbidden": "Unknown field; leave it out.",
    "missing": "This field is needed.",
    "string_pattern_mismatch": "Write a language tag, as en or de-CH.",
    "string_too_long": "At most {max_length} characters.",
    "string_too_short": "Write something here.",
    "string_type": "Write it as text.",
    "string_unicode": "This text is not valid Unicode.",
    "value_error": "{error}",
}
