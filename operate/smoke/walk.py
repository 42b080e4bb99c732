"""The walk itself, step by step. Each step says how long it took; the first that fails ends the walk."""

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from altcha.v1 import solve_challenge

from openhour.application.client.manage import ENDABLE
from openhour.application.client.slot_lookup import MOST_DAYS
from openhour.application.ports.clock import Clock
from openhour.domain.transitions import Status
from operate.smoke.api import Answer, Caller
from operate.smoke.errors import StumbledError
from operate.smoke.inside import Inside

MAILS_WITHIN = 120
"""Seconds that a mail may take from its transition to SES."""

_LOOKS_EVERY = 1.0
_JSON = {"content-type": "application/json"}
_FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Time:
    """A free time of a provider, and what can be booked in it."""

    provider: str
    name: str
    service: str
    location: str
    forum: str
    start: str


@dataclass
class Walk:
    """One walk; `address` is the client's, `key` the submission's idempotency key.

    `say` takes a line for each step, `wait` seconds.
    """

    call: Caller
    inside: Inside
    clock: Clock
    say: Callable[[str], None]
    wait: Callable[[float], None]
    address: str
    key: str
    request: str = field(default="", init=False)

    def free_time(self, provider: str | None) -> Time:
        """The last free time of a provider, of the first one listed where none is named. Raises StumbledError."""
        with self._step("look for a free time"):
            found = self._provider(provider)
            for offer in found["offers"]:
                for service in offer["services"]:
                    start = self._last_start(found, offer, service)
                    if start:
                        return Time(found["id"], found["name"], service, offer["location"], offer["forum"], start)
            raise StumbledError(f"{found['id']} has no free time at all.")

    def ask_confirm_cancel(self, time: Time) -> None:
        """Ask for the time, prove the address where that is wished, confirm as the provider, cancel as the client.

        Raises StumbledError, CloudError.
        """
        with self._step("ask for it"):
            status = self._submit(time)
        if status == Status.UNVERIFIED:
            self._mails_go_out()
            with self._step("prove the address"):
                self._client("POST", Status.PENDING, "/verification", self.inside.tokens.verify(self._stored()))
        self._mails_go_out()
        with self._step("confirm it for the provider"):
            self._confirm()
            self._client("GET", Status.CONFIRMED)
        self._mails_go_out()
        with self._step("cancel it for the client"):
            self._client("DELETE", Status.CANCELLED, f"?status={Status.CONFIRMED}")
        self._mails_go_out()

    def take_back(self) -> bool:
        """Take the request back, however far the walk came; whether nothing stands any more."""
        if not self.request:
            return True
        try:
            stored = self._stored()
            if stored.status.keeps_time:
                path = f"?status={stored.status}" if stored.status in ENDABLE else ""
                self._expect(200, self._with_token("DELETE", path, self.inside.tokens.manage(stored)))
        except StumbledError as error:
            self.say(f"          not taken back: {error}")
            return False
        return True

    def forget(self) -> None:
        """Forget the client. Raises CloudError and what forgetting raises."""
        if self.request:
            with self._step("forget the client"):
                self.inside.forget(self.address)

    # -- what each step does

    def _provider(self, wanted: str | None) -> Any:
        if wanted:
            return self._expect(200, self._get(f"/v1/providers/{quote(wanted, safe='')}")).json
        listed = self._expect(200, self._get("/v1/providers")).json["providers"]
        if not listed:
            raise StumbledError("the practice lists no providers; name one with --provider.")
        # A listing may leave out what only a booking needs.
        return self._provider(listed[0]["id"])

    def _last_start(self, provider: Any, offer: Mapping[str, Any], service: str) -> str | None:
        today = self.clock.now().date()
        horizon = next(each["horizon_days"] for each in provider["services"] if each["id"] == service)
        last = today + timedelta(days=horizon)
        while last >= today:
            first = max(today, last - timedelta(days=MOST_DAYS - 1))
            starts = self._starts(provider["id"], offer, service, (first, last))
            if starts:
                return str(starts[-1])
            last = first - timedelta(days=1)
        return None

    def _starts(self, provider: str, offer: Mapping[str, Any], service: str, dates: tuple[date, date]) -> list[str]:
        query = {"service": service, "location": offer["location"], "forum": offer["forum"]}
        query |= {"from": dates[0].isoformat(), "to": dates[1].isoformat()}
        path = f"/v1/providers/{quote(provider, safe='')}/slots?{urlencode(query)}"
        return list(self._expect(200, self._get(path)).json["slots"])

    def _submit(self, time: Time) -> str:
        body = {
            "provider": time.provider,
            "service": time.service,
            "location": time.location,
            "forum": time.forum,
            "start": time.start,
            "client": {"name": "Smoke Test", "email": self.address},
            "note": "A test of the system. Nothing to do.",
        }
        answer = self._post(body)
        if answer.status == HTTPStatus.PRECONDITION_REQUIRED:
            answer = self._post(body | {"proof": _solved(answer.json["challenge"])})
        made = self._expect(201, answer).json
        self.request = made["id"]
        return str(made["status"])

    def _post(self, body: Mapping[str, Any]) -> Answer:
        return self.call("POST", "/v1/requests", json.dumps(body).encode(), _JSON | {"idempotency-key": self.key})

    def _client(self, method: str, status: Status, path: str = "", token: str = "") -> None:
        """A call of the client's own, after which the request has this status."""
        answer = self._with_token(method, path, token or self.inside.tokens.manage(self._stored()))
        found = self._expect(200, answer).json["status"]
        if found != status:
            raise StumbledError(f"the request is {found}, not {status}.")

    def _confirm(self) -> None:
        path = f"/v1/answers/{self.inside.tokens.answer(self._stored())}"
        self._expect(200, self._get(path))
        self._expect(200, self.call("POST", path, urlencode({"decision": "confirm"}).encode(), _FORM))

    def _mails_go_out(self) -> None:
        with self._step("mails go out"):
            tries = int(MAILS_WITHIN / _LOOKS_EVERY)
            for _ in range(tries):
                unsent = {mail: state for mail, state in self.inside.mails(self.request).items() if state != "sent"}
                if not unsent:
                    return
                self.wait(_LOOKS_EVERY)
            said = ", ".join(f"{mail} is {state}" for mail, state in unsent.items())
            raise StumbledError(f"after {MAILS_WITHIN} s {said}. See docs/operating.md, Unsent mail.")

    def _stored(self) -> Any:
        return self.inside.request(self.request)

    def _get(self, path: str) -> Answer:
        return self.call("GET", path, None, {})

    def _with_token(self, method: str, path: str, token: str) -> Answer:
        return self.call(method, f"/v1/requests/{self.request}{path}", None, {"authorization": f"Bearer {token}"})

    def _expect(self, status: int, answer: Answer) -> Answer:
        if answer.status != status:
            raise StumbledError(f"answered {answer.status}{_problem(answer)}, not {status}.")
        return answer

    @contextmanager
    def _step(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        except StumbledError as error:
            raise StumbledError(f"{what}: {error}") from error
        self.say(f"  {time.monotonic() - began:6.2f} s  {what}")


def when(start: str) -> datetime:
    """The start of a time, aware."""
    return datetime.fromisoformat(start)


def _problem(answer: Answer) -> str:
    """What kind of problem it is; nothing else of what was answered is repeated."""
    try:
        kind = json.loads(answer.text)["type"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f" ({kind})"


def _solved(challenge: Mapping[str, Any]) -> str:
    """What the booking page sends for a challenge of proof of work."""
    found = solve_challenge(challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxnumber"])
    if found is None:
        raise StumbledError("the proof of work that it asks for cannot be found.")
    kept = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps(kept | {"number": found.number}).encode()).decode()
