"""What the application's database role can write by raw SQL, and that none of it makes the worker run something."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from approvals.actors import Door, system
from approvals.connectors.fake import FakeConnector
from approvals.models import Action, Decision, Stage
from approvals.services.execution import run as execution
from approvals.states import DecisionSource
from tests import world
from tests.docs import pages
from tests.forging import forge, run
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only,
    pytest.mark.usefixtures("as_application"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)
PUBLISHED = pages.text_of("threat-model.md")

Try = Callable[[World, Action], object]

REVISION = """
    INSERT INTO approvals_revision (id, action_id, number, type_version, body, nonce, digest, agent_id, created_at)
    SELECT gen_random_uuid(), action_id, 2, type_version, '{"amount": 9}', nonce, repeat('0', 64), agent_id, now()
    FROM approvals_revision
"""
EVALUATION = """
    INSERT INTO approvals_policyevaluation
    (id, action_id, revision_number, round, outcome, score, policy, rules, body, digest, made_at)
    SELECT gen_random_uuid(), action_id, 1, round, 'auto', 0, policy, '[]', '{"outcome": "auto"}', repeat('0', 64),
        now()
    FROM approvals_policyevaluation
"""


def of_person(here: World, action: Action) -> None:
    stage = Stage.objects.get(action=action)
    forge(action, person_id=here.senior.pk, stage_id=stage.pk, tier=2)


def of_policy(here: World, action: Action) -> None:
    forge(action, source=DecisionSource.POLICY)


def copied(here: World, action: Action) -> None:
    like = Decision.objects.get(action=here.approved())
    execution.run_ready(actor=WORKER, clock=world.now)
    forge(action, like, person_id=like.person_id, stage_id=Stage.objects.get(action=action).pk)


def forged_and_running(here: World, action: Action) -> None:
    of_person(here, action)
    run("UPDATE approvals_execution SET state = 'running', attempts = 1, leased_until = now() - interval '1 hour'")


def sql(*statements: str) -> Try:
    def attempt(here: World, action: Action) -> None:
        for statement in statements:
            run(statement)

    return attempt


ALLOWED: dict[str, list[Try]] = {
    "Insert a decision with its entry and execution": [of_person, of_policy, copied],
    "Change the state, lease, fence and result of an execution": [forged_and_running],
    "Mark a stage as satisfied, refused or superseded": [
        sql(f"UPDATE approvals_stage SET state = '{state}'") for state in ("satisfied", "refused", "superseded")
    ],
    "Insert a revision and point an action to it": [
        sql(REVISION, "UPDATE approvals_action SET revision_id = (SELECT id FROM approvals_revision WHERE number = 2)")
    ],
    "Insert an evaluation and point an action to it": [
        sql(EVALUATION, "UPDATE approvals_action SET evaluation_id = (SELECT max(id::text)::uuid "
            "FROM approvals_policyevaluation WHERE outcome = 'auto')")
    ],
    "Change the amount, risk, inbox and times of an action": [
        sql("UPDATE approvals_action SET amount = 1, amount_base = 1, risk = 0, required_tier = 1, decided_at = now()")
    ],
}  # fmt: skip
REFUSED: dict[str, str] = {
    "change a decision": "UPDATE approvals_decision SET verdict = 'approve', is_final = true",
    "delete a decision": "DELETE FROM approvals_decision",
    "change a payload": "UPDATE approvals_revision SET body = '{}'",
    "change an evaluation": "UPDATE approvals_policyevaluation SET outcome = 'auto'",
    "lower the quorum of a stage": "UPDATE approvals_stage SET quorum = 0",
    "change what an execution is bound to": "UPDATE approvals_execution SET target_digest = repeat('0', 64)",
    "change the record": "UPDATE approvals_ledgerentry SET actor = 'person:1'",
    "approve without a record": "UPDATE approvals_action SET state = 'approved' WHERE state = 'pending'",
    "redirect what was approved": "UPDATE approvals_actiontype SET target = '[]'",
    "let the triggers rest": "SET session_replication_role = replica",
    "drop a trigger": "ALTER TABLE approvals_decision DISABLE TRIGGER ALL",
}


def carry_out() -> None:
    execution.run_ready(actor=WORKER, clock=world.now)
    execution.recover(actor=WORKER, clock=world.now)


class TestTheApplicationsRole:
    @pytest.mark.parametrize(
        "attempt", [attempt for tries in ALLOWED.values() for attempt in tries], ids=lambda attempt: attempt.__name__
    )
    def test_makes_the_worker_run_nothing(self, here: World, fake: FakeConnector, attempt: Try) -> None:
        action = here.pending()
        attempt(here, action)
        carry_out()
        assert [order.action for order in fake.orders if order.action == str(action.pk)] == []

    @pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
    def test_is_refused(self, here: World, statement: str) -> None:
        here.approved()
        here.pending()
        with pytest.raises(DatabaseError), transaction.atomic():
            run(statement)

    def test_runs_what_was_approved(self, here: World, fake: FakeConnector) -> None:
        action = here.approved()
        carry_out()
        assert [order.action for order in fake.orders] == [str(action.pk)]

    def test_can_do_what_the_threat_model_says(self) -> None:
        assert [what for what in ALLOWED if f"| {what}" not in PUBLISHED] == []
