"""Any life that people can give to requests leaves nothing that differs, and what is lost on the way is put back.

The same actors as in the test of any life. After every step the comparison must find nothing; now and then something
that can be told from the requests is lost, and mending must bring back a table in which everybody lives on.
"""

from typing import Any

import boto3
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from openhour.adapters import keys
from operate.repair.comparing import differences
from operate.repair.standing import standing_of
from tests.cloud import TABLE
from tests.contract.test_any_life import STEPS, Lives
from tests.repairs import Repairs

_PER_LIFE = 25
_PARTS_THAT_FOLLOW = ("PROVIDER#", "CLIENT#")


class RepairedLives(Lives):
    """The actors, and somebody who loses things and has them repaired."""

    def __init__(self) -> None:
        super().__init__()
        self.repairs = Repairs(self.openhour, client=self.store.calls)

    @precondition(lambda self: self.model.seen)
    @rule(data=st.data())
    def something_is_lost_and_repaired(self, data: st.DataObject) -> None:
        items = [item for item in self._everything() if item["pk"]["S"].startswith(_PARTS_THAT_FOLLOW)]
        if not items:
            return
        lost = data.draw(st.sampled_from(sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))))
        key = {keys.PK: lost[keys.PK], keys.SK: lost[keys.SK]}
        boto3.client("dynamodb").delete_item(TableName=TABLE, Key=key)
        assert self.repairs.run(fix=True).is_well, self.repairs.lines

    @precondition(lambda self: self.model.seen)
    @rule(data=st.data())
    def an_item_comes_back_from_the_past(self, data: st.DataObject) -> None:
        """A ledger or row as it was before the last steps: what a careless copy from a backup does."""
        before = [item for item in self._everything() if item["pk"]["S"].startswith(_PARTS_THAT_FOLLOW)]
        request = self._any(data)
        self._try(lambda: self.openhour.end(request))
        for item in before:
            boto3.client("dynamodb").put_item(TableName=TABLE, Item=item)
        outcome = self.repairs.run(fix=True)
        assert outcome.is_well, self.repairs.lines

    @invariant()
    def nothing_differs(self) -> None:
        found = differences(standing_of(self._everything()), self.openhour.clock.now())
        assert found == []

    def _everything(self) -> list[dict[str, Any]]:
        return list(self._items("", ""))


TestRepairedLives = RepairedLives.TestCase
TestRepairedLives.settings = settings(
    max_examples=max(1, STEPS // _PER_LIFE // 2),
    stateful_step_count=_PER_LIFE,
    deadline=None,
    derandomize=STEPS <= 500,
    suppress_health_check=list(HealthCheck),
)
