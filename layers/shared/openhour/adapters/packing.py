"""The practice and all its providers in one compressed document, for those who look up all of them.

What providers have in common stands in it once: services and locations are listed, and providers have their numbers.
The text inside is deterministic and read as `snapshots` reads it: old and new code can run side by side.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from openhour.adapters import snapshots
from openhour.domain.values import Location, Practice, Provider, Service

LARGEST = 390_000  # bytes; DynamoDB keeps at most 400 kB in one item, its keys included
_SMALLEST = 9  # zlib's level: written once, read often


@dataclass(frozen=True, slots=True)
class Packed:
    """The compressed document, and the version of its text: compressors differ, the text does not."""

    document: bytes
    version: str


def packed(practice: Practice, providers: Iterable[Provider]) -> Packed | None:
    """All of them, providers by id; None when that does not fit into one item of DynamoDB."""
    services: dict[Service, int] = {}
    locations: dict[Location, int] = {}
    listed = [
        snapshots.profile_document(provider)
        | {
            "version": provider.version,
            "services": [services.setdefault(each, len(services)) for each in provider.services.values()],
            "locations": [locations.setdefault(each, len(locations)) for each in provider.locations.values()],
        }
        for provider in sorted(providers, key=lambda provider: provider.id)
    ]
    text = snapshots.text_of(
        {
            "practice": snapshots.practice_document(practice) | {"version": practice.version},
            "services": list(map(snapshots.service_document, services)),
            "locations": list(map(snapshots.location_document, locations)),
            "providers": listed,
        }
    )
    document = zlib.compress(text.encode(), _SMALLEST)
    return Packed(document, snapshots.version_of(text)) if len(document) <= LARGEST else None


def unpacked(document: bytes) -> tuple[Practice, list[Provider]]:
    """What `packed` packed, providers by id. Raises ValueError or zlib.error when it did not."""
    plain = json.loads(zlib.decompress(document))
    services = list(map(snapshots.service_of, plain["services"]))
    locations = list(map(snapshots.location_of, plain["locations"]))
    providers = [
        snapshots.provider_of(
            each,
            [services[number] for number in each["services"]],
            [locations[number] for number in each["locations"]],
            each["version"],
        )
        for each in plain["providers"]
    ]
    return snapshots.practice_of(plain["practice"], plain["practice"]["version"]), providers
