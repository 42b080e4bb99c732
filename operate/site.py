"""The command `openhour site upload`: builds the pages and puts them onto the site of a stack with ServeSite=true.

What is named after its content goes first and what loads it last, so that whoever comes meanwhile gets whole pages.
What is no longer built is removed; only what is named after its content stays for a week, for pages that are open still
load parts of themselves. The bucket is this command's alone: files of others in it are removed, too.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import click

from local import site as pages
from local.errors import ProgramFailedError
from operate.aws import aws_errors
from operate.command import Target, World, at_a_stack, dry_run, examples, told_as
from operate.errors import OperatorError
from operate.stages import MEANING, at_its_stack

type Progress = Callable[[str], None]

KEPT = timedelta(days=7)
"""How long a part of a page outlives the build that it came from."""

CONFIG = "config.json"

_NOT_SERVED = {"demo"}
"""Other people's sites, made up; a practice has no use for them."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
_NAMED_AFTER_CONTENT = re.compile(r"-[A-Z0-9]{8}\.(?:js|css)$")
_SUPERSEDED = "superseded"


class UploadError(OperatorError):
    """Nothing was uploaded. Its text says what to do."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages of a stack are: their address, without a trailing slash, the bucket, the distribution's id."""

    url: str
    bucket: str
    distribution: str


@dataclass(frozen=True, slots=True)
class Upload:
    """What an upload did, or would do: keys of the bucket."""

    put: tuple[str, ...]
    superseded: tuple[str, ...]
    removed: tuple[str, ...]


def site_of(outputs: Mapping[str, str], stack: str) -> Site:
    """The site as the stack's outputs say it. Raises UploadError where it has none, or none that can be served."""
    if not {"SiteUrl", "SiteBucket", "DistributionId"} <= outputs.keys():
        raise UploadError(f"stack {stack} has no site. Deploy it with ServeSite=true first.")
    if urlsplit(outputs["SiteUrl"]).path:
        raise UploadError(
            f"SiteUrl is {outputs['SiteUrl']}; a site of a stack's own has no path. Deploy it without one."
        )
    return Site(outputs["SiteUrl"], outputs["SiteBucket"], outputs["DistributionId"])


def files_to_serve(built: Path, url: str) -> dict[str, bytes]:
    """What the site is to hold, by key, in the order in which it is to arrive. Pages call the API at `url`.

    Raises:
        UploadError: nothing is built, or something that no browser would be told the type of.

    """
    found = {path.relative_to(built).as_posix(): path for path in built.rglob("*") if path.is_file()}
    files = {key: path.read_bytes() for key, path in found.items() if key.partition("/")[0] not in _NOT_SERVED}
    if "index.html" not in files:
        raise UploadError(f"there are no pages in {built}.")
    if unknown := [key for key in files if PurePosixPath(key).suffix not in _TYPES]:
        raise UploadError(f"no content type is known for {', '.join(sorted(unknown))}.")
    files[CONFIG] = json.dumps({"api": url}).encode()
    return dict(sorted(files.items(), key=lambda file: _turn(file[0])))


def _turn(key: str) -> tuple[int, str]:
    """Parts, then what loads them, then pages."""
    return (0 if _NAMED_AFTER_CONTENT.search(key) else 2 if key.endswith(".html") else 1), key


def _described_to_browsers(key: str) -> dict[str, str]:
    forever = _NAMED_AFTER_CONTENT.search(key)
    return {
        "ContentType": _TYPES.get(PurePosixPath(key).suffix, "application/octet-stream"),
        "CacheControl": "public, max-age=31536000, immutable" if forever else "no-cache",
    }


def planned(s3: Any, site: Site, files: Iterable[str], now: datetime) -> Upload:
    """What has to be done for the bucket to hold `files`; nothing is written."""
    put = tuple(files)
    gone = [key for key in _keys(s3, site.bucket) if key not in set(put)]
    ages = {key: _superseded_at(s3, site.bucket, key) for key in gone if _NAMED_AFTER_CONTENT.search(key)}
    superseded = tuple(key for key, since in ages.items() if since is None)
    staying = {*superseded, *(key for key, since in ages.items() if since and now < since + KEPT)}
    return Upload(put, superseded, tuple(key for key in gone if key not in staying))


def _keys(s3: Any, bucket: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (each["Key"] for each in page.get("Contents", ()))


def _superseded_at(s3: Any, bucket: str, key: str) -> datetime | None:
    since = s3.head_object(Bucket=bucket, Key=key)["Metadata"].get(_SUPERSEDED)
    return datetime.fromisoformat(since) if since else None


def carry_out(
    s3: Any,
    cloudfront: Any,
    site: Site,
    files: dict[str, bytes],
    plan: Upload,
    now: datetime,
    progress: Progress = lambda _: None,
) -> None:
    """Upload, have CloudFront forget, and remove, in this order: until the end, what anybody holds finds its parts."""
    for number, key in enumerate(plan.put, 1):
        progress(f"uploading file {number} of {len(plan.put)}: {key}")
        s3.put_object(Bucket=site.bucket, Key=key, Body=files[key], **_described_to_browsers(key))
    for key in plan.superseded:
        _mark(s3, site.bucket, key, now)
    _forget(cloudfront, site.distribution, [*plan.put, *plan.removed], now)
    for key in plan.removed:
        s3.delete_object(Bucket=site.bucket, Key=key)


def _mark(s3: Any, bucket: str, key: str, now: datetime) -> None:
    """Metadata cannot be changed, only replaced together with the object; its content stays."""
    s3.copy_object(
        Bucket=bucket,
        Key=key,
        CopySource={"Bucket": bucket, "Key": key},
        MetadataDirective="REPLACE",
        Metadata={_SUPERSEDED: now.isoformat()},
        **_described_to_browsers(key),
    )


def _forget(cloudfront: Any, distribution: str, keys: Iterable[str], now: datetime) -> None:
    """What is named after its content never changes. `/` is cached apart from the page that it shows."""
    others = {f"/{key}" for key in keys if not (_NAMED_AFTER_CONTENT.search(key) or key.endswith(".html"))}
    paths = sorted({"/", "/*.html", *others})
    batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": now.isoformat()}
    cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)


def _said(plan: Upload, site: Site, *, dry_run: bool) -> str:
    lines = [f"  {done} {key}" for done, keys in (("-", plan.removed), ("~", plan.superseded)) for key in keys]
    counts = f"{len(plan.put)} files, {len(plan.superseded)} superseded, {len(plan.removed)} removed"
    return "\n".join([*lines, f"{'Would upload' if dry_run else 'Uploaded'} to {site.url}: {counts}."])


def _built(world: World) -> Path:
    world.terminal.progress("building the pages")
    try:
        pages.build()
    except ProgramFailedError as error:
        raise UploadError(str(error)) from error
    return pages.BUILT


@click.group()
def site() -> None:
    """See to the pages that a stack serves itself."""


@site.command(
    "upload",
    epilog=examples(
        "openhour site upload --stage prod --dry-run",
        "openhour site upload --stage prod                  (what `make upload STAGE=prod` runs)",
        "openhour site upload --stack openhour-prod --region eu-central-1",
    ),
)
@at_a_stack("stage", MEANING)
@click.option("--built", metavar="DIR", type=Path, help="Pages that are built already; else they are built first.")
@dry_run
@told_as("Not uploaded")
def upload(world: World, target: Target, *, built: Path | None, dry_run: bool) -> int:
    """Build the pages and put them onto the site of a stack.

    The stack must be deployed with ServeSite=true. Its bucket is this command's alone: what is no longer built is
    removed from it; parts of pages that may be open still stay for a week.
    """
    target = at_its_stack(target)
    target.announce(world.terminal)
    stack = str(target.stack)
    found, now = site_of(target.cloud.outputs(stack), stack), world.now()
    files = files_to_serve(built or _built(world), found.url)
    s3, cloudfront = target.cloud.client("s3"), target.cloud.client("cloudfront")
    with aws_errors(f"site {found.url}"):
        plan = planned(s3, found, files, now)
        if not dry_run:
            carry_out(s3, cloudfront, found, files, plan, now, world.terminal.progress)
    world.terminal.say(_said(plan, found, dry_run=dry_run))
    return 0
