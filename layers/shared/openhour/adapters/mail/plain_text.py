"""Names and sentences that people typed, made fit to stand in a header, a line or a calendar file."""

import unicodedata

_MOST_INITIALS = 4
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """The text on one line: controls, line ends and lone surrogates become spaces, direction marks go.

    A line end could start a header of its own, a direction mark could make a link read as another one.
    """
    return " ".join("".join(map(_harmless, unicodedata.normalize("NFC", text))).split())


def lines(text: str) -> tuple[str, ...]:
    """The lines of a text that are not empty, each as by `one_line`."""
    return tuple(line for line in map(one_line, text.splitlines()) if line)


def initials(name: str) -> str:
    """The first letter of each word: "Zoë Nuñez" is "Z. N."; at most four, empty for a name without letters."""
    firsts = (next(filter(str.isalnum, word), "") for word in one_line(name).split())
    return " ".join([f"{first.upper()}." for first in firsts if first][:_MOST_INITIALS])


def _harmless(character: str) -> str:
    if character in _DIRECTION_MARKS:
        return ""
    return " " if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character
