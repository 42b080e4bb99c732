"""Every bad parameter of the reading calls: its problem, by parameter."""

from urllib.parse import quote

import pytest

from openhour.adapters.http.problems import Problem
from tests.handlers.calls import SLOT_PATHS, SLOTS, refused, slots
from tests.handlers.gateway import Call, query
from tests.handlers.stack import Stack


@pytest.fixture(params=SLOT_PATHS, ids=["of one", "of any"])
def path(request: pytest.FixtureRequest) -> str:
    """The lookup of one provider's slots, and of any provider's."""
    wanted: str = request.param
    return wanted


@pytest.mark.parametrize("name", ["service", "location", "forum", "from", "to"])
def test_a_parameter_that_is_missing_is_named(shared_stack: Stack, path: str, name: str) -> None:
    refused(shared_stack, slots(path, **{name: None}), Problem.INVALID, name)


def test_all_that_are_missing_are_named_at_once(shared_stack: Stack, path: str) -> None:
    refused(shared_stack, Call("GET", path), Problem.INVALID, "service", "location", "forum", "from", "to")


@pytest.mark.parametrize("name", list(SLOTS))
def test_a_parameter_that_stands_twice_is_refused(shared_stack: Stack, path: str, name: str) -> None:
    once = query(**SLOTS)
    for again in (query(**{name: SLOTS[name]}), query(**{name: ""}), f"{name}"):
        refused(shared_stack, Call("GET", path, f"{once}&{again}"), Problem.INVALID, name)
        refused(shared_stack, Call("GET", path, f"{once}&{again}&{again}"), Problem.INVALID, name)


@pytest.mark.parametrize("name", ["Service", "service ", "provider", "limit", "service[]", "", "__proto__"])
def test_a_parameter_nobody_knows_is_refused(shared_stack: Stack, path: str, name: str) -> None:
    refused(shared_stack, Call("GET", path, f"{query(**SLOTS)}&{quote(name)}=1"), Problem.INVALID, name)


def test_the_name_of_an_unknown_parameter_is_told_only_as_far_as_it_may_be_one(shared_stack: Stack) -> None:
    told = refused(
        shared_stack, Call("GET", SLOT_PATHS[0], f"{query(**SLOTS)}&{'x' * 500}=1"), Problem.INVALID, "x" * 60
    )
    assert len(told["errors"]) == 1


_NO_DATES = {
    "empty": "",
    "with a time": "2027-03-08T00:00:00",
    "with a time and a zone": "2027-03-08T00:00:00Z",
    "with an offset": "2027-03-08+01:00",
    "with a zone": "2027-03-08 Europe/London",
    "year 1": "0001-01-01",
    "year 9999": "9999-12-31",
    "year 10000": "10000-01-01",
    "before the first year": "1999-12-31",
    "no such day": "2027-02-30",
    "no leap year": "2027-02-29",
    "no such month": "2027-13-01",
    "day 0": "2027-03-00",
    "basic form": "20270308",
    "week": "2027-W10",
    "week date": "2027-W10-1",
    "ordinal date": "2027-067",
    "month": "2027-03",
    "other order": "08-03-2027",
    "slashes": "2027/03/08",
    "word": "today",
    "short": "2027-3-8",
    "signed": "-2027-03-08",
    "epoch": "1804464000",
    "arabic digits": "\u0662\u0660\u0662\u0667-\u0660\u0663-\u0660\u0668",
    "full-width digits": "\uff12\uff10\uff12\uff17-03-08",
    "other hyphens": "2027\u201003\u201008",
    "space before": " 2027-03-08",
    "line feed behind": "2027-03-08\n",
    "zero byte": "2027-03-08\x00",
    "long": "2" * 4000,
}


@pytest.mark.parametrize("text", _NO_DATES.values(), ids=_NO_DATES)
@pytest.mark.parametrize("name", ["from", "to"])
def test_what_is_not_a_plain_date_is_refused(shared_stack: Stack, path: str, name: str, text: str) -> None:
    refused(shared_stack, slots(path, **{name: text}), Problem.INVALID, name)


@pytest.mark.parametrize(("path", "last", "beyond"), [(SLOT_PATHS[0], 62, 63), (SLOT_PATHS[1], 14, 15)])
def test_more_dates_than_allowed_are_refused(shared_stack: Stack, path: str, last: int, beyond: int) -> None:
    to = {14: "2027-03-14", 15: "2027-03-15", 62: "2027-05-01", 63: "2027-05-02"}
    assert shared_stack.http(slots(path, from_="2027-03-01", to=to[last])).status == 200
    refused(shared_stack, slots(path, from_="2027-03-01", to=to[beyond]), Problem.INVALID, "to")
    refused(shared_stack, slots(path, from_="2000-01-01", to="9990-12-31"), Problem.INVALID, "to")


def test_dates_the_wrong_way_round_are_refused(shared_stack: Stack, path: str) -> None:
    refused(shared_stack, slots(path, from_="2027-03-09", to="2027-03-08"), Problem.INVALID, "to")


@pytest.mark.parametrize(("first", "last"), [("2000-01-01", "2000-01-10"), ("9990-12-20", "9990-12-31")])
def test_dates_on_which_nothing_can_be_booked_have_no_slots(
    shared_stack: Stack, path: str, first: str, last: str
) -> None:
    reply = shared_stack.http(slots(path, from_=first, to=last))
    assert (reply.status, reply.json()["slots"]) == (200, [])


_NO_ZONES = [
    "", "../../etc/passwd", "/etc/passwd", "localtime", "posixrules", "right/UTC", "posix/Europe/London", "Factory",
    "Europe", "Europe/Nowhere", "europe/london", "EUROPE/LONDON", "Europe/London\n", "Europe/London\x00",
    "Europe/../UTC", "UTC+1", "+01:00", "Z", "Europe/London,UTC", "x" * 4000, "\uff25urope/London", "Europe\\London",
    "tzdata.zi", "zone.tab", "Europe//London",
]  # fmt: skip


@pytest.mark.parametrize("zone", _NO_ZONES, ids=lambda zone: ascii(zone)[:24])
def test_a_time_zone_that_is_none_is_refused(shared_stack: Stack, path: str, zone: str) -> None:
    refused(shared_stack, slots(path, time_zone=zone), Problem.INVALID, "time_zone")


@pytest.mark.parametrize("forum", ["", "IN_PERSON", "in-person", "phone", "in_person,telehealth", "in_person "])
def test_a_forum_that_is_none_is_refused(shared_stack: Stack, path: str, forum: str) -> None:
    refused(shared_stack, slots(path, forum=forum), Problem.INVALID, "forum")


@pytest.mark.parametrize("name", ["service", "location"])
@pytest.mark.parametrize("text", ["", "x" * 61, "x" * 4000], ids=len)
def test_an_id_that_is_empty_or_too_long_is_refused(shared_stack: Stack, path: str, name: str, text: str) -> None:
    refused(shared_stack, slots(path, **{name: text}), Problem.INVALID, name)


@pytest.mark.parametrize("text", ["unknown", "TALK", "talk\x00", "talk ", "\u0442alk", "' OR 1=1"], ids=ascii)
def test_a_service_nobody_offers_is_refused(shared_stack: Stack, path: str, text: str) -> None:
    refused(shared_stack, slots(path, service=text), Problem.INVALID, "service")


def test_a_location_where_nobody_works_is_refused(shared_stack: Stack) -> None:
    refused(shared_stack, slots(SLOT_PATHS[0], location="elsewhere"), Problem.INVALID, "location")
    refused(shared_stack, slots(SLOT_PATHS[1], location="elsewhere"), Problem.INVALID, "service")


_NOBODY = [
    "nobody", "MAYA-OKAFOR", "maya-okafor%00", "%2e%2e%2fmaya-okafor", "maya-okafor%23", "%F0%9F%98%80", "%FF",
    "x" * 60, "x" * 1100, "x" * 3000, "%C3%A9" * 600,
]  # fmt: skip


@pytest.mark.parametrize("name", _NOBODY, ids=lambda name: name[:24] + str(len(name)))
def test_a_provider_nobody_knows_cannot_be_booked(shared_stack: Stack, name: str) -> None:
    refused(shared_stack, Call("GET", f"/v1/providers/{name}"), Problem.UNKNOWN_PROVIDER)
    refused(shared_stack, slots(f"/v1/providers/{name}/slots"), Problem.UNKNOWN_PROVIDER)


_UNREADABLE = {
    "latin-1": "a=%e9",
    "half a character": "a=%ed%a0%80",
    "cut off": "service=%c3",
    "too many": "&".join(["a=1"] * 51),
}


@pytest.mark.parametrize("text", _UNREADABLE.values(), ids=_UNREADABLE)
@pytest.mark.parametrize("reading", [*SLOT_PATHS, "/v1/providers", "/v1/providers/maya-okafor"])
def test_a_query_string_that_cannot_be_read_is_refused(shared_stack: Stack, reading: str, text: str) -> None:
    refused(shared_stack, Call("GET", reading, text), Problem.MALFORMED)


@pytest.mark.parametrize("reading", ["/v1/providers", "/v1/providers/maya-okafor", "/v1/openapi.json"])
def test_calls_that_take_no_parameters_pass_over_them(shared_stack: Stack, reading: str) -> None:
    assert (
        shared_stack.http(Call("GET", reading, "utm_source=x&a=1&a=2")).body
        == shared_stack.http(Call("GET", reading)).body
    )


@pytest.mark.parametrize("reading", [*SLOT_PATHS, "/v1/providers", "/v1/providers/maya-okafor"])
def test_a_body_that_is_too_large_is_refused_where_none_belongs(shared_stack: Stack, reading: str) -> None:
    refused(shared_stack, Call("GET", reading, query(**SLOTS), {}, b"x" * (16 * 1024 + 1)), Problem.TOO_LARGE)


@pytest.mark.parametrize("name", ["from", "to", "time_zone", "forum"])
def test_the_sentence_says_how_to_write_it(shared_stack: Stack, name: str) -> None:
    told = refused(shared_stack, slots(**{name: "?"}), Problem.INVALID, name)
    assert told["errors"][0]["detail"].startswith("Write ")


_METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]


@pytest.mark.parametrize("method", _METHODS)
@pytest.mark.parametrize("path", ["/v1/providers", "/v1/slots", "/v1/providers/maya-okafor", "/v1/openapi.json"])
def test_any_other_method_is_told_which_there_are(shared_stack: Stack, method: str, path: str) -> None:
    reply = shared_stack.http(Call(method, path, "a=1", {}, "{"))
    assert (reply.status, reply.json()["type"]) == (405, Problem.WRONG_METHOD.type)
    assert reply.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/v1/providers", "/v1/providers/maya-okafor", "/v1/openapi.json"])
def test_head_answers_as_get_does(shared_stack: Stack, path: str) -> None:
    get, head = (shared_stack.http(Call(method, path)) for method in ("GET", "HEAD"))
    assert (head.status, head.headers) == (get.status, get.headers)


@pytest.mark.parametrize("method", [*_METHODS, "HEAD"])
@pytest.mark.parametrize("path", ["/", "/v1", "/v1/providers/", "/v2/slots", "//v1/slots", "/v1/providers/a/b"])
def test_any_other_path_is_unknown(shared_stack: Stack, method: str, path: str) -> None:
    reply = shared_stack.http(Call(method, path, "a=1", {}, "{"))
    assert reply.status == 404
    assert reply.json() == {
        "type": Problem.UNKNOWN_PATH.type,
        "title": Problem.UNKNOWN_PATH.title,
        "status": 404,
        "detail": Problem.UNKNOWN_PATH.detail,
    }
