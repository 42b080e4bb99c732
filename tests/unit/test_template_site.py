"""What the template promises of the site: pages and API under one name, private, cached only where it is safe."""

import json
import re
import subprocess
from datetime import timedelta
from typing import Any

import pytest

from list_slots.operation import PARAMETERS
from local.programs import NODE
from openhour.adapters.http.messages import BRIEFLY_SHARED
from tests.cloud import ROOT
from tests.handlers.gateway import routes
from tests.unit.test_template import document, functions, of_type

PARAMETERS_OF_SLOTS = [each["name"] for each in PARAMETERS.values()]
SITE = (
    "SiteBucket",
    "SiteBucketPolicy",
    "SiteAccess",
    "SiteHeaders",
    "FramedHeaders",
    "BrieflyCached",
    "KnownOrigin",
    "ViewerAddress",
    "MissingPage",
    "Distribution",
)
BRIEFLY = {"If": ["MakesCachePolicy", {"Ref": "BrieflyCached"}, {"Ref": "SiteCachePolicyId"}]}
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


def distribution() -> dict[str, Any]:
    config: dict[str, Any] = of_type("AWS::CloudFront::Distribution")["Distribution"]["DistributionConfig"]
    return config


def behaviours() -> dict[str, dict[str, Any]]:
    """Those that every site has; see below for the one of frames."""
    return {each["PathPattern"]: each for each in distribution()["CacheBehaviors"] if "If" not in each}


def behaviour_of(path: str) -> dict[str, Any]:
    """The first behaviour whose pattern a path meets, as CloudFront looks them up; `*` is any text."""
    for pattern, behaviour in behaviours().items():
        if re.fullmatch(pattern.replace("*", ".*"), path):
            return behaviour
    default: dict[str, Any] = distribution()["DefaultCacheBehavior"]
    return default


def path_of(route: str) -> str:
    return re.sub(r"\{\w+\}", "any", route.partition(" ")[2])


def test_a_stack_has_a_site_only_if_it_is_told_to_and_never_on_the_local_cloud() -> None:
    resources, conditions = document()["Resources"], document()["Conditions"]
    of_the_site = {name for name, each in resources.items() if each["Type"].startswith(("AWS::S3", "AWS::CloudFront"))}
    assert of_the_site == set(SITE)
    conditions_of_site = {resources[name]["Condition"] for name in SITE}
    assert conditions_of_site == {"ServesSite", "MakesCachePolicy", "FramesBooking"}
    assert conditions["ServesSite"] == {
        "And": [{"Condition": "Deployed"}, {"Equals": [{"Ref": "ServeSite"}, "true"]}],
    }
    for name in (
        "HasSiteCertificate",
        "ServesSiteUnderCloudFrontName",
        "MakesCachePolicy",
        "MakesOriginSecret",
        "FramesBooking",
    ):
        assert conditions[name]["And"][0] == {"Condition": "ServesSite"}
    assert document()["Parameters"]["ServeSite"]["Default"] == "false"


def test_a_stack_without_a_site_names_nothing_of_it() -> None:
    assert document()["Conditions"]["ServesSiteUnderCloudFrontName"]["And"][1] == {
        "Equals": [{"Ref": "SiteCertificateArn"}, ""]
    }
    own = {"If": ["ServesSiteUnderCloudFrontName", {"Sub": "https://${Distribution.DomainName}"}, {"Ref": "SiteUrl"}]}
    outputs = document()["Outputs"]
    assert outputs["SiteUrl"]["Value"] == own
    assert functions()["send_mails"]["Environment"]["Variables"]["SITE_URL"] == own
    for name in ("SiteBucket", "DistributionId", "DistributionDomain"):
        assert outputs[name]["Condition"] == "ServesSite"


def test_nobody_but_the_distribution_reads_the_bucket() -> None:
    bucket = of_type("AWS::S3::Bucket")["SiteBucket"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    allowed, denied = of_type("AWS::S3::BucketPolicy")["SiteBucketPolicy"]["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert set(allowed["Action"]) == {"s3:GetObject", "s3:ListBucket"}
    (source,) = allowed["Condition"]["StringEquals"].items()
    assert source[0] == "aws:SourceArn"
    assert source[1]["Sub"].endswith(":distribution/${Distribution}")
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    access = of_type("AWS::CloudFront::OriginAccessControl")["SiteAccess"]["OriginAccessControlConfig"]
    assert (access["SigningBehavior"], access["SigningProtocol"]) == ("always", "sigv4")
    (origin,) = [each for each in distribution()["Origins"] if each["Id"] == "site"]
    assert origin["OriginAccessControlId"] == {"GetAtt": "SiteAccess.Id"}


@pytest.mark.parametrize("route", sorted(set(routes()) - {"$default"}))
def test_every_call_goes_to_the_api_and_only_public_lookups_are_cached(route: str) -> None:
    behaviour = behaviour_of(path_of(route))
    public = routes()[route] in {"show_practice", "list_providers", "list_slots"}
    assert behaviour["TargetOriginId"] == "api"
    assert behaviour["CachePolicyId"] == (BRIEFLY if public else CACHING_DISABLED)
    assert behaviour["OriginRequestPolicyId"] == ALL_VIEWER_EXCEPT_HOST  # API Gateway knows itself by its own host only
    assert behaviour["Compress"] is True


@pytest.mark.parametrize("path", ["/", "/index.html", "/openhour.js", "/config.json", "/v1.html", "/chunk-AAAA2222.js"])
def test_every_page_comes_from_the_bucket(path: str) -> None:
    behaviour = behaviour_of(path)
    assert (behaviour["TargetOriginId"], behaviour["CachePolicyId"]) == ("site", CACHING_OPTIMIZED)
    assert behaviour["ResponseHeadersPolicyId"] == {"Ref": "SiteHeaders"}
    assert behaviour["AllowedMethods"] == ["GET", "HEAD"]


def test_all_methods_reach_the_api_which_answers_those_it_does_not_know() -> None:
    for behaviour in behaviours().values():
        assert set(behaviour["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}


def test_nothing_travels_without_tls() -> None:
    assert distribution()["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert {each["ViewerProtocolPolicy"] for each in behaviours().values()} == {"https-only"}
    (api,) = [each for each in distribution()["Origins"] if each["Id"] == "api"]
    assert api["CustomOriginConfig"] == {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}
    condition, certified, _default = distribution()["ViewerCertificate"]["If"]
    assert (condition, certified["MinimumProtocolVersion"]) == ("HasSiteCertificate", "TLSv1.2_2021")


def test_the_cache_keys_on_what_counts_alone_and_keeps_what_says_so_for_as_long_as_it_says() -> None:
    config = of_type("AWS::CloudFront::CachePolicy")["BrieflyCached"]["CachePolicyConfig"]
    key = config["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "whitelist", "QueryStrings": PARAMETERS_OF_SLOTS}
    assert key["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Origin"]}
    assert key["CookiesConfig"] == {"CookieBehavior": "none"}
    assert key["EnableAcceptEncodingGzip"] is key["EnableAcceptEncodingBrotli"] is True
    assert int(config["MinTTL"]) == int(config["DefaultTTL"]) == 0
    seconds = int(re.fullmatch(r"public, max-age=0, s-maxage=(\d+)", BRIEFLY_SHARED["cache-control"])[1])
    assert 0 < seconds <= int(config["MaxTTL"])


def test_no_error_is_kept_for_somebody_else() -> None:
    kept = {int(each["ErrorCode"]): int(each["ErrorCachingMinTTL"]) for each in distribution()["CustomErrorResponses"]}
    assert kept == dict.fromkeys((400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504), 0)
    assert not [each for each in distribution()["CustomErrorResponses"] if "ResponsePagePath" in each]


def test_pages_run_nothing_but_their_own_and_stand_in_no_frame() -> None:
    config = of_type("AWS::CloudFront::ResponseHeadersPolicy")["SiteHeaders"]["ResponseHeadersPolicyConfig"]
    headers = config["SecurityHeadersConfig"]
    assert all(each["Override"] is True for each in headers.values())
    text, values = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Sub"]
    policy = dict(part.strip().split(" ", 1) for part in " ".join(text.split()).split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: https:",
        "connect-src": "'self' ${Api}",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "${Framing}",
    }
    assert values == {"Api": document()["Outputs"]["ApiUrl"]["Value"], "Framing": "'none'"}
    assert headers["FrameOptions"]["FrameOption"] == "DENY"
    assert headers["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    assert int(headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"]) == timedelta(days=365).total_seconds()


def test_only_the_booking_page_stands_in_frames_and_only_of_sites_that_are_named() -> None:
    policies = of_type("AWS::CloudFront::ResponseHeadersPolicy")
    usual = policies["SiteHeaders"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    framed = policies["FramedHeaders"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    text, values = framed["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Sub"]
    assert text == usual["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Sub"][0]
    assert values["Framing"] == {"Join": [" ", {"Ref": "FramedBy"}]}
    assert set(usual) - set(framed) == {"FrameOptions"}
    (condition, framing, otherwise), *_ = [each["If"] for each in distribution()["CacheBehaviors"] if "If" in each]
    assert (condition, otherwise) == ("FramesBooking", {"Ref": "AWS::NoValue"})
    assert framing == {
        **{
            name: each
            for name, each in distribution()["DefaultCacheBehavior"].items()
            if name != "FunctionAssociations"
        },
        "PathPattern": "/index.html",
        "ResponseHeadersPolicyId": {"Ref": "FramedHeaders"},
    }
    parameter = document()["Parameters"]["FramedBy"]
    assert parameter["Default"] == ""
    for origin in ("", "https://www.example.org", "https://*.wixsite.com", "http://localhost:8080"):
        assert re.fullmatch(parameter["AllowedPattern"], origin)
    for other in ("*", "'self'", "https://a.example; script-src *", "https://a.example https://b.example"):
        assert not re.fullmatch(parameter["AllowedPattern"], other)


def test_any_site_may_load_the_element() -> None:
    config = of_type("AWS::CloudFront::ResponseHeadersPolicy")["SiteHeaders"]["ResponseHeadersPolicyConfig"]
    assert config["CorsConfig"]["AccessControlAllowOrigins"] == {"Items": ["*"]}
    assert config["CorsConfig"]["AccessControlAllowCredentials"] is False
    assert "CustomHeadersConfig" not in config


def test_the_distribution_shows_the_api_a_secret_that_stands_in_no_file() -> None:
    (api,) = [each for each in distribution()["Origins"] if each["Id"] == "api"]
    made = {"Sub": "{{resolve:secretsmanager:${MadeOriginSecret}}}"}
    secret = {"If": ["MakesOriginSecret", made, {"Ref": "OriginSecret"}]}
    assert api["OriginCustomHeaders"] == [{"HeaderName": "x-openhour-origin", "HeaderValue": secret}]
    assert document()["Conditions"]["MakesOriginSecret"]["And"][1] == {"Equals": [{"Ref": "OriginSecret"}, ""]}
    told = [each.get("Environment", {}).get("Variables", {}) for each in of_type("AWS::Serverless::Function").values()]
    assert [each["ORIGIN_SECRET"] for each in told if "ORIGIN_SECRET" in each] == [secret, secret]


@pytest.mark.parametrize("sent", [{}, {"x-openhour-viewer": {"value": "203.0.113.1"}}])
def test_the_distribution_says_whose_call_it_is_whatever_the_caller_says(sent: dict[str, Any]) -> None:
    uncached = [each for each in behaviours().values() if each["CachePolicyId"] == CACHING_DISABLED]
    assert all(
        each["FunctionAssociations"]
        == [{"EventType": "viewer-request", "FunctionARN": {"GetAtt": "ViewerAddress.FunctionARN"}}]
        for each in uncached
    )
    code = of_type("AWS::CloudFront::Function")["ViewerAddress"]["FunctionCode"]
    event = {"viewer": {"ip": "2001:db8::9"}, "request": {"method": "POST", "headers": sent}}
    script = f"{code}; process.stdout.write(JSON.stringify(handler({json.dumps(event)})))"
    request = json.loads(subprocess.run([NODE, "-e", script], capture_output=True, check=True, text=True).stdout)
    assert request == {"method": "POST", "headers": {"x-openhour-viewer": {"value": "2001:db8::9"}}}


@pytest.mark.parametrize(
    ("allowed", "origin", "goes_on"),
    [
        ("https://a.example https://b.example", "https://b.example", True),
        ("https://a.example https://b.example", "https://b.example.evil.example", False),
        ("https://a.example", "null", False),
        ("*", "https://anybody.example", True),
        ("https://a.example", None, False),
    ],
)
def test_only_origins_that_may_call_are_told_apart_by_the_cache(
    allowed: str, origin: str | None, goes_on: bool
) -> None:
    kept = [each for each in behaviours().values() if each["CachePolicyId"] == BRIEFLY]
    association = {"EventType": "viewer-request", "FunctionARN": {"GetAtt": "KnownOrigin.FunctionARN"}}
    assert [each["FunctionAssociations"] for each in kept] == [[association]] * 3
    code, values = of_type("AWS::CloudFront::Function")["KnownOrigin"]["FunctionCode"]["Sub"]
    assert values == {"Origins": {"Join": [" ", {"Ref": "AllowedOrigins"}]}}
    sent = {} if origin is None else {"origin": {"value": origin}}
    event = json.dumps({"request": {"method": "GET", "headers": sent}})
    script = f"{code.replace('${Origins}', allowed)}; process.stdout.write(JSON.stringify(handler({event})))"
    request = json.loads(subprocess.run([NODE, "-e", script], capture_output=True, check=True, text=True).stdout)
    assert request == {"method": "GET", "headers": sent if goes_on else {}}


def missing_page(event: dict[str, Any]) -> dict[str, Any]:
    """What the function that stands before the pages makes of an event."""
    code = of_type("AWS::CloudFront::Function")["MissingPage"]["FunctionCode"]
    script = f"{code}; process.stdout.write(JSON.stringify(handler({json.dumps(event)})))"
    done = subprocess.run([NODE, "-e", script], capture_output=True, check=True, text=True)
    answered: dict[str, Any] = json.loads(done.stdout)
    return answered


def asked_for(uri: str) -> str:
    event = {"context": {"eventType": "viewer-request"}, "request": {"uri": uri}}
    return str(missing_page(event)["uri"])


def test_every_page_is_asked_for_as_it_is_and_whatever_is_none_shows_the_page_that_says_so() -> None:
    pages = {path.name for path in (ROOT / "site").glob("*.html")} - {"404.html"}
    for served in ("", *pages, "openhour.js", "config.json", "page.css", "chunk-AAAA2222.js"):
        assert asked_for(f"/{served}") == f"/{served}"
    encoded = ["manage.html%23abc/eyJ.x", "manage.html%2523abc", "sign-in.html%23eyJ.x", "manage.html)", "manage.html/"]
    for none in (*encoded, "nothing.html", "manage", "a/b.js", "404.html"):
        assert asked_for(f"/{none}") == "/404.html"


def test_the_page_that_says_there_is_none_has_the_status_of_one() -> None:
    for uri, status in (("/404.html", 404), ("/manage.html%23x", 404), ("/manage.html", 200)):
        event = {"context": {"eventType": "viewer-response"}, "request": {"uri": uri}, "response": {"statusCode": 200}}
        assert missing_page(event)["statusCode"] == status
    associated = distribution()["DefaultCacheBehavior"]["FunctionAssociations"]
    assert {each["EventType"] for each in associated} == {"viewer-request", "viewer-response"}
    assert {str(each["FunctionARN"]) for each in associated} == {str({"GetAtt": "MissingPage.FunctionARN"})}


def test_no_log_keeps_the_paths_of_links() -> None:
    assert "Logging" not in distribution()


def test_pages_can_be_left_behind_but_do_not_keep_a_stack_from_going() -> None:
    bucket = document()["Resources"]["SiteBucket"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


@pytest.mark.parametrize(
    ("parameter", "taken", "refused"),
    [
        (
            "SiteCertificateArn",
            "arn:aws:acm:us-east-1:123456789012:certificate/0a1b-2c3d",
            "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b-2c3d",
        ),
        (
            "WebAclArn",
            "arn:aws:wafv2:us-east-1:123456789012:global/webacl/openhour/0a1b",
            "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/openhour/0a1b",
        ),
    ],
)
def test_what_cloudfront_takes_from_one_region_only_is_not_taken_from_another(
    parameter: str, taken: str, refused: str
) -> None:
    pattern = document()["Parameters"][parameter]["AllowedPattern"]
    assert re.fullmatch(pattern, taken)
    assert re.fullmatch(pattern, "")
    assert not re.fullmatch(pattern, refused)
