"""The whole walk: from a free slot to a confirmed appointment, as people and their programs do it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import icalendar
import pytest

from tests.end_to_end.visitor import PROVIDER, SERVICE, Visitor, answer_links, text_of


def test_from_a_free_slot_to_a_confirmed_appointment(visitor: Visitor) -> None:
    listed = visitor.call("GET", "/v1/providers").json["providers"]
    assert PROVIDER in [each["id"] for each in listed]
    start = visitor.free_start()
    checked = visitor.submit(start, query="?validate_only=true")
    assert (checked.status, checked.json["status"]) == (200, "pending")
    assert visitor.mails() == []

    submitted = visitor.submit(start, key="the-same-key-twice")
    assert submitted.status == 201
    assert submitted.json["status"] == "pending"
    assert visitor.submit(start, key="the-same-key-twice").json == submitted.json
    assert start not in visitor.slots()

    waiting = visitor.mail("")
    assert "canary-note" not in waiting.as_string()
    token = visitor.manage_token(waiting)
    seen = visitor.manage("GET", submitted.json, token)
    assert (seen.status, seen.json["status"], seen.json["telehealth_url"]) == (200, "pending", None)

    asked = visitor.provider_mail_about(submitted.json)
    assert "canary-note" not in asked.as_string()
    assert "Ana Lima" not in text_of(asked)
    link = visitor.answer_link(submitted.json)
    page = visitor.open(link)
    assert page.status == 200
    assert "Ana Lima" in page.text
    done = visitor.press(link, "confirm")
    assert done.status == 200
    assert visitor.press(link, "confirm").text == done.text

    confirmed = visitor.mail("Harbour Office,")
    [invite] = {
        part.get_content() if isinstance(part.get_content(), str) else part.get_content().decode()
        for part in confirmed.walk()
        if part.get_content_type() == "text/calendar"
    }
    calendar = icalendar.Calendar.from_ical(invite)
    [event] = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert event["UID"].startswith(submitted.json["id"])
    assert event.decoded("DTSTART") == datetime.fromisoformat(start)
    assert visitor.manage("GET", submitted.json, token).json["telehealth_url"].startswith("https://")
    assert visitor.press(link, "decline").status == 409
    assert visitor.manage("GET", submitted.json, token).json["status"] == "confirmed"
    assert len(visitor.mails()) == 2


def test_a_declined_request_frees_its_time_and_tells_the_reason(visitor: Visitor) -> None:
    request = visitor.submitted()
    link = visitor.answer_link(request)
    assert visitor.press(link, "decline", "On leave <that> day.").status == 200
    assert "On leave <that> day." in text_of(visitor.mail("not possible"))
    assert request["start"] in visitor.slots()


def test_a_withdrawn_request_frees_its_time_and_closes_the_link(visitor: Visitor) -> None:
    request = visitor.submitted()
    token = visitor.manage_token(visitor.mail(""))
    link = visitor.answer_link(request)
    for _ in range(2):
        withdrawn = visitor.manage("DELETE", request, token)
        assert (withdrawn.status, withdrawn.json["status"]) == (200, "withdrawn")
    assert request["start"] in visitor.slots()
    assert visitor.press(link, "confirm").status == 409
    assert visitor.manage("GET", request, token).json["status"] == "withdrawn"


def test_fetching_links_changes_nothing_however_often(visitor: Visitor) -> None:
    request = visitor.submitted()
    mails = [visitor.mail(""), visitor.provider_mail_about(request)]
    visitor.cloud.mailbox.wait_for(lambda mail: mail["Message-ID"] is not None)
    before = [item for item in visitor.table() if "settled_at" not in item]
    for mail in mails:
        for link in set(re.findall(r"https?://\S+", text_of(mail))):
            reachable = visitor.cloud.reachable(link.partition("#")[0])
            if visitor.cloud.api_url in reachable:
                for method in ("GET", "HEAD", "GET", "OPTIONS"):
                    visitor.open(reachable, method)
    assert [item for item in visitor.table() if "settled_at" not in item] == before
    assert visitor.open(visitor.cloud.reachable(answer_links(mails[1])[0])).status == 200


def test_of_25_callers_over_http_one_holds_it_and_24_get_alternatives(visitor: Visitor) -> None:
    day = visitor.free_start()[:10]
    first = next(start for start in visitor.slots() if start.startswith(day))
    at = datetime.fromisoformat(first)
    starts = [(at + timedelta(minutes=15 * step)).strftime("%Y-%m-%dT%H:%M:%SZ") for step in range(3)]
    barrier = Barrier(25)

    def ask(number: int) -> tuple[int, object]:
        caller = Visitor(visitor.cloud)
        barrier.wait()
        answer = caller.submit(starts[number % 3])
        return answer.status, answer.json.get("alternatives")

    with ThreadPoolExecutor(25) as pool:
        outcomes = list(pool.map(ask, range(25)))
    statuses = sorted(status for status, _ in outcomes)
    assert statuses == [201] + [409] * 24
    assert all(alternatives for status, alternatives in outcomes if status == 409)


def test_a_page_on_an_allowed_origin_may_call_and_another_may_not(visitor: Visitor) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "content-type,idempotency-key"}
    allowed = visitor.call("OPTIONS", "/v1/requests", headers={"origin": visitor.cloud.site_url, **asked})
    assert allowed.headers["access-control-allow-origin"] == visitor.cloud.site_url
    other = visitor.call("OPTIONS", "/v1/requests", headers={"origin": "https://elsewhere.example", **asked})
    assert other.headers.get("access-control-allow-origin") != "https://elsewhere.example"


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/requests/", "/v2/providers"])
def test_unknown_paths_are_problems_too(visitor: Visitor, path: str) -> None:
    answer = visitor.call("GET", path)
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["type"] == "urn:problem-type:openhour:unknown-path"


def test_the_api_describes_itself(visitor: Visitor) -> None:
    document = visitor.call("GET", "/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")


def test_any_provider_lists_only_public_ones(visitor: Visitor) -> None:
    today = datetime.now(UTC).date()
    dates = f"from={today}&to={today + timedelta(days=13)}"
    query = "&".join(f"{name}={value}" for name, value in SERVICE.items())
    answer = visitor.call("GET", f"/v1/slots?{query}&{dates}")
    assert answer.status == 200
    assert list(answer.json["by_provider"]) == [PROVIDER]
    assert visitor.call("GET", "/v1/providers/priya-nair").status == 404
    assert visitor.call("GET", "/v1/providers/jonas-brandt").status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'{"provider": NaN}', 400),
        (
            b'{"note": "\xff"}',
            422,
        ),  # the gateway puts U+FFFD there; what a function does with raw bytes: tests/handlers
        (b'{"note": "\\ud800"}', 422),
        (b"{}", 422),
        (b'{"note": "' + b"x" * 17000 + b'"}', 413),
    ],
)
def test_bad_bodies_are_problems_and_change_nothing(visitor: Visitor, body: bytes, status: int) -> None:
    before = visitor.table()
    headers = {"content-type": "application/json", "idempotency-key": "key-00000001"}
    answer = visitor.call("POST", "/v1/requests", body, headers)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert visitor.table() == before


def test_no_log_holds_a_name_an_address_a_note_or_a_token(visitor: Visitor) -> None:
    request = visitor.submitted()
    token = visitor.manage_token(visitor.mail(""))
    link = visitor.answer_link(request)
    visitor.open(link)
    visitor.manage("GET", request, token)
    visitor.press(link, "decline", "canary-reason")
    visitor.mail("not possible")
    logs = "\n".join(visitor.cloud.logs()).replace('": "', '":"')
    assert '"route":"POST /v1/requests"' in logs
    for function in ("submit_request", "send_mails"):
        assert f'"function_name":"{visitor.cloud.stack.functions[function]}"' in logs
    for secret in ("Ana Lima", visitor.email, "canary-note", "canary-reason", token, link.rsplit("/", 1)[1]):
        assert secret not in logs
