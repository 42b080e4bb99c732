"""Every problem the API answers with: a stable type, a status, and a sentence a person can act on (RFC 9457)."""

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any


class Problem(Enum):
    """(name in the type, HTTP status, title, default detail)."""

    MALFORMED = ("malformed", 400, "The request cannot be read", "Send the body as one JSON object in UTF-8.")
    KEY_MISSING = (
        "idempotency-key-missing",
        400,
        "An Idempotency-Key is needed",
        "Send an Idempotency-Key header of 8 to 200 letters, digits, - or _, a new one for each new request.",
    )
    TOKEN_MISSING = (
        "token-missing",
        401,
        "A token is needed",
        "Send the token from the mailed link as `Authorization: Bearer <token>`.",
    )
    TOKEN_INVALID = (
        "token-invalid",
        401,
        "This link does not open anything",
        "Open the link exactly as it stands in the mail, or ask the practice.",
    )
    WRONG_REQUEST = (
        "token-of-another-request",
        403,
        "This link belongs to another request",
        "Use the link from the mail about this request.",
    )
    UNKNOWN_PATH = ("unknown-path", 404, "There is nothing here", "See /v1/openapi.json for what can be called.")
    WRONG_METHOD = (
        "method-not-allowed",
        405,
        "This cannot be asked for in this way",
        "Use one of the methods in the Allow header; see /v1/openapi.json.",
    )
    UNKNOWN_PROVIDER = (
        "unknown-provider",
        404,
        "This provider cannot be booked here",
        "Choose a provider from /v1/providers, or ask the practice.",
    )
    UNKNOWN_REQUEST = (
        "unknown-request",
        404,
        "There is no such request any more",
        "Ask the practice if you expected to find an appointment here.",
    )
    SLOT_TAKEN = (
        "slot-taken",
        409,
        "This time is not free any more",
        "Choose one of the alternatives, or look up the free times again.",
    )
    OWN_CONFLICT = (
        "own-conflict",
        409,
        "You have something else at this time",
        "Choose another time, or change or take back your own `request` first.",
    )
    NOT_AS_SEEN = (
        "not-as-seen",
        409,
        "It has changed meanwhile",
        "Look at it again. To end it as it is now, send its `request_status` as `status`.",
    )
    NOT_POSSIBLE = (
        "not-possible",
        409,
        "This cannot be done any more",
        "Look at the request's status; ask the practice if it is not what you expected.",
    )
    STILL_TO_COME = (
        "still-to-come",
        409,
        "Something still waits or is to come",
        "Withdraw what waits for an answer and cancel what is to come first, then try again.",
    )
    NOT_YET_TOLD = (
        "not-yet-told",
        409,
        "A mail about what you took back is still on its way",
        "Try again in a minute: then the practice knows.",
    )
    SIGNED_OUT = (
        "signed-out",
        401,
        "You have signed out",
        "Ask for a new sign-in link.",
    )
    LINK_USED = (
        "link-used",
        410,
        "This link has been used",
        "A sign-in link works once. Ask for a new one.",
    )
    KNOWN_CLIENTS_ONLY = (
        "known-clients-only",
        403,
        "This practice takes requests only from its own clients",
        "Use the address that the practice knows, or ask the practice.",
    )
    TOO_MANY_CHANGES = (
        "too-many-changes",
        409,
        "This request has been changed too often",
        "Withdraw it and make a new one.",
    )
    CHANGE_WAITS = (
        "change-waits",
        409,
        "A change of this appointment waits for an answer",
        "Wait for the answer, or withdraw that change first.",
    )
    NOT_OFFERED = (
        "not-offered",
        422,
        "This time was not offered",
        "Choose one of the times in the request's `offered`.",
    )
    TOO_LARGE = ("too-large", 413, "The body is too large", "Send at most 16 KB.")
    NOT_JSON = ("not-json", 415, "The body is not JSON", "Send it with `Content-Type: application/json`.")
    INVALID = ("invalid", 422, "Some fields are not usable", "Correct the fields named in `errors`.")
    KEY_REUSED = (
        "idempotency-key-reused",
        422,
        "This Idempotency-Key was used for another request",
        "Send a new Idempotency-Key for a new request, or the same body again.",
    )
    TOO_MANY_OPEN = (
        "too-many-open-requests",
        409,
        "Too many requests wait for an answer",
        "Wait for an answer or withdraw a request first.",
    )
    PROOF_NEEDED = (
        "proof-needed",
        428,
        "A proof of work is needed",
        "Solve `challenge` and send the same body again with `proof`; or sign in first, or call the practice.",
    )
    TOO_MANY_REQUESTS = (
        "too-many-requests",
        429,
        "Too many requests for now",
        "Try again from the time in `until` on, or call the practice. Whoever is signed in need not wait.",
    )
    TRY_LATER = ("try-again-later", 503, "Busy right now", "Nothing was changed. Send the same request again shortly.")
    FAILED = ("failed", 500, "Something went wrong on our side", "Send the same request again; nothing is done twice.")

    @property
    def type(self) -> str:
        """The stable type, a URN."""
        return f"urn:problem-type:openhour:{self.value[0]}"

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value[1]

    @property
    def title(self) -> str:
        """What it is, the same every time."""
        return self.value[2]

    @property
    def detail(self) -> str:
        """What to do, where the occasion has nothing better to say."""
        return self.value[3]


class ProblemError(Exception):
    """Ends a call with a problem. `errors` maps fields to sentences; `members` are extensions of this type."""

    def __init__(
        self,
        problem: Problem,
        detail: str | None = None,
        *,
        errors: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`detail` replaces the problem's own sentence."""
        super().__init__(problem.name)
        self.problem = problem
        self.detail = detail or problem.detail
        self.errors = dict(errors or {})
        self.members = dict(members or {})
        self.headers = dict(headers or {})

    def document(self) -> str:
        """The `application/problem+json` text."""
        problem = self.problem
        document: dict[str, Any] = {
            "type": problem.type,
            "title": problem.title,
            "status": problem.status,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = [{"field": name, "detail": text} for name, text in self.errors.items()]
        return json.dumps(document | self.members, separators=(",", ":"), ensure_ascii=False)
