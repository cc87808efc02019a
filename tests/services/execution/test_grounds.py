"""Nothing runs that rests on a decision which was not made here, whatever the rows say."""

import pytest
from django.db import connection
from pytest_django import Settings

from approvals.actors import Actor, Door, system
from approvals.models import Action, ActionType, Decision, Stage
from approvals.queries.record import digests
from approvals.services.decisions import undo
from approvals.services.execution import run as execution
from approvals.services.execution import schedule
from approvals.states import DecisionSource, Tier
from tests import plans as given
from tests import world
from tests.forging import forge, run
from tests.world import NOON, World, stored

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive, pytest.mark.world(undo_seconds=0)]
WORKER = system(Door.CELERY)
OTHER_KEY = "another key that is long enough to be taken for one, too"


def carry_out() -> None:
    execution.run_ready(actor=WORKER, clock=world.now)


def after(action: Action) -> tuple[str, list[str]]:
    """Where it ended when the worker was through, and the last thing that the ledger says."""
    carry_out()
    return world.fresh(action).state, world.events(action)[-1:]


REFUSED = ("pending", ["execution.refused"])


def change_decision(column: str, value: object) -> None:
    world.tamper(f"UPDATE approvals_decision SET {column} = %s", [value], "approvals_decision_no_update")


class TestAnExecution:
    def test_runs_by_an_approval(self, here: World) -> None:
        assert after(here.approved())[0] == "executed"

    def test_runs_by_policy(self, here: World) -> None:
        assert after(here.auto())[0] == "executed"

    def test_runs_by_every_stage_of_a_plan(self, here: World) -> None:
        given.follow(here, "{name: first, who: desk, tier: junior, quorum: 2}", "{name: last, who: desk, tier: senior}")
        action = here.pending()
        for who in (here.junior, given.at_desk("second", Tier.JUNIOR, "finance"), here.senior):
            world.decide("approve", world.fresh(action), who)
        assert after(action)[0] == "executed"

    def test_runs_under_a_key_that_still_verifies(self, here: World, settings: Settings) -> None:
        action = here.approved()
        settings.HITL_DECISION_KEYS = [OTHER_KEY, *settings.HITL_DECISION_KEYS]
        assert after(action)[0] == "executed"

    def test_does_not_run_under_another_key(self, here: World, settings: Settings) -> None:
        action = here.approved()
        settings.HITL_DECISION_KEYS = [OTHER_KEY]
        assert after(action) == REFUSED


class TestAForgedDecision:
    def test_of_a_person_does_not_run(self, here: World) -> None:
        action = here.pending()
        stage = Stage.objects.get(action=action)
        forge(action, person_id=here.junior.pk, stage_id=stage.pk, tier=1)
        assert after(action) == REFUSED

    def test_of_policy_does_not_run(self, here: World) -> None:
        action = here.pending()
        forge(action, source=DecisionSource.POLICY)
        assert after(action) == REFUSED

    def test_copied_from_another_action_does_not_run(self, here: World) -> None:
        like = Decision.objects.get(action=here.approved())
        carry_out()
        action = here.pending()
        forge(action, like, person_id=like.person_id, stage_id=Stage.objects.get(action=action).pk)
        assert after(action) == REFUSED

    def test_replayed_after_undo_does_not_run(self, here: World) -> None:
        action = here.approved()
        like = Decision.objects.get(action=action, is_final=True)
        undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk, rationale="No.")
        action = world.fresh(action)
        stage = Stage.objects.get(action=action, round=action.round)
        forge(action, like, person_id=like.person_id, stage_id=stage.pk)
        assert after(action) == REFUSED

    @pytest.mark.parametrize(
        ("column", "value"),
        [("tier", 2), ("door", "api"), ("is_exception", True), ("reason_code", "x"), ("source", "policy"),
         ("target_digest", "0" * 64), ("at", NOON.replace(year=2030)), ("final_at", NOON), ("mac", ""), ("mac", "ä")],
    )  # fmt: skip
    def test_of_which_a_column_was_changed_does_not_run(self, here: World, column: str, value: object) -> None:
        action = here.approved()
        change_decision(column, value)
        assert after(action) == REFUSED

    @pytest.mark.parametrize("column", ["person_id", "delegator_id"])
    def test_with_another_person_does_not_run(self, here: World, column: str) -> None:
        action = here.approved()
        change_decision(column, here.senior.pk)
        assert after(action) == REFUSED


class TestWhatWasDecidedOn:
    def test_does_not_run_with_another_payload_and_its_digest(self, here: World) -> None:
        action = here.approved()
        revision = action.revision
        body = revision.body.replace("717.97", "999717.97")
        assert body != revision.body
        revision.body = body
        digest = digests.digest_now(action, revision)
        change = "UPDATE approvals_revision SET body = %s, digest = %s WHERE id = %s"
        world.tamper(change, [body, digest, stored(revision.pk)], "approvals_revision_no_update")
        world.tamper("UPDATE approvals_execution SET digest = %s", [digest], "approvals_execution_fixed")
        change_decision("digest", digest)
        assert after(action) == REFUSED

    def test_does_not_run_to_another_target_and_its_digest(self, here: World) -> None:
        action = here.approved()
        kind = ActionType.objects.get(pk=action.action_type_id)
        kind.target = {"to": "elsewhere"}
        kind.save()
        world.tamper_execution("target_digest", schedule.target_digest(kind))
        assert after(action) == REFUSED

    @pytest.mark.parametrize("state", ["satisfied", "superseded"])
    def test_does_not_run_when_a_stage_was_marked_as_over(self, here: World, state: str) -> None:
        given.follow(here, "{name: first, who: desk, tier: junior}", "{name: last, who: desk, tier: senior}")
        action = here.pending()
        run("UPDATE approvals_stage SET state = %s WHERE action_id = %s AND number = 1", state, stored(action.pk))
        run(
            "UPDATE approvals_stage SET state = 'open', opened_at = %s WHERE action_id = %s AND number = 2",
            connection.ops.adapt_datetimefield_value(NOON), stored(action.pk),
        )  # fmt: skip
        world.decide("approve", world.fresh(action), here.senior)
        assert after(action)[0] == "pending"

    def test_does_not_run_when_a_stage_has_fewer_approvals_than_it_needs(self, here: World) -> None:
        action = here.approved()
        world.tamper("UPDATE approvals_stage SET quorum = 2", [], "stage_bar")
        assert after(action) == REFUSED

    def test_does_not_run_by_an_evaluation_that_was_changed(self, here: World) -> None:
        action = here.auto()
        world.tamper(
            "UPDATE approvals_policyevaluation SET body = body || ' '", [], "approvals_policyevaluation_no_update"
        )
        assert after(action) == REFUSED
