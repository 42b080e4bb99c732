"""The practice and its providers as the JSON that anybody may see."""

from collections.abc import Sequence
from typing import Any

from openhour.application.offers import offers
from openhour.domain.values import Location, Practice, Provider, Service


def practice_summary(practice: Practice | None) -> dict[str, Any] | None:
    """The practice as anybody may see it."""
    if practice is None:
        return None
    return {
        "name": practice.name,
        "neutral_name": practice.neutral_name,
        "contact": practice.contact,
        "time_zone": practice.time_zone,
        "locale": practice.locale,
        "locales": list(practice.locales),
        "privacy_text": practice.privacy_text,
        "consent_text": practice.consent_text,
        "cancellation_notice_minutes": practice.cancellation_notice,
    }


def about_practice(practice: Practice | None) -> dict[str, Any]:
    """The practice alone; it may not have been set up yet."""
    return {"practice": practice_summary(practice)}


def provider_summary(provider: Provider) -> dict[str, Any]:
    """A provider as anybody may see them: who, where, how and what can be booked."""
    return {
        "id": provider.id,
        "name": provider.name,
        "title": provider.title,
        "time_zone": provider.time_zone,
        "photo_url": provider.photo_url,
        "locations": [location_summary(location) for location in provider.locations.values()],
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
        **about_practice(practice),
        "providers": [provider_summary(provider) for provider in providers],
    }


def location_summary(location: Location) -> dict[str, Any]:
    """Where sessions take place."""
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
