"""How people write times, weekdays and durations in the file, and how they are written back to people."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from zoneinfo import available_timezones

from openhour.domain.values import MINUTES_PER_DAY

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHORTEST_RANGE = 3
_TIME = re.compile(r"^([0-9]{1,2}):([0-9]{2})$")
_DURATION = re.compile(r"^([0-9]{1,6}) ?(min|h|d)$")
_MINUTES_PER_HOUR = 60
_UNITS = {"min": 1, "h": _MINUTES_PER_HOUR, "d": MINUTES_PER_DAY}


def minutes_after_midnight(value: object) -> int:
    """Minutes after local midnight of a time such as `09:00`; `24:00` is the end of the day. Raises ValueError."""
    match = _TIME.match(value) if isinstance(value, str) else None
    hours, minutes = (int(match[1]), int(match[2])) if match else (-1, -1)
    total = hours * 60 + minutes
    if match is None or minutes >= _MINUTES_PER_HOUR or total > MINUTES_PER_DAY:
        raise ValueError(f"must be a time of day such as 09:00 or 17:30 (24:00 is midnight at the end), not {value!r}")
    return total


def duration_in_minutes(value: object) -> int:
    """Minutes of a whole number of minutes, or of a text such as `50 min`, `36 h` or `2 d`. Raises ValueError."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and (match := _DURATION.match(value)):
        return int(match[1]) * _UNITS[match[2]]
    raise ValueError(f"must be whole minutes such as 50, or a text such as 50 min, 36 h or 2 d, not {value!r}")


def weekdays(value: object) -> frozenset[int]:
    """ISO weekdays (1 = Monday) of `mon`, `mon-fri`, or a list of both. Raises ValueError."""
    parts = value if isinstance(value, list) else [value]
    if not parts:
        raise ValueError(f"must name at least one weekday: {', '.join(DAYS)}")
    return frozenset(day for part in parts for day in _days_of(part))


def _days_of(part: object) -> Iterable[int]:
    first_name, dash, last_name = part.lower().partition("-") if isinstance(part, str) else ("", "", "")
    ends = (first_name.strip(), last_name.strip() if dash else first_name.strip())
    if not set(ends) <= set(DAYS):
        raise ValueError(f"must be weekdays such as mon, mon-fri or [mon, wed] ({', '.join(DAYS)}), not {part!r}")
    first, last = (DAYS.index(end) for end in ends)
    span = (last - first) % len(DAYS) + 1
    return ((first + offset) % len(DAYS) + 1 for offset in range(span))


def time_zone(name: str) -> str:
    """The name of an IANA time zone, unchanged. Raises ValueError with a guess when there is no such zone."""
    if name not in _zones():
        raise ValueError(f"is no IANA time zone: {name!r}{_zone_guess(name)}")
    return name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone_guess(name: str) -> str:
    by_lower = {zone.lower(): zone for zone in _zones()}
    close = get_close_matches(name.lower().replace(" ", "_"), by_lower, n=1, cutoff=0.7)
    return f" (did you mean {by_lower[close[0]]}?)" if close else "; write one such as Europe/London"


def guess(name: str, known: Iterable[str]) -> str:
    """` (did you mean x?)` when a known name is close, else nothing."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""


def yes_or_no(value: object) -> object:
    """The value, unless it is one of the words that stood here once. Raises ValueError that says what replaces it."""
    if value in ("new", "always"):
        raise ValueError(f"is true or false now: write true for {value!r}; an address proven before counts no longer")
    if value == "never":
        raise ValueError("is true or false now: write false for 'never'")
    return value


def clock(minute: int) -> str:
    """Minutes after midnight as `09:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def length(minutes: int) -> str:
    """Minutes in the largest unit that divides them, such as `50 min`, `24 h` or `2 d`."""
    for unit in ("d", "h"):
        if minutes > _UNITS[unit] and minutes % _UNITS[unit] == 0:
            return f"{minutes // _UNITS[unit]} {unit}"
    return f"{minutes} min"


def day_names(days: Iterable[int]) -> str:
    """ISO weekdays as `mon-fri` or `mon, wed`: three or more in a row become a range."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    names = [DAYS[day - 1] for day in run]
    return f"{names[0]}-{names[-1]}" if len(names) >= _SHORTEST_RANGE else ", ".join(names)
