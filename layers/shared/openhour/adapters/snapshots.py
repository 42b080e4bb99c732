"""Practice and providers as JSON text, the form in which the table keeps them.

Read on every slot lookup, so: standard library only, no validation (what is written was validated), one pass.
The text is deterministic and complete: the same values give the same text, and defaults are written out, so that
a default that changes later does not change what was stored. Reading passes over keys it does not know and takes
the default of those that are missing, so that old and new code can run side by side during a deployment.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date
from hashlib import sha256
from operator import itemgetter
from typing import Any

from openhour.domain.values import (
    AnswerRules,
    Block,
    Forum,
    Location,
    Override,
    Practice,
    Provider,
    SelfSchedule,
    Service,
)

_VERSION_DIGITS = 16
_FORUMS = {forum.value: forum for forum in Forum}

_SERVICE = tuple(item.name for item in fields(Service))
_LOCATION = tuple(item.name for item in fields(Location))
_SERVICE_VALUES = itemgetter(*_SERVICE)
_LOCATION_VALUES = itemgetter(*_LOCATION)
_RULES = tuple(item.name for item in fields(AnswerRules))
_PRACTICE = tuple(item.name for item in fields(Practice) if item.name != "version")
_PRACTICE_READERS: Mapping[str, Callable[[Any], Any]] = {
    "locales": tuple,
    "verify": lambda stored: stored not in (False, "never"),  # it was one of three words once
}
_NESTED = frozenset({"self_schedule", "services", "locations", "blocks", "overrides", "rules", "version"})
_PROFILE = tuple(item.name for item in fields(Provider) if item.name not in _NESTED)


def version_of(text: str) -> str:
    """The version of a snapshot: the first 16 hex digits of the SHA-256 of its text."""
    return sha256(text.encode()).hexdigest()[:_VERSION_DIGITS]


def practice_to_json(practice: Practice) -> str:
    """The practice as deterministic JSON text, without its version."""
    return text_of(practice_document(practice))


def practice_from_json(text: str, version: str) -> Practice:
    """The practice that `practice_to_json` wrote, bearing `version`. Raises ValueError when it is not JSON."""
    return practice_of(json.loads(text), version)


def practice_document(practice: Practice) -> dict[str, Any]:
    """The practice as plain values, without its version."""
    return _plain(practice, _PRACTICE)


def practice_of(plain: Mapping[str, Any], version: str) -> Practice:
    """The practice that `practice_document` made plain, bearing `version`."""
    document = _known(plain, _PRACTICE)
    document |= {name: read(document[name]) for name, read in _PRACTICE_READERS.items() if name in document}
    return Practice(**document, version=version)


def provider_to_json(provider: Provider) -> str:
    """The whole snapshot of a provider as deterministic JSON text, without its version."""
    parts = {
        "services": list(map(service_document, provider.services.values())),
        "locations": list(map(location_document, provider.locations.values())),
    }
    return text_of(profile_document(provider) | parts)


def profile_document(provider: Provider) -> dict[str, Any]:
    """A provider as plain values, without services, locations and version."""
    return _plain(provider, _PROFILE) | {
        "self_schedule": provider.self_schedule.value,
        "blocks": [_block_document(block) for block in provider.blocks],
        "overrides": [_override_document(override) for override in provider.overrides],
        "rules": _plain(provider.rules, _RULES),
    }


def service_document(service: Service) -> dict[str, Any]:
    """A service as plain values."""
    return _plain(service, _SERVICE)


def location_document(location: Location) -> dict[str, Any]:
    """A location as plain values."""
    return _plain(location, _LOCATION)


def provider_from_json(text: str, version: str) -> Provider:
    """The provider that `provider_to_json` wrote, bearing `version`. Raises ValueError when it is not JSON."""
    document = json.loads(text)
    return provider_of(
        document, map(service_of, document["services"]), map(location_of, document["locations"]), version
    )


def provider_of(
    document: Mapping[str, Any], services: Iterable[Service], locations: Iterable[Location], version: str
) -> Provider:
    """The provider whose profile `profile_document` made plain, with these services and locations."""
    return Provider(
        **_known(document, _PROFILE),
        self_schedule=SelfSchedule(document["self_schedule"]),
        services={service.id: service for service in services},
        locations={location.id: location for location in locations},
        blocks=_blocks(document["blocks"]),
        overrides=tuple(map(_override, document["overrides"])),
        rules=AnswerRules(**_known(document.get("rules", {}), _RULES)),
        version=version,
    )


def text_of(document: Mapping[str, Any]) -> str:
    """Plain values as deterministic JSON text."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _known(document: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: document[name] for name in names if name in document}


def service_of(document: dict[str, Any]) -> Service:
    """The service that `service_document` made plain."""
    try:
        return Service(*_SERVICE_VALUES(document))
    except KeyError:  # written by older code
        return Service(**_known(document, _SERVICE))


def location_of(document: dict[str, Any]) -> Location:
    """The location that `location_document` made plain."""
    try:
        return Location(*_LOCATION_VALUES(document))
    except KeyError:  # written by older code
        return Location(**_known(document, _LOCATION))


def _block_document(block: Block) -> dict[str, Any]:
    return {
        "days": sorted(block.days),
        "start": block.start,
        "end": block.end,
        "location": block.location,
        "forums": sorted(block.forums),
        "services": sorted(block.services),
    }


def _override_document(override: Override) -> dict[str, Any]:
    return {
        "date": override.date.isoformat(),
        "blocks": [_block_document(block) for block in override.blocks],
        "location": override.location,
    }


def _blocks(documents: list[dict[str, Any]]) -> tuple[Block, ...]:
    return tuple(map(_block, documents))


def _block(document: dict[str, Any]) -> Block:
    return Block(
        frozenset(document["days"]),
        document["start"],
        document["end"],
        document["location"],
        frozenset([_FORUMS[name] for name in document["forums"]]),
        frozenset(document["services"]),
    )


def _override(document: dict[str, Any]) -> Override:
    return Override(date.fromisoformat(document["date"]), _blocks(document["blocks"]), document.get("location"))
