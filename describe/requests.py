"""A request as its client sees it: what several calls answer with."""

from describe.shapes import TRUE_OR_FALSE, Schema, an_object, list_of, named, number, or_null, reference, text

_DEADLINE = "Until when it can be answered or chosen; null when nobody can any more."


def request_schemas() -> dict[str, Schema]:
    """A request, and one after its client did something to it."""
    return {
        "ManagedRequest": an_object("A request as its client sees it.", {"id": text("Its id.")} | times() | _managed()),
        "ChangedRequest": an_object(
            "A request after its client did something to it.",
            {"id": text("Its id.")} | times() | _managed() | {"manage_token": text("Opens it from now on.")},
            {"manage_token"},
        ),
        "ProvenRequest": an_object(
            "A request whose client has shown that the address is theirs.",
            {"id": text("Its id.")}
            | times()
            | _managed()
            | {"manage_token": text("Opens it from now on."), "signed_in": or_null(reference("SignedIn"))},
        ),
    }


def times() -> dict[str, Schema]:
    """The members that every request has, and nothing personal."""
    return {
        "status": reference("Status"),
        "start": reference("Instant"),
        "end": reference("Instant"),
        "deadline": or_null(reference("Instant")) | {"description": _DEADLINE},
    }


def _managed() -> dict[str, Schema]:
    whom = an_object("With whom.", {"id": text("The provider's id."), "name": text("The provider's name.")})
    booked = an_object(
        "What was asked for, as it was then.",
        named()
        | {
            "duration_minutes": number("How long it takes."),
            "price": or_null(text("As the practice writes it.")),
        },
    )
    return {
        "version": number("Rises at every transition; the SEQUENCE of its calendar files."),
        "calendar_uid": text("The UID of its calendar files."),
        "revision": number("Rises when what is asked for changes."),
        "submitted_at": reference("Instant"),
        "provider": whom,
        "location": reference("Location"),
        "forum": reference("Forum"),
        "service": booked,
        "time_zone": text("The zone in which the client is told times."),
        "attendee": or_null(an_object("Whom it is for.", {"name": text("Their name."), "guardian": TRUE_OR_FALSE})),
        "note": or_null(text("What the client wrote for the provider.")),
        "offered": list_of(reference("Instant"), "The times that the provider offers instead; one can be chosen."),
        "changes_left": number("How often it can still be changed."),
        "replaces": or_null(text("The id of the appointment whose place it would take.")),
        "free_to_cancel_until": or_null(reference("Instant")) | {"description": "From then on cancelling is late."},
        "cancelled_by": or_null(text("client or provider.")),
        "late": TRUE_OR_FALSE | {"description": "Whether the client cancelled after the notice."},
        "mail_undeliverable": TRUE_OR_FALSE | {"description": "Whether mail to the client came back."},
        "reason": or_null(text("What the provider wrote for the client.")),
        "telehealth_url": or_null(text("Where to join; only once it is confirmed and online.")),
    }
