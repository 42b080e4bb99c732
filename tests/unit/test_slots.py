import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openhour.domain.ledger import Entry, instant_of, minute_of
from openhour.domain.slots import (
    Case,
    Verdict,
    Wanted,
    _compiled,
    conflicts,
    free_starts,
    free_starts_of_all,
    judge,
    local_date,
    nearest,
    rfc3339,
)
from openhour.domain.values import AnswerRules, Block, Forum, Location, Provider, SelfSchedule, Service

LONDON, AUCKLAND, BEIRUT = "Europe/London", "Pacific/Auckland", "Asia/Beirut"
WANTED = Wanted("session", "room", Forum.IN_PERSON)
SESSION = Service("session", "Session", duration=60, step=60, min_notice=0, horizon_days=60)
NOW = datetime(2027, 6, 1, 0, 0, tzinfo=UTC)
OFFICE = Block(frozenset(range(1, 8)), 9 * 60, 13 * 60, "room", frozenset({Forum.IN_PERSON}), frozenset({"session"}))
ROUND_THE_CLOCK = replace(OFFICE, start=0, end=24 * 60)


def provider(
    service: Service = SESSION, *, block: Block = OFFICE, zone: str = "UTC", location_zone: str = "", **fields: object
) -> Provider:
    made = Provider(
        id="p",
        name="P",
        title="",
        email="",
        time_zone=zone,
        self_schedule=SelfSchedule.PUBLIC,
        services={service.id: service},
        locations={"room": Location("room", "Room", "", location_zone)},
        blocks=(block,),
        rules=AnswerRules(0, 0),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def utc(text: str) -> int:
    return minute_of(datetime.fromisoformat("2027-" + text + "+00:00"))


def entry(start: str, end: str, before: int = 0, after: int = 0, request: str = "r", service: str = "session") -> Entry:
    day = f"2027-{start[:5]}"
    return Entry(request, request, service, utc(start), utc(end), before, after, local_date=day)


def free(
    who: Provider,
    *entries: Entry,
    external: Iterable[tuple[int, int]] = (),
    now: datetime = NOW,
    days: str = "06-02 06-03",
) -> list[str]:
    first, last = (utc(day + " 00:00") for day in days.split())
    found = free_starts(who, WANTED, entries, external, now, first, last)
    for start in range(first, last, 5):
        verdict = judge(who, WANTED, start, entries, external, now)
        assert (verdict is Verdict.FREE) == (start in found), (start, verdict)
    return [instant_of(start).strftime("%H:%M") for start in found]


def test_an_empty_day_offers_every_start_of_the_grid() -> None:
    assert free(provider()) == ["09:00", "10:00", "11:00", "12:00"]


def test_bookings_take_starts_away_and_never_move_the_grid() -> None:
    assert free(provider(), entry("06-02 09:50", "06-02 10:10")) == ["11:00", "12:00"]


def test_appointments_without_buffers_may_touch() -> None:
    assert free(provider(), entry("06-02 10:00", "06-02 11:00")) == ["09:00", "11:00", "12:00"]


def test_time_at_another_location_or_for_another_service_keeps_the_provider_busy() -> None:
    elsewhere = entry("06-02 09:00", "06-02 12:00", service="another")
    assert free(provider(), elsewhere) == ["12:00"]


@pytest.mark.parametrize(
    ("own_after", "their_before", "still_free"),
    [(0, 0, True), (30, 0, True), (0, 30, True), (30, 30, True), (31, 0, False), (0, 31, False), (20, 20, True)],
)
def test_before_an_appointment_the_larger_of_own_after_and_its_before_is_kept_never_the_sum(
    own_after: int, their_before: int, still_free: bool
) -> None:
    who = provider(replace(SESSION, buffer_after=own_after))
    assert ("10:00" in free(who, entry("06-02 11:30", "06-02 12:00", before=their_before))) is still_free


@pytest.mark.parametrize(
    ("their_after", "own_before", "still_free"),
    [(0, 0, True), (30, 0, True), (0, 30, True), (30, 30, True), (31, 0, False), (0, 31, False), (20, 20, True)],
)
def test_after_an_appointment_the_larger_of_its_after_and_own_before_is_kept_never_the_sum(
    their_after: int, own_before: int, still_free: bool
) -> None:
    who = provider(replace(SESSION, buffer_before=own_before))
    assert ("11:00" in free(who, entry("06-02 10:00", "06-02 10:30", after=their_after))) is still_free


def test_buffers_on_the_far_sides_do_not_count() -> None:
    who = provider(replace(SESSION, buffer_before=240))
    assert "10:00" in free(who, entry("06-02 11:00", "06-02 12:00", after=240))


def test_buffers_may_lie_outside_opening_hours() -> None:
    who = provider(replace(SESSION, buffer_before=60, buffer_after=60))
    assert free(who) == ["09:00", "10:00", "11:00", "12:00"]


def test_towards_external_busy_time_the_own_buffers_apply() -> None:
    who = provider(replace(SESSION, buffer_before=10, buffer_after=30))
    before = [(utc("06-02 12:30"), utc("06-02 13:00"))]
    assert free(who, external=before) == ["09:00", "10:00", "11:00"]
    assert free(who, external=[(utc("06-02 12:29"), utc("06-02 13:00"))]) == ["09:00", "10:00"]
    assert free(who, external=[(utc("06-02 08:00"), utc("06-02 08:50"))]) == ["09:00", "10:00", "11:00", "12:00"]
    assert free(who, external=[(utc("06-02 08:00"), utc("06-02 08:51"))]) == ["10:00", "11:00", "12:00"]


def test_an_external_time_without_length_keeps_nothing() -> None:
    assert free(provider(), external=[(utc("06-02 10:30"), utc("06-02 10:30"))]) == free(provider())


def test_a_long_busy_time_blocks_days() -> None:
    assert free(provider(), external=[(utc("05-01 00:00"), utc("06-02 10:01"))]) == ["11:00", "12:00"]


@pytest.mark.parametrize(
    ("now", "first_free"),
    [("08:00:00", "10:00"), ("08:00:01", "11:00"), ("07:59:59", "10:00"), ("08:00:00.000001", "11:00")],
)
def test_a_start_exactly_at_the_end_of_the_notice_is_bookable_and_a_moment_less_is_not(
    now: str, first_free: str
) -> None:
    who = provider(replace(SESSION, min_notice=120))
    assert free(who, now=datetime.fromisoformat(f"2027-06-02T{now}+00:00"))[0] == first_free


def test_a_provider_needs_answer_lead_and_answer_time_even_where_the_notice_is_shorter() -> None:
    who = provider(replace(SESSION, min_notice=30), rules=AnswerRules(60, 15))
    assert free(who, now=datetime(2027, 6, 2, 8, 45, tzinfo=UTC))[0] == "10:00"
    assert free(who, now=datetime(2027, 6, 2, 8, 46, tzinfo=UTC))[0] == "11:00"


def test_without_any_notice_a_start_is_bookable_up_to_its_instant() -> None:
    assert free(provider(), now=datetime(2027, 6, 2, 12, 0, tzinfo=UTC)) == ["12:00"]
    assert free(provider(), now=datetime(2027, 6, 2, 12, 0, 1, tzinfo=UTC)) == []


def test_the_horizon_is_a_date_in_the_providers_zone() -> None:
    who = provider(replace(SESSION, horizon_days=1), block=ROUND_THE_CLOCK, zone=AUCKLAND, location_zone="UTC")
    before_midnight = datetime(2027, 6, 1, 11, 59, 59, tzinfo=UTC)  # 23:59:59 on 1 June in Auckland
    assert free(who, now=before_midnight)[-1] == "11:00"
    assert free(who, now=before_midnight + timedelta(seconds=1))[-1] == "23:00"


def test_a_horizon_of_no_days_is_today() -> None:
    who = provider(replace(SESSION, horizon_days=0))
    assert free(who, now=NOW, days="06-01 06-03") == ["09:00", "10:00", "11:00", "12:00"]


def test_the_horizon_ends_with_the_second_of_two_hours_before_midnight() -> None:
    who = provider(replace(SESSION, horizon_days=0), block=ROUND_THE_CLOCK, zone=BEIRUT)
    noon = datetime(2027, 10, 30, 12, tzinfo=ZoneInfo(BEIRUT))  # at midnight the clock goes back to 23:00
    assert free(who, now=noon, days="10-30 11-01")[-2:] == ["20:00", "21:00"]


def around_a_date_that_comes_back(who: Provider, *kept: Entry, now: datetime) -> list[str]:
    """Which of four starts are free in Newfoundland on 7 November 2010, when 00:01 becomes 23:01 of the day before."""
    asked = [datetime.fromisoformat(f"2010-11-07T{clock}+00:00") for clock in ("02:29", "02:30", "03:29", "03:30")]
    first, last = minute_of(asked[0]), minute_of(asked[-1]) + 1
    found = free_starts(who, WANTED, kept, (), now, first, last)
    for instant in asked:
        assert (judge(who, WANTED, minute_of(instant), kept, (), now) is Verdict.FREE) == (minute_of(instant) in found)
    return [instant.strftime("%H:%M") for instant in asked if minute_of(instant) in found]


NEWFOUNDLAND = provider(
    replace(SESSION, duration=1, step=1, horizon_days=0), block=ROUND_THE_CLOCK, zone="America/St_Johns"
)


def test_the_horizon_follows_a_date_that_comes_back_after_midnight() -> None:
    noon = datetime(2010, 11, 6, 12, tzinfo=ZoneInfo("America/St_Johns"))
    assert around_a_date_that_comes_back(NEWFOUNDLAND, now=noon) == ["02:29", "03:29"]


def test_a_daily_limit_follows_a_date_that_comes_back_after_midnight() -> None:
    who = replace(
        NEWFOUNDLAND, max_per_day=1, services={"session": replace(NEWFOUNDLAND.services["session"], horizon_days=9)}
    )
    noon = datetime(2010, 11, 5, 12, tzinfo=UTC)
    for full, still_free in (("2010-11-06", ["02:30", "03:30"]), ("2010-11-07", ["02:29", "03:29"])):
        kept = replace(entry("06-02 09:00", "06-02 10:00"), local_date=full)
        assert around_a_date_that_comes_back(who, kept, now=noon) == still_free


def test_an_offered_services_daily_limit_counts_that_service_only() -> None:
    who = provider(replace(SESSION, max_per_day=1))
    assert free(who, entry("06-02 09:00", "06-02 10:00", service="another")) == ["10:00", "11:00", "12:00"]
    assert free(who, entry("06-02 09:00", "06-02 10:00")) == []


def test_a_providers_daily_limit_counts_all_services() -> None:
    who = provider(max_per_day=2)
    one, two = (entry(f"06-02 {hour}:00", f"06-02 {hour}:30", request=hour, service="another") for hour in ("09", "10"))
    assert free(who, one) == ["10:00", "11:00", "12:00"]
    assert free(who, one, two) == []


def test_a_limit_of_none_a_day_leaves_no_start() -> None:
    assert free(provider(max_per_day=0)) == free(provider(replace(SESSION, max_per_day=0))) == []


def test_a_full_day_leaves_its_neighbours_alone() -> None:
    who = provider(max_per_day=1)
    assert free(who, entry("06-02 10:00", "06-02 11:00"), days="06-01 06-04") == free(who, days="06-01 06-03")


def test_several_times_held_for_one_request_count_once_a_day() -> None:
    who = provider(max_per_day=2)
    offered = [replace(entry(f"06-02 {hour}:00", f"06-02 {hour}:30"), id=f"r.{hour}") for hour in ("09", "10")]
    assert free(who, *offered) == ["11:00", "12:00"]


def test_daily_limits_go_by_the_date_in_the_providers_zone() -> None:
    who = provider(block=ROUND_THE_CLOCK, zone=AUCKLAND, location_zone="UTC", max_per_day=1)
    on_3_june = replace(entry("06-02 13:00", "06-02 14:00"), local_date="2027-06-03")
    assert free(who, on_3_june)[-1] == "11:00"
    assert free(who, on_3_june, days="06-03 06-04")[0] == "12:00"


def test_local_date_is_in_the_providers_zone() -> None:
    who = provider(zone=AUCKLAND, location_zone=LONDON)
    assert local_date(who, utc("06-02 11:59")) == date(2027, 6, 2)
    assert local_date(who, utc("06-02 12:00")) == date(2027, 6, 3)


@pytest.mark.parametrize(
    ("start", "verdict"),
    [
        ("06-02 10:00", Verdict.FREE),
        ("06-02 09:00", Verdict.TAKEN),
        ("06-02 10:01", Verdict.OFF_GRID),
        ("06-02 12:01", Verdict.OUTSIDE_HOURS),
        ("06-02 08:00", Verdict.OUTSIDE_HOURS),
        ("06-01 07:59", Verdict.TOO_SOON),
        ("06-04 09:00", Verdict.BEYOND_HORIZON),
        ("06-03 11:00", Verdict.DAY_FULL),
        ("06-03 09:00", Verdict.TAKEN),
    ],
)
def test_judge_names_what_stands_against_a_start(start: str, verdict: Verdict) -> None:
    who = provider(replace(SESSION, min_notice=60, horizon_days=2, max_per_day=2))
    kept = [
        entry("06-02 09:00", "06-02 10:00", request="a"),
        entry("06-03 09:00", "06-03 10:00", request="b"),
        entry("06-03 10:00", "06-03 11:00", request="c"),
    ]
    now = datetime(2027, 6, 1, 7, tzinfo=UTC)
    assert judge(who, WANTED, utc(start), kept, (), now) is verdict


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("gone", "room", Forum.IN_PERSON),
        Wanted("session", "gone", Forum.IN_PERSON),
        Wanted("session", "room", Forum.TELEHEALTH),
    ],
)
def test_what_no_block_offers_is_never_free(wanted: Wanted) -> None:
    start = utc("06-02 10:00")
    assert judge(provider(), wanted, start, (), (), NOW) is Verdict.NOT_OFFERED
    assert free_starts(provider(), wanted, (), (), NOW, start, start + 1) == []


def test_instants_at_the_ends_of_the_calendar_are_answered() -> None:
    first, last = (minute_of(datetime(year, 1, 1, tzinfo=UTC)) for year in (1, 9999))
    who = provider()
    assert judge(who, WANTED, first, (), (), NOW) is Verdict.TOO_SOON
    assert judge(who, WANTED, last + 364 * 1440, (), (), NOW) is Verdict.BEYOND_HORIZON
    everything = free_starts(who, WANTED, (), (), NOW, first, last + 364 * 1440)
    assert len(everything) == 61 * 4
    assert free_starts(who, WANTED, (), (), NOW, last, last + 364 * 1440) == []


def test_an_empty_range_has_no_starts() -> None:
    start = utc("06-02 10:00")
    assert free_starts(provider(), WANTED, (), (), NOW, start, start) == []
    assert free_starts(provider(), WANTED, (), (), NOW, start + 60, start) == []


def test_hours_compiled_under_a_version_serve_other_ranges_and_entries_right() -> None:
    who = provider(version="served-1")
    taken = entry("06-02 10:00", "06-02 11:00")
    for _ in range(2):
        assert free(who, taken) == ["09:00", "11:00", "12:00"]
        assert free(who) == ["09:00", "10:00", "11:00", "12:00"]
        assert free(who, days="06-03 06-04") == ["09:00", "10:00", "11:00", "12:00"]


def test_hours_are_compiled_once_while_now_moves_through_a_day() -> None:
    who = provider(version="through-a-day")
    free(who, now=NOW + timedelta(seconds=1), days="06-01 06-03")
    compiled = _compiled.cache_info().misses
    for minutes in range(1, 24 * 60, 131):
        free(who, now=NOW + timedelta(minutes=minutes), days="06-01 06-03")
    assert _compiled.cache_info().misses == compiled


def test_a_new_version_of_a_provider_is_looked_up_afresh() -> None:
    assert free(provider(version="changed-1"))[0] == "09:00"
    later = provider(version="changed-2", block=replace(OFFICE, start=11 * 60))
    assert free(later) == ["11:00", "12:00"]


def test_a_provider_without_a_version_is_compiled_every_time() -> None:
    assert free(provider())[0] == "09:00"
    assert free(provider(block=replace(OFFICE, start=11 * 60))) == ["11:00", "12:00"]


def several() -> list[Case]:
    early = provider(id="early", version="1", services={"session": SESSION})
    late = replace(early, id="late", blocks=(replace(OFFICE, start=9 * 60 + 30, end=12 * 60),))
    return [
        Case(early, WANTED, [entry("06-02 10:00", "06-02 11:00")]),
        Case(late, WANTED, [], [(utc("06-02 09:30"), utc("06-02 10:00"))]),
        Case(replace(early, id="elsewhere"), replace(WANTED, location="gone"), []),
    ]


def test_any_provider_is_free_when_one_is_and_only_by_its_own_time() -> None:
    found = free_starts_of_all(several(), NOW, utc("06-02 00:00"), utc("06-03 00:00"))
    assert [rfc3339(start)[11:16] for start in found.union] == ["09:00", "10:30", "11:00", "12:00"]
    assert {who: [rfc3339(start)[11:16] for start in starts] for who, starts in found.by_provider().items()} == {
        "early": ["09:00", "11:00", "12:00"],
        "late": ["10:30"],
        "elsewhere": [],
    }


def test_two_cases_of_one_provider_add_up() -> None:
    early, late, _ = several()
    both = [early, replace(early, entries=[])]
    found = free_starts_of_all([*both, late], NOW, utc("06-02 00:00"), utc("06-03 00:00"))
    assert len(found.by_provider()["early"]) == 4


def test_nobody_has_no_starts() -> None:
    found = free_starts_of_all([], NOW, utc("06-02 00:00"), utc("06-03 00:00"))
    assert found.union == []
    assert found.by_provider() == {}


def test_conflicts_looks_at_time_only() -> None:
    night, kept = (utc("06-02 02:00"), utc("06-02 03:00")), [entry("06-02 03:10", "06-02 04:00", before=10)]
    assert not conflicts(*night, 0, 10, kept, ())
    assert conflicts(*night, 0, 11, kept, ())
    assert conflicts(*night, 30, 0, (), [(utc("06-02 01:00"), utc("06-02 01:31"))])
    assert not conflicts(*night, 29, 0, (), [(utc("06-02 01:00"), utc("06-02 01:31"))])


def test_nearest_are_the_closest_in_order_of_time() -> None:
    assert nearest([0, 60, 120, 180, 240, 300, 900], 150) == [0, 60, 120, 180, 240]
    assert nearest([0, 60, 120, 180], 1000, count=2) == [120, 180]
    assert nearest([0, 100], 50, count=1) == [0]
    assert nearest([], 50) == []


def test_rfc3339_writes_utc_with_z() -> None:
    assert rfc3339(0) == "1970-01-01T00:00:00Z"
    assert rfc3339(utc("03-28 01:05")) == "2027-03-28T01:05:00Z"
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00Z", rfc3339(minute)) for minute in range(0, 10**7, 99_991))
    assert all(datetime.fromisoformat(rfc3339(m)) == instant_of(m) for m in range(0, 10**8, 999_983))


def test_now_must_be_aware() -> None:
    with pytest.raises(TypeError):
        free_starts(provider(), WANTED, (), (), NOW.replace(tzinfo=None), utc("06-02 00:00"), utc("06-03 00:00"))
