"""Every file in events/ through its handler, in the order in which such events happen."""

import json
from collections.abc import Callable
from datetime import date
from email import message_from_string
from typing import Any

import pytest

from openhour.application.ports.requests import Near
from openhour.domain.requests import NOBODY
from openhour.domain.transitions import Status
from tests.builders import at, practice, provider
from tests.cloud import ROOT
from tests.handlers.gateway import Reply, heads, routes
from tests.handlers.stack import Invocation, Stack

FILES = sorted(path.name for path in (ROOT / "events").glob("*.json"))
_NAME, _EMAIL, _PHONE, _NOTE = "Ana Lima", "ana@client.example", "+351 21 000 0000", "I would rather not say much here."
_DAY = [f"2027-03-08T{hour:02}:{minute:02}:00Z" for hour in range(9, 17) for minute in (0, 15, 30, 45)]

type Check = Callable[[Stack, Any], None]
CHECKS: dict[str, Check] = {}


def outcome_of(file: str) -> Callable[[Check], Check]:
    """Marks what is to be seen after a file's event."""

    def register(check: Check) -> Check:
        CHECKS[file] = check
        return check

    return register


def event(file: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "events" / file).read_text("utf-8"))
    return document


def run(stack: Stack, file: str) -> Any:
    answer = stack.invoke(file.partition(".")[0], event(file), Invocation(seconds=50))
    return Reply.of(answer) if "requestContext" in event(file) else answer


def submitted(stack: Stack) -> str:
    identity: str = run(stack, "submit_request.json").json()["id"]
    return identity


@pytest.mark.parametrize("file", FILES)
def test_the_event_does_what_its_name_says(stack: Stack, file: str) -> None:
    CHECKS[file](stack, file)


def test_what_is_compared_is_the_whole_table(stack: Stack) -> None:
    before = stack.items()
    submitted(stack)
    assert stack.items() == stack.store.items()
    assert len(stack.items()) == len(before) + 7  # request, ledger, event, two mails, the client's two rows


def test_every_file_has_a_check_and_every_check_a_file() -> None:
    assert sorted(CHECKS) == FILES


@outcome_of("list_providers.json")
def _providers(stack: Stack, file: str) -> None:
    reply = run(stack, file)
    assert reply.status == 200
    assert [provider["id"] for provider in reply.json()["providers"]] == ["maya-okafor"]
    assert reply.json()["practice"]["name"] == "Riverside Therapy"
    assert "maya@practice.example" not in reply.body
    assert "meet.example" not in reply.body


@outcome_of("show_practice.json")
def _practice(stack: Stack, file: str) -> None:
    reply = run(stack, file)
    assert reply.status == 200
    assert reply.json() == {"practice": run(stack, "list_providers.json").json()["practice"]}


@outcome_of("list_providers.one.json")
def _provider(stack: Stack, file: str) -> None:
    reply = run(stack, file)
    assert reply.status == 200
    assert set(reply.json()) == {
        "id",
        "name",
        "title",
        "time_zone",
        "photo_url",
        "locations",
        "services",
        "offers",
    }
    assert reply.json()["offers"] == [
        {"location": "marylebone", "forum": "in_person", "services": ["long-talk", "talk"]},
        {"location": "marylebone", "forum": "telehealth", "services": ["long-talk", "talk"]},
    ]


@outcome_of("list_slots.json")
def _slots(stack: Stack, file: str) -> None:
    reply = run(stack, file)
    found = reply.json()
    assert reply.status == 200
    assert (found["duration_minutes"], found["time_zone"]) == (50, "Europe/Lisbon")
    assert found["slots"][:29] == _DAY[:29]  # the last session of a day ends at 17:00
    assert len(found["slots"]) == 5 * 29


@outcome_of("list_slots.any_provider.json")
def _slots_of_any(stack: Stack, file: str) -> None:
    reply = run(stack, file)
    assert reply.status == 200
    assert reply.json()["by_provider"] == {"maya-okafor": reply.json()["slots"]}
    assert reply.json()["slots"] == run(stack, "list_slots.json").json()["slots"]


@outcome_of("submit_request.validate_only.json")
def _validate(stack: Stack, file: str) -> None:
    before = stack.items()
    reply = run(stack, file)
    assert reply.status == 200
    assert reply.json() == {
        "status": "pending",
        "start": "2027-03-08T09:00:00Z",
        "end": "2027-03-08T09:50:00Z",
        "deadline": "2027-03-03T08:00:00Z",
    }
    assert stack.items() == before


@outcome_of("submit_request.json")
def _submit(stack: Stack, file: str) -> None:
    reply = run(stack, file)
    made = reply.json()
    assert reply.status == 201
    assert reply.headers["location"] == f"/v1/requests/{made['id']}"
    assert {name: made[name] for name in ("status", "start", "deadline")} == {
        "status": "pending",
        "start": "2027-03-08T09:00:00Z",
        "deadline": "2027-03-03T08:00:00Z",
    }
    stored = stack.request(made["id"])
    assert (stored.client.name, stored.client.email, stored.note) == (_NAME, _EMAIL, _NOTE)
    assert "2027-03-08T09:00:00Z" not in run(stack, "list_slots.json").json()["slots"]
    after = stack.items()
    assert run(stack, file) == reply
    assert stack.items() == after


@outcome_of("show_request.json")
def _show(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    reply = run(stack, file)
    assert reply.status == 200
    assert reply.json()["id"] == identity
    assert reply.json()["note"] == _NOTE
    assert reply.json()["telehealth_url"] is None
    assert _EMAIL not in reply.body


@outcome_of("list_request_slots.json")
def _slots_of_request(stack: Stack, file: str) -> None:
    submitted(stack)
    free = run(stack, file).json()["slots"]
    assert "2027-03-08T09:00:00Z" in free
    assert "2027-03-08T09:00:00Z" not in run(stack, "list_slots.json").json()["slots"]


@outcome_of("end_request.json")
def _withdraw(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    reply = run(stack, file)
    assert (reply.status, reply.json()["status"]) == (200, "withdrawn")
    assert stack.request(identity).status is Status.WITHDRAWN
    assert "2027-03-08T09:00:00Z" in run(stack, "list_slots.json").json()["slots"]
    after = stack.items()
    assert run(stack, file) == reply
    assert stack.items() == after


@outcome_of("show_answer.json")
def _page(stack: Stack, file: str) -> None:
    submitted(stack)
    before = stack.items()
    reply = run(stack, file)
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert all(text in reply.body for text in (_NAME, _EMAIL, _PHONE, _NOTE))
    assert stack.items() == before


@outcome_of("show_answer.head.json")
def _probe(stack: Stack, file: str) -> None:
    submitted(stack)
    before = stack.items()
    reply = run(stack, file)
    assert (reply.status, reply.headers) == (200, run(stack, "show_answer.json").headers)
    assert stack.items() == before


@outcome_of("answer_request.confirm.json")
def _confirm(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    reply = run(stack, file)
    assert reply.status == 200
    assert stack.request(identity).status is Status.CONFIRMED
    assert _NAME not in reply.body


@outcome_of("answer_request.decline.json")
def _decline(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    reply = run(stack, file)
    assert reply.status == 200
    assert stack.request(identity).status is Status.DECLINED
    assert stack.request(identity).reason == "I am away that week.\nWould the 15th suit you?"


@outcome_of("describe_api.json")
def _describe(stack: Stack, file: str) -> None:
    reply = run(stack, file)
    assert reply.status == 200
    assert reply.headers["cache-control"] == "public, max-age=3600"
    assert reply.json()["openapi"].startswith("3.1.")
    documented = {f"{verb.upper()} {path}" for path, verbs in reply.json()["paths"].items() for verb in verbs}
    assert documented >= set(routes()) - {"$default"} - heads()


@outcome_of("refuse_unknown.json")
def _unknown(stack: Stack, file: str) -> None:
    reply = run(stack, file)
    assert reply.status == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["type"] == "urn:problem-type:openhour:unknown-path"
    assert "wp-login" not in reply.body


@outcome_of("publish_events.json")
def _publish(stack: Stack, file: str) -> None:
    assert run(stack, file) == {"published": 2}
    found = sorted(stack.published(), key=lambda told: told["detail"]["version"])
    assert [told["detail-type"] for told in found] == ["AppointmentRequestSubmitted", "AppointmentRequestConfirmed"]
    assert {told["source"] for told in found} == {"openhour.appointments"}
    assert set(found[0]["detail"]) == {"request", "provider", "version", "revision", "status", "at", "start"}
    assert _NAME not in json.dumps(found)
    assert _EMAIL not in json.dumps(found)


@outcome_of("send_mails.json")
def _send(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    assert run(stack, file) == {"batchItemFailures": []}
    sent = stack.mails()
    assert sorted(mail.destinations[0] for mail in sent) == [_EMAIL, "maya@practice.example"]
    assert all(message_from_string(mail.raw_data)["Subject"] for mail in sent)
    assert stack.store.owed(identity, 1)[1] == []
    run(stack, file)
    assert len(stack.mails()) == 2


@outcome_of("expire_requests.json")
def _expire(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    stack.clock.move(hours=48)
    assert run(stack, file) == {"expired": 1, "anonymised": 0, "left": 0, "published": 2, "unsent": 2}
    assert stack.request(identity).status is Status.EXPIRED
    found = stack.store.with_days(identity, Near("maya-okafor", date(2027, 3, 8)))
    assert found.days.live_entries(int(stack.clock.now().timestamp())) == []
    assert [told["detail"]["version"] for told in stack.published()] == [1]  # its mails are still unsent
    assert run(stack, file) == {"expired": 0, "anonymised": 0, "left": 0, "published": 0, "unsent": 0}


@outcome_of("change_request.json")
def _change(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    reply = run(stack, file)
    assert (reply.status, reply.json()["start"], reply.json()["revision"]) == (200, "2027-03-09T10:00:00Z", 2)
    assert stack.request(identity).note is None
    after = stack.items()
    assert run(stack, file) == reply
    assert stack.items() == after


@outcome_of("verify_request.json")
def _verify(stack: Stack, file: str) -> None:
    stack.store.seed(practice(verify=True), provider())
    identity = submitted(stack)
    assert stack.request(identity).status is Status.UNVERIFIED
    reply = run(stack, file)
    assert (reply.status, reply.json()["status"]) == (200, "pending")
    assert stack.tokens().read_manage(reply.json()["manage_token"]).request == identity
    after = stack.items()
    assert run(stack, file) == reply
    assert stack.items() == after


@outcome_of("answer_request.offer.json")
def _offer(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    reply = run(stack, file)
    assert reply.status == 200
    assert stack.request(identity).offered == (at(9, 10), at(10, 11))
    after = stack.items()
    assert run(stack, file).body == reply.body
    assert stack.items() == after


@outcome_of("answer_request.cancel.json")
def _cancel(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    run(stack, "answer_request.confirm.json")
    assert run(stack, file).status == 200
    assert (stack.request(identity).status, stack.request(identity).reason) == (Status.CANCELLED, "I am ill that day.")


@outcome_of("show_answer.times.json")
def _times(stack: Stack, file: str) -> None:
    submitted(stack)
    before = stack.items()
    reply = run(stack, file)
    assert reply.status == 200
    assert 'name="start" value="2027-03-09T10:00:00Z"' in reply.body
    assert 'value="2027-03-08T09:00:00Z"' not in reply.body  # the time that was asked for
    assert stack.items() == before


@outcome_of("request_sign_in.json")
def _ask_for_link(stack: Stack, file: str) -> None:
    def noted() -> list[dict[str, Any]]:
        return [item for item in stack.items() if item["pk"]["S"].startswith("SIGNIN#")]

    reply = run(stack, file)
    assert (reply.status, reply.json()) == (202, {})
    after = noted()
    assert len(after) == 2  # the wish, and its event
    assert run(stack, file) == reply
    assert noted() == after


@outcome_of("publish_events.sign_in.json")
def _publish_sign_in(stack: Stack, file: str) -> None:
    assert run(stack, file) == {"published": 1}
    [told] = stack.published()
    assert told["detail-type"] == "SignInLinkRequested"
    assert set(told["detail"]) == {"client", "period", "at"}


@outcome_of("send_mails.sign_in.json")
def _send_sign_in(stack: Stack, file: str) -> None:
    run(stack, "request_sign_in.json")
    assert run(stack, file) == {"batchItemFailures": []}
    assert stack.mails() == []  # nobody knows this address yet
    submitted(stack)
    assert run(stack, file) == {"batchItemFailures": []}
    [mail] = stack.mails()
    assert mail.destinations[0] == "Ana@client.example"  # as it was typed
    assert "sign-in.html#" in message_from_string(mail.raw_data).get_payload()[0].get_payload(decode=True).decode()


@outcome_of("sign_in.json")
def _sign_in(stack: Stack, file: str) -> None:
    reply = run(stack, file)
    assert (reply.status, reply.json()["expires_at"]) == (201, "2027-03-01T20:00:00Z")
    assert stack.tokens().read_portal(reply.json()["token"]).epoch == 0


@outcome_of("sign_out.json")
def _sign_out(stack: Stack, file: str) -> None:
    assert run(stack, "list_appointments.json").status == 200
    reply = run(stack, file)
    assert (reply.status, reply.json()) == (200, {})
    assert run(stack, file) == reply
    assert run(stack, "list_appointments.json").json()["type"] == "urn:problem-type:openhour:signed-out"
    assert run(stack, "sign_in.json").status == 401


@outcome_of("erase_client.json")
def _erase(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    assert run(stack, file).json()["requests"] == [identity]
    run(stack, "answer_request.decline.json")
    assert (run(stack, file).status, stack.request(identity).client) == (200, NOBODY)
    assert not [item for item in stack.items() if _EMAIL in json.dumps(item)]
    assert run(stack, "list_appointments.json").json()["type"] == "urn:problem-type:openhour:signed-out"


@outcome_of("list_appointments.json")
def _list(stack: Stack, file: str) -> None:
    assert run(stack, file).json() == {"appointments": [], "next": None}
    identity = submitted(stack)
    [line] = run(stack, file).json()["appointments"]
    assert (line["id"], line["status"], line["start"]) == (identity, "pending", "2027-03-08T09:00:00Z")


@outcome_of("note_bounce.bounce.json")
def _bounce(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    assert run(stack, file) == {"marked": 1, "told": 1, "unreached": 0}
    assert run(stack, file) == {"marked": 1, "told": 0, "unreached": 0}
    assert stack.request(identity).undeliverable
    assert run(stack, "show_request.json").json()["mail_undeliverable"] is True


@outcome_of("note_bounce.provider.json")
def _provider_bounce(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    before = stack.request(identity)
    assert run(stack, file) == {"marked": 0, "told": 0, "unreached": 1}
    assert stack.request(identity) == before


@outcome_of("note_bounce.complaint.json")
def _complaint(stack: Stack, file: str) -> None:
    identity = submitted(stack)
    before = stack.request(identity)
    assert run(stack, file) == {"marked": 1, "told": 0, "unreached": 0}
    assert stack.request(identity) == before
    assert stack.store.profile(before.client.id).complained_at is not None
