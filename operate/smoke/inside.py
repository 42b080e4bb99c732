"""What the operator may know of a stack and a visitor may not: the keys that sign links, and what became of mails."""

from dataclasses import dataclass

from openhour.adapters import keys
from openhour.adapters.dynamodb import records
from openhour.adapters.dynamodb.client import Table
from openhour.adapters.keyring import HashedIdentity, Keyring
from openhour.adapters.tokens import Tokens
from openhour.application.jobs.erase import Erasing
from openhour.application.ports.clock import Clock
from openhour.domain.requests import Request
from operate.aws import aws_errors
from operate.cloud import Cloud
from operate.practice.connection import Connection
from operate.smoke.errors import StumbledError


@dataclass(frozen=True, slots=True)
class Inside:
    """A stack's table and keys."""

    table: Table
    tokens: Tokens
    identity: HashedIdentity
    erasing: Erasing

    @classmethod
    def of(cls, cloud: Cloud, table: str, secret: str, clock: Clock) -> "Inside":
        """What a stack's outputs name. Raises CloudError."""
        client = cloud.client("secretsmanager")
        with aws_errors(f"secret {secret}"):
            keyring = Keyring.parse(client.get_secret_value(SecretId=secret)["SecretString"])
        return cls(
            Table(cloud.client("dynamodb"), table),
            Tokens(lambda: keyring, clock),
            HashedIdentity(lambda: keyring),
            Connection(cloud).erasing(table, clock),
        )

    def request(self, request_id: str) -> Request:
        """A request as it stands. Raises StumbledError, CloudError."""
        with aws_errors(f"table {self.table.name}"):
            item = self.table.get(keys.request(request_id))
        if item is None:
            raise StumbledError(f"the table has no request {request_id}.")
        return records.request_of(item)

    def mails(self, request_id: str) -> dict[str, str]:
        """What its transitions tell at once, by kind and reader, and how far each is: due, leased, sent. CloudError."""
        partition, _ = keys.request(request_id)
        with aws_errors(f"table {self.table.name}"):
            items = self.table.query(
                KeyConditionExpression="pk = :pk AND begins_with(sk, :mails)",
                ExpressionAttributeValues={":pk": {"S": partition}, ":mails": {"S": keys.MAIL_PREFIX}},
                ConsistentRead=True,
            )
            found = [(records.mail_of(item), item["state"]["S"]) for item in items]
        return {
            f"{mail.kind.value} to the {mail.reader.value}": state for mail, state in found if not mail.kind.is_reminder
        }

    def forget(self, address: str) -> None:
        """Make all that an address asked for anonymous. Raises ApplicationError's family, CloudError."""
        with aws_errors(f"table {self.table.name}"):
            self.erasing.forget(self.identity.client_id(address))
