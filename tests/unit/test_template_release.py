"""What the template makes of functions: versions behind an alias, by the same translation that AWS deploys it with."""

import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from local.stack import ALIAS
from tests.cloud import ROOT, template
from tools.finish_build import name_release, release_of

FUNCTIONS = {name for name, each in template()["Resources"].items() if each["Type"] == "AWS::Serverless::Function"}


def document_for_sam() -> dict[str, Any]:
    """The template with its short forms spelled out, as it is deployed."""
    found = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))
    for name, code in (("DependenciesLayer", "ContentUri"), ("SharedLayer", "ContentUri")):
        found["Resources"][name]["Properties"][code] = "s3://bucket/layer"
    found["Globals"]["Function"]["CodeUri"] = "s3://bucket/functions"
    return dict(found)


def transformed(sam: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources that AWS makes of it."""
    parameters = {name: str(each.get("Default", "")) for name, each in sam["Parameters"].items()}
    translated = Translator({}, Parser()).translate(copy.deepcopy(sam), parameters)
    return dict(translated["Resources"])


def named_functions(value: Any) -> list[str]:
    """The functions that a property names without their alias."""
    if isinstance(value, dict):
        if "Ref" in value:
            return [value["Ref"]] if str(value["Ref"]).endswith("Function") else []
        if "Fn::GetAtt" in value:
            return [value["Fn::GetAtt"][0]] if value["Fn::GetAtt"][0].endswith("Function") else []
        return [each for part in value.values() for each in named_functions(part)]
    return [each for part in value for each in named_functions(part)] if isinstance(value, list) else []


def versions(sam: dict[str, Any]) -> set[str]:
    return {name for name, each in transformed(sam).items() if each["Type"] == "AWS::Lambda::Version"}


def test_everything_calls_a_function_by_its_alias() -> None:
    resources = transformed(document_for_sam())
    functions_by_alias = {name for name, each in resources.items() if each["Type"] == "AWS::Lambda::Alias"}
    assert functions_by_alias == {f"{name}Alias{ALIAS}" for name in FUNCTIONS}
    assert {each["Properties"]["Name"] for each in resources.values() if each["Type"] == "AWS::Lambda::Alias"} == {
        ALIAS
    }
    for name, each in resources.items():
        if each["Type"] in {"AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias"}:
            continue
        by_name = named_functions(each.get("Properties", {}))
        dimensions = each["Type"] == "AWS::CloudWatch::Alarm"  # counts what any version does
        qualified = each["Type"] == "AWS::Lambda::EventInvokeConfig" and each["Properties"]["Qualifier"] == ALIAS
        assert not by_name or dimensions or qualified, name


def test_another_build_is_another_version_of_every_function_and_the_versions_before_stay() -> None:
    before, after = document_for_sam(), document_for_sam()
    after["Globals"]["Function"]["Environment"]["Variables"]["RELEASE"] = "2026-11-26T12:00:00Z 1a842e3"
    assert len(versions(before)) == len(FUNCTIONS)
    assert not versions(before) & versions(after)
    kept = [each for each in transformed(before).values() if each["Type"] == "AWS::Lambda::Version"]
    assert {each["DeletionPolicy"] for each in kept} == {"Retain"}


def test_a_build_writes_its_name_where_the_template_says_and_again_over_it(tmp_path: Path) -> None:
    built = tmp_path / "template.yaml"
    built.write_text((ROOT / "template.yaml").read_text("utf-8"), "utf-8")
    for name in ("2026-11-26T12:00:00Z 1a842e3", "2026-11-27T12:00:00Z 9f3c2d1-dirty"):
        name_release(built, name)
        variables = yaml_parse(built.read_text("utf-8"))["Globals"]["Function"]["Environment"]["Variables"]
        assert variables["RELEASE"] == name
    built.write_text("Resources: {}\n", "utf-8")
    with pytest.raises(SystemExit):
        name_release(built, "2026-11-26T12:00:00Z 1a842e3")


def test_names_of_releases_sort_by_their_time() -> None:
    earlier = release_of(datetime(2026, 11, 26, 23, 30, tzinfo=ZoneInfo("America/New_York")))
    assert earlier.startswith("2026-11-27T04:30:00Z")
    assert earlier < release_of(datetime(2026, 11, 27, 4, 30, 1, tzinfo=UTC))
