"""What a provider offers: which services, where and how."""

from openhour.application.errors import InvalidInputError
from openhour.domain.slots import Wanted
from openhour.domain.values import Provider


def check_offered(provider: Provider, wanted: Wanted) -> None:
    """Raise InvalidInputError, naming the field, for what this provider does not offer."""
    if wanted.service not in provider.services:
        raise InvalidInputError({"service": "This provider does not offer this service."})
    if wanted.location not in provider.locations:
        raise InvalidInputError({"location": "This provider does not work at this location."})
    if (wanted.location, wanted.forum, wanted.service) not in offers(provider):
        raise InvalidInputError({"forum": "This provider does not offer this service here in this forum."})


def offers(provider: Provider) -> set[tuple[str, str, str]]:
    """Every (location, forum, service) that some block or override of the provider names."""
    blocks = (*provider.blocks, *(block for override in provider.overrides for block in override.blocks))
    return {
        (block.location, forum, service)
        for block in blocks
        for forum in block.forums
        for service in block.services
        if service in provider.services
    }
