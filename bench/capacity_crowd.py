"""What is measured in a practice of three hundred, each with a room, hours and days off of their own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from bench.capacity_scenes import MONDAY, PROVIDERS, ZONE, Act, Scene, Stage, believable_provider, query
from openhour.adapters import keys
from openhour.adapters.snapshots import provider_to_json
from openhour.application.client.directory import public_providers
from openhour.application.client.slot_lookup import slots_of_any
from openhour.domain.values import Location, Override, Provider

MANY = 300


def _grow(stage: Stage) -> None:
    """Three hundred providers, of whom the first three offer what is looked for."""
    for number in range(PROVIDERS, MANY):
        provider = _one_of_many(number)
        stage.put(keys.provider(provider.id), provider_to_json(provider))
    stage.put_directory()


def _one_of_many(number: int) -> Provider:
    """Somebody with a name, a picture, a room, hours and days off of their own."""
    alike = believable_provider(f"provider-{number}")
    own = sha256(alike.id.encode()).hexdigest()
    room = Location(f"room-{number % 7}", f"Room {number % 7}", f"{number % 7} Quay Lane\nLondon", ZONE)
    blocks = tuple(replace(block, start=block.start + number % 4 * 15, location=room.id) for block in alike.blocks)
    days_off = sorted(int(own[at : at + 3], 16) % 365 for at in range(0, 60, 3))
    return replace(
        alike,
        name=f"Dr {own[:8]} {own[8:18]}",
        email=f"{own[:18]}@harbour.example",
        locations={room.id: room},
        blocks=blocks,
        overrides=tuple(Override(MONDAY + timedelta(days=day)) for day in days_off),
        telehealth_url=f"https://meet.harbour.example/{own[20:40]}",
        photo_url=f"https://harbour.example/people/{own[40:]}.jpg",
    )


def _many(act: Callable[[Stage], object]) -> Callable[[Stage], Act]:
    def prepare(stage: Stage) -> Act:
        _grow(stage)
        return lambda: act(stage)

    return prepare


def _many_one_by_one(stage: Stage) -> Act:
    stage.without_directory()
    return stage.directory.one_by_one


SCENES: tuple[Scene, ...] = (
    Scene(f"All providers ({MANY})", _many(lambda stage: public_providers(stage.directory))),
    Scene(
        f"Slots of any of {PROVIDERS} providers among {MANY}, 14 dates",
        _many(lambda stage: slots_of_any(query(14), stage.directory, stage.clock)),
    ),
    Scene(f"All providers ({MANY}), without a directory", _many_one_by_one),
)
