"""What has to change in a table so that it holds what the file says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from openhour.adapters import keys
from openhour.adapters.snapshots import practice_to_json, provider_to_json
from openhour.domain.values import Practice, Provider
from practice.differences import practice_lines, provider_lines
from practice.errors import PracticeError

LARGEST_DOCUMENT = 390_000  # bytes; DynamoDB keeps at most 400 kB in one item, its keys included


class Kind(StrEnum):
    """What happens to an item; the value is the sign it is shown with."""

    ADD = "+"
    CHANGE = "~"
    REMOVE = "-"


@dataclass(frozen=True, slots=True)
class Stored:
    """What a table holds: the practice, if it was ever set up, and its providers by id."""

    practice: Practice | None = None
    providers: Mapping[str, Provider] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One item to write or delete. `version` is the one that was read; None where there was no item."""

    kind: Kind
    key: keys.Key
    label: str
    provider_id: str | None = None
    lines: tuple[str, ...] = ()
    version: str | None = None
    document: str | None = None
    new_version: str | None = None


def plan(stored: Stored, practice: Practice, providers: Sequence[Provider]) -> list[Change]:
    """The changes from what is stored to what is wanted: the practice first, removals last.

    Items whose version stays the same are left alone. Raises PracticeError when a provider is too large to store.
    """
    wanted = {provider.id for provider in providers}
    changes = [
        _practice_change(stored.practice, practice),
        *(_provider_change(stored.providers.get(provider.id), provider) for provider in providers),
        *(_removal(provider) for provider in stored.providers.values() if provider.id not in wanted),
    ]
    return [change for change in changes if change.version != change.new_version]


def counted(changes: Iterable[Change]) -> str:
    """How many items are added, changed and removed: `2 to add, 1 to remove`."""
    kinds = [change.kind for change in changes]
    words = {Kind.ADD: "to add", Kind.CHANGE: "to change", Kind.REMOVE: "to remove"}
    return ", ".join(f"{kinds.count(kind)} {word}" for kind, word in words.items() if kind in kinds)


def _practice_change(before: Practice | None, after: Practice) -> Change:
    return Change(
        kind=Kind.CHANGE if before else Kind.ADD,
        key=keys.practice(),
        label=f"practice {after.id}",
        lines=tuple(practice_lines(before, after)),
        version=before.version if before else None,
        document=practice_to_json(after),
        new_version=after.version,
    )


def _provider_change(before: Provider | None, after: Provider) -> Change:
    return Change(
        kind=Kind.CHANGE if before else Kind.ADD,
        key=keys.provider(after.id),
        label=f"provider {after.id} ({after.name})",
        provider_id=after.id,
        lines=tuple(provider_lines(before, after)),
        version=before.version if before else None,
        document=_fitting(after),
        new_version=after.version,
    )


def _removal(provider: Provider) -> Change:
    label = f"provider {provider.id} ({provider.name})"
    return Change(Kind.REMOVE, keys.provider(provider.id), label, provider.id, version=provider.version)


def _fitting(provider: Provider) -> str:
    document = provider_to_json(provider)
    if (size := len(document.encode())) > LARGEST_DOCUMENT:
        raise PracticeError(
            f"provider {provider.id} takes {size // 1000} kB and would not fit into one item of DynamoDB "
            f"({LARGEST_DOCUMENT // 1000} kB): remove overrides that are past, or services it does not offer."
        )
    return document
