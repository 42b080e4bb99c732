"""Every text of mails and pages, by language.

A catalogue is a TOML file named by its language tag (RFC 5646). `de.toml` must hold every key; a regional one such as
`en-US.toml` holds only what differs from its language.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FALLBACK = "en"
_WEIGHT = re.compile(r"q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's texts. `texts` maps "section.key" to a pattern with named fields, `names` to lists of names."""

    tag: str
    texts: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]

    def text(self, key: str, /, **fields: object) -> str:
        """The text of a key with its fields filled in. Raises KeyError for an unknown key or a missing field."""
        return self.texts[key].format_map(fields)


def catalogue(tag: str) -> Catalogue:
    """The catalogue that fits a language tag best: region, language, else English."""
    return _load(_best(tag) or FALLBACK)


def accepted(field: str) -> Catalogue:
    """The catalogue that an Accept-Language field (RFC 9110, section 12.5.4) likes best; else English."""
    ranges = sorted((_weighed(part) for part in field.split(",")), key=lambda weighed: -weighed[1])  # stable
    liked = (_best(tag) for tag, weight in ranges if weight)
    return _load(next((tag for tag in liked if tag), FALLBACK))


def _weighed(part: str) -> tuple[str, float]:
    """A language range with its weight, 0 where that cannot be read."""
    tag, _, weight = (piece.strip() for piece in part.partition(";"))
    if not weight:
        return tag, 1.0
    return tag, float(weight[2:]) if _WEIGHT.fullmatch(weight) else 0.0


@cache
def tags() -> frozenset[str]:
    """The language tags that have a file."""
    return frozenset(path.stem for path in _FOLDER.glob("*.toml"))


def _best(tag: str) -> str | None:
    # Chosen among the files there are, never a path made of the tag: a client's locale is somebody's input.
    known = {name.lower(): name for name in tags()}
    wanted = tag.replace("_", "-").lower()
    while wanted and wanted not in known:
        wanted = wanted.rpartition("-")[0]
    return known.get(wanted)


@cache
def _load(tag: str) -> Catalogue:
    language, _, region = tag.partition("-")
    entries = entries_of(language) | (entries_of(tag) if region else {})
    texts = {key: value for key, value in entries.items() if isinstance(value, str)}
    names = {key: tuple(value) for key, value in entries.items() if isinstance(value, list)}
    return Catalogue(tag, texts, names)


def entries_of(tag: str) -> dict[str, str | list[str]]:
    """What one file itself holds, by "section.key"."""
    return dict(_flat(tomllib.loads((_FOLDER / f"{tag}.toml").read_text("utf-8"))))


def _flat(sections: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str | list[str]]]:
    for section, entries in sections.items():
        for key, value in entries.items():
            yield f"{section}.{key}", value
