"""What has to change in a table so that it holds what the file says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from openhour.adapters import keys
from openhour.adapters.packing import Packed, packed
from openhour.adapters.snapshots import practice_to_json, provider_to_json
from openhour.domain.values import Practice, Provider
from operate.practice.differences import practice_lines, provider_lines
from operate.practice.errors import PracticeError

LARGEST_DOCUMENT = 390_000  # bytes; DynamoDB keeps at most 400 kB in one item, its keys included


class Kind(StrEnum):
    """What happens to an item; the value is the sign it is shown with."""

    ADD = "+"
    CHANGE = "~"
    REMOVE = "-"
    KEEP = "="


@dataclass(frozen=True, slots=True)
class Text:
    """The text of an item as it was read, and the version it bears."""

    document: str
    version: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What a table holds: the practice, if it was ever set up, and its providers by id.

    `applied` and `applied_practice` are what was last applied from a file; None and nothing where that was never
    recorded. `texts` are the items that all of these were read from; `directory` is the version of the one item that
    has them all.
    """

    practice: Practice | None = None
    providers: Mapping[str, Provider] = field(default_factory=dict)
    applied_practice: Practice | None = None
    applied: Mapping[str, Provider] = field(default_factory=dict)
    texts: Mapping[keys.Key, Text] = field(default_factory=dict)
    directory: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The record of what was last applied to an item: `version` as it was read, None where there was none."""

    key: keys.Key
    version: str | None
    is_right: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One item to write, delete or keep, and the record of it. `version` is the one that was read; None: no item.

    `document` is what the file says, None where it does not name the item.
    """

    kind: Kind
    key: keys.Key
    label: str
    record: Record
    provider_id: str | None = None
    lines: tuple[str, ...] = ()
    version: str | None = None
    document: str | None = None
    new_version: str | None = None

    @property
    def is_due(self) -> bool:
        """Whether anything is to be written, be it only that the file was applied."""
        return self.kind is not Kind.KEEP or not self.record.is_right


@dataclass(frozen=True, slots=True)
class DirectoryChange:
    """The one item that has the practice and all its providers: the version as it was read, and what it has to be.

    Without a version none was there; without `wanted` none can be, and whoever looks reads providers one by one.
    """

    version: str | None
    wanted: Packed | None

    @property
    def is_due(self) -> bool:
        """Whether it does not say what it has to."""
        return self.version != (self.wanted.version if self.wanted else None)


def directory_change(stored: Stored, practice: Practice, providers: Iterable[Provider]) -> DirectoryChange:
    """What becomes of the directory when what is stored becomes what is wanted."""
    return DirectoryChange(stored.directory, packed(practice, providers))


def plan(stored: Stored, practice: Practice, providers: Sequence[Provider]) -> list[Change]:
    """The changes from what is stored to what is wanted: the practice first, removals last.

    Items that stay as they are and are recorded as applied are left out. Raises PracticeError when a provider is too
    large to store.
    """
    wanted = {provider.id for provider in providers}
    gone = sorted({*stored.providers, *stored.applied}.difference(wanted))
    changes = [
        _practice_change(stored, practice),
        *(_provider_change(stored, provider) for provider in providers),
        *(_removal(stored, provider_id) for provider_id in gone),
    ]
    return [change for change in changes if change.is_due]


def visible(changes: Iterable[Change]) -> list[Change]:
    """Those that change what the practice offers; the others only record it."""
    return [change for change in changes if change.kind is not Kind.KEEP]


def counted(changes: Iterable[Change]) -> str:
    """How many items are added, changed and removed: `2 to add, 1 to remove`."""
    kinds = [change.kind for change in changes]
    words = {Kind.ADD: "to add", Kind.CHANGE: "to change", Kind.REMOVE: "to remove"}
    return ", ".join(f"{kinds.count(kind)} {word}" for kind, word in words.items() if kind in kinds)


def _practice_change(stored: Stored, after: Practice) -> Change:
    document = practice_to_json(after)
    return Change(
        kind=_kind(stored, keys.practice(), document),
        key=keys.practice(),
        label=f"practice {after.id}",
        record=_record(stored, keys.applied_practice(), document),
        lines=tuple(practice_lines(stored.practice, after)),
        version=_version(stored, keys.practice()),
        document=document,
        new_version=after.version,
    )


def _provider_change(stored: Stored, after: Provider) -> Change:
    key, document = keys.provider(after.id), _fitting(after)
    return Change(
        kind=_kind(stored, key, document),
        key=key,
        label=f"provider {after.id} ({after.name})",
        record=_record(stored, keys.applied_provider(after.id), document),
        provider_id=after.id,
        lines=tuple(provider_lines(stored.providers.get(after.id), after)),
        version=_version(stored, key),
        document=document,
        new_version=after.version,
    )


def _removal(stored: Stored, provider_id: str) -> Change:
    """A provider that the file no longer names; only the record is left of one that was removed elsewhere."""
    key, standing = keys.provider(provider_id), stored.providers.get(provider_id)
    return Change(
        kind=Kind.REMOVE if standing else Kind.KEEP,
        key=key,
        label=f"provider {provider_id}" + (f" ({standing.name})" if standing else ""),
        record=_record(stored, keys.applied_provider(provider_id), None),
        provider_id=provider_id,
        version=_version(stored, key),
    )


def _kind(stored: Stored, key: keys.Key, document: str) -> Kind:
    text = stored.texts.get(key)
    if text is None:
        return Kind.ADD
    return Kind.KEEP if text.document == document else Kind.CHANGE


def _record(stored: Stored, key: keys.Key, document: str | None) -> Record:
    text = stored.texts.get(key)
    return Record(key, _version(stored, key), is_right=(text.document if text else None) == document)


def _version(stored: Stored, key: keys.Key) -> str | None:
    text = stored.texts.get(key)
    return text.version if text else None


def _fitting(provider: Provider) -> str:
    document = provider_to_json(provider)
    if (size := len(document.encode())) > LARGEST_DOCUMENT:
        raise PracticeError(
            f"provider {provider.id} takes {size // 1000} kB and would not fit into one item of DynamoDB "
            f"({LARGEST_DOCUMENT // 1000} kB): remove overrides that are past, or services it does not offer."
        )
    return document
