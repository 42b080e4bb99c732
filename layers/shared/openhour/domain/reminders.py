"""When reminders are due: never at night where their reader is, and never after what they remind of.

Instants are aware; zones are IANA names.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_BEGINS, DAY_ENDS = time(8), time(20)
_LAST_CALL = timedelta(hours=2)


def before_deadline(now: datetime, deadline: datetime, time_zone: str) -> tuple[datetime, ...]:
    """When somebody who must answer between `now` and `deadline` is reminded: at half of it, and two hours before.

    What would fall into the night comes earlier, what would then be due already is left out.
    """
    return _in_time(now, time_zone, now + (deadline - now) // 2, deadline - _LAST_CALL)


def before_session(now: datetime, start: datetime, minutes: int, time_zone: str) -> tuple[datetime, ...]:
    """When somebody is reminded of a session `minutes` before its start: once, or not at all if that is past."""
    return _in_time(now, time_zone, start - timedelta(minutes=minutes))


def by_day(due: datetime, time_zone: str) -> datetime:
    """`due`, or the last moment of the day before it when it falls into the night (20:00 to 08:00 local time)."""
    local = due.astimezone(ZoneInfo(time_zone))
    if DAY_BEGINS <= local.time() <= DAY_ENDS:
        return due
    day = local.date() if local.time() > DAY_ENDS else local.date() - timedelta(days=1)
    return datetime.combine(day, DAY_ENDS, ZoneInfo(time_zone)).astimezone(UTC)


def _in_time(now: datetime, time_zone: str, *dues: datetime) -> tuple[datetime, ...]:
    moved = {by_day(due.replace(microsecond=0), time_zone) for due in dues}
    return tuple(sorted(due for due in moved if due > now))
