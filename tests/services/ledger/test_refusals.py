"""A refusal rolls back what was done before it, and what is recorded of it outlives that."""

import json
from datetime import datetime
from typing import Any

import pytest

from approvals.actors import Actor, Door
from approvals.errors import NotAllowed, WrongState
from approvals.models import Desk, LedgerEntry
from approvals.services.ledger import entries, refusals
from approvals.services.ledger.entries import Event
from policies.db import service
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
TRIED = Event(Actor(Door.ADMIN), NOON, "thing.refused", data={"what": "it"})


@service
def refuse(*, actor: Actor, at: datetime, row: Any = None) -> None:
    """Rename a desk, and be refused."""
    Desk.objects.update(name="Renamed")
    raise refusals.recorded(NotAllowed("Not you."), TRIED, row)


def refused(row: Any = None) -> None:
    with pytest.raises(NotAllowed, match="Not you"):
        refuse(actor=Actor(Door.ADMIN), at=NOON, row=row)


class TestARecordedRefusal:
    def test_keeps_nothing_of_what_was_done_before_it(self, here: World) -> None:
        refused()
        assert not Desk.objects.filter(name="Renamed").exists()

    def test_has_an_entry_with_its_data_and_code(self, here: World) -> None:
        refused()
        entry = LedgerEntry.objects.get(event="thing.refused")
        assert json.loads(entry.body)["data"] == {"what": "it", "code": "not_allowed"}

    def test_belongs_to_its_action_and_moves_it_nowhere(self, here: World) -> None:
        action = here.pending()
        refused(action)
        entry = LedgerEntry.objects.get(event="thing.refused")
        assert (entry.action, entry.state_to, entry.history_id) == (action, "", None)

    def test_tells_in_its_rows_history_why(self, here: World) -> None:
        refused(here.desk)
        kept = LedgerEntry.objects.get(event="thing.refused")
        assert here.desk.history.get(history_id=kept.history_id).history_change_reason == "Not you."

    def test_saves_nothing_of_a_row_that_was_changed_in_memory(self, here: World) -> None:
        here.desk.name = "Changed in memory"
        refused(here.desk)
        assert Desk.objects.get(pk=here.desk.pk).name == "Finance"
        assert here.desk.history.latest().name == "Finance"

    def test_reaches_its_caller_though_it_could_not_be_recorded(
        self, here: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def fail(_fact: Event) -> None:
            raise RuntimeError("The disk is full.")

        monkeypatch.setattr(entries, "record_refusal", fail)
        refused()
        assert not LedgerEntry.objects.filter(event="thing.refused").exists()
        assert "refusal.follow_up_failed" in "".join(capsys.readouterr())


class TestAFollowUp:
    def test_runs_once_however_often_its_refusal_is_raised(self) -> None:
        runs: list[int] = []
        refusal = WrongState().followed_by(lambda: runs.append(1))

        @service
        def again(*, actor: Actor, at: datetime) -> None:
            raise refusal

        for _ in range(2):
            with pytest.raises(WrongState):
                again(actor=Actor(Door.ADMIN), at=NOON)
        assert runs == [1]

    def test_that_is_refused_itself_lets_the_first_refusal_through(self) -> None:
        def overtaken() -> None:
            raise NotAllowed()

        @service
        def refuse_first(*, actor: Actor, at: datetime) -> None:
            raise WrongState().followed_by(overtaken)

        with pytest.raises(WrongState):
            refuse_first(actor=Actor(Door.ADMIN), at=NOON)
