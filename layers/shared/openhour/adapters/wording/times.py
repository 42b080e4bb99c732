"""Instants as a person reads them, in words of the reader's catalogue and in a zone that is named.

Instants are aware; zones are IANA names.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from openhour.adapters.wording.catalogue import Catalogue

_NOON = 12


def session(start: datetime, end: datetime, zone: str, catalogue: Catalogue) -> str:
    """Start and end of a session: "Monday 8 March 2027, 09:00-09:50 (London time, Europe/London, UTC+0)"."""
    first, last = _local(start, zone), _local(end, zone)
    fields = {
        "date": _date(first, catalogue),
        "start": _time(first, catalogue),
        "end_date": _date(last, catalogue),
        "end": _time(last, catalogue),
    }
    key = "format.session" if first.date() == last.date() else "format.session_past_midnight"
    return _zoned(catalogue.text(key, **fields), zone, _offsets(first, last, catalogue), catalogue)


def instant(when: datetime, zone: str, catalogue: Catalogue) -> str:
    """A date and time with its zone."""
    local = _local(when, zone)
    return _zoned(brief(when, zone, catalogue), zone, _offset(local), catalogue)


def brief(when: datetime, zone: str, catalogue: Catalogue) -> str:
    """A date and time without its zone, for a subject line."""
    local = _local(when, zone)
    return catalogue.text("format.instant", date=_date(local, catalogue), time=_time(local, catalogue))


def date(when: datetime, zone: str, catalogue: Catalogue) -> str:
    """The date alone: "Monday 8 March 2027"."""
    return _date(_local(when, zone), catalogue)


def clock(when: datetime, zone: str, catalogue: Catalogue) -> str:
    """The time alone: "09:00"."""
    return _time(_local(when, zone), catalogue)


def same_clock(when: datetime, zone: str, other: str) -> bool:
    """Whether clocks in both zones show the same at this instant."""
    return _local(when, zone).utcoffset() == _local(when, other).utcoffset()


def _local(when: datetime, zone: str) -> datetime:
    return when.astimezone(ZoneInfo(zone))


def _date(local: datetime, catalogue: Catalogue) -> str:
    # Some languages write a month's first in another way than its other days.
    return catalogue.text(
        "format.date",
        weekday=catalogue.names["format.weekdays"][local.weekday()],
        day=catalogue.text("format.first_day" if local.day == 1 else "format.day", day=local.day),
        month=catalogue.names["format.months"][local.month - 1],
        year=local.year,
    )


def _time(local: datetime, catalogue: Catalogue) -> str:
    return catalogue.text(
        "format.time",
        hour=local.hour,
        hour12=local.hour % _NOON or _NOON,
        minute=local.minute,
        half=catalogue.names["format.halves"][local.hour >= _NOON],
    )


def _zoned(text: str, zone: str, offset: str, catalogue: Catalogue) -> str:
    area, _, city = zone.rpartition("/")
    key = "format.in_zone" if area in {"", "Etc"} else "format.in_city_zone"
    return catalogue.text(key, when=text, city=city.replace("_", " "), zone=zone, offset=offset)


def _offsets(first: datetime, last: datetime, catalogue: Catalogue) -> str:
    """The offset, or both when the clocks change during the session: its end would look wrong without."""
    if first.utcoffset() == last.utcoffset():
        return _offset(first)
    return catalogue.text("format.offset_change", before=_offset(first), after=_offset(last))


def _offset(local: datetime) -> str:
    ahead = local.utcoffset() or timedelta()
    sign = "-" if ahead < timedelta() else "+"
    hours, minutes = divmod(round(abs(ahead).total_seconds() / 60), 60)
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
