"""From the checked file to domain values: defaults filled in, names resolved, ranges of dates spelt out."""

from openhour.domain.values import (
    AnswerRules,
    Block,
    Forum,
    Location,
    Override,
    Practice,
    Provider,
    Service,
)
from operate.practice.model import (
    HoursPart,
    LocationPart,
    OverridePart,
    PracticeFile,
    PracticePart,
    ProviderPart,
    ServicePart,
)
from operate.practice.references import dates_of

_EVERY_DAY = frozenset(range(1, 8))


def practice_of(part: PracticePart) -> Practice:
    """The practice, without a version."""
    return Practice(
        id=part.id,
        name=part.name,
        neutral_name=part.neutral_name,
        contact=part.contact,
        time_zone=part.time_zone,
        locale=part.locale,
        max_open_requests=part.max_open_requests,
        max_requests_per_day=part.max_requests_per_day,
        privacy_text=part.privacy_text,
        consent_text=part.consent_text,
        locales=tuple(part.locales),
        verify=part.verify,
        known_clients_only=part.known_clients_only,
        cancellation_notice=part.cancellation_notice,
        client_reminder=part.client_reminder,
        provider_reminders=part.provider_reminders,
        keep_days=part.keep_days,
        reply_to=part.reply_to,
    )


def provider_of(part: ProviderPart, file: PracticeFile) -> Provider:
    """A provider with the services it offers and the locations of its hours, without a version."""
    blocks = tuple(_block(hours, hours.days, part, hours.location) for hours in part.availability)
    overrides = tuple(item for override in part.overrides for item in _overrides(override, part))
    return Provider(
        id=part.id,
        name=part.name,
        title=part.title,
        email=part.email,
        time_zone=part.time_zone or file.practice.time_zone,
        self_schedule=part.self_schedule,
        services={service.id: _service(service) for service in file.services if service.id in part.services},
        locations=_locations(blocks, overrides, file),
        blocks=blocks,
        overrides=overrides,
        max_per_day=part.max_per_day,
        telehealth_url=part.telehealth_url,
        photo_url=part.photo_url,
        locale=part.locale or file.practice.locale,
        mail_initials_only=part.mail_initials_only,
        rules=AnswerRules(file.practice.answer_lead, file.practice.answer_time),
    )


def _service(part: ServicePart) -> Service:
    return Service(**part.model_dump())


def _location(part: LocationPart, default_zone: str) -> Location:
    return Location(part.id, part.name, part.address, part.time_zone or default_zone)


def _locations(blocks: tuple[Block, ...], overrides: tuple[Override, ...], file: PracticeFile) -> dict[str, Location]:
    """The locations that the hours name, in the order of the file."""
    named = {block.location for block in (*blocks, *(block for override in overrides for block in override.blocks))}
    return {part.id: _location(part, file.practice.time_zone) for part in file.locations if part.id in named}


def _block(hours: HoursPart, days: frozenset[int], provider: ProviderPart, location: str | None) -> Block:
    if location is None:
        raise AssertionError("hours without a location pass no check")
    return Block(
        days=days,
        start=hours.start,
        end=hours.end,
        location=location,
        forums=frozenset(Forum(forum) for forum in hours.forums),
        services=frozenset(hours.services or provider.services),
    )


def _overrides(part: OverridePart, provider: ProviderPart) -> list[Override]:
    blocks = tuple(_block(hours, _EVERY_DAY, provider, hours.location or part.location) for hours in part.hours)
    return [Override(day, blocks, part.location) for day in dates_of(part, provider)]
