"""What people do with a running Openhour, over real HTTP and real mail."""

import http.client
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode, urlsplit

from local.cloud import Cloud
from openhour.adapters import keys
from openhour.adapters.dynamodb.client import typed

SERVICE = {"service": "session", "location": "bermondsey", "forum": "telehealth"}
PROVIDER = "maya-okafor"
PROVIDERS_ADDRESS = "maya.okafor@harbour.example"


@dataclass(frozen=True)
class Answer:
    """A response."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Visitor:
    """A client with an address that nobody else has; can also open the provider's mails."""

    cloud: Cloud
    email: str = field(default_factory=lambda: f"ana-{secrets.token_hex(4)}@client.example")

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, url: str | None = None
    ) -> Answer:
        parts = urlsplit(url or self.cloud.api_url + path)
        sent = {"accept": "*/*", **(headers or {})}
        raw = body
        if body is not None and not isinstance(body, bytes):
            raw, sent = json.dumps(body).encode(), {"content-type": "application/json", **sent}
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), raw, sent)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read().decode())
        finally:
            connection.close()

    def slots(self, days: int = 60, start: date | None = None, **changes: str) -> list[str]:
        """Free starts from a date on, today's where none is given."""
        today = start or datetime.now(UTC).date()
        query = SERVICE | {"from": today.isoformat(), "to": (today + timedelta(days=days)).isoformat()} | changes
        answer = self.call("GET", f"/v1/providers/{PROVIDER}/slots?{urlencode(query)}")
        assert answer.status == 200, answer.text
        return list(answer.json["slots"])

    def free_start(self) -> str:
        """A free start far enough ahead that its deadline is the whole hold away; the furthest, so tests keep apart."""
        return self.slots()[-1]

    def body(self, start: str, **changes: Any) -> dict[str, Any]:
        client = {"name": "Ana Lima", "email": self.email, "time_zone": "Europe/Lisbon"}
        return {"provider": PROVIDER, **SERVICE, "start": start, "client": client, "note": "canary-note", **changes}

    def submit(self, start: str | None = None, key: str | None = None, query: str = "", **changes: Any) -> Answer:
        headers = {"idempotency-key": key or secrets.token_urlsafe(16)}
        return self.call("POST", f"/v1/requests{query}", self.body(start or self.free_start(), **changes), headers)

    def submitted(self) -> dict[str, Any]:
        answer = self.submit()
        assert answer.status == 201, answer.text
        return dict(answer.json)

    def mail(self, subject: str) -> EmailMessage:
        """The client's mail whose subject contains these words."""
        return self.cloud.mailbox.wait_for(self._to(self.email, subject), seconds=60)

    def mails(self) -> list[str]:
        """Subjects of all the client's mails so far."""
        return [str(mail["Subject"]) for mail in self.cloud.mailbox.messages() if self.email in str(mail["To"])]

    def _to(self, address: str, subject: str) -> Callable[[EmailMessage], bool]:
        return lambda mail: address in str(mail["To"]) and subject.lower() in str(mail["Subject"]).lower()

    def manage_token(self, mail: EmailMessage) -> str:
        [token] = set(re.findall(r"/manage\.html#\w+/([\w.-]+)", text_of(mail)))
        return str(token)

    def manage(self, method: str, request: Mapping[str, Any], token: str) -> Answer:
        return self.call(method, f"/v1/requests/{request['id']}", headers={"authorization": f"Bearer {token}"})

    def provider_mail_about(self, request: Mapping[str, Any]) -> EmailMessage:
        """The provider's mail about one request, found by where its link leads."""

        def wanted(mail: EmailMessage) -> bool:
            return PROVIDERS_ADDRESS in str(mail["To"]) and any(
                self._request_behind(link) == request["id"] for link in answer_links(mail)
            )

        return self.cloud.mailbox.wait_for(wanted, seconds=60)

    def answer_link(self, request: Mapping[str, Any]) -> str:
        return self.cloud.reachable(answer_links(self.provider_mail_about(request))[0])

    def press(self, link: str, decision: str, reason: str = "") -> Answer:
        form = urlencode({"decision": decision, "reason": reason}).encode()
        return self.call("POST", "", form, {"content-type": "application/x-www-form-urlencoded"}, url=link)

    def open(self, link: str, method: str = "GET") -> Answer:
        return self.call(method, "", url=link)

    def _request_behind(self, link: str) -> str:
        from itsdangerous import URLSafeSerializer

        return str(URLSafeSerializer("x").loads_unsafe(link.rsplit("/", 1)[1])[1][0])

    def table(self) -> list[Any]:
        """Everything in the table, to see that nothing has changed."""
        pages = self.cloud.client("dynamodb").get_paginator("scan").paginate(TableName=self.cloud.table_name)
        return sorted(
            (item for page in pages for item in page["Items"]),
            key=lambda item: json.dumps(item, sort_keys=True, default=repr),
        )


@contextmanager
def proving(visitor: Visitor) -> Iterator[Visitor]:
    """A practice that asks whoever is not signed in to prove their address, for a while."""
    table, key = visitor.cloud.client("dynamodb"), typed(keys.practice())
    before = table.get_item(TableName=visitor.cloud.table_name, Key=key)["Item"]
    document = json.loads(before["document"]["S"]) | {"verify": True}
    table.put_item(TableName=visitor.cloud.table_name, Item=before | {"document": {"S": json.dumps(document)}})
    try:
        yield visitor
    finally:
        table.put_item(TableName=visitor.cloud.table_name, Item=before)


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def answer_links(mail: EmailMessage) -> list[str]:
    return [link.partition("#")[0] for link in re.findall(r"http\S+/v1/answers/\S+", text_of(mail))]
