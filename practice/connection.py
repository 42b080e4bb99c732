"""Finding the table: by its name, or by the stack it belongs to."""

from dataclasses import dataclass

import boto3

from practice.aws import aws_errors
from practice.errors import TableError
from practice.table import PracticeTable


@dataclass(frozen=True, slots=True)
class Connection:
    """Where AWS is: a region, and an address when it is not AWS itself; None takes the environment's."""

    region: str | None = None
    endpoint_url: str | None = None

    def table_of_stack(self, stack: str) -> str:
        """The name of a stack's table, from its output `TableName`. Raises TableError."""
        with aws_errors(f"stack {stack}"):
            client = boto3.client("cloudformation", region_name=self.region, endpoint_url=self.endpoint_url)
            outputs = client.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
        names: list[str] = [item["OutputValue"] for item in outputs if item["OutputKey"] == "TableName"]
        if not names:
            raise TableError(f"stack {stack} has no output TableName; is it a stack of Openhour, and deployed?")
        return names[0]

    def table(self, name: str) -> PracticeTable:
        """The table of that name; whether it is there shows with the first call. Raises TableError."""
        with aws_errors(f"table {name}"):
            resource = boto3.resource("dynamodb", region_name=self.region, endpoint_url=self.endpoint_url)
            return PracticeTable(resource.Table(name))
