"""After everything that the tests before this one did to the stack: its table agrees with itself."""

import pytest

from local import aws
from operate.repair import __main__ as repair
from tests.end_to_end.visitor import Visitor


def test_nothing_differs_between_requests_and_what_follows_from_them(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    request = visitor.submitted()
    visitor.provider_mail_about(request)
    for name, value in aws.environment(visitor.cloud.ports.cloud).items():
        monkeypatch.setenv(name, value)
    where = ["--table", visitor.cloud.table_name, "--endpoint-url", visitor.cloud.endpoint_url]
    status, told = repair.main(where), capsys.readouterr()
    assert (status, told.err) == (0, ""), told
    assert told.out.endswith(" compared: nothing differs.\n")
