"""What `make deploy` looks at before it does anything."""

import re
import tomllib
from typing import Any

import pytest

from tests.cloud import ROOT, template
from tools.check_stage import LONGEST_NAME, faults

LONGEST_REGION = "ap-southeast-2"
LONGEST = {  # characters of a name, as each service takes them
    "AWS::ApiGatewayV2::Api": 128,
    "AWS::CloudFront::CachePolicy": 128,
    "AWS::CloudFront::Function": 64,
    "AWS::CloudFront::OriginAccessControl": 64,
    "AWS::CloudFront::ResponseHeadersPolicy": 128,
    "AWS::Events::EventBus": 256,
    "AWS::Logs::LogGroup": 512,
    "ScheduleV2": 64,
}


def stage(name: str, *overrides: str) -> dict[str, Any]:
    return {
        "prod": {
            "global": {"parameters": {"stack_name": name}},
            "deploy": {"parameters": {"parameter_overrides": ["Stage=prod", *overrides]}},
        }
    }


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_stages_of_the_file_can_be_deployed(name: str) -> None:
    assert list(faults(name, tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8")))) == []


@pytest.mark.parametrize("name", ["a", "openhour-prod", "x" * LONGEST_NAME])
def test_a_name_that_every_resource_can_bear_is_taken(name: str) -> None:
    assert list(faults("prod", stage(name, "OriginSecret={{resolve:secretsmanager:openhour-origin}}"))) == []


@pytest.mark.parametrize("name", ["x" * (LONGEST_NAME + 1), "1openhour", "open_hour", "open hour", ""])
def test_a_name_that_some_resource_cannot_bear_is_refused(name: str) -> None:
    (fault,) = faults("prod", stage(name))
    assert "stack_name" in fault


def test_a_secret_in_the_file_is_refused_and_not_repeated() -> None:
    (fault,) = faults("prod", stage("openhour", "OriginSecret=0123456789abcdef"))
    assert "0123456789abcdef" not in fault


def test_a_stage_that_is_not_there_is_named() -> None:
    assert list(faults("live", stage("openhour"))) == ["there is no stage live with a stack_name."]


def _named(kind: str, part: Any) -> list[tuple[str, str]]:
    """The names in a resource that begin with the stack's, each with the kind of what bears it."""
    if isinstance(part, list):
        return [found for each in part for found in _named(kind, each)]
    if not isinstance(part, dict):
        return []
    kind = part.get("Type", kind)
    own = [part[key] for key in ("Name", "LogGroupName") if isinstance(part.get(key), dict)]
    texts = [name.get("Sub", f"${{{name.get('Ref')}}}") for name in own]
    return [(kind, text) for text in texts if "StackName" in text] + _named(kind, list(part.values()))


def test_every_resource_can_bear_its_name_and_those_of_cloudfront_are_told_apart_by_region() -> None:
    """CloudFront is one for all regions of an account."""
    found = [name for resource in template()["Resources"].values() for name in _named("", resource)]
    assert {kind for kind, _ in found} >= {"AWS::CloudFront::Function", "ScheduleV2"}
    for kind, text in found:
        name = text.replace("${AWS::StackName}", "x" * LONGEST_NAME).replace("${AWS::Region}", LONGEST_REGION)
        assert not re.search(r"\$", name)
        assert len(name) <= LONGEST[kind], text
        assert kind.startswith("AWS::CloudFront") == ("${AWS::Region}" in text), text
