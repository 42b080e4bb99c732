"""Values as the JSON that the API answers with. Instants are RFC 3339 in UTC with `Z`."""

from collections.abc import Sequence
from typing import Any

from openhour.adapters.http.times import rfc3339
from openhour.application.manage import Seen
from openhour.application.slot_lookup import offers
from openhour.application.submit import Preview
from openhour.domain.requests import Request
from openhour.domain.transitions import Status
from openhour.domain.values import Forum, Location, Practice, Provider, Service


def submitted_request(request: Request) -> dict[str, Any]:
    """What a submission answers: nothing personal, since whoever knows address and key may ask again."""
    return {
        "id": request.id,
        "status": request.status.value,
        "start": rfc3339(request.start),
        "end": rfc3339(request.end),
        "deadline": None if request.deadline is None else rfc3339(request.deadline),
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
    """A request as its client sees it; the telehealth link only once it is confirmed."""
    request = seen.request
    confirmed_online = seen.status is Status.CONFIRMED and request.forum is Forum.TELEHEALTH
    return submitted_request(request) | {
        "status": seen.status.value,
        "revision": request.revision,
        "submitted_at": rfc3339(request.submitted_at),
        "provider": {"id": request.provider.id, "name": request.provider.name},
        "location": _location(request.location),
        "forum": request.forum.value,
        "service": {
            "id": request.service.id,
            "name": request.service.name,
            "duration_minutes": request.service.duration,
            "price": request.service.price,
        },
        "time_zone": request.client.time_zone,
        "note": request.note,
        "reason": request.reason,
        "telehealth_url": request.provider.telehealth_url if confirmed_online else None,
    }


def practice_summary(practice: Practice | None) -> dict[str, Any] | None:
    """The practice as anybody may see it."""
    if practice is None:
        return None
    return {
        "name": practice.name,
        "contact": practice.contact,
        "time_zone": practice.time_zone,
        "locale": practice.locale,
        "privacy_text": practice.privacy_text,
    }


def provider_summary(provider: Provider) -> dict[str, Any]:
    """A provider as anybody may see them: who, where, how and what can be booked."""
    return {
        "id": provider.id,
        "name": provider.name,
        "title": provider.title,
        "time_zone": provider.time_zone,
        "photo_url": provider.photo_url,
        "locations": [_location(location) for location in provider.locations.values()],
        "services": [_service(service) for service in provider.services.values()],
        "offers": _offers(provider),
    }


def _offers(provider: Provider) -> list[dict[str, Any]]:
    grouped: dict[tuple[str, str], list[str]] = {}
    for location, forum, service in sorted(offers(provider)):
        grouped.setdefault((location, forum), []).append(service)
    return [
        {"location": location, "forum": forum, "services": services} for (location, forum), services in grouped.items()
    ]


def providers_summary(practice: Practice | None, providers: Sequence[Provider]) -> dict[str, Any]:
    """The practice and the providers that anybody may book."""
    return {
        "practice": practice_summary(practice),
        "providers": [provider_summary(provider) for provider in providers],
    }


def _location(location: Location) -> dict[str, Any]:
    return {
        "id": location.id,
        "name": location.name,
        "address": location.address,
        "time_zone": location.time_zone,
    }


def _service(service: Service) -> dict[str, Any]:
    return {
        "id": service.id,
        "name": service.name,
        "description": service.description,
        "duration_minutes": service.duration,
        "min_notice_minutes": service.min_notice,
        "horizon_days": service.horizon_days,
        "price": service.price,
    }
