"""What lies around a request, in words: for the provider's mail and the answer page."""

from openhour.adapters.wording import times
from openhour.adapters.wording.catalogue import Catalogue
from openhour.domain.neighbours import Neighbour, Neighbours
from openhour.domain.values import Forum

_HOUR = 60


def around(found: Neighbours, zone: str, words: Catalogue) -> tuple[tuple[str, str], ...]:
    """Label and text of what is before, of what is after, and of the day, by the clocks of `zone`."""
    before, after = found.before, found.after
    until = None if before is None else words.text("around.until", time=times.clock(before.end, zone, words))
    since = None if after is None else words.text("around.from", time=times.clock(after.start, zone, words))
    return (
        (words.text("around.before"), _told(before, until, words)),
        (words.text("around.after"), _told(after, since, words)),
        (words.text("around.day"), _day(found, words)),
    )


def _told(neighbour: Neighbour | None, when: str | None, words: Catalogue) -> str:
    if neighbour is None or when is None:
        return words.text("around.nothing")
    place = _place(neighbour, words)
    told = when if place is None else words.text("around.placed", when=when, place=place)
    return words.text("around.held", when=told) if neighbour.held else told


def _place(neighbour: Neighbour, words: Catalogue) -> str | None:
    if neighbour.forum is Forum.TELEHEALTH:
        return words.text("forum.telehealth")
    return None if neighbour.location is None else " ".join(neighbour.location.name.split())


def _day(found: Neighbours, words: Catalogue) -> str:
    hours, minutes = divmod(found.minutes, _HOUR)
    return words.text("around.full", booked=found.booked, held=found.held, hours=hours, minutes=minutes)
