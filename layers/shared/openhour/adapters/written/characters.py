"""Text as people type and paste it, without what cannot be seen and is not meant. Standard library only."""

import re
import unicodedata

_TAGS = r"\U000E0020-\U000E007F"
_FLAG = rf"\U0001F3F4[{_TAGS}]{{1,7}}"  # such as the flag of Scotland: a black flag and tags (UTS 51, annex C)
_JOINERS = r"\u200c\u200d"
# Unicode's Default_Ignorable_Code_Point, without variation selectors and joiners: those can change what is seen. With
# them the marks and controls of direction: one of a stranger's could turn what stands beside it.
_INVISIBLE = re.compile(
    rf"({_FLAG})|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_JOINED = re.compile(rf"[{_JOINERS}]+")
# Letters without case are those of joining and stacking scripts; signs and marks are those of emoji.
_JOINABLE = frozenset({"Lo", "Mc", "Mn", "Sk", "Sm", "So"})
_VIRAMA = 9  # the combining class of what kills a vowel: a joiner behind it shapes the letter before
_MOST_MARKS = 6
"""Marks on one letter. Hebrew and Tibetan need four or five; towers of them cover the lines above and below."""

_BREAKS = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANK = "\u2800"  # braille without a dot
_WEB = re.compile(
    r"""
    :// | @ | \bwww\d?\.
    | \b[\w-]+\.[a-z]{2,}[/:?\#]                                  # anything with a path or a port behind it
    | \b\d{1,3}(\.\d{1,3}){3}\b
    | \b[\w-]{2,}\.(com|net|org|info|biz|io|co|app|dev|xyz|top|shop|site|online|store|link|click|live|ru|cn|tk|ly)\b
    | \b[\w-]{5,}\.(at|be|ca|ch|de|es|eu|fr|it|li|me|nl|pl|pt|se|tv|uk|us)\b  # five, for "Prof.de Vries"
    """,
    re.IGNORECASE | re.VERBOSE,
)


def one_line(text: str) -> str:
    """The text on one line, in NFC: whatever space and line end is one blank, what cannot be seen goes."""
    return " ".join(_seen(text).split())


def many_lines(text: str) -> str:
    """The text in NFC with its line feeds and tabs, blanks around it and what cannot be seen left out."""
    return _seen(_BREAKS.sub("\n", text)).strip()


def shows_something(text: str) -> bool:
    """Whether anything of the text can be seen that stands for itself: not spaces, marks and joiners alone."""
    return any(unicodedata.category(each)[0] not in "CMZ" and each != _BLANK for each in text)


def names_web_address(text: str) -> bool:
    """Whether there is a web or mail address in it, or what mail programs make a link of."""
    return _WEB.search(plain(text)) is not None


def plain(text: str) -> str:
    """Compatibility forms as the plain characters (NFKC): full-width letters, digits of any script, dashes, quotes.

    Only for what is of plain characters anyway, such as addresses and numbers.
    """
    folded = unicodedata.normalize("NFKC", one_line(text)).translate(_PLAIN)
    return "".join(str(unicodedata.decimal(each, each)) for each in folded)


_PLAIN = str.maketrans(
    {"\u3002": "."}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"')
)


def _seen(text: str) -> str:
    visible = _INVISIBLE.sub(lambda found: found[1] or "", text)
    printed = "".join(each for each in visible if each.isspace() or unicodedata.category(each) not in {"Cc", "Cs"})
    return _without_towers(_JOINED.sub(_joiner, unicodedata.normalize("NFC", printed)))


def _joiner(found: re.Match[str]) -> str:
    """One joiner, where it can change what is seen: in words of joining scripts and in emoji."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    if not before or unicodedata.category(before) not in _JOINABLE:
        return ""
    shapes = unicodedata.combining(before) == _VIRAMA or (after and unicodedata.category(after) in _JOINABLE)
    return found[0][0] if shapes else ""


def _without_towers(text: str) -> str:
    kept, marks = [], 0
    for each in text:
        marks = marks + 1 if unicodedata.category(each) in {"Mn", "Me"} else 0
        if marks <= _MOST_MARKS:
            kept.append(each)
    return "".join(kept)
