"""What setting up a practice needs of AWS: the table and the secret, by their names."""

from collections.abc import Callable
from dataclasses import dataclass

from openhour.adapters.clock import full_jitter
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.client import Table
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.adapters.keyring import HashedIdentity, Keyring
from openhour.application.jobs.erase import Erasing
from openhour.application.ports.clock import Clock
from openhour.application.ports.identity import Identity
from openhour.application.practice.leave import Leaving
from operate.aws import aws_errors
from operate.cloud import Cloud
from operate.practice.clients import KnownClients
from operate.practice.table import PracticeTable


@dataclass(frozen=True, slots=True)
class Connection:
    """The adapters of a stack in this cloud."""

    cloud: Cloud

    def table(self, name: str, progress: Callable[[str], None] = lambda _: None) -> PracticeTable:
        """The table of that name; whether it is there shows with the first call. Raises CloudError."""
        return PracticeTable(self.cloud.resource("dynamodb").Table(name), progress)

    def leaving(self, name: str, clock: Clock) -> Leaving:
        """The use case that ends requests in the table of that name. Raises CloudError."""
        return Leaving(DynamoDBRequests(Table(self.cloud.client("dynamodb"), name)), clock, full_jitter)

    def erasing(self, name: str, clock: Clock) -> Erasing:
        """The use case that forgets people in the table of that name. Raises CloudError."""
        table = Table(self.cloud.client("dynamodb"), name)
        return Erasing(DynamoDBArchive(table), DynamoDBRequests(table), DynamoDBOutbox(table), clock, full_jitter)

    def identity(self, secret: str) -> Identity:
        """Whose id belongs to an address, by the secret of that ARN or name. Raises CloudError."""
        client = self.cloud.client("secretsmanager")
        with aws_errors(f"secret {secret}"):
            keyring = Keyring.parse(client.get_secret_value(SecretId=secret)["SecretString"])
        return HashedIdentity(lambda: keyring)

    def known_clients(self, table: str, secret: str) -> KnownClients:
        """The known clients in the table of that name, by the ids that this secret gives. Raises CloudError."""
        return KnownClients(self.cloud.resource("dynamodb").Table(table), self.identity(secret))
