"""The deployed stack, as CloudFormation describes it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from local import aws
from local.aws import Client

NAME = "openhour-local"
ALIAS = "live"
"""What calls, streams and schedules reach of a function: the version that its alias leads to."""


@dataclass(frozen=True)
class Stack:
    """A deployed stack on the emulated AWS at `port`; it is read once, so a new deployment needs a new one."""

    port: int
    name: str = NAME
    _cloudformation: Client = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_cloudformation", aws.client("cloudformation", self.port))

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The stack's outputs by their names."""
        return {item["OutputKey"]: item["OutputValue"] for item in self._description["Outputs"]}

    @cached_property
    def functions(self) -> dict[str, str]:
        """Physical names of the functions by their directories' (`list_slots`)."""
        suffix = "Function"
        return {
            _directory(name.removesuffix(suffix)): physical_id
            for name, physical_id in self.resources.items()
            if name.endswith(suffix)
        }

    @cached_property
    def resources(self) -> dict[str, str]:
        """Physical ids of all resources by their names in the template; a queue's is its URL."""
        return {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in self._summaries()}

    def cors(self) -> dict[str, Any]:
        """The CORS settings of the API, with its parameters' values."""
        template = self._cloudformation.get_template(StackName=self.name, TemplateStage="Processed")["TemplateBody"]
        settings = template["Resources"]["HttpApi"]["Properties"]["CorsConfiguration"]
        return {name: self._resolve(value) for name, value in settings.items()}

    def _resolve(self, value: Any) -> Any:
        if not (isinstance(value, dict) and value.keys() == {"Ref"}):
            return value
        parameters = {item["ParameterKey"]: item["ParameterValue"] for item in self._description["Parameters"]}
        return parameters[value["Ref"]].split(",")  # The one parameter in there is a list.

    @cached_property
    def _description(self) -> dict[str, Any]:
        return dict(self._cloudformation.describe_stacks(StackName=self.name)["Stacks"][0])

    def _summaries(self) -> Iterator[dict[str, Any]]:
        pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.name)
        return (item for page in pages for item in page["StackResourceSummaries"])


def _directory(name: str) -> str:
    """`list_slots`, of `ListSlots`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
