"""Slot lookup against a slow oracle that paints every minute, and against the straight reference of the bench."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import reference_slots, workloads
from openhour.domain.ledger import Entry, instant_of, minute_of
from openhour.domain.slots import Case, Verdict, Wanted, free_starts, free_starts_of_all, judge
from openhour.domain.values import AnswerRules, Block, Forum, Location, Override, Provider, SelfSchedule, Service

DAY = timedelta(days=1)
WANTED = Wanted("session", "room", Forum.IN_PERSON)
CLOCK_CHANGES = [
    ("Europe/London", date(2027, 3, 28)),
    ("Europe/London", date(2027, 10, 31)),
    ("America/New_York", date(2027, 3, 14)),
    ("America/New_York", date(2027, 11, 7)),
    ("Pacific/Auckland", date(2027, 4, 4)),
    ("Pacific/Auckland", date(2027, 9, 26)),
    ("Asia/Kathmandu", date(2027, 6, 1)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),  # half an hour
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("Asia/Beirut", date(2027, 3, 28)),  # 00:00 becomes 01:00
    ("Asia/Beirut", date(2027, 10, 31)),  # 24:00 becomes 23:00
    ("America/Nuuk", date(2027, 3, 27)),  # 23:00 becomes 24:00
    ("America/St_Johns", date(2010, 3, 14)),  # 00:01 becomes 01:01
    ("America/St_Johns", date(2010, 11, 7)),  # 00:01 becomes 23:01: the date goes back
    ("America/Toronto", date(1919, 3, 30)),  # 23:30 becomes 00:30
    ("Pacific/Apia", date(2011, 12, 30)),  # a date left out
]

examples = settings(
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


# The oracle.


def to_utc(day: date, minutes: int, zone: ZoneInfo) -> int:
    """By trying the offsets in force around: the first that reads as this local time, else the one before the gap."""
    local = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    around = [local.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in (-36, 36)]
    offsets = [instant.astimezone(zone).utcoffset() or timedelta() for instant in around]
    readings = [(local - offset).replace(tzinfo=UTC) for offset in offsets]
    right = [instant for instant in readings if instant.astimezone(zone).replace(tzinfo=None) == local]
    return minute_of(min(right, default=readings[0]))


def date_of(minute: int, zone: ZoneInfo) -> date:
    return instant_of(minute).astimezone(zone).date()


def hours_on(provider: Provider, day: date) -> list[tuple[int, int]]:
    def replacing(location: str | None) -> list[Override]:
        return [o for o in provider.overrides if o.date == day and o.location == location]

    blocks: Iterable[Block] = [block for block in provider.blocks if day.isoweekday() in block.days]
    overrides = replacing("room") or replacing(None)
    if overrides:
        blocks = [block for override in overrides for block in override.blocks]
    return [
        (block.start, block.end)
        for block in blocks
        if block.location == "room" and Forum.IN_PERSON in block.forums and "session" in block.services
    ]


class Oracle:
    """Every minute painted open or not; every rule asked of every start, one by one."""

    def __init__(self, provider: Provider, first: int, last: int) -> None:
        self.provider, self.service = provider, provider.services["session"]
        self.zone = ZoneInfo(provider.locations["room"].time_zone)
        begin = date_of(first, self.zone) - 40 * DAY
        dates = [begin + days * DAY for days in range((date_of(last, self.zone) - begin).days + 4)]
        self.base = to_utc(begin, 0, self.zone) - 3 * 1440
        self.painted = bytearray((len(dates) + 8) * 1440)
        self.midnights = [(to_utc(day, 0, self.zone), day) for day in dates]
        for day in dates:
            for opens, closes in hours_on(provider, day):
                start, end = (to_utc(day, minute, self.zone) - self.base for minute in (opens, closes))
                if start < end:
                    self.painted[start:end] = b"\x01" * (end - start)

    def starts(self, case: Case, now: datetime, first: int, last: int) -> list[int]:
        return [
            start
            for start in range(first, last)
            if self.fits(start)
            and self.on_grid(start)
            and self.in_time(start, now)
            and not any(self.clashes(start, entry) for entry in case.entries)
            and not any(self.clashes_outside(start, *busy) for busy in case.external)
            and not self.full(start, case.entries)
        ]

    def fits(self, start: int) -> bool:
        return self.painted.find(0, start - self.base, start - self.base + self.service.duration) == -1

    def on_grid(self, start: int) -> bool:
        opened = self.painted.rfind(0, 0, start - self.base) + 1 + self.base
        midnight, day = max(pair for pair in self.midnights if pair[0] <= start)
        origin = opened if opened >= to_utc(day - 31 * DAY, 0, self.zone) else midnight
        return (start - origin) % self.service.step == 0

    def in_time(self, start: int, now: datetime) -> bool:
        rules, zone = self.provider.rules, ZoneInfo(self.provider.time_zone)
        notice = timedelta(minutes=max(self.service.min_notice, rules.answer_lead + rules.answer_time))
        last_date = now.astimezone(zone).date() + timedelta(days=self.service.horizon_days)
        return instant_of(start) >= now + notice and date_of(start, zone) <= last_date

    def clashes(self, start: int, entry: Entry) -> bool:
        end = start + self.service.duration
        comfortably_before = end + max(self.service.buffer_after, entry.buffer_before) <= entry.start
        comfortably_after = entry.end + max(entry.buffer_after, self.service.buffer_before) <= start
        return not comfortably_before and not comfortably_after

    def clashes_outside(self, start: int, busy_start: int, busy_end: int) -> bool:
        first, last = start - self.service.buffer_before, start + self.service.duration + self.service.buffer_after
        return any(busy_start <= minute < busy_end for minute in range(first, last))

    def full(self, start: int, entries: Iterable[Entry]) -> bool:
        day = date_of(start, ZoneInfo(self.provider.time_zone)).isoformat()
        that_day = [entry for entry in entries if entry.local_date == day]
        for limit, counted in (
            (self.provider.max_per_day, that_day),
            (self.service.max_per_day, [entry for entry in that_day if entry.service == "session"]),
        ):
            if limit is not None and len({entry.request for entry in counted}) >= limit:
                return True
        return False


# What is asked.

times_of_day = st.one_of(st.sampled_from([0, 60, 120, 360, 1320, 1380, 1440]), st.integers(0, 288).map(lambda n: n * 5))


def seldom[T](rare: st.SearchStrategy[T], usually: T) -> st.SearchStrategy[T]:
    return st.integers(0, 7).flatmap(lambda die: rare if die == 7 else st.just(usually))


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    start, end = sorted((draw(times_of_day), draw(times_of_day)))
    if draw(st.booleans()):
        start, end = 0, 1440
    return Block(
        days=draw(seldom(st.sampled_from([frozenset({5, 6, 7, 1}), frozenset({7})]), usually=frozenset(range(1, 8)))),
        start=start,
        end=end,
        location=draw(seldom(st.just("annex"), usually="room")),
        forums=draw(seldom(st.just(frozenset({Forum.TELEHEALTH})), usually=frozenset(Forum))),
        services=draw(seldom(st.just(frozenset({"x"})), usually=frozenset({"session", "x"}))),
    )


@st.composite
def services(draw: st.DrawFn) -> Service:
    buffers = st.sampled_from([0, 0, 5, 10, 45, 240])
    return Service(
        id="session",
        name="Session",
        duration=draw(st.one_of(st.sampled_from([30, 50, 60]), seldom(st.just(720), usually=45), st.integers(1, 120))),
        step=draw(st.sampled_from([5, 7, 15, 30, 50, 60, 100])),
        buffer_before=draw(buffers),
        buffer_after=draw(buffers),
        min_notice=draw(seldom(st.sampled_from([30, 1440]), usually=0)),
        horizon_days=draw(seldom(st.integers(0, 3), usually=60)),
        max_per_day=draw(seldom(st.integers(0, 2), usually=None)),
    )


@dataclass(frozen=True)
class Question:
    case: Case
    now: datetime
    first: int
    last: int

    def starts(self, first: int, last: int) -> list[int]:
        case = self.case
        return free_starts(case.provider, case.wanted, case.entries, case.external, self.now, first, last)

    def verdict(self, start: int) -> Verdict:
        return judge(self.case.provider, WANTED, start, self.case.entries, self.case.external, self.now)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    zone, change = draw(st.sampled_from(CLOCK_CHANGES))
    own_zone = draw(st.sampled_from([zone, zone, "Pacific/Auckland", "America/New_York"]))
    middle = minute_of(datetime.combine(change, datetime.min.time(), ZoneInfo(zone)))
    near = st.integers(-2 * 1440, 3 * 1440).map(lambda minutes: middle + minutes)
    first = draw(near)
    provider = Provider(
        id="p",
        name="P",
        title="",
        email="",
        time_zone=own_zone,
        self_schedule=SelfSchedule.PUBLIC,
        services={"session": draw(services())},
        locations={"room": Location("room", "", "", zone), "annex": Location("annex", "", "", own_zone)},
        blocks=tuple(draw(st.lists(blocks(), min_size=1, max_size=4))),
        overrides=tuple(draw(st.lists(overrides(change), max_size=3))),
        max_per_day=draw(seldom(st.integers(0, 2), usually=None)),
        rules=draw(st.sampled_from([AnswerRules(0, 0), AnswerRules()])),
    )
    kept = tuple(draw(st.lists(entries(near, ZoneInfo(own_zone)), max_size=5)))
    lengths = st.integers(0, 300)
    external = [(start, start + draw(lengths)) for start in draw(st.lists(near, max_size=2))]
    now = instant_of(first) + timedelta(seconds=draw(st.integers(-3 * 86400, 43200)))
    return Question(Case(provider, WANTED, kept, external), now, first, first + draw(st.integers(1, 2 * 1440)))


@st.composite
def overrides(draw: st.DrawFn, change: date) -> Override:
    day = change + draw(st.integers(-34, 3)) * DAY
    return Override(day, tuple(draw(st.lists(blocks(), max_size=2))), draw(st.sampled_from([None, "room", "annex"])))


@st.composite
def entries(draw: st.DrawFn, near: st.SearchStrategy[int], zone: ZoneInfo) -> Entry:
    start, request = draw(near), draw(st.sampled_from("abcd"))
    service = "session" if request in "abc" else "x"  # a request is for one service
    buffers = st.sampled_from([0, 10, 30])
    end = start + draw(st.integers(1, 120))
    return Entry(request, request, service, start, end, draw(buffers), draw(buffers), date_of(start, zone).isoformat())


# What holds.


@settings(examples, max_examples=250)
@given(questions())
def test_lookup_agrees_with_the_oracle(question: Question) -> None:
    oracle = Oracle(question.case.provider, question.first, question.last)
    expected = oracle.starts(question.case, question.now, question.first, question.last)
    assert question.starts(question.first, question.last) == expected


@settings(examples, max_examples=150)
@given(questions(), st.integers(0, 45 * 1440), st.integers(0, 45 * 1440))
def test_the_range_asked_for_decides_only_which_starts_are_shown(question: Question, before: int, after: int) -> None:
    first, last = question.first - before, question.last + after
    parts = [(first, question.first), (question.first, question.last), (question.last, last)]
    assert question.starts(first, last) == [start for part in parts for start in question.starts(*part)]


@settings(examples, max_examples=100)
@given(questions(), st.lists(st.integers(0, 2 * 1440 - 1), max_size=30))
def test_judge_says_free_exactly_of_free_starts(question: Question, others: list[int]) -> None:
    found = question.starts(question.first, question.first + 2 * 1440)
    assert {question.verdict(start) for start in found[:40]} <= {Verdict.FREE}
    for start in (question.first + offset for offset in others):
        assert (question.verdict(start) is Verdict.FREE) == (start in found)


@settings(examples, max_examples=80)
@given(st.lists(questions(), min_size=1, max_size=4))
def test_a_lookup_over_several_is_the_union_of_theirs(several: list[Question]) -> None:
    now, first = several[0].now, several[0].first
    cases = [replace(q.case, provider=replace(q.case.provider, id=f"p{n}")) for n, q in enumerate(several)]
    found = free_starts_of_all(cases, now, first, first + 3 * 1440)
    each = {
        case.provider.id: free_starts(
            case.provider, case.wanted, case.entries, case.external, now, first, first + 3 * 1440
        )
        for case in cases
    }
    shown = found.by_provider()  # empty when notice and horizon leave nothing of the range
    assert {name: shown.get(name, []) for name in each} == each
    assert found.union == sorted({start for starts in each.values() for start in starts})


quarters = st.integers(24, 88).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
quarter_hours = st.lists(quarters, min_size=2, max_size=4, unique=True).map(sorted)


@st.composite
def reference_workloads(draw: st.DrawFn) -> dict[str, Any]:
    """The reference's domain: quarter hours, no nights, one service, one buffer."""
    zone, change = draw(st.sampled_from([pair for pair in CLOCK_CHANGES if pair[1].year == 2027]))
    begin = change - 3 * DAY
    first, last = (to_utc(begin + days * DAY, 0, ZoneInfo(zone)) for days in (0, 8))
    raw = [draw(reference_providers(number, zone, begin, first)) for number in range(draw(st.integers(1, 3)))]
    return {
        "from_min": first,
        "to_min": last,
        "duration": draw(st.sampled_from([15, 45, 50, 90])),
        "step": 15,
        "buffer_after": draw(st.sampled_from([0, 10, 15, 60])),
        "min_notice": draw(st.sampled_from([0, 75, 2880])),
        "providers": raw,
    }


@st.composite
def reference_providers(draw: st.DrawFn, number: int, zone: str, begin: date, first: int) -> dict[str, Any]:
    hours = [{"days": draw(st.sets(st.integers(0, 6))), "start": s, "end": e} for s, e in pairs(draw(quarter_hours))]
    special = st.tuples(st.integers(0, 8), st.one_of(st.just([]), quarter_hours.map(pairs)))
    starts = [first + 15 * quarter for quarter in draw(st.sets(st.integers(0, 8 * 96), max_size=8))]
    return {
        "id": f"p{number}",
        "tz": zone,
        "rules": hours,
        "overrides": {(begin + days * DAY).isoformat(): replaced for days, replaced in draw(st.lists(special))},
        "bookings": [[start, start + 45] for start in starts[::2]],
        "holds": [[start, start + 45] for start in starts[1::2]],
    }


def pairs(times: list[str]) -> list[tuple[str, str]]:
    return list(zip(times[::2], times[1::2], strict=False))


@settings(examples, max_examples=120)
@given(reference_workloads(), st.integers(-5 * 96, 3 * 96))
def test_lookup_agrees_with_the_reference_in_its_domain(workload: dict[str, Any], quarter: int) -> None:
    now = workload["from_min"] + 15 * quarter
    cases = workloads.cases(workload, version="")
    found = free_starts_of_all(cases, instant_of(now), workload["from_min"], workload["to_min"])
    assert found.union == reference_slots.lookup(workload, now)
