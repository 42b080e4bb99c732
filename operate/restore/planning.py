"""What is to be put back: an earlier copy of a table beside the table as it stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import Item
from openhour.domain.requests import Request
from operate.repair.standing import CLIENTS, ITSELF, PROVIDERS, REQUESTS, standing_of

PRACTICE, APPLIED = keys.practice()[0], keys.applied_practice()[0]
_PROFILE = keys.profile("")[1]
_EXTERNAL = "#EXT"

type Items = Mapping[keys.Key, Item]


@dataclass(frozen=True, slots=True)
class Put:
    """One item to be put back. `over` is the damaged one that stands in its place, None where nothing does."""

    item: Item
    over: Item | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be put back, in the order in which it is to be written.

    `lost` and `damaged` are the requests that are; `puts` has their items and all others. `unsent` counts the mails
    among them that go out then, for a second time where they had gone out between the copy's moment and the loss.
    """

    puts: Sequence[Put]
    lost: Sequence[Request]
    damaged: Sequence[Request]
    unsent: int


def key_of(item: Item) -> keys.Key:
    """The key of an item."""
    return item[keys.PK]["S"], item[keys.SK]["S"]


def is_wanted(key: keys.Key) -> bool:
    """Whether an item follows from nothing else and outlives a day.

    Not the list of known clients: applying the practice writes it, and whoever wished to be forgotten would be back.
    """
    partition, sort = key
    return (
        partition in {PRACTICE, APPLIED}
        or partition.startswith(REQUESTS)
        or (partition.startswith(CLIENTS) and sort == _PROFILE)
        or (partition.startswith(PROVIDERS) and sort.endswith(_EXTERNAL))
    )


def plan(earlier: Iterable[Item], standing: Iterable[Item]) -> Plan:
    """What the earlier copy has and the table has lost, or has as something that cannot be right."""
    before = {key_of(item): item for item in earlier if is_wanted(key_of(item))}
    now = {key_of(item): item for item in standing if is_wanted(key_of(item))}
    puts: list[Put] = [Put(item) for key, item in _alone(before) if key not in now]
    lost: list[Request] = []
    damaged: list[Request] = []
    clients = {one.client.id for one in _requests(now)}
    for own, others in _partitions(before):
        request = _read(own)
        if request is None:  # the copy itself is damaged
            continue
        there = now.get(key_of(own))
        replaced = None if there is None else _replaced(there, request)
        if there is None or replaced:
            (lost if there is None else damaged).append(request)
            puts.append(Put(own, there))
            clients.add(request.client.id)
        elif _is_anonymous(there):
            continue
        puts += [Put(item) for item in others if key_of(item) not in now]
    known = {keys.profile(client) for client in clients}
    puts += [Put(item) for key, item in before.items() if key in known and key not in now]
    return Plan(puts, lost, damaged, sum(records.is_unsent(put.item) for put in puts if _is_mail(put.item)))


def _alone(items: Items) -> Iterator[tuple[keys.Key, Item]]:
    """What belongs to no request and no client."""
    return ((key, item) for key, item in items.items() if not key[0].startswith((REQUESTS, CLIENTS)))


def _partitions(items: Items) -> Iterator[tuple[Item, Sequence[Item]]]:
    """Each request, and its mails and then its events: an event that is put back has its mails looked for at once."""
    found: dict[str, dict[str, Item]] = defaultdict(dict)
    for (partition, sort), item in items.items():
        if partition.startswith(REQUESTS):
            found[partition][sort] = item
    for parts in found.values():
        own = parts.pop(ITSELF, None)
        if own is not None:
            yield own, [item for _, item in sorted(parts.items(), reverse=True)]


def _requests(items: Items) -> Iterator[Request]:
    return (found for key, item in items.items() if key[1] == ITSELF and (found := _read(item)) is not None)


def _read(item: Item) -> Request | None:
    """The request, None where the item cannot be read as one."""
    found = list(standing_of([item]).requests.values())
    return found[0].request if found else None


def _replaced(there: Item, earlier: Request) -> bool:
    """Whether what stands in a request's place is damaged: unreadable, or no later than the copy and yet another."""
    request = _read(there)
    if request is None:
        return True
    if request.anonymised_at is not None:
        return False
    return request.version < earlier.version or (request.version == earlier.version and request != earlier)


def _is_anonymous(item: Item) -> bool:
    request = _read(item)
    return request is not None and request.anonymised_at is not None


def _is_mail(item: Item) -> bool:
    return key_of(item)[1].startswith(keys.MAIL_PREFIX)
