"""Where AWS is, whose it is, and what a stack there says of itself."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3

from operate.aws import aws_errors
from operate.errors import CloudError

_OF_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws")
_TOUCHED = ("cloudformation", "dynamodb", "lambda", "s3", "secretsmanager")
"""What commands read or write."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A region, and an address where it is not AWS itself; None takes the environment's."""

    region: str | None = None
    endpoint_url: str | None = None

    def client(self, service: str) -> Any:
        """A client of a service, by its name in boto3. Raises CloudError."""
        with aws_errors(f"AWS ({service})"):
            return boto3.client(service, region_name=self.region, endpoint_url=self.endpoint_url)  # type: ignore[call-overload]

    def resource(self, service: str) -> Any:
        """A resource of a service, by its name in boto3. Raises CloudError."""
        with aws_errors(f"AWS ({service})"):
            return boto3.resource(service, region_name=self.region, endpoint_url=self.endpoint_url)  # type: ignore[call-overload]

    def outputs(self, stack: str) -> dict[str, str]:
        """A stack's outputs by their names. Raises CloudError."""
        client = self.client("cloudformation")
        with aws_errors(f"stack {stack}"):
            outputs = client.describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}

    def output(self, stack: str, name: str) -> str:
        """One of them. Raises CloudError, also where the stack has none of that name."""
        try:
            return self.outputs(stack)[name]
        except KeyError:
            raise CloudError(f"stack {stack} has no output {name}; is it a stack of Openhour, and deployed?") from None

    def described(self) -> str:
        """Account and region, or that AWS is emulated there. Asks AWS whose the credentials are. Raises CloudError.

        The environment can name an address for each service: what is at AWS itself is never passed over in silence.
        """
        metas = {service: self.client(service).meta for service in _TOUCHED}
        emulated = {service: meta.endpoint_url for service, meta in metas.items() if not _is_of_aws(meta.endpoint_url)}
        region = f"region {metas[_TOUCHED[0]].region_name}"
        if len(emulated) == len(_TOUCHED):
            return f"the emulated cloud at {', '.join(dict.fromkeys(emulated.values()))}, {region}"
        exceptions = "".join(f", but emulated {service} at {url}" for service, url in emulated.items())
        return f"AWS account {self._account()}, {region}{exceptions}"

    def _account(self) -> str:
        client = self.client("sts")
        with aws_errors("the AWS account cannot be told"):
            return str(client.get_caller_identity()["Account"])


def _is_of_aws(url: str) -> bool:
    return str(urlsplit(url).hostname).endswith(_OF_AWS)
