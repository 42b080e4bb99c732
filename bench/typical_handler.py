"""What a typical handler looks like: powertools Logger+Tracer+Metrics+HttpResolver with validation, pydantic, boto3 client and resource at module level."""
import os
from datetime import date, datetime, timedelta, timezone
from typing import Annotated
from zoneinfo import ZoneInfo
import boto3
from boto3.dynamodb.conditions import Key
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import BaseModel, EmailStr, Field
import json
from bench import reference_slots as ref
logger, tracer, metrics = Logger(service="x"), Tracer(service="x"), Metrics(namespace="x", service="x")
app = APIGatewayHttpResolver(enable_validation=True)
client = boto3.client("dynamodb")
table = boto3.resource("dynamodb").Table("openhour")
class Model(BaseModel):
    a: str = Field(max_length=100); b: str = Field(max_length=100); c: str | None = None; d: int = Field(gt=0, default=1); e: datetime | None = None
    f: date | None = None; g: bool = False; h: list[str] = []; i: dict[str, int] = {}; j: float | None = None
class Slots(BaseModel):
    slots: list[str]; duration_minutes: int; time_zone: str
@app.get("/v1/providers/<provider>/slots")
@tracer.capture_method
def slots(provider: str, service: str, location: str, forum: str, from_: Annotated[date, Query(alias="from")], to: date, time_zone: str) -> Slots:
    snap = json.loads(table.get_item(Key={"pk": "PRACTICE", "sk": f"PROVIDER#{provider}"}, ConsistentRead=True)["Item"]["document"])
    rows = table.query(KeyConditionExpression=Key("pk").eq(f"PROVIDER#{provider}") & Key("sk").between(f"DAY#{from_ - timedelta(days=1)}", f"DAY#{to + timedelta(days=1)}#EXT"))["Items"]
    booked = [[int(e["start"]), int(e["end"])] for r in rows for e in r["entries"].values()]
    z = ZoneInfo(time_zone)
    lo, hi = (int(datetime(x.year, x.month, x.day, tzinfo=z).timestamp()) // 60 for x in (from_, to + timedelta(days=1)))
    hm = lambda m: f"{m // 60:02d}:{m % 60:02d}"
    p = {"tz": snap["time_zone"], "overrides": {}, "holds": [], "bookings": booked, "rules": [{"days": b["days"], "start": hm(b["start"]), "end": hm(b["end"])} for b in snap["blocks"]]}
    now = int(datetime.now(timezone.utc).timestamp()) // 60 + 1
    found = ref.free(p, {"from_min": lo, "to_min": hi, "min_notice": 1440, "buffer_after": 10, "duration": 50, "step": 15}, now)
    metrics.add_metric(name="Looked", unit=MetricUnit.Count, value=1)
    return Slots(slots=[datetime.fromtimestamp(s * 60, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for s in found], duration_minutes=50, time_zone=time_zone)
@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=False)
def lambda_handler(event, context):
    return app.resolve(event, context)
