"""The examples of the API's description: made by the code that answers, from a practice that does not exist."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from openhour.adapters.http import directory_view, presenting
from openhour.adapters.http.problems import Problem, ProblemError
from openhour.adapters.http.slot_list import slot_list
from openhour.adapters.http.times import rfc3339
from openhour.adapters.proofs import LARGEST_NUMBER
from openhour.application.client.change import MOST_CHANGES
from openhour.application.client.manage import Seen
from openhour.application.client.slot_lookup import SlotQuery, slots_of_any, slots_of_provider
from openhour.application.client.submit import Preview
from openhour.application.errors import InvalidInputError
from openhour.application.ports.people import Appointment, Named, Page
from openhour.domain.ledger import Days
from openhour.domain.requests import Client, ProviderCard, Request
from openhour.domain.slots import Wanted
from openhour.domain.transitions import Status
from openhour.domain.values import Block, Forum, Location, Practice, Provider, SelfSchedule, Service

NOW = datetime(2027, 3, 3, 10, 15, tzinfo=UTC)
START = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DEADLINE = datetime(2027, 3, 5, 10, 15, tzinfo=UTC)
REQUEST_ID = "n4zq7f2xk5v3mwu6c1hd0ytbae"
KEY = "8f14e45f-ceea-4671-b9f2-a1d0c1f2b3c4"

_LOCATION = Location("harbour", "Harbour rooms", "14 Quay Lane\nLondon", "Europe/London")
_SERVICE = Service("session", "Session", duration=50, step=30, buffer_after=10, price="£85")
_MORNINGS = Block(frozenset({1, 3}), 9 * 60, 11 * 60, "harbour", frozenset(Forum), frozenset({"session"}))
_PRACTICE = Practice(
    id="harbour",
    name="Harbour Psychology",
    neutral_name="Harbour Office",
    contact="Call the front desk on +44 20 7946 0321.",
    time_zone="Europe/London",
    locale="en-GB",
)
_PROVIDER = Provider(
    id="maya-okafor",
    name="Dr Maya Okafor",
    title="Clinical psychologist",
    email="maya.okafor@harbour.example",
    time_zone="Europe/London",
    self_schedule=SelfSchedule.PUBLIC,
    services={"session": _SERVICE},
    locations={"harbour": _LOCATION},
    blocks=(_MORNINGS,),
    telehealth_url="https://meet.harbour.example/maya-okafor",
)
_WANTED = Wanted("session", "harbour", Forum.IN_PERSON)
_REQUEST = Request(
    id=REQUEST_ID,
    body_hash="",
    client=Client("", "Ana Lima", "ana@example.com", "Europe/Lisbon"),
    provider=ProviderCard(_PROVIDER.id, _PROVIDER.name, _PROVIDER.time_zone, _PROVIDER.telehealth_url),
    location=_LOCATION,
    forum=Forum.IN_PERSON,
    service=_SERVICE,
    start=START,
    submitted_at=NOW,
    status=Status.PENDING,
    status_at=NOW,
    version=1,
    revision=1,
    uid=REQUEST_ID,
    deadline=DEADLINE,
    note="Mornings suit me best.",
)
TOKEN = "WyJvcGVucyIsMV0.c2lnbmF0dXJlLW9mLXRoZS1zdGFjaw"  # noqa: S105 - opens nothing
_MOVED = replace(
    _REQUEST, id="m2zq7f2xk5v3mwu6c1hd0ytbaf", version=3, replaces=REQUEST_ID, replaces_start=START, start=START + DAY
)
_LINE = Appointment(
    id=REQUEST_ID,
    status=Status.PENDING,
    start=START,
    end=_REQUEST.end,
    deadline=DEADLINE,
    provider=Named(_PROVIDER.id, _PROVIDER.name),
    location=Named(_LOCATION.id, _LOCATION.name),
    forum=Forum.IN_PERSON,
    service=Named(_SERVICE.id, _SERVICE.name),
)
_WITHDRAWN = replace(_REQUEST, status=Status.WITHDRAWN, version=2, deadline=None)


class _Example:
    """The ports Directory and Clock of slot lookup: one provider, nothing booked."""

    def now(self) -> datetime:
        return NOW

    def provider(self, _provider_id: str) -> Provider | None:
        return _PROVIDER

    def providers(self) -> tuple[Practice | None, list[Provider]]:
        return _PRACTICE, [_PROVIDER]

    def days(self, _provider_id: str, _first: date, _last: date) -> Days:
        return Days()

    def days_of_all(self, provider_ids: Any, _first: date, _last: date) -> Mapping[str, Days]:
        return dict.fromkeys(provider_ids, Days())


def answers() -> dict[str, Any]:
    """An example answer for each schema that an operation answers with, by the schema's name."""
    world, query = _Example(), SlotQuery(_WANTED, START.date(), START.date())
    return {
        "Providers": directory_view.providers_summary(_PRACTICE, [_PROVIDER]),
        "Provider": directory_view.provider_summary(_PROVIDER),
        "SlotList": slot_list(slots_of_provider(_PROVIDER.id, query, world, world)),
        "AnySlotList": slot_list(slots_of_any(query, world, world)),
        "SubmittedRequest": presenting.submitted_request(_REQUEST, NOW),
        "Preview": presenting.preview(Preview(Status.PENDING, START, _REQUEST.end, DEADLINE)),
        "ManagedRequest": presenting.managed_request(Seen(_REQUEST, Status.PENDING)),
        "ChangedRequest": presenting.changed_request(Seen(_REQUEST, Status.PENDING)),
        "Moved": presenting.changed_request(Seen(_MOVED, Status.PENDING), TOKEN),
        "Verified": presenting.changed_request(Seen(_REQUEST, Status.PENDING), TOKEN),
        "SignedIn": presenting.signed_in(TOKEN, NOW),
        "Appointments": presenting.appointments(Page([_LINE], "APPT#2027-03-08T09:00:00Z#" + REQUEST_ID), NOW),
        "Nothing": {},
        "Withdrawn": presenting.managed_request(Seen(_WITHDRAWN, Status.WITHDRAWN)),
    }


def submission() -> dict[str, Any]:
    """The body of the submission that the other examples answer."""
    client = {"name": "Ana Lima", "email": "ana@example.com", "time_zone": "Europe/Lisbon", "locale": "en"}
    return wish() | {"client": client, "note": _REQUEST.note}


def change() -> dict[str, Any]:
    """The body of a change."""
    return {"start": rfc3339(START + DAY), "note": None}


def wish() -> dict[str, Any]:
    """The same before anybody said who asks."""
    return {
        "provider": _PROVIDER.id,
        "location": _LOCATION.id,
        "forum": _WANTED.forum.value,
        "service": _SERVICE.id,
        "start": rfc3339(START),
    }


def problem(kind: Problem, *, of_query: bool = False) -> dict[str, Any]:
    """An example of a problem; `of_query` when its fields are query parameters rather than the body's."""
    document: dict[str, Any] = json.loads(_problem_error(kind, of_query=of_query).document())
    return document


def _problem_error(kind: Problem, *, of_query: bool) -> ProblemError:
    match kind:
        case Problem.INVALID:
            return ProblemError(
                kind, errors=_invalid_query() if of_query else {"client.email": "This field is needed."}
            )
        case Problem.SLOT_TAKEN:
            free = [datetime(2027, 3, 8, 10, 0, tzinfo=UTC), datetime(2027, 3, 10, 9, 0, tzinfo=UTC)]
            return ProblemError(kind, members={"alternatives": [rfc3339(start) for start in free]})
        case Problem.NOT_POSSIBLE:
            return ProblemError(kind, f"The request is {Status.CONFIRMED} already.")
    return ProblemError(kind, members=_MEMBERS.get(kind))


_MEMBERS: Mapping[Problem, Mapping[str, Any]] = {
    Problem.TOO_MANY_OPEN: {"limit": _PRACTICE.max_open_requests},
    Problem.TOO_MANY_CHANGES: {"limit": MOST_CHANGES},
    Problem.CHANGE_WAITS: {"replacement": _MOVED.id},
    Problem.STILL_TO_COME: {"requests": [REQUEST_ID]},
    Problem.PROOF_NEEDED: {
        "challenge": {
            "algorithm": "SHA-256",
            "challenge": "dbc62b030a0b11a48c83334f55f393063e14c967f56347518fa0d78f53d535d4",
            "maxnumber": LARGEST_NUMBER,
            "salt": "5a1f0c9e7d3b2a4f6e8d0c1b?expires=1804069500&",
            "signature": "b2da1e650b485c3ba10e4f9cd90fb35aa9874f3713870b909c5dee46946bfa27",
        }
    },
}


def _invalid_query() -> dict[str, str]:
    """What the slot lookup says about dates the wrong way round."""
    try:
        slots_of_provider(_PROVIDER.id, SlotQuery(_WANTED, START.date(), NOW.date()), _Example(), _Example())
    except InvalidInputError as error:
        return error.errors
    raise AssertionError("the slot lookup took dates the wrong way round")
