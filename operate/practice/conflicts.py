"""What was changed elsewhere since the file was last applied: last applied, standing and wanted, side by side.

A setting that was changed in the table since the last application, to something else than what the file says, is a
conflict. What both changed alike is none. A table that was set up before applications were recorded has no last
application: what stands there counts as applied.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openhour.domain.values import Practice, Provider
from operate.practice.differences import block_text, override_texts, shown, values
from operate.practice.errors import PracticeError
from operate.practice.plan import Stored

type SettingPath = tuple[str, ...]
type Settings = Mapping[SettingPath, object]

_ABSENT = "not there"
_PRESENT = "there"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A setting with its three values, in words. `path` leads to it from the top of the file, by ids."""

    path: SettingPath
    applied: str
    standing: str
    wanted: str

    @property
    def written(self) -> str:
        """The path as `--overwrite` takes it: `providers.anna.title`."""
        return ".".join(self.path)

    def covered_by(self, paths: Iterable[str]) -> bool:
        """Whether one of the paths leads here, or to something that this is part of; the empty one is everything."""
        return any(path in {"", self.written} or self.written.startswith(f"{path}.") for path in paths)

    def lines(self) -> tuple[str, ...]:
        """The conflict for a terminal."""
        return (
            self.written,
            f"    last applied: {self.applied}",
            f"    stands now:   {self.standing}",
            f"    file says:    {self.wanted}",
        )


class ConflictsError(PracticeError):
    """Settings were changed elsewhere, to something else than the file says. `conflicts` has all of them."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        lines = "\n".join(f"    {line}" for conflict in conflicts for line in conflict.lines())
        super().__init__(
            f"changed elsewhere since the file was last applied, to something else than it says:\n{lines}\n"
            "Take what stands now into the file (`openhour practice export` writes it), or let the file win: "
            "--overwrite for all of these, --overwrite PATH for what is at or below that path."
        )


def conflicts(stored: Stored, practice: Practice, providers: Sequence[Provider]) -> list[Conflict]:
    """Every conflict between the table and a file, in the order of the file, providers that it does not name last."""
    wanted = {provider.id: provider for provider in providers}
    names = dict.fromkeys([*wanted, *stored.providers])
    known = stored.applied_practice is not None
    applied = stored.applied if known else stored.providers
    pairs = [(("practice",), stored.applied_practice or stored.practice, stored.practice, practice)]
    found = [conflict for path, base, now, new in pairs for conflict in _of_item(path, base, now, new)]
    for name in names:
        path = ("providers", name)
        found.extend(_of_item(path, applied.get(name), stored.providers.get(name), wanted.get(name)))
    return found


def _of_item(
    path: SettingPath, applied: Practice | Provider | None, now: Practice | Provider | None, new: object
) -> Iterator[Conflict]:
    removed_elsewhere = now is None and applied is not None and new is not None
    added_elsewhere = now is not None and applied is None and new is None
    if removed_elsewhere or added_elsewhere:
        yield Conflict(path, _named(applied), _named(now), _named(new))
    elif now is not None:
        yield from _of_settings(path, _settings(applied), _settings(now), _settings(new))


def _of_settings(path: SettingPath, applied: Settings, now: Settings, new: Settings) -> Iterator[Conflict]:
    told: set[SettingPath] = set()
    for name in dict.fromkeys([*now, *applied]):
        before, standing, wanted = (settings.get(name, _ABSENT) for settings in (applied, now, new))
        if standing in (before, wanted) or name[:-1] in told:  # what is said of a service is said of its price too
            continue
        told.add(name)
        yield Conflict((*path, *name), *(shown(name[-1], value) for value in (before, standing, wanted)))


def _named(item: object) -> str:
    return str(getattr(item, "name", _ABSENT))


def _settings(item: object) -> Settings:
    """Every setting by its path: that of a service's price is `services`, its id, `price`."""
    if item is None:
        return {}
    own: Settings = {(name,): value for name, value in values(item)}
    return {**own, **_parts_of(item)} if isinstance(item, Provider) else own


def _parts_of(provider: Provider) -> Settings:
    named: dict[SettingPath, object] = {}
    for section, entries in (("services", provider.services), ("locations", provider.locations)):
        for name, entry in entries.items():
            named[section, name] = _PRESENT
            named |= {(section, name, field): value for field, value in values(entry)}
    rules: Settings = {(name,): value for name, value in values(provider.rules)}
    hours: Settings = {("availability", block_text(block)): _PRESENT for block in provider.blocks}
    dates: Settings = {
        ("overrides", f"{day} at {place}" if place else f"{day}"): text
        for (day, place), text in override_texts(provider.overrides).items()
    }
    return {**named, **rules, **hours, **dates}
