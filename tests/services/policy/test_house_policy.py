"""A house policy that blocks everything is repaired as it came: publications are not judged by it."""

from datetime import timedelta

import pytest

from approvals.actors import Actor, Door, system
from approvals.errors import NoStandingRule
from approvals.models import Action, ActionType, Agent, Person
from approvals.services import routing
from approvals.services.execution import run, schedule
from approvals.services.intake import propose, publish_policy
from approvals.services.payloads.proposal import Proposal
from approvals.services.policy import budgets, evaluate
from approvals.services.policy.cases import Cases
from policies.models import Version
from policies.queries.in_force import house
from policies.services import versions
from tests import world
from tests.services.automation import given
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("policy_desk"),
]
WORKER = system(Door.CELERY)
BLOCK = "rules:\n- {name: all, when: 'true', outcome: block, says: Nothing runs.}\n"
QUIET = "rules:\n- {name: huge, when: 'amount > 1000000.0', outcome: review, says: Look twice.}\n"


def draft(author: Person, rules: str = QUIET) -> Version:
    source = f"policy: house\ntitle: House rules\n{rules}"
    return versions.draft(actor_person=author, door="admin", name="house", source=source, at=NOON)


def ask(here: World, rules: str = QUIET) -> Action:
    version = draft(here.junior, rules)
    action = publish_policy.request(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, version_id=version.pk)
    return here.route(action)


def publish(here: World, rules: str = QUIET) -> Action:
    action = ask(here, rules)
    world.decide("approve", action, here.senior)
    run.run_ready(actor=WORKER, clock=lambda: NOON + timedelta(minutes=1))
    return world.fresh(action)


class TestRepair:
    def test_executes_while_the_house_policy_blocks_everything(self, here: World) -> None:
        assert publish(here, BLOCK).state == "executed"
        assert here.pending().state == "rejected"
        assert publish(here).state == "executed"
        assert here.pending().state == "pending"

    @pytest.mark.parametrize(
        "rules",
        [
            "score:\n  block: 0\n",
            "rules:\n- {name: no, when: 'payload.nothing == 1', outcome: block, says: No.}\n",
            "rules:\n- {name: me, when: 'true', outcome: block, says: No., action_types: [policy.publish]}\n",
            "tiers:\n  junior: {who: desk, quorum: 5, due: 1d, on_timeout: expire}\n",
        ],
    )
    def test_asks_for_no_more_than_one_reviewer_whatever_the_house_says(self, here: World, rules: str) -> None:
        publish(here, rules)
        assert publish(here).state == "executed"

    def test_goes_on_when_the_house_policy_came_in_between(self, here: World) -> None:
        blocking = draft(here.junior, BLOCK)
        repair = ask(here, "missing: escalate\n")
        _publish_behind(here, blocking)
        world.decide("approve", repair, here.senior)
        run.run_ready(actor=WORKER, clock=lambda: NOON + timedelta(minutes=1))
        assert world.fresh(repair).state == "executed"
        assert Version.objects.get(state="published", policy__name="house").number == 2

    def test_runs_when_the_house_policy_came_after_its_approval(self, here: World) -> None:
        other = _other_draft(here)
        world.decide("approve", other, here.senior)
        _publish_behind(here)
        run.run_ready(actor=WORKER, clock=lambda: NOON + timedelta(minutes=1))
        assert world.fresh(other).state == "executed"

    def test_is_asked_ahead_without_the_house_policy(self, here: World) -> None:
        publish(here, BLOCK)
        action = ask(here)
        proposal = Proposal(idempotency_key="ahead", action_type="policy.publish", payload=action.revision.payload)
        agent = Agent.objects.get(person=here.junior)
        actor = Actor(Door.ADMIN, agent=agent, person=here.junior, scopes=frozenset({"propose:policy.publish"}))
        assert propose.preview(actor=actor, at=NOON, proposal=proposal).evaluation.outcome == "review"

    def test_is_not_counted_by_the_house_policy(self, here: World) -> None:
        publish(here, "rules:\n- {name: many, when: 'recent.agent_day.count > 0', outcome: block, says: No.}\n")
        action = ask(here)
        assert budgets.kept(action) == {}

    def test_is_no_case_that_a_house_draft_is_tried_on(self, here: World) -> None:
        action = publish(here, BLOCK)
        document = house()
        assert document is not None
        assert Cases().past(here.senior, str(action.pk), document) is None
        assert str(action.pk) not in [past.id for past in Cases().latest(here.senior, "house")]

    def test_is_not_among_what_a_house_draft_is_replayed_on(self, here: World) -> None:
        publish(here)
        assert ask(here, BLOCK).revision.payload["replay"]["looked_at"] == 0


def test_another_kind_of_this_policy_is_judged_by_the_house(here: World) -> None:
    publish(here, BLOCK)
    ActionType.objects.filter(name="policy.publish").update(name="policy.put")
    here.kind.name = "policy.publish"
    here.kind.save()
    assert [document.name for document in evaluate.documents_for(here.kind)] == ["invoices", "house"]


def test_no_standing_rule_rejects_publications(here: World) -> None:
    action = ask(here)
    world.decide("reject", action, here.senior, rationale="No.")
    with pytest.raises(NoStandingRule, match="every policy or configuration change"):
        given.make(here.senior, action, max_amount=None, count_per_day=None, sum_per_day=None)


def test_a_standing_denial_made_by_an_earlier_release_stops_no_publication(here: World) -> None:
    rule = given.denying(here)
    action = publish_policy.request(
        actor=Actor(Door.ADMIN, person=here.junior), at=NOON, version_id=draft(here.junior).pk
    )
    rule.pk, rule.action_type, rule.agent = world.unknown_id(), action.action_type, action.agent
    rule.target_digest, rule.policies = schedule.target_digest(action.action_type), []
    rule.save(force_insert=True)
    routing.route(actor=WORKER, at=NOON, action_id=action.pk)
    assert world.fresh(action).state == "pending"


def _publish_behind(here: World, blocking: Version | None = None) -> None:
    version = blocking or draft(here.junior, BLOCK)
    versions.publish(
        actor_person=here.senior, door="command", name="house", number=version.number, digest=version.digest, at=NOON
    )


def _other_draft(here: World) -> Action:
    version = versions.draft(
        actor_person=here.junior,
        door="admin",
        name="finance",
        source=f"policy: finance\ntitle: Finance\n{QUIET}",
        at=NOON,
    )
    action = publish_policy.request(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, version_id=version.pk)
    return here.route(action)
