import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from describe import practice_file
from openhour.adapters.snapshots import practice_to_json, provider_to_json, version_of
from openhour.domain.values import AnswerRules, Block, Forum, Override, SelfSchedule
from operate import practice
from operate.__main__ import main
from operate.practice.source import parse

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "practice.yaml"

type Change = Callable[[dict[str, Any]], object]


def small() -> dict[str, Any]:
    return {
        "practice": {
            "id": "harbour",
            "name": "Harbour Psychology",
            "neutral_name": "Harbour Office",
            "contact": "Call us.",
            "time_zone": "Europe/London",
        },
        "locations": [
            {"id": "quay", "name": "The Quay", "address": "1 Quay Lane"},
            {"id": "hof", "name": "Hof", "address": "Hof 1", "time_zone": "Europe/Berlin"},
        ],
        "services": [
            {"id": "session", "name": "Session", "duration": 50},
            {"id": "call", "name": "Call", "duration": "20 min", "min_notice": "4 h"},
        ],
        "providers": [
            {
                "id": "anna",
                "name": "Anna Berg",
                "title": "Psychologist",
                "email": "anna@example.org",
                "self_schedule": "public",
                "services": ["session", "call"],
                "availability": [
                    {"days": "mon-fri", "start": "09:00", "end": "17:00", "location": "quay", "forums": "in_person"},
                ],
                "overrides": [
                    {"date": "2027-12-24", "closed": True},
                    {
                        "date": "2027-04-15",
                        "location": "hof",
                        "hours": [{"start": "10:00", "end": "24:00", "forums": ["telehealth"], "services": "call"}],
                    },
                ],
            },
        ],
    }


def written(tmp_path: Path, data: dict[str, Any]) -> Path:
    path = tmp_path / "practice.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return path


def problems(tmp_path: Path, *changes: Change) -> list[str]:
    data = small()
    for change in changes:
        change(data)
    with pytest.raises(practice.PracticeFileError) as caught:
        practice.load(written(tmp_path, data))
    return [re.sub(r"^line \d+: ", "", str(problem)) for problem in caught.value.problems]


def provider(data: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = data["providers"][0]
    return first


def block(data: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = provider(data)["availability"][0]
    return first


def test_the_example_has_what_a_practice_has() -> None:
    harbour, providers = practice.load(EXAMPLE)
    services = {name: service for each in providers for name, service in each.services.items()}
    places = {location.time_zone for each in providers for location in each.locations.values()}
    blocks = [block for each in providers for block in each.blocks]
    assert harbour.neutral_name == "Harbour Office"
    assert {each.self_schedule for each in providers} == set(SelfSchedule)
    assert len(services) == 5
    assert places == {"Europe/London", "Europe/Berlin"}
    assert {forum for each in blocks for forum in each.forums} == set(Forum)
    assert any(service.max_per_day for service in services.values())
    assert any(override.blocks for each in providers for override in each.overrides)


def test_every_value_of_the_file_reaches_the_domain(tmp_path: Path) -> None:
    data = small()
    data["practice"] |= {"answer_lead": "2 h", "answer_time": 0, "locale": "en-GB", "max_open_requests": 5}
    data["practice"]["max_requests_per_day"] = 12
    provider(data)["max_per_day"] = 4
    harbour, (anna,) = practice.load(written(tmp_path, data))
    assert (harbour.id, harbour.locale, harbour.max_open_requests) == ("harbour", "en-GB", 5)
    assert harbour.max_requests_per_day == 12
    assert anna.rules == AnswerRules(120, 0)
    assert (anna.time_zone, anna.locale, anna.max_per_day) == ("Europe/London", "en-GB", 4)
    assert (anna.services["call"].duration, anna.services["call"].min_notice) == (20, 240)
    assert anna.services["session"].step == 15
    assert {name: place.time_zone for name, place in anna.locations.items()} == {
        "quay": "Europe/London",
        "hof": "Europe/Berlin",
    }
    everything = frozenset({"session", "call"})
    days = frozenset({1, 2, 3, 4, 5})
    assert anna.blocks == (Block(days, 540, 1020, "quay", frozenset({Forum.IN_PERSON}), everything),)
    assert anna.overrides[0] == Override(date(2027, 12, 24))
    (hours,) = anna.overrides[1].blocks
    assert (hours.start, hours.end, hours.location, hours.services) == (600, 1440, "hof", frozenset({"call"}))
    assert anna.overrides[1].location == "hof"


def test_versions_are_those_of_the_stored_texts() -> None:
    harbour, providers = practice.load(EXAMPLE)
    assert harbour.version == version_of(practice_to_json(harbour))
    assert [each.version for each in providers] == [version_of(provider_to_json(each)) for each in providers]


def test_an_override_until_a_date_replaces_every_date_between(tmp_path: Path) -> None:
    data = small()
    provider(data)["overrides"] = [{"date": "2027-12-30", "until": "2028-01-02", "closed": True}]
    _, (anna,) = practice.load(written(tmp_path, data))
    assert [override.date.isoformat() for override in anna.overrides] == [
        "2027-12-30",
        "2027-12-31",
        "2028-01-01",
        "2028-01-02",
    ]


ONE_WEEK = {"date": "2027-07-19", "until": "2027-07-25"}
MORNINGS = [{"start": "10:00", "end": "12:00", "location": "quay", "forums": "in_person"}]


def dates_replaced(tmp_path: Path, override: dict[str, Any], **more: Any) -> list[str]:
    data = small()
    provider(data).update(overrides=[override], **more)
    _, (anna,) = practice.load(written(tmp_path, data))
    return [item.date.isoformat()[8:] for item in anna.overrides]


def test_a_range_of_other_hours_leaves_the_weekdays_without_hours_alone(tmp_path: Path) -> None:
    assert dates_replaced(tmp_path, ONE_WEEK | {"hours": MORNINGS}) == ["19", "20", "21", "22", "23"]


def test_a_range_of_other_hours_means_the_weekdays_that_it_names_and_no_others(tmp_path: Path) -> None:
    named = ONE_WEEK | {"hours": MORNINGS, "days": "fri-sat"}
    assert dates_replaced(tmp_path, named) == ["23", "24"]


def test_a_range_of_one_location_asks_for_the_hours_there(tmp_path: Path) -> None:
    blocks = [
        {"days": "mon-wed", "start": "09:00", "end": "17:00", "location": "quay", "forums": "in_person"},
        {"days": "thu", "start": "09:00", "end": "17:00", "location": "hof", "forums": "in_person"},
    ]
    here = ONE_WEEK | {"hours": MORNINGS, "location": "quay"}
    assert dates_replaced(tmp_path, here, availability=blocks) == ["19", "20", "21"]


def test_a_single_date_and_a_closed_range_mean_every_date_they_name(tmp_path: Path) -> None:
    assert dates_replaced(tmp_path, {"date": "2027-07-24", "hours": MORNINGS}) == ["24"]
    assert len(dates_replaced(tmp_path, ONE_WEEK | {"closed": True})) == 7
    assert dates_replaced(tmp_path, ONE_WEEK | {"closed": True, "days": ["sat", "sun"]}) == ["24", "25"]


@pytest.mark.parametrize("written_date", ["2027-W51-5", "20271224", "24.12.2027", "2027-2-3", 20271224, None])
def test_a_date_is_written_in_one_way_only(tmp_path: Path, written_date: object) -> None:
    (problem,) = problems(tmp_path, lambda d: provider(d)["overrides"][0].update(date=written_date))
    assert problem.startswith("providers[0].overrides[0].date: ")


@pytest.mark.parametrize("name", ["Zoë Müller", "Anna\u00a0Berg", "山田 花子", "أمل"])
def test_names_of_all_languages_are_taken(tmp_path: Path, name: str) -> None:
    data = small()
    provider(data)["name"] = name
    assert practice.load(written(tmp_path, data))[1][0].name == name.replace("\xa0", " ")


def test_dates_that_are_long_past_are_as_good_as_any(tmp_path: Path) -> None:
    data = small()
    provider(data)["overrides"] = [{"date": "2001-12-24", "closed": True}]
    assert practice.load(written(tmp_path, data))


def test_a_key_left_without_entries_is_an_empty_list(tmp_path: Path) -> None:
    data = small()
    provider(data)["overrides"] = provider(data)["availability"] = None
    _, (anna,) = practice.load(written(tmp_path, data))
    assert (anna.blocks, anna.overrides, anna.locations) == ((), (), {})


def test_what_was_pasted_into_it_is_read_as_it_looks(tmp_path: Path) -> None:
    data = small()
    data["practice"]["name"] = "\ufeffHarbour\u00a0\tStreet\u202e"
    provider(data)["email"] = "Anna <anna\uff20example.org>\u200b"
    found, (anna,) = practice.load(written(tmp_path, data))
    assert (found.name, anna.email) == ("Harbour Street", "anna@example.org")


CASES: list[tuple[Change, str]] = [
    (lambda d: d.pop("services"), "services: is missing"),
    (lambda d: d.update(extra=1), "extra: is not a key that can stand here"),
    (lambda d: d["practice"].update(id="Harbour Psych"), "practice.id: must be lower-case letters"),
    (lambda d: d["practice"].update(id="a" * 41), "practice.id: must be at most 40 characters"),
    (lambda d: d["practice"].update(name="a\nb"), "practice.name: must be a single line"),
    (lambda d: d["practice"].update(name="a\x85b"), "practice.name: must not contain control"),
    (lambda d: d["practice"].update(name="  "), "practice.name: must not be empty"),
    (lambda d: d["practice"].update(name="\u200b\u2066"), "practice.name: must not be empty"),
    (lambda d: d["practice"].update(name=None), "practice.name: has no value"),
    (
        lambda d: d["practice"].update(contact=5),
        'practice.contact: must be text, not a number or true or false; in quotes it is text: "5"',
    ),
    (
        lambda d: d["practice"].update(time_zone="Europe/Lodnon"),
        "practice.time_zone: is no IANA time zone: 'Europe/Lodnon' (did you mean Europe/London?)",
    ),
    (lambda d: d["practice"].update(locale="english"), "practice.locale: must be a language"),
    (lambda d: d["practice"].update(max_open_requests=0), "practice.max_open_requests: must be at least 1"),
    (lambda d: d["practice"].update(max_requests_per_day=0), "practice.max_requests_per_day: must be at least 1"),
    (
        lambda d: d["practice"].update(max_open_request=3),
        "practice.max_open_request: is not a key that can stand here (did you mean max_open_requests?)",
    ),
    (lambda d: d["practice"].update(answer_lead=-1), "practice.answer_lead: must be 0 to"),
    (
        lambda d: d["locations"].append(dict(d["locations"][0])),
        "locations[2].id: 'quay' is already the id of locations[0]",
    ),
    (
        lambda d: d["services"].append(dict(d["services"][0])),
        "services[2].id: 'session' is already the id of services[0]",
    ),
    (lambda d: d["services"][0].update(duration=721), "services[0].duration: must be 5 to 720 minutes, not 721"),
    (
        lambda d: d["services"][0].update(buffer_after="5 h"),
        "services[0].buffer_after: must be 0 to 240 minutes, not 300",
    ),
    (lambda d: d["services"][0].update(step=0), "services[0].step: must be 5 to 720 minutes"),
    (lambda d: d["services"][0].update(duration=True), "services[0].duration: must be whole minutes"),
    (lambda d: d["services"][0].update(max_per_day=0), "services[0].max_per_day: must be at least 1"),
    (lambda d: d["services"][0].update(horizon_days=1.5), "services[0].horizon_days: must be a whole number"),
    (lambda d: d["providers"].append(dict(provider(d))), "providers[1].id: 'anna' is already the id of providers[0]"),
    (lambda d: d["providers"].append("carl"), "providers[1]: must be a group of keys"),
    (lambda d: provider(d).update(email="anna"), "providers[0].email: must be an email address"),
    (
        lambda d: provider(d).update(email="=?utf-8?q?a?=@b.org"),
        "providers[0].email: is an address that no mail can be written to",
    ),
    (lambda d: provider(d).update(email="a@b.org\nBcc: c@d.org"), "providers[0].email: must be an email address"),
    (
        lambda d: provider(d).update(self_schedule="no"),
        "providers[0].self_schedule: must be one of 'public', 'link' or 'off'",
    ),
    (lambda d: provider(d).update(telehealth_url="http://x.org"), "providers[0].telehealth_url: must be a web address"),
    (
        lambda d: provider(d).update(services=["session", "call", "cal"]),
        "providers[0].services[2]: 'cal' is not the id of anything under services (did you mean call?)",
    ),
    (lambda d: provider(d).update(services=[]), "providers[0].services: must name at least one"),
    (lambda d: provider(d).update(mail_initials_only="yes"), "providers[0].mail_initials_only: must be true or false"),
    (
        lambda d: block(d).update(location="key"),
        "providers[0].availability[0].location: 'key' is not the id of anything under locations",
    ),
    (lambda d: block(d).pop("location"), "providers[0].availability[0].location: is missing"),
    (
        lambda d: block(d).update(services="group"),
        "providers[0].availability[0].services: 'group' is not the id of anything",
    ),
    (
        lambda d: block(d).update(forums="phone"),
        "providers[0].availability[0].forums[0]: must be one of 'in_person' or 'telehealth'",
    ),
    (lambda d: block(d).update(days="mon-fry"), "providers[0].availability[0].days: must be weekdays"),
    (lambda d: block(d).update(start=900), "providers[0].availability[0].start: must be a time of day"),
    (lambda d: block(d).update(end="09:00"), "providers[0].availability[0].end: must be later than start"),
    (lambda d: block(d).update(start="22:00", end="06:00"), "one until 24:00 and one from 00:00 on the next day"),
    (
        lambda d: provider(d)["availability"].append(dict(block(d))),
        "providers[0].availability[1]: is the same as availability[0]",
    ),
    (
        lambda d: provider(d)["overrides"][0].update(date="2027-02-30"),
        "providers[0].overrides[0].date: must be a date that exists",
    ),
    (
        lambda d: provider(d)["overrides"][0].update(until="2027-12-23"),
        "providers[0].overrides[0].until: must not be before date",
    ),
    (
        lambda d: provider(d)["overrides"][0].update(until="2029-12-23"),
        "providers[0].overrides[0].until: must not be before date, and at most a year",
    ),
    (lambda d: provider(d)["overrides"][0].update(closed=False), "providers[0].overrides[0]: needs either"),
    (
        lambda d: provider(d)["overrides"][0].update(days="sat"),
        "providers[0].overrides[0]: none of these dates falls on one of its days",
    ),
    (
        lambda d: provider(d)["overrides"][1].update(date="2027-04-17", until="2027-04-18"),
        "providers[0].overrides[1]: none of these dates has weekly hours that it could replace; name the weekdays",
    ),
    (lambda d: provider(d)["overrides"][1].update(closed=True), "providers[0].overrides[1]: needs either"),
    (lambda d: provider(d)["overrides"][1].pop("location"), "providers[0].overrides[1].hours[0].location: is missing"),
    (
        lambda d: provider(d)["overrides"][1]["hours"][0].update(location="quay"),
        "providers[0].overrides[1].hours[0].location: must be 'hof'",
    ),
    (
        lambda d: provider(d)["overrides"][1].update(location="haf"),
        "providers[0].overrides[1].location: 'haf' is not the id",
    ),
    (
        lambda d: provider(d)["overrides"][0].update(date="2027-04-10", until="2027-04-20"),
        "providers[0].overrides[1]: overrides[0] already replaces 2027-04-15",
    ),
]


@pytest.mark.parametrize(("change", "expected"), CASES, ids=[expected.partition(":")[0] for _, expected in CASES])
def test_what_is_wrong_is_named_by_its_path(tmp_path: Path, change: Change, expected: str) -> None:
    found = problems(tmp_path, change)
    assert any(expected in problem for problem in found), found


@pytest.mark.parametrize(("word", "instead"), [("new", "true"), ("always", "true"), ("never", "false")])
def test_the_words_that_verify_had_once_are_told_what_to_write_instead(tmp_path: Path, word: str, instead: str) -> None:
    [problem] = problems(tmp_path, lambda data: data["practice"].update(verify=word))
    assert problem.startswith("practice.verify")
    assert f"write {instead} for" in problem


def test_a_missing_section_is_told_once_and_not_for_everything_that_names_it(tmp_path: Path) -> None:
    assert problems(tmp_path, lambda d: d.pop("services")) == ["services: is missing"]


def test_a_service_of_the_practice_must_be_among_the_providers_own_to_have_hours(tmp_path: Path) -> None:
    (problem,) = problems(
        tmp_path,
        lambda d: provider(d).update(services=["session"], overrides=[]),
        lambda d: block(d).update(services=["call"]),
    )
    assert problem.startswith("providers[0].availability[0].services[0]: 'call' is not among the provider's own")


def test_overrides_of_one_date_at_different_locations_are_two_different_things(tmp_path: Path) -> None:
    data = small()
    provider(data)["overrides"] = [
        {"date": "2027-12-24", "location": "quay", "closed": True},
        {"date": "2027-12-24", "location": "hof", "closed": True},
    ]
    _, (anna,) = practice.load(written(tmp_path, data))
    assert len(anna.overrides) == 2


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        lambda d: d["practice"].update(name=""),
        lambda d: d["services"][0].update(duration="soon"),
        lambda d: provider(d).update(email="anna"),
        lambda d: block(d).update(location="key", end="08:00"),
        lambda d: provider(d)["overrides"][0].update(date="tomorrow"),
    )
    assert [problem.partition(":")[0] for problem in found] == [
        "practice.name",
        "services[0].duration",
        "providers[0].email",
        "providers[0].availability[0].end",
        "providers[0].availability[0].location",
        "providers[0].overrides[0].date",
    ]


def test_a_repeated_key_is_a_problem_with_both_lines(tmp_path: Path) -> None:
    path = tmp_path / "practice.yaml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8").replace("  locale: en-GB\n", "  locale: en-GB\n  locale: de\n"))
    with pytest.raises(
        practice.PracticeFileError, match=r"line 14: practice.locale: stands here a second time.* line 13"
    ):
        practice.load(path)


@pytest.mark.parametrize("time", ["10:00", '"10:00"', "'10:00'"])
def test_a_time_means_the_same_with_and_without_quotes(tmp_path: Path, time: str) -> None:
    path = tmp_path / "practice.yaml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8").replace("start: 09:00", f"start: {time}"), encoding="utf-8")
    _, providers = practice.load(path)
    assert providers[0].blocks[0].start == 600


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"# nothing\n", "the file is empty"),
        (b"hello", "must be a group of keys"),
        (b"a: [1", "line 1: is not valid YAML"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"a: \x00", "is not valid YAML"),
        (b"[" * 3000, "is nested too deeply"),
    ],
)
def test_what_is_no_practice_file_at_all_says_so(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "practice.yaml"
    path.write_bytes(content)
    with pytest.raises(practice.PracticeFileError, match=expected):
        practice.load(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(practice.PracticeFileError, match=r"gone.yaml: cannot be read: No such file"):
        practice.load(tmp_path / "gone.yaml")


def test_check_ends_with_0_and_a_summary_for_a_good_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["practice", "check", str(EXAMPLE)]) == 0
    assert "is fine: Harbour Psychology, 3 providers, 5 services" in capsys.readouterr().out


def test_check_ends_with_2_and_all_problems_for_a_bad_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = small()
    block(data)["end"] = "08:00"
    del data["practice"]["name"]
    path = written(tmp_path, data)
    assert main(["practice", "check", str(path)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert f"{path}: line 1: practice.name: is missing" in output.err
    assert "providers[0].availability[0].end: must be later than start" in output.err
    assert output.err.endswith(f"2 problems in {path}.\n")


def test_the_schema_takes_the_example_and_refuses_what_the_command_refuses() -> None:
    (text,) = practice_file.texts().values()
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    data = parse(EXAMPLE.read_text(encoding="utf-8")).data
    assert list(validator.iter_errors(data)) == []
    data["providers"][0]["availability"][0]["end"] = "25:00"
    data["providers"][1]["self_schedule"] = "maybe"
    data["services"][0]["duration"] = 721
    data["practice"]["colour"] = "blue"
    assert len(list(validator.iter_errors(data))) == 4


def test_the_product_never_imports_its_set_up() -> None:
    modules = (ROOT / "layers").rglob("*.py")
    lines = [line for module in modules for line in module.read_text(encoding="utf-8").splitlines()]
    assert not [line for line in lines if line.strip().startswith(("import practice", "from practice"))]
