"""Day ledgers and their items. Read on every slot lookup, so by hand and without Decimal."""

from collections.abc import Mapping
from datetime import date

from openhour.adapters import keys
from openhour.adapters.dynamodb.client import Item
from openhour.domain.ledger import DayLedger, Days, Entry
from openhour.domain.values import Forum


def ledger_of(item: Item) -> DayLedger:
    """A `DAY#` item."""
    entries = {entry_id: _entry_of(entry_id, entry["M"]) for entry_id, entry in item["entries"]["M"].items()}
    return DayLedger(date.fromisoformat(item[keys.SK]["S"][4:14]), int(item["version"]["N"]), entries)


def _entry_of(entry_id: str, entry: Item) -> Entry:
    deadline = entry.get("deadline")
    return Entry(
        id=entry_id,
        request=entry["request"]["S"],
        service=entry["service"]["S"],
        start=int(entry["start"]["N"]),
        end=int(entry["end"]["N"]),
        buffer_before=int(entry["buffer_before"]["N"]),
        buffer_after=int(entry["buffer_after"]["N"]),
        local_date=entry["local_date"]["S"],
        deadline=None if deadline is None else int(deadline["N"]),
        replaces=entry["replaces"]["S"] if "replaces" in entry else None,
        location=entry["location"]["S"] if "location" in entry else None,
        forum=Forum(entry["forum"]["S"]) if "forum" in entry else None,
    )


def entries_item(ledger: DayLedger) -> Item:
    """The `entries` attribute of a ledger, typed."""
    return {"M": {entry.id: {"M": _entry_item(entry)} for entry in ledger.entries.values()}}


def _entry_item(entry: Entry) -> Item:
    item = {
        "request": {"S": entry.request},
        "service": {"S": entry.service},
        "start": {"N": str(entry.start)},
        "end": {"N": str(entry.end)},
        "buffer_before": {"N": str(entry.buffer_before)},
        "buffer_after": {"N": str(entry.buffer_after)},
        "local_date": {"S": entry.local_date},
    }
    if entry.deadline is not None:
        item["deadline"] = {"N": str(entry.deadline)}
    if entry.replaces is not None:
        item["replaces"] = {"S": entry.replaces}
    if entry.location is not None:
        item["location"] = {"S": entry.location}
    if entry.forum is not None:
        item["forum"] = {"S": entry.forum.value}
    return item


def days_of(items: Mapping[keys.Key, Item]) -> Days:
    """The days among some items: `DAY#` ledgers and `DAY#...#EXT` external busy times."""
    ledgers: dict[date, DayLedger] = {}
    external: list[tuple[int, int]] = []
    for (_, sort_key), item in items.items():
        if sort_key.endswith("#EXT"):
            external += ((int(busy["L"][0]["N"]), int(busy["L"][1]["N"])) for busy in item["busy"]["L"])
        elif sort_key.startswith("DAY#"):
            ledger = ledger_of(item)
            ledgers[ledger.day] = ledger
    return Days(ledgers, tuple(external))
