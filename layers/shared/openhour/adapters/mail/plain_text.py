"""Names and sentences that people typed, made fit to stand in a header, a line or a calendar file."""

from openhour.adapters.written.characters import many_lines, one_line

_MOST_INITIALS = 4


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text that are not empty, each as by `one_line`."""
    return tuple(line for line in map(one_line, many_lines(text).split("\n")) if line)


def initials(name: str) -> str:
    """The first letter of each word: "Zoë Nuñez" is "Z. N."; at most four, empty for a name without letters."""
    firsts = (next(filter(str.isalnum, word), "") for word in one_line(name).split())
    return " ".join([f"{first.upper()}." for first in firsts if first][:_MOST_INITIALS])
