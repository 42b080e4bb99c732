"""Values as the JSON that the API answers with. Instants are RFC 3339 in UTC with `Z`."""

from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any

from openhour.adapters.http.directory_view import location_summary
from openhour.adapters.http.times import rfc3339
from openhour.adapters.tokens import PORTAL_LASTS
from openhour.application.client.change import MOST_CHANGES
from openhour.application.client.manage import Seen
from openhour.application.client.submit import Preview
from openhour.application.ports.people import Appointment, Page
from openhour.domain.requests import Attendee, Request
from openhour.domain.transitions import Status
from openhour.domain.values import Forum


def submitted_request(request: Request, now: datetime) -> dict[str, Any]:
    """What a submission answers: nothing personal, since whoever knows address and key may ask again."""
    return _request(Seen(request, request.status_now(now)))


def _request(seen: Seen) -> dict[str, Any]:
    """`deadline` only while somebody can still answer."""
    request, is_open = seen.request, seen.status.is_open
    return {
        "id": request.id,
        "status": seen.status.value,
        "start": rfc3339(request.start),
        "end": rfc3339(request.end),
        "deadline": rfc3339(request.deadline) if is_open and request.deadline is not None else None,
    }


def preview(looked: Preview) -> dict[str, Any]:
    """What a validated submission would be."""
    return {
        "status": looked.status.value,
        "start": rfc3339(looked.start),
        "end": rfc3339(looked.end),
        "deadline": rfc3339(looked.deadline),
    }


def managed_request(seen: Seen) -> dict[str, Any]:
    """A request as its client sees it; the telehealth link only once it is confirmed.

    `free_to_cancel_until` is when a cancellation begins to be marked late; `replaces` is the appointment that this
    request would take the place of.
    """
    request = seen.request
    confirmed_online = seen.status is Status.CONFIRMED and request.forum is Forum.TELEHEALTH
    return _request(seen) | {
        "revision": request.revision,
        "version": request.version,
        "calendar_uid": request.calendar_uid,
        "submitted_at": rfc3339(request.submitted_at),
        "provider": {"id": request.provider.id, "name": request.provider.name},
        "location": location_summary(request.location),
        "forum": request.forum.value,
        "service": {
            "id": request.service.id,
            "name": request.service.name,
            "duration_minutes": request.service.duration,
            "price": request.service.price,
        },
        "time_zone": request.client.time_zone,
        "attendee": None if request.attendee is None else _attendee(request.attendee),
        "note": request.note,
        "offered": [rfc3339(start) for start in request.offered] if seen.status is Status.OFFERED else [],
        "changes_left": max(0, MOST_CHANGES - request.changes) if seen.status is Status.PENDING else 0,
        "replaces": request.replaces,
        "free_to_cancel_until": rfc3339(request.free_to_cancel_until) if seen.status is Status.CONFIRMED else None,
        "cancelled_by": request.cancelled_by and request.cancelled_by.value,
        "late": request.late,
        "mail_undeliverable": request.undeliverable,
        "reason": request.reason,
        "telehealth_url": request.provider.telehealth_url if confirmed_online else None,
    }


def changed_request(seen: Seen, manage_token: str | None = None) -> dict[str, Any]:
    """A request after its client did something to it; with the token to manage it when that is not at hand yet."""
    token = {} if manage_token is None else {"manage_token": manage_token}
    return managed_request(seen) | token


def proven_request(seen: Seen, manage_token: str, portal_token: str | None, now: datetime) -> dict[str, Any]:
    """A request whose address was proven: with the token to manage it, and what signing in answers with.

    `signed_in` is null where the link no longer signs anybody in.
    """
    portal = None if portal_token is None else signed_in(portal_token, now)
    return changed_request(seen, manage_token) | {"signed_in": portal}


def signed_in(token: str, now: datetime) -> dict[str, Any]:
    """What signing in answers with."""
    return {"token": token, "expires_at": rfc3339(now + PORTAL_LASTS)}


def appointments(page: Page, now: datetime) -> dict[str, Any]:
    """A page of a client's own list; `next` is null on the last one."""
    cursor = None if page.next is None else urlsafe_b64encode(page.next.encode()).decode()
    return {"appointments": [_appointment(each, now) for each in page.appointments], "next": cursor}


def _appointment(each: Appointment, now: datetime) -> dict[str, Any]:
    status = each.status_now(now)
    return {
        "id": each.id,
        "status": status.value,
        "start": rfc3339(each.start),
        "end": rfc3339(each.end),
        "deadline": None if each.deadline is None or not status.is_open else rfc3339(each.deadline),
        "provider": {"id": each.provider.id, "name": each.provider.name},
        "location": {"id": each.location.id, "name": each.location.name},
        "forum": each.forum.value,
        "service": {"id": each.service.id, "name": each.service.name},
    }


def _attendee(attendee: Attendee) -> dict[str, Any]:
    return {"name": attendee.name, "guardian": attendee.guardian}
