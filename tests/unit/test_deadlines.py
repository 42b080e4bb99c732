"""Until when a request can be answered."""

from datetime import UTC, datetime, timedelta

import pytest

from openhour.domain.deadlines import Hold, deadline
from tests.builders import NOW, START, at


@pytest.mark.parametrize("text", ["", "48", "0h", "h", "1000h", "1.5d", "2 d", "2w", "-1h", "48H"])
def test_what_is_not_a_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="48h, 2d or 2wd"):
        Hold.parse(text)


@pytest.mark.parametrize(
    ("hold", "submitted", "ends"),
    [
        ("48h", at(1, 8), at(3, 8)),
        ("2d", at(1, 8), at(3, 8)),
        ("2wd", at(1, 8), at(3, 8)),  # Monday to Wednesday
        ("1wd", at(5, 16), at(8, 16)),  # Friday to Monday
        ("1wd", at(6, 16), at(8, 16)),  # Saturday to Monday
        ("1wd", at(7, 16), at(8, 16)),  # Sunday to Monday
        ("5wd", at(3, 10), at(10, 10)),
        ("1wd", at(26, 12), datetime(2027, 3, 29, 11, 0, tzinfo=UTC)),  # over the change to summer time
        ("2d", at(27, 12), at(29, 12)),  # elapsed days do not follow the wall clock
    ],
)
def test_a_hold_ends(hold: str, submitted: datetime, ends: datetime) -> None:
    assert Hold.parse(hold).ends(submitted, "Europe/London") == ends


def test_working_days_are_the_providers() -> None:
    sunday_evening = datetime(2027, 3, 7, 12, 30, tzinfo=UTC)  # Monday 01:30 in Auckland
    assert Hold.parse("1wd").ends(sunday_evening, "Pacific/Auckland") == sunday_evening + timedelta(days=1)


def test_the_earlier_of_hold_and_answer_lead_counts() -> None:
    two_days = Hold.parse("48h")
    assert deadline(NOW, START, two_days, 60, "UTC") == NOW + timedelta(hours=48)
    assert deadline(START - timedelta(hours=4), START, two_days, 60, "UTC") == START - timedelta(minutes=60)
