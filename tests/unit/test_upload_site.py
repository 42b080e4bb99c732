"""Pages on their way to the bucket: whole at every moment, told to browsers as what they are, nothing left over."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from operate.__main__ import main
from operate.cloud import Cloud
from operate.site import KEPT, Site, UploadError, carry_out, files_to_serve, planned, site_of
from tests.builders import NOW

BUCKET = "openhour-test-site"
URL = "https://booking.example"
FIRST = {
    "index.html": "<script type=module src=openhour.js>",
    "openhour.js": 'import("./list-AAAA2222.js")',
    "list-AAAA2222.js": "list",
    "page.css": "body{}",
    "demo/bold.html": "somebody else's site",
    "demo/bold.css": "p{}",
}
SECOND = {
    "index.html": "<script type=module src=openhour.js>",
    "portal.html": "portal",
    "openhour.js": 'import("./list-BBBB3333.js")',
    "list-BBBB3333.js": "other list",
}


def build(directory: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return directory


@dataclass
class Recorded:
    """A client that passes every call on, and the calls that wrote something."""

    client: Any
    calls: list[tuple[str, str]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        def call(**given: Any) -> Any:
            if name.startswith(("put", "delete", "copy")):
                self.calls.append((name.partition("_")[0], given["Key"]))
            return getattr(self.client, name)(**given)

        return getattr(self.client, name) if name == "get_paginator" else call


class Forgetful:
    """CloudFront, as far as an upload needs it: what it was asked to forget, after how many calls to S3."""

    def __init__(self, s3: Recorded) -> None:
        self._s3 = s3
        self.forgotten: list[tuple[list[str], int]] = []

    def create_invalidation(self, DistributionId: str, InvalidationBatch: Any) -> None:  # noqa: N803
        assert DistributionId == "E1"
        assert InvalidationBatch["Paths"]["Quantity"] == len(InvalidationBatch["Paths"]["Items"])
        self.forgotten.append((InvalidationBatch["Paths"]["Items"], len(self._s3.calls)))


class Place:
    """The bucket and the distribution, with an upload that takes the moment it happens at."""

    def __init__(self, directory: Path) -> None:
        self.s3 = Recorded(boto3.client("s3"))
        self.s3.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        self.cloudfront = Forgetful(self.s3)
        self._directory = directory

    def upload(self, files: dict[str, str], at: timedelta = timedelta(0)) -> None:
        site, now = Site(URL, BUCKET, "E1"), NOW + at
        served = files_to_serve(build(self._directory / str(at), files), URL)
        carry_out(self.s3, self.cloudfront, site, served, planned(self.s3, site, served, now), now)

    def held(self) -> set[str]:
        return {each["Key"] for each in self.s3.client.list_objects_v2(Bucket=BUCKET).get("Contents", ())}

    def get(self, key: str) -> Any:
        return self.s3.client.get_object(Bucket=BUCKET, Key=key)


@pytest.fixture
def place(aws: None, tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_everything_that_was_built_is_there_but_the_demonstration(place: Place) -> None:
    place.upload(FIRST)
    assert place.held() == {"index.html", "openhour.js", "list-AAAA2222.js", "page.css", "config.json"}
    assert place.get("openhour.js")["Body"].read().decode() == FIRST["openhour.js"]
    assert json.loads(place.get("config.json")["Body"].read()) == {"api": URL}


@pytest.mark.parametrize(
    ("key", "content_type", "kept"),
    [
        ("index.html", "text/html; charset=utf-8", "no-cache"),
        ("openhour.js", "text/javascript; charset=utf-8", "no-cache"),
        ("page.css", "text/css; charset=utf-8", "no-cache"),
        ("config.json", "application/json", "no-cache"),
        ("list-AAAA2222.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
    ],
)
def test_browsers_are_told_what_a_file_is_and_how_long_to_keep_it(
    place: Place, key: str, content_type: str, kept: str
) -> None:
    place.upload(FIRST)
    found = place.get(key)
    assert (found["ContentType"], found["CacheControl"]) == (content_type, kept)


def test_parts_arrive_before_what_loads_them_and_pages_last(place: Place) -> None:
    place.upload(FIRST)
    order = [key for _, key in place.s3.calls]
    assert order.index("list-AAAA2222.js") < order.index("openhour.js") < order.index("index.html")
    assert order[-1] == "index.html"


def test_what_is_not_built_any_more_goes_last_and_its_parts_stay_for_pages_that_are_open(place: Place) -> None:
    place.upload(FIRST)
    place.s3.calls.clear()
    place.upload(SECOND, timedelta(hours=1))
    assert place.held() == {*SECOND, "config.json", "list-AAAA2222.js"}
    assert place.s3.calls[-1] == ("delete", "page.css")
    part = place.get("list-AAAA2222.js")
    assert (part["Body"].read(), part["ContentType"]) == (b"list", "text/javascript; charset=utf-8")
    assert part["CacheControl"].endswith("immutable")


def test_a_part_is_removed_a_week_after_nothing_loads_it_any_more(place: Place) -> None:
    place.upload(FIRST)
    superseded = timedelta(days=300)
    place.upload(SECOND, superseded)
    place.upload(SECOND, superseded + KEPT - timedelta(seconds=1))
    assert "list-AAAA2222.js" in place.held()
    place.upload(SECOND, superseded + KEPT)
    assert place.held() == {*SECOND, "config.json"}


def test_a_part_that_comes_back_is_as_good_as_new(place: Place) -> None:
    place.upload(FIRST)
    place.upload(SECOND, timedelta(days=1))
    place.upload(FIRST, timedelta(days=2))
    place.upload(SECOND, timedelta(days=1) + KEPT)
    assert "list-AAAA2222.js" in place.held()


def test_cloudfront_forgets_what_changes_under_its_name_once_all_is_there_and_before_anything_goes(
    place: Place,
) -> None:
    place.upload(FIRST)
    assert place.cloudfront.forgotten[0][0] == ["/", "/*.html", "/config.json", "/openhour.js", "/page.css"]
    place.s3.calls.clear()
    place.upload(SECOND, timedelta(days=1))
    paths, calls_before = place.cloudfront.forgotten[1]
    assert paths == ["/", "/*.html", "/config.json", "/openhour.js", "/page.css"]
    assert {what for what, _ in place.s3.calls[:calls_before]} == {"put", "copy"}
    assert {what for what, _ in place.s3.calls[calls_before:]} == {"delete"}


def test_a_bucket_of_more_than_one_page_of_names_is_read_to_its_end(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        place.s3.client.put_object(Bucket=BUCKET, Key=f"left-{number}.css", Body=b"")
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "3")
    assert len(place.held()) == 3
    place.upload(FIRST)
    monkeypatch.delenv("MOTO_S3_DEFAULT_MAX_KEYS")
    assert len(place.held()) == 5


def test_nothing_is_uploaded_from_a_place_without_pages(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match="no pages"):
        files_to_serve(tmp_path, URL)


def test_a_file_that_no_browser_would_understand_is_named(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match=r"\.DS_Store"):
        files_to_serve(build(tmp_path, {**FIRST, ".DS_Store": ""}), URL)


# The stack, and the command


def deploy(name: str, **outputs: str) -> None:
    """A stack of one bucket, with these outputs besides."""
    resources = {"SiteBucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": f"{name}-site"}}}
    template = {"Resources": resources, "Outputs": {key: {"Value": value} for key, value in outputs.items()}}
    boto3.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(template))


def distribution() -> str:
    """The id of a distribution in moto."""
    behaviour = {"TargetOriginId": "site", "ViewerProtocolPolicy": "https-only", "CachePolicyId": "1"}
    origin = {"Id": "site", "DomainName": f"{BUCKET}.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
    config = {
        "CallerReference": "1",
        "Comment": "",
        "Enabled": True,
        "DefaultCacheBehavior": behaviour,
        "Origins": {"Quantity": 1, "Items": [origin]},
    }
    created = boto3.client("cloudfront").create_distribution(DistributionConfig=config)
    return str(created["Distribution"]["Id"])


@pytest.fixture
def distribution_id(aws: None) -> str:
    found = distribution()
    deploy("openhour-prod", SiteUrl=URL, SiteBucket="openhour-prod-site", DistributionId=found)
    return found


def objects(bucket: str = "openhour-prod-site") -> set[str]:
    return {each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket=bucket).get("Contents", ())}


def invalidations(distribution_id: str) -> int:
    listed = boto3.client("cloudfront").list_invalidations(DistributionId=distribution_id)["InvalidationList"]
    return int(listed["Quantity"])


def test_the_command_finds_the_site_by_the_stacks_outputs(
    distribution_id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = build(tmp_path, FIRST)
    assert main(["site", "upload", "--stack", "openhour-prod", "--built", str(built)]) == 0
    assert objects() == {"index.html", "openhour.js", "list-AAAA2222.js", "page.css", "config.json"}
    assert invalidations(distribution_id) == 1
    assert f"Uploaded to {URL}: 5 files, 0 superseded, 0 removed." in capsys.readouterr().out


def test_a_dry_run_says_what_would_go_and_writes_nothing(
    distribution_id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    boto3.client("s3").put_object(Bucket="openhour-prod-site", Key="old.html", Body=b"old")
    boto3.client("s3").put_object(Bucket="openhour-prod-site", Key="list-CCCC4444.js", Body=b"old")
    assert (
        main(["site", "upload", "--stack", "openhour-prod", "--built", str(build(tmp_path, FIRST)), "--dry-run"]) == 0
    )
    assert objects() == {"old.html", "list-CCCC4444.js"}
    assert invalidations(distribution_id) == 0
    said = capsys.readouterr().out
    assert "  - old.html\n  ~ list-CCCC4444.js\n" in said
    assert "Would upload" in said


def test_a_stage_names_its_stack_and_its_region(aws: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")  # as samconfig.toml has it for prod
    deploy("openhour-prod", SiteUrl=URL, SiteBucket="openhour-prod-site", DistributionId=distribution())
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-1")
    assert main(["site", "upload", "--stage", "prod", "--built", str(build(tmp_path, FIRST))]) == 0
    assert "index.html" in objects()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--stack", "openhour-other"], "openhour-other"),
        (["--stack", "openhour-bare"], "Deploy it with ServeSite=true first"),
        (["--stage", "nowhere"], "no stage nowhere"),
    ],
)
def test_what_has_no_site_is_refused_in_words_to_act_on(
    aws: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    deploy("openhour-bare", SiteUrl=URL)
    assert main(["site", "upload", *arguments, "--built", str(build(tmp_path, FIRST))]) == 1
    assert told in capsys.readouterr().err


def test_a_site_below_a_path_is_refused_for_its_pages_would_not_be_there(aws: None) -> None:
    deploy("openhour-path", SiteUrl=f"{URL}/booking", SiteBucket="any", DistributionId="any")
    with pytest.raises(UploadError, match="has no path"):
        site_of(Cloud().outputs("openhour-path"), "openhour-path")
