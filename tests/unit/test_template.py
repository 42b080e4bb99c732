"""What the template promises beyond what its schema can check."""

import itertools
import json
import re
import tomllib
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from openhour.adapters import keys
from openhour.domain.deadlines import Hold
from tests.cloud import ROOT, template
from tests.handlers.gateway import routes

READING_OF_A_STREAM = {
    f"dynamodb:{what}" for what in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
}
PARTITIONS = {
    keys.practice()[0],
    keys.directory()[0],
    keys.day("*", date(2027, 3, 8))[0],
    keys.request("*")[0],
    keys.profile("*")[0],
    keys.sign_in("*", 0)[0],
    keys.caller_count("*", "", date(2027, 3, 8))[0],
    keys.spent_proof("*")[0],
}
READING = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}


@cache
def document() -> dict[str, Any]:
    return template()


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    resources = document()["Resources"]
    return {name: resource["Properties"] for name, resource in resources.items() if resource["Type"] == kind}


def functions() -> dict[str, dict[str, Any]]:
    found = of_type("AWS::Serverless::Function").values()
    return {properties["Handler"].partition(".")[0]: properties for properties in found}


def statements(function: str) -> list[dict[str, Any]]:
    return [each for policy in functions()[function].get("Policies", ()) for each in policy["Statement"]]


def actions(statement: dict[str, Any]) -> set[str]:
    action = statement["Action"]
    return {action} if isinstance(action, str) else set(action)


def folder_of(logical_id: str) -> str:
    return document()["Resources"][logical_id]["Properties"]["Handler"].partition(".")[0]


def test_every_folder_of_functions_is_a_function_and_the_reverse() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}
    assert set(functions()) == folders


def test_each_route_leads_to_its_function_as_the_gateways_role() -> None:
    for integration in of_type("AWS::ApiGatewayV2::Integration").values():
        assert integration["PayloadFormatVersion"] == "2.0"
        assert integration["CredentialsArn"] == {"GetAtt": "GatewayRole.Arn"}
        assert integration["IntegrationUri"]["Ref"].endswith("Function.Alias")


def test_the_gateway_may_call_what_its_routes_lead_to_and_nothing_else() -> None:
    role = of_type("AWS::IAM::Role")["GatewayRole"]
    (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert (trusted["Principal"], trusted["Action"]) == ({"Service": "apigateway.amazonaws.com"}, "sts:AssumeRole")
    (policy,) = role["Policies"]
    (granted,) = policy["PolicyDocument"]["Statement"]
    assert (granted["Effect"], granted["Action"]) == ("Allow", "lambda:InvokeFunction")
    called = [folder_of(each["Ref"].removesuffix(".Alias")) for each in granted["Resource"]]
    assert sorted(called) == sorted(set(routes().values()))


def test_settings_of_routes_wait_for_their_routes_and_are_tighter_than_those_of_the_rest() -> None:
    stage = document()["Resources"]["ApiStage"]
    properties = stage["Properties"]
    writing = {key for key in routes() if key.startswith("POST")}
    created_before = {document()["Resources"][name]["Properties"]["RouteKey"] for name in stage["DependsOn"]}
    assert set(properties["RouteSettings"]) == writing == created_before
    general = {name: int(value) for name, value in properties["DefaultRouteSettings"].items()}
    for settings in properties["RouteSettings"].values():
        assert all(int(settings[name]) < limit for name, limit in general.items())


def test_the_access_log_names_the_route_and_nothing_about_the_caller_or_the_address() -> None:
    named = set(
        re.findall(r"\$context\.[\w.]+", of_type("AWS::ApiGatewayV2::Stage")["ApiStage"]["AccessLogSettings"]["Format"])
    )
    assert named == {
        "$context.requestId",
        "$context.requestTime",
        "$context.routeKey",
        "$context.status",
        "$context.responseLength",
        "$context.responseLatency",
        "$context.integrationErrorMessage",
    }


def test_browsers_may_call_from_the_origins_of_the_parameter_alone() -> None:
    cors = of_type("AWS::ApiGatewayV2::Api")["HttpApi"]["CorsConfiguration"]
    assert cors["AllowOrigins"] == {"Ref": "AllowedOrigins"}
    assert set(cors["AllowMethods"]) == {"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"}
    assert set(cors["AllowHeaders"]) == {"content-type", "authorization", "idempotency-key"}
    assert cors["ExposeHeaders"] == ["retry-after"]
    assert "AllowCredentials" not in cors


def test_a_function_that_is_only_ever_asked_may_not_write() -> None:
    told_to_do = {function for route, function in routes().items() if route.split()[0] not in {"GET", "HEAD"}}
    for function in set(routes().values()) - told_to_do:
        granted = set(itertools.chain.from_iterable(map(actions, statements(function))))
        assert granted - {"secretsmanager:GetSecretValue"} <= READING, function


OF_SES = {
    "send_mails": {"ses:SendRawEmail", "ses:DeleteSuppressedDestination"},
    "note_bounce": {"ses:SendRawEmail"},
}


def test_permissions_name_actions_and_resources() -> None:
    for function, statement in ((name, each) for name in functions() for each in statements(name)):
        assert statement["Effect"] == "Allow"
        assert not [action for action in actions(statement) if "*" in action], function
        assert statement["Resource"] != "*" or actions(statement) <= OF_SES.get(function, set())


def test_outside_the_local_stage_mail_can_only_come_from_the_sender() -> None:
    for function in OF_SES:
        (sending,) = [each for each in statements(function) if "ses:SendRawEmail" in actions(each)]
        condition, deployed, _local = sending["Condition"]["If"]
        assert condition == "Deployed"
        assert deployed == {"StringEquals": {"ses:FromAddress": {"Ref": "Sender"}}}
    assert document()["Conditions"]["Deployed"] == {"Not": [{"Equals": [{"Ref": "Stage"}, "local"]}]}


def test_a_function_names_the_partitions_of_the_table_that_it_reads_and_writes() -> None:
    """Writing can answer with what was there before, and overwrite it."""
    for name in functions():
        for statement in statements(name):
            if statement["Resource"] == {"GetAtt": "Table.Arn"}:
                (allowed,) = statement["Condition"]["ForAllValues:StringLike"].items()
                assert allowed[0] == "dynamodb:LeadingKeys", name
                assert set(allowed[1]) <= PARTITIONS, name


@pytest.mark.parametrize(
    ("variable", "action"),
    [
        ("TABLE_NAME", "dynamodb:GetItem"),
        ("SECRET_ARN", "secretsmanager:GetSecretValue"),
        ("BUS_NAME", "events:PutEvents"),
        ("SENDER", "ses:SendRawEmail"),
    ],
)
def test_a_function_is_told_of_what_it_may_use_and_of_nothing_else(variable: str, action: str) -> None:
    for name, properties in functions().items():
        told = variable in properties.get("Environment", {}).get("Variables", {})
        service = action.partition(":")[0]
        used = {each for statement in statements(name) for each in actions(statement)} - READING_OF_A_STREAM
        assert told == any(each.startswith(f"{service}:") for each in used), name


def test_calls_log_into_one_group_and_jobs_into_another_and_all_logs_are_forgotten() -> None:
    common = document()["Globals"]["Function"]["LoggingConfig"]
    for name, properties in functions().items():
        group = {**common, **properties.get("LoggingConfig", {})}["LogGroup"]
        assert group == {"Ref": "ApiLog" if name in routes().values() else "JobsLog"}, name
    groups = of_type("AWS::Logs::LogGroup")
    assert set(groups) == {"ApiLog", "JobsLog", "AccessLog"}
    assert all(int(group["RetentionInDays"]) <= 90 for group in groups.values())


def test_the_api_answers_before_the_gateway_gives_up() -> None:
    common = int(document()["Globals"]["Function"]["Timeout"])
    assert all(int(functions()[name].get("Timeout", common)) < 30 for name in set(routes().values()))


def test_what_cannot_be_made_again_outlives_the_stack() -> None:
    for name, policy in (
        ("Table", "Retain"),
        ("SigningSecret", "RetainExceptOnCreate"),
        ("SenderIdentity", "RetainExceptOnCreate"),
    ):
        resource = document()["Resources"][name]
        assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == (policy, "Retain")
    assert of_type("AWS::DynamoDB::Table")["Table"]["DeletionProtectionEnabled"] == {"If": ["Deployed", True, False]}


def test_nothing_has_the_signing_secret_generated_anew() -> None:
    """CloudFormation generates another one as soon as any of this is edited: every link ever mailed would be dead."""
    assert of_type("AWS::SecretsManager::Secret")["SigningSecret"]["GenerateSecretString"] == {
        "SecretStringTemplate": '{"signing": []}',
        "GenerateStringKey": "identity",
        "PasswordLength": 64,
        "ExcludePunctuation": True,
    }


def test_the_access_log_has_a_name_that_needs_no_room_in_the_accounts_policy_of_logs() -> None:
    name = of_type("AWS::Logs::LogGroup")["AccessLog"]["LogGroupName"]
    assert name == {"Sub": "/aws/vendedlogs/${AWS::StackName}/access"}


def test_the_table_has_the_keys_and_indexes_that_the_code_uses() -> None:
    table = of_type("AWS::DynamoDB::Table")["Table"]

    def schema(described: dict[str, Any]) -> list[tuple[str, str]]:
        return [(each["AttributeName"], each["KeyType"]) for each in described["KeySchema"]]

    assert schema(table) == [(keys.PK, "HASH"), (keys.SK, "RANGE")]
    assert {index["IndexName"]: schema(index) for index in table["GlobalSecondaryIndexes"]} == {
        keys.OVERDUE_INDEX: [(keys.OVERDUE_PK, "HASH"), (keys.OVERDUE_SK, "RANGE")],
        keys.UNSENT_INDEX: [(keys.UNSENT_PK, "HASH"), (keys.UNSENT_SK, "RANGE")],
        keys.KEPT_INDEX: [(keys.KEPT_PK, "HASH"), (keys.KEPT_SK, "RANGE")],
    }
    assert {each["AttributeType"] for each in table["AttributeDefinitions"]} == {"S"}


def test_the_stream_gives_up_on_a_batch_without_losing_it() -> None:
    stream = functions()["publish_events"]["Events"]["Transition"]["Properties"]
    (kept,) = (json.loads(each["Pattern"]) for each in stream["FilterCriteria"]["Filters"])
    assert kept == {"eventName": ["INSERT"], "dynamodb": {"Keys": {keys.SK: {"S": [{"prefix": keys.EVENT_PREFIX}]}}}}
    assert stream["DestinationConfig"]["OnFailure"] == {
        "Type": "SQS",
        "Destination": {"GetAtt": "UnpublishedEvents.Arn"},
    }
    assert stream["BisectBatchOnFunctionError"] is True
    assert 0 < int(stream["MaximumRetryAttempts"]) < 10_000
    assert 0 < int(stream["MaximumRecordAgeInSeconds"]) < 86_400
    assert int(stream["BatchSize"]) <= 10  # entries that one PutEvents takes


def test_the_queue_waits_for_the_notifier_and_sets_aside_what_it_cannot_send() -> None:
    queues = of_type("AWS::SQS::Queue")
    due, notifier = queues["DueMails"], functions()["send_mails"]
    assert int(due["VisibilityTimeout"]) >= 6 * int(notifier["Timeout"])
    assert due["RedrivePolicy"]["deadLetterTargetArn"] == {"GetAtt": "UndeliverableEvents.Arn"}
    for name in ("UndeliverableEvents", "UnpublishedEvents", "UnnotedBounces"):
        assert int(queues[name]["MessageRetentionPeriod"]) == timedelta(days=14).total_seconds()
    consumer = notifier["Events"]["Due"]["Properties"]
    assert consumer["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert int(consumer["ScalingConfig"]["MaximumConcurrency"]) >= 2  # Lambda's own lower bound


def test_the_scheduled_job_is_not_run_again_beside_its_next_run() -> None:
    job = functions()["expire_requests"]
    assert job["EventInvokeConfig"]["MaximumRetryAttempts"] in {0, "0"}
    assert int(job["EventInvokeConfig"]["MaximumEventAgeInSeconds"]) <= 60
    assert int(job["Timeout"]) < 60


def test_what_lambda_sets_aside_does_not_lie_among_what_can_be_moved_back() -> None:
    """SQS moves messages out of the dead-letter queue of a queue only (StartMessageMoveTask)."""
    of_queues = {
        each["RedrivePolicy"]["deadLetterTargetArn"]["GetAtt"]
        for each in of_type("AWS::SQS::Queue").values()
        if "RedrivePolicy" in each
    }
    of_functions = {
        destination["OnFailure"]["Destination"]["GetAtt"]
        for properties in functions().values()
        for destination in [properties.get("EventInvokeConfig", {}).get("DestinationConfig")]
        if destination
    }
    assert of_functions == {"UnnotedBounces.Arn"}
    assert not of_queues & of_functions


def test_every_queue_that_something_is_set_aside_in_is_watched() -> None:
    set_aside = {name for name, each in of_type("AWS::SQS::Queue").items() if "MessageRetentionPeriod" in each}
    metrics = of_type("AWS::CloudWatch::Alarm")["DeadLettersAlarm"]["Metrics"]
    dimensions = [each["MetricStat"]["Metric"]["Dimensions"][0] for each in metrics if "MetricStat" in each]
    assert {each["Value"]["GetAtt"].partition(".")[0] for each in dimensions} == set_aside


def test_nobody_is_tracked() -> None:
    [told] = of_type("AWS::SES::ConfigurationSetEventDestination").values()
    assert set(told["EventDestination"]["MatchingEventTypes"]) == {"bounce", "complaint"}
    assert "TrackingOptions" not in of_type("AWS::SES::ConfigurationSet")["ConfigurationSet"]


def test_alarms_add_up_all_that_they_name_within_what_an_alarm_may_compute() -> None:
    computed = [each["Metrics"] for each in of_type("AWS::CloudWatch::Alarm").values() if "Metrics" in each]
    assert len(computed) == 2
    for metrics in computed:
        (total,) = [each for each in metrics if "Expression" in each]
        parts = {each["Id"] for each in metrics} - {total["Id"]}
        assert set(re.findall(r"FILL\((\w+), 0\)", total["Expression"])) == parts
        assert len(metrics) <= 10
        assert all(each["ReturnData"] is False for each in metrics if each is not total)


def test_errors_of_every_function_reach_an_alarm() -> None:
    metrics = of_type("AWS::CloudWatch::Alarm")["ErrorsAlarm"]["Metrics"]
    dimensions = [each["MetricStat"]["Metric"]["Dimensions"][0] for each in metrics if "MetricStat" in each]
    watched = {folder_of(each["Value"]["Ref"]) for each in dimensions if each["Name"] == "FunctionName"}
    assert {"Name": "ApiId", "Value": {"Ref": "HttpApi"}} in dimensions
    assert watched | set(routes().values()) == set(functions())


def test_a_job_that_does_not_count_unsent_mails_is_as_alarming_as_unsent_mails() -> None:
    alarm = of_type("AWS::CloudWatch::Alarm")["UnsentMailsAlarm"]
    assert (alarm["TreatMissingData"], alarm["InsufficientDataActions"]) == ("missing", alarm["AlarmActions"])
    service = document()["Globals"]["Function"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": service}]


@pytest.mark.parametrize("text", ["1h", "48h", "999h", "2d", "3wd"])
def test_a_hold_that_the_template_takes_is_one_that_the_code_takes(text: str) -> None:
    assert re.fullmatch(document()["Parameters"]["Hold"]["AllowedPattern"], text)
    assert Hold.parse(text)


@pytest.mark.parametrize("text", ["", "0h", "48", "48m", "h", "-1d", "1.5h", "1000h", " 2d", "2 d", "2WD"])
def test_a_hold_that_makes_no_sense_does_not_get_past_the_template(text: str) -> None:
    assert not re.fullmatch(document()["Parameters"]["Hold"]["AllowedPattern"], text)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_stage_sets_every_parameter_that_has_no_default_and_none_that_is_unknown(stage: str) -> None:
    configuration = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))[stage]
    given = dict(each.split("=", 1) for each in configuration["deploy"]["parameters"]["parameter_overrides"])
    parameters = document()["Parameters"]
    assert given["Stage"] == stage
    assert {name for name, each in parameters.items() if "Default" not in each} <= set(given) <= set(parameters)
    built = dict(each.split("=", 1) for each in configuration["build"]["parameters"]["parameter_overrides"])
    assert built["Architecture"] == given["Architecture"]
