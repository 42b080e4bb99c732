import pytest

from operate.practice.words import (
    clock,
    day_names,
    duration_in_minutes,
    length,
    minutes_after_midnight,
    time_zone,
    weekdays,
)


@pytest.mark.parametrize(
    ("written", "minute"), [("00:00", 0), ("9:05", 545), ("09:05", 545), ("23:59", 1439), ("24:00", 1440)]
)
def test_a_time_of_day_is_minutes_after_midnight(written: str, minute: int) -> None:
    assert minutes_after_midnight(written) == minute


@pytest.mark.parametrize(
    "written",
    [
        900,
        9.0,
        None,
        "",
        "9",
        "24:01",
        "25:00",
        "12:60",
        "9:5",
        "09:00:00",
        "9am",
        "-1:00",
        "\u0660\u0669:\u0660\u0660",
    ],
)
def test_what_is_no_time_of_day_is_refused_with_an_example(written: object) -> None:
    with pytest.raises(ValueError, match="such as 09:00"):
        minutes_after_midnight(written)


@pytest.mark.parametrize(
    ("written", "minutes"), [(50, 50), ("50 min", 50), ("36h", 2160), ("36 h", 2160), ("2 d", 2880)]
)
def test_a_length_of_time_is_minutes_or_a_text_with_its_unit(written: object, minutes: int) -> None:
    assert duration_in_minutes(written) == minutes


@pytest.mark.parametrize("written", [True, 1.5, None, "50", "1.5 h", "2 weeks", "-1 h", "h", [50]])
def test_what_is_no_length_of_time_is_refused_with_an_example(written: object) -> None:
    with pytest.raises(ValueError, match="such as 50"):
        duration_in_minutes(written)


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon", {1}),
        ("Mon-Fri", {1, 2, 3, 4, 5}),
        ("sat-mon", {6, 7, 1}),
        (["mon", "wed - thu"], {1, 3, 4}),
        ("mon-sun", {1, 2, 3, 4, 5, 6, 7}),
    ],
)
def test_weekdays_are_names_and_ranges(written: object, days: set[int]) -> None:
    assert weekdays(written) == days


@pytest.mark.parametrize("written", ["", [], "monday", "mon-", "-fri", "mon-wed-fri", 1, None, ["mon", 2], [["mon"]]])
def test_what_is_no_weekday_is_refused_with_their_names(written: object) -> None:
    with pytest.raises(ValueError, match="weekday"):
        weekdays(written)


@pytest.mark.parametrize("name", ["Europe/London", "America/Argentina/Buenos_Aires", "UTC"])
def test_an_iana_zone_is_taken(name: str) -> None:
    assert time_zone(name) == name


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("europe/london", "Europe/London"),
        ("Europe/Berlim", "Europe/Berlin"),
        ("London", "Europe/London"),
        ("../etc", "Europe"),
    ],
)
def test_what_is_no_zone_is_refused_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        time_zone(name)


def test_times_and_days_are_shown_as_people_write_them() -> None:
    assert (clock(0), clock(545), clock(1440)) == ("00:00", "09:05", "24:00")
    assert day_names({1, 2, 3, 4, 5}) == "mon-fri"
    assert day_names({1, 2, 4}) == "mon, tue, thu"
    assert day_names({5, 6, 7, 1}) == "mon, fri-sun"


def test_a_length_of_time_is_shown_in_its_largest_whole_unit() -> None:
    lengths = [0, 50, 60, 90, 720, 1440, 2880]
    assert [length(each) for each in lengths] == ["0 min", "50 min", "60 min", "90 min", "12 h", "24 h", "2 d"]
