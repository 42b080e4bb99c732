"""Until when a request can be answered."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

VERIFICATION_TIME = timedelta(minutes=30)
_SATURDAY = 6
_WRITTEN = re.compile(r"([1-9][0-9]{0,2})(h|d|wd)")


class HoldUnit(StrEnum):
    """What a hold is counted in."""

    HOURS = "h"
    DAYS = "d"
    WORKING_DAYS = "wd"


@dataclass(frozen=True, slots=True)
class Hold:
    """How long an open request keeps its time: hours and days are elapsed time, working days follow the wall clock."""

    count: int
    unit: HoldUnit

    @classmethod
    def parse(cls, text: str) -> "Hold":
        """Read `48h`, `2d` or `2wd`. Raises ValueError for anything else."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise ValueError("A hold is written 48h, 2d or 2wd (hours, days, working days).")
        return cls(int(match[1]), HoldUnit(match[2]))

    def ends(self, submitted: datetime, time_zone: str) -> datetime:
        """When a hold that began at `submitted` runs out, as a UTC instant.

        Working days are Monday to Friday in `time_zone`, at the wall-clock time of submission; what is submitted
        at a weekend counts from Monday's as its first.
        """
        if self.unit is HoldUnit.HOURS:
            return submitted + timedelta(hours=self.count)
        if self.unit is HoldUnit.DAYS:
            return submitted + timedelta(days=self.count)
        return _working_days_after(submitted.astimezone(ZoneInfo(time_zone)), self.count)


def _working_days_after(local: datetime, count: int) -> datetime:
    left = count
    while left:
        local += timedelta(days=1)
        left -= local.isoweekday() < _SATURDAY
    return local.astimezone(UTC)


def deadline(submitted: datetime, start: datetime, hold: Hold, answer_lead: int, time_zone: str) -> datetime:
    """`min(submitted + hold, start - answer_lead)`: valid while now < deadline. `answer_lead` in minutes."""
    return min(hold.ends(submitted, time_zone), start - timedelta(minutes=answer_lead))


def verification_deadline(submitted: datetime, start: datetime, answer_lead: int) -> datetime:
    """Until when an unknown address can be verified: 30 minutes, or `answer_lead` minutes before the start."""
    return min(submitted + VERIFICATION_TIME, start - timedelta(minutes=answer_lead))
