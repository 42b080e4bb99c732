"""Who can be booked."""

from collections.abc import Sequence

from openhour.application.errors import UnknownProviderError
from openhour.application.ports.directory import Directory
from openhour.domain.values import Practice, Provider, SelfSchedule


def public_practice(directory: Directory) -> Practice | None:
    """The practice, None before it was set up."""
    return directory.practice_alone()


def public_providers(directory: Directory) -> tuple[Practice | None, Sequence[Provider]]:
    """The practice, and every provider that anybody may book, by name."""
    practice, everyone = directory.providers()
    public = (provider for provider in everyone if provider.self_schedule is SelfSchedule.PUBLIC)
    return practice, sorted(public, key=lambda provider: (provider.name, provider.id))


def bookable_provider(provider_id: str, directory: Directory) -> Provider:
    """One provider, also one who is bookable by direct link only. Raises UnknownProviderError."""
    provider = directory.provider(provider_id)
    if provider is None or provider.self_schedule is SelfSchedule.OFF:
        raise UnknownProviderError
    return provider
