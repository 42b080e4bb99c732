"""Finding the table and the secret: by their names, or by the stack they belong to."""

from dataclasses import dataclass

import boto3

from openhour.adapters.clock import SystemClock, full_jitter
from openhour.adapters.dynamodb.archive import DynamoDBArchive
from openhour.adapters.dynamodb.client import Table
from openhour.adapters.dynamodb.outbox import DynamoDBOutbox
from openhour.adapters.dynamodb.requests import DynamoDBRequests
from openhour.adapters.keyring import HashedIdentity, Keyring
from openhour.application.jobs.erase import Erasing
from openhour.application.ports.clock import Clock
from openhour.application.ports.identity import Identity
from openhour.application.practice.leave import Leaving
from operate.practice.aws import aws_errors
from operate.practice.clients import KnownClients
from operate.practice.errors import TableError
from operate.practice.table import PracticeTable


@dataclass(frozen=True, slots=True)
class Connection:
    """Where AWS is: a region, and an address when it is not AWS itself; None takes the environment's."""

    region: str | None = None
    endpoint_url: str | None = None

    def table_of_stack(self, stack: str) -> str:
        """The name of a stack's table, from its output `TableName`. Raises TableError."""
        return self._output(stack, "TableName")

    def secret_of_stack(self, stack: str) -> str:
        """The ARN of a stack's secret, from its output `SecretArn`. Raises TableError."""
        return self._output(stack, "SecretArn")

    def table(self, name: str) -> PracticeTable:
        """The table of that name; whether it is there shows with the first call. Raises TableError."""
        with aws_errors(f"table {name}"):
            resource = boto3.resource("dynamodb", region_name=self.region, endpoint_url=self.endpoint_url)
            return PracticeTable(resource.Table(name))

    def leaving(self, name: str, clock: Clock | None = None) -> Leaving:
        """The use case that ends requests in the table of that name. Raises TableError."""
        with aws_errors(f"table {name}"):
            client = boto3.client("dynamodb", region_name=self.region, endpoint_url=self.endpoint_url)
            return Leaving(DynamoDBRequests(Table(client, name)), clock or SystemClock(), full_jitter)

    def erasing(self, name: str, clock: Clock) -> Erasing:
        """The use case that forgets people in the table of that name. Raises TableError."""
        with aws_errors(f"table {name}"):
            client = boto3.client("dynamodb", region_name=self.region, endpoint_url=self.endpoint_url)
        table = Table(client, name)
        return Erasing(DynamoDBArchive(table), DynamoDBRequests(table), DynamoDBOutbox(table), clock, full_jitter)

    def identity(self, secret: str) -> Identity:
        """Whose id belongs to an address, by the secret of that ARN or name. Raises TableError."""
        with aws_errors(f"secret {secret}"):
            client = boto3.client("secretsmanager", region_name=self.region, endpoint_url=self.endpoint_url)
            keyring = Keyring.parse(client.get_secret_value(SecretId=secret)["SecretString"])
            return HashedIdentity(lambda: keyring)

    def known_clients(self, table: str, secret: str) -> KnownClients:
        """The known clients in the table of that name, by the ids that this secret gives. Raises TableError."""
        with aws_errors(f"table {table}"):
            resource = boto3.resource("dynamodb", region_name=self.region, endpoint_url=self.endpoint_url)
            return KnownClients(resource.Table(table), self.identity(secret))

    def _output(self, stack: str, name: str) -> str:
        with aws_errors(f"stack {stack}"):
            client = boto3.client("cloudformation", region_name=self.region, endpoint_url=self.endpoint_url)
            outputs = client.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
        values: list[str] = [item["OutputValue"] for item in outputs if item["OutputKey"] == name]
        if not values:
            raise TableError(f"stack {stack} has no output {name}; is it a stack of Openhour, and deployed?")
        return values[0]
