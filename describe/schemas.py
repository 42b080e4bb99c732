"""The schemas of the API's description (JSON Schema 2020-12): what comes in as pydantic checks it, the rest by hand.

Whatever is an enumeration, a limit or a pattern in the code is taken from there.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from openhour.adapters.http.bodies.change import ChangeBody
from openhour.adapters.http.bodies.sign_in import SignInBody
from openhour.adapters.http.bodies.submission import DraftBody, SubmissionBody
from openhour.adapters.http.problems import Problem
from openhour.adapters.pages.answer_form import LONGEST_REASON
from openhour.application.free_time import ALTERNATIVES
from openhour.application.provider.answer import MOST_OFFERS, Decision
from openhour.domain.transitions import Status
from openhour.domain.values import Forum

type Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/"
_EXTRA_MEMBERS = {
    Problem.INVALID: "errors",
    Problem.SLOT_TAKEN: "alternatives",
    Problem.TOO_MANY_OPEN: "limit",
    Problem.TOO_MANY_CHANGES: "limit",
    Problem.CHANGE_WAITS: "replacement",
    Problem.PROOF_NEEDED: "challenge",
    Problem.STILL_TO_COME: "requests",
}

# Of pydantic's schema only what JSON Schema knows is true; what people need to know besides stands here.
_SUBMISSION_TEXTS = {
    "provider": "The provider's id, as `/v1/providers` lists it.",
    "location": "The location's id.",
    "forum": "How client and provider meet.",
    "service": "The service's id.",
    "start": "A start that the slot lookup lists, RFC 3339 with any offset, on a whole minute.",
    "client": "Who asks. May be left out where the request is only validated.",
    "attendee": "Whom the session is for, when that is not the client.",
    "website": "Leave empty.",
    "proof": "With a solution of a `proof-needed` problem's `challenge`: base64 of the JSON of its `algorithm`, "
    "`challenge`, `salt` and `signature`, and the `number` that was found (ALTCHA, version 1).",
    "note": "For the provider's eyes: shown on the answer page, never mailed. No control characters.",
}
_CLIENT_TEXTS = {
    "name": "On one line.",
    "email": "Where the mails go. It decides together with the Idempotency-Key which request this is.",
    "phone": "On one line.",
    "time_zone": "IANA name of the zone in which mails tell the client times. Without it the provider's.",
    "locale": "Language tag (BCP 47) of the client's mails. Without it the practice's.",
}
_ATTENDEE_TEXTS = {"name": "On one line.", "guardian": "Whether the client is their guardian."}
_CHANGE_TEXTS = {
    "location": "The location's id.",
    "forum": "How client and provider meet.",
    "service": "The service's id.",
    "start": _SUBMISSION_TEXTS["start"],
    "chosen": "One of the times that the provider offered; nothing else with it.",
    "note": "null takes the note away. A change of the note alone leaves deadline and revision as they are.",
}
_SIGN_IN_TEXTS = {"email": "Where the link goes.", "locale": "Language tag (BCP 47) of the mail."}

_DEADLINE = "Until when it can be answered or chosen; null when nobody can any more."
_TRUE_OR_FALSE: Schema = {"type": "boolean"}


def reference(name: str) -> Schema:
    """A reference to a schema of this document."""
    return {"$ref": f"{_REFERENCE}{name}"}


def problem_name(problem: Problem) -> str:
    """The name of a problem's schema: `SlotTakenProblem`."""
    return "".join(part.title() for part in problem.value[0].split("-")) + "Problem"


def schemas() -> dict[str, Schema]:
    """Every schema of the document, by name."""
    return {**_words(), **_incoming(), **_outgoing(), "Problem": _problem(), **dict(_problems())}


def _words() -> dict[str, Schema]:
    return {
        "Instant": {
            "type": "string",
            "format": "date-time",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$",
            "description": "An instant in UTC, whole seconds (RFC 3339).",
        },
        "TimeZone": {"type": "string", "description": "IANA time zone name."},
        "Forum": _enumeration(Forum, "How client and provider meet."),
        "Status": _enumeration(Status, "Where a request stands; shown to people, `pending` reads Unconfirmed."),
    }


def _enumeration(values: Any, description: str) -> Schema:
    return {"type": "string", "enum": [value.value for value in values], "description": description}


# What comes in


def _incoming() -> dict[str, Schema]:
    submission = SubmissionBody.model_json_schema(ref_template=_REFERENCE + "{model}")
    draft = DraftBody.model_json_schema(ref_template=_REFERENCE + "{model}")
    changed = ChangeBody.model_json_schema(ref_template=_REFERENCE + "{model}")
    sign_in = SignInBody.model_json_schema(ref_template=_REFERENCE + "{model}")
    found = {
        "Note": submission["$defs"]["Note"],
        "Locale": submission["$defs"]["Locale"],
        "Attendee": _described(submission["$defs"]["_AttendeeBody"], _ATTENDEE_TEXTS, "Whom a session is for."),
        "Change": _described(changed, _CHANGE_TEXTS, "What shall be otherwise (merge patch, RFC 7396)."),
        "SignInWish": _described(sign_in, _SIGN_IN_TEXTS, "Who wants a sign-in link."),
        "Id": submission["$defs"]["Id"] | {"description": "An id as `/v1/providers` lists it."},
        "Client": _described(submission["$defs"]["_ClientBody"], _CLIENT_TEXTS, "Who asks."),
        "Submission": _described(submission, _SUBMISSION_TEXTS, "What a client asks for."),
        "Draft": _described(draft, _SUBMISSION_TEXTS, "What is only to be validated: who asks may still be open."),
    }
    return {name: _public(schema) for name, schema in found.items()} | {"Answer": _answer()}


def _described(schema: Schema, texts: Mapping[str, str], description: str) -> Schema:
    """The object with a description for each property. Raises KeyError for a property that has none."""
    properties = {name: value | {"description": texts[name]} for name, value in schema["properties"].items()}
    kept = {name: value for name, value in schema.items() if name not in {"$defs", "title"}}
    return kept | {"description": description, "properties": properties}


def _public(value: Any) -> Any:
    """The schema under this document's names: pydantic's own titles go, private names become public ones."""
    if isinstance(value, dict):
        return {
            name: _public(inner) for name, inner in value.items() if not (name == "title" and isinstance(inner, str))
        }
    if isinstance(value, list):
        return [_public(inner) for inner in value]
    if isinstance(value, str) and value.startswith(_REFERENCE):
        return re.sub(r"/_(\w+?)(Body)?$", r"/\1", value)
    return value


def _answer() -> Schema:
    reason = {
        "type": "string",
        "maxLength": LONGEST_REASON,
        "description": "With `decline` and `cancel`: told to the client.",
    }
    decision = _enumeration(Decision, "The button.")
    start = _list(reference("Instant"), "With `offer`: the times, the field once for each.")
    fields = {"decision": decision, "reason": reason, "start": start | {"minItems": 1, "maxItems": MOST_OFFERS}}
    return _object("What a button of the answer page sends.", fields, {"reason", "start"})


# What goes out


def _object(
    description: str, properties: Mapping[str, Schema], optional: frozenset[str] | set[str] = frozenset()
) -> Schema:
    return {
        "type": "object",
        "description": description,
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _number(description: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": description}


def _or_null(schema: Schema) -> Schema:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema | {"type": [schema["type"], "null"]}


def _list(items: Schema, description: str) -> Schema:
    return {"type": "array", "items": items, "description": description}


def _outgoing() -> dict[str, Schema]:
    return {
        **_directory(),
        "SlotList": _object("Free starts of one provider.", _slot_members()),
        "AnySlotList": _object("Free starts of all providers who offer the service.", _slot_members() | _whose()),
        "SubmittedRequest": _object("A request, without anything personal.", {"id": _text("Its id.")} | _times()),
        "Preview": _object("What a submission would be, were it made now.", _times()),
        "ManagedRequest": _object("A request as its client sees it.", {"id": _text("Its id.")} | _times() | _managed()),
        "ChangedRequest": _object(
            "A request after its client did something to it.",
            {"id": _text("Its id.")} | _times() | _managed() | {"manage_token": _text("Opens it from now on.")},
            {"manage_token"},
        ),
        "SignedIn": _object(
            "Who is signed in.",
            {"token": _text("For `Authorization: Bearer`."), "expires_at": reference("Instant")},
        ),
        "Appointments": _object(
            "One page of a client's own list.",
            {
                "appointments": _list(_line(), "Upcoming ones soonest first, past ones latest first."),
                "next": _or_null(_text("What to send as `after` for the next page.")),
            },
        ),
        "Nothing": _object("Nothing to tell.", {}),
    }


def _line() -> Schema:
    short = {name: _object(f"The {name}.", _named()) for name in ("provider", "location", "service")}
    fields = {"id": _text("Its id.")} | _times() | short | {"forum": reference("Forum")}
    return _object("One appointment or request.", fields)


def _directory() -> dict[str, Schema]:
    return {
        "Practice": _object(
            "The practice as anybody may see it.",
            {
                "name": _text("Its name."),
                "contact": _text("How to reach it by other ways."),
                "time_zone": reference("TimeZone"),
                "locale": _text("Language tag (BCP 47)."),
                "locales": _list({"type": "string"}, "Languages that clients may choose (BCP 47), the default first."),
                "consent_text": _or_null(_text("What a client agrees to by submitting.")),
                "cancellation_notice_minutes": _number("Cancelling later than this before the start is late."),
                "privacy_text": _or_null(_text("What it does with what clients write.")),
            },
        ),
        "Location": _object(
            "Where a session takes place.",
            _named()
            | {
                "address": _text("Postal address, lines separated by line feeds."),
                "time_zone": reference("TimeZone"),
            },
        ),
        "Service": _object(
            "What can be booked.",
            _named()
            | {
                "description": _or_null(_text("In the practice's words.")),
                "duration_minutes": _number("How long it takes."),
                "min_notice_minutes": _number("How long ahead it must be asked for."),
                "horizon_days": _number("How many days ahead it can be asked for."),
                "price": _or_null(_text("As the practice writes it.")),
            },
        ),
        "Offer": _object(
            "What a provider offers at a location in a forum.",
            {
                "location": _text("The location's id."),
                "forum": reference("Forum"),
                "services": _list({"type": "string"}, "Ids of services."),
            },
        ),
        "Provider": _object(
            "Somebody who can be booked.",
            _named()
            | {
                "title": _text("Profession or degree."),
                "time_zone": reference("TimeZone"),
                "photo_url": _or_null(_text("Address of a picture.")),
                "locations": _list(reference("Location"), "Where sessions take place."),
                "services": _list(reference("Service"), "What can be booked."),
                "offers": _list(reference("Offer"), "Which services can be had where and how."),
            },
        ),
        "Providers": _object(
            "Who can be booked.",
            {
                "practice": _or_null(reference("Practice")),
                "providers": _list(
                    reference("Provider"), "By name; those bookable by direct link only are not listed."
                ),
            },
        ),
    }


def _named() -> dict[str, Schema]:
    return {"id": _text("Its id."), "name": _text("Its name.")}


def _slot_members() -> dict[str, Schema]:
    return {
        "slots": _list(reference("Instant"), "Starts, in order of time."),
        "duration_minutes": _number("How long the service takes; of several providers' durations the longest."),
        "time_zone": _text("The zone that the dates were read in."),
    }


def _whose() -> dict[str, Schema]:
    starts = {"type": "array", "items": reference("Instant")}
    description = "The starts of each provider who has any, by the provider's id."
    return {"by_provider": {"type": "object", "description": description, "additionalProperties": starts}}


def _times() -> dict[str, Schema]:
    return {
        "status": reference("Status"),
        "start": reference("Instant"),
        "end": reference("Instant"),
        "deadline": _or_null(reference("Instant")) | {"description": _DEADLINE},
    }


def _managed() -> dict[str, Schema]:
    whom = _object("With whom.", {"id": _text("The provider's id."), "name": _text("The provider's name.")})
    booked = _object(
        "What was asked for, as it was then.",
        _named()
        | {
            "duration_minutes": _number("How long it takes."),
            "price": _or_null(_text("As the practice writes it.")),
        },
    )
    return {
        "version": _number("Rises at every transition; the SEQUENCE of its calendar files."),
        "calendar_uid": _text("The UID of its calendar files."),
        "revision": _number("Rises when what is asked for changes."),
        "submitted_at": reference("Instant"),
        "provider": whom,
        "location": reference("Location"),
        "forum": reference("Forum"),
        "service": booked,
        "time_zone": _text("The zone in which the client is told times."),
        "attendee": _or_null(_object("Whom it is for.", {"name": _text("Their name."), "guardian": _TRUE_OR_FALSE})),
        "note": _or_null(_text("What the client wrote for the provider.")),
        "offered": _list(reference("Instant"), "The times that the provider offers instead; one can be chosen."),
        "changes_left": _number("How often it can still be changed."),
        "replaces": _or_null(_text("The id of the appointment whose place it would take.")),
        "free_to_cancel_until": _or_null(reference("Instant")) | {"description": "From then on cancelling is late."},
        "cancelled_by": _or_null(_text("client or provider.")),
        "late": _TRUE_OR_FALSE | {"description": "Whether the client cancelled after the notice."},
        "mail_undeliverable": _TRUE_OR_FALSE | {"description": "Whether mail to the client came back."},
        "reason": _or_null(_text("What the provider wrote for the client.")),
        "telehealth_url": _or_null(_text("Where to join; only once it is confirmed and online.")),
    }


# Problems


def _problem() -> Schema:
    types = [problem.type for problem in Problem]
    per_field = _object(
        "What is wrong with a field.",
        {
            "field": _text("Its name; parts of nested fields are joined by dots."),
            "detail": _text("What to do about it."),
        },
    )
    return {
        "type": "object",
        "description": "Why something was not done (RFC 9457).",
        "properties": {
            "type": {"type": "string", "enum": types, "description": "Stable; what programs go by."},
            "title": _text("The same for every occurrence of the type."),
            "status": _number("The HTTP status."),
            "detail": _text("A sentence that a person can act on."),
            "errors": _list(per_field, "Every field that is not usable."),
            "alternatives": _list(
                reference("Instant"), f"Up to {ALTERNATIVES} free starts nearest to the one asked for."
            ),
            "limit": _number("How many there may be: open requests of one client, or changes of one request."),
            "replacement": _text("The id of the request that waits."),
            "challenge": _challenge(),
            "requests": _list({"type": "string"}, "The ids of what still waits or is to come, by start."),
        },
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
    }


def _challenge() -> Schema:
    text = (
        "Find the number, from 0 to `maxnumber`, whose SHA-256 with `salt` before it is `challenge`. Lasts 10 minutes."
    )
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    fields = {
        "algorithm": {"const": "SHA-256"},
        "challenge": digest | {"description": "In hexadecimal digits."},
        "maxnumber": _number("The largest number it can be."),
        "salt": _text("What stands before the number, whose decimal digits follow it."),
        "signature": digest | {"description": "To be sent back as it is."},
    }
    return _object(text, fields)


def _problems() -> Iterator[tuple[str, Schema]]:
    for problem in Problem:
        fixed = {"type": problem.type, "title": problem.title, "status": problem.status}
        schema: Schema = {
            "allOf": [reference("Problem")],
            "description": problem.detail,
            "properties": {name: {"const": value} for name, value in fixed.items()},
        }
        if problem in _EXTRA_MEMBERS:
            schema["required"] = [_EXTRA_MEMBERS[problem]]
        yield problem_name(problem), schema
