"""After everything that the tests before this one did to the stack: its table agrees with itself."""

import pytest

from local import aws
from operate.__main__ import main
from tests.end_to_end.visitor import Visitor


def test_nothing_differs_between_requests_and_what_follows_from_them(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    request = visitor.submitted()
    visitor.provider_mail_about(request)
    for name, value in aws.environment(visitor.cloud.ports.cloud).items():
        monkeypatch.setenv(name, value)
    where = ["--table", visitor.cloud.table_name, "--endpoint-url", visitor.cloud.endpoint_url]
    place = f"the emulated cloud at {visitor.cloud.endpoint_url}, region {aws.REGION}"
    status, told = main(["repair", *where]), capsys.readouterr()
    assert (status, told.err) == (0, f"Table {visitor.cloud.table_name} in {place}.\n"), told
    assert told.out.endswith(" compared: nothing differs.\n")
