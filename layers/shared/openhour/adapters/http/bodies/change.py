"""The body of a change."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from openhour.adapters.http.bodies.fields import STRICT, Id, Note, instant
from openhour.adapters.http.bodies.reading import document_of, validated
from openhour.adapters.http.messages import HttpRequest
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.application.client.change import Change
from openhour.domain.values import Forum


class ChangeBody(BaseModel):
    """A change: what is left out stays."""

    model_config = STRICT
    location: Id | None = None
    forum: Annotated[Forum, Field(strict=False)] | None = None
    service: Id | None = None
    start: Annotated[datetime, BeforeValidator(instant)] | None = None
    chosen: Annotated[datetime, BeforeValidator(instant)] | None = None
    note: Note | None = None


def change(request: HttpRequest) -> Change:
    """Read a change (merge patch, RFC 7396): what is left out stays, a `note` of null goes. Raises ProblemError."""
    document = document_of(request)
    body = validated(ChangeBody, document)
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
