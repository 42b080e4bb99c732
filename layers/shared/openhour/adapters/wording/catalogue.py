"""Every text of mails and pages, by language.

A catalogue is a TOML file named by its language tag (RFC 5646). `de.toml` must hold every key; a regional one such as
`en-US.toml` holds only what differs from its language.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FALLBACK = "en"
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
    return _load(_best(tag))


@cache
def tags() -> frozenset[str]:
    """The language tags that have a file."""
    return frozenset(path.stem for path in _FOLDER.glob("*.toml"))


def _best(tag: str) -> str:
    # Chosen among the files there are, never a path made of the tag: a client's locale is somebody's input.
    known = {name.lower(): name for name in tags()}
    wanted = tag.replace("_", "-").lower()
    while wanted and wanted not in known:
        wanted = wanted.rpartition("-")[0]
    return known.get(wanted, FALLBACK)


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
