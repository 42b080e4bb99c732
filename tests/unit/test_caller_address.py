"""Where a call comes from."""

import pytest

from openhour.adapters.http.caller import caller_address
from openhour.adapters.http.messages import HttpRequest

SECRET = "a-secret-of-the-origin"


def address(source: str, secret: str = "", **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return caller_address(HttpRequest("POST", {}, (), named, b"", source), secret)


@pytest.mark.parametrize(
    ("source", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:0DB8:0001:0002::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_a_household_counts_as_one(source: str, counted: str) -> None:
    assert address(source) == counted


@pytest.mark.parametrize(
    ("viewer", "counted"),
    [
        ("198.51.100.9", "198.51.100.9"),
        ("2001:db8:9:8:7:6:5:4", "2001:db8:9:8::/64"),
        ("2001:db8:9:8::4", "2001:db8:9:8::/64"),
    ],
)
def test_behind_the_distribution_the_viewer_counts(viewer: str, counted: str) -> None:
    headers = {"x_openhour_origin": SECRET, "x_openhour_viewer": viewer}
    assert address("192.0.2.7", SECRET, **headers) == counted


@pytest.mark.parametrize("shown", ["", "a-secret-of-the-origi", "another", "é", SECRET.upper()])
def test_without_the_secret_nobody_is_believed(shown: str) -> None:
    headers = {"x_openhour_origin": shown, "x_openhour_viewer": "198.51.100.9"}
    assert address("192.0.2.7", SECRET, **headers) == "192.0.2.7"


def test_where_there_is_no_distribution_an_empty_secret_proves_nothing() -> None:
    headers = {"x_openhour_origin": "", "x_openhour_viewer": "198.51.100.9"}
    assert address("192.0.2.7", "", **headers) == "192.0.2.7"


def test_what_cloudfront_itself_says_about_a_viewer_counts_for_nothing_for_anybody_may_say_it() -> None:
    headers = {"x_openhour_origin": SECRET, "cloudfront_viewer_address": "198.51.100.9:1"}
    assert address("192.0.2.7", SECRET, **headers) == "192.0.2.7"


def test_a_distribution_that_names_no_viewer_counts_as_itself() -> None:
    assert address("192.0.2.7", SECRET, x_openhour_origin=SECRET) == "192.0.2.7"
