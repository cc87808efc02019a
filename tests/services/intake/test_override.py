"""Reopening what policy blocked: another senior decides, the block is overridden and no other, nothing is silent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, IntegrityError

from approvals.actors import Actor, Door, system
from approvals.errors import (
    BlockedByPolicy,
    Expired,
    Halted,
    Malformed,
    NotAllowed,
    NotFound,
    RationaleMissing,
    SchemaFault,
    SelfApproval,
    TierTooLow,
    WrongState,
)
from approvals.models import Action, ActionType, Client, Delivery, LedgerEntry, Membership, Person, Stage, Text
from approvals.queries.record import timeline
from approvals.services import routing
from approvals.services.execution import run
from approvals.services.intake import override
from approvals.services.safety import halts
from approvals.states import Tier
from policies.errors import Refused
from tests import world
from tests.world import NOON, World, fresh

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)
BLOCKS = """
rules:
  - {name: banned, when: 'payload.issuer == "Shady Ltd"', outcome: block, says: "Nobody pays Shady Ltd."}
"""
MORE = BLOCKS + '  - {name: nothing_large, when: "amount > 500.0", outcome: block, says: "Nothing above 500."}\n'
WHY = "Shady Ltd was checked on site."


@pytest.fixture
def here(here: World) -> World:
    world.publish(world.POLICY + BLOCKS, "invoices", here.owner, here.senior)
    return here


@pytest.fixture
def boss(here: World) -> Person:
    """A senior of the desk who may override policy."""
    return overrider("boss", here)


@pytest.fixture
def blocked(here: World) -> Action:
    action = here.pending(issuer="Shady Ltd", instruction="Post it.", reasoning="It came today.")
    assert action.state == "rejected"
    return action


def overrider(name: str, here: World, tier: Tier = Tier.SENIOR) -> Person:
    person = world.person(name)
    person.groups.add(Group.objects.get(name="Overriders"))
    Membership.objects.create(person=person, desk=here.desk, tier=tier)
    return person


def reopen(who: Person, action: Action, reason: str = WHY, door: Door = Door.ADMIN) -> Action:
    return override.override_block(actor=Actor(door, person=who), at=NOON, action_id=action.pk, reason=reason)


def reopened(who: Person, action: Action) -> Action:
    """The new action as it waits for a senior."""
    made = reopen(who, action)
    routing.route(actor=WORKER, at=NOON, action_id=made.pk)
    return fresh(made)


def carry_out() -> int:
    return run.run_ready(actor=WORKER, clock=lambda: datetime.now(UTC))


def events(action: Action) -> list[str]:
    return list(LedgerEntry.objects.filter(action=action).order_by("id").values_list("event", flat=True))


class TestReopen:
    def test_proposes_the_same_bytes_for_another_senior(self, here: World, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        assert (made.state, made.required_tier, made.overrides, made.overridden_by) == ("pending", 2, blocked, boss)
        assert made.revision.body == blocked.revision.body and made.revision.digest != blocked.revision.digest
        assert (made.agent, made.owner, made.confidence) == (blocked.agent, blocked.owner, blocked.confidence)
        words = Text.objects.get(action=made, kind="proposal").content
        assert (words["instruction"], words["reasoning"]) == ("Post it.", "It came today.")
        assert fresh(blocked).state == "rejected"

    def test_has_the_parent_of_what_was_blocked(self, here: World, boss: Person) -> None:
        parent = here.pending()
        made = reopened(boss, here.pending(issuer="Shady Ltd", parent=parent.pk))
        assert (made.parent_id, made.depth) == (parent.pk, 1)

    def test_is_not_offered_once_that_parent_ended_without_effect(self, here: World, boss: Person) -> None:
        parent = here.pending()
        blocked = here.pending(issuer="Shady Ltd", parent=parent.pk)
        assert override.is_open_to(Actor(Door.ADMIN, person=boss), fresh(blocked))
        world.withdraw(here, parent)
        assert not override.is_open_to(Actor(Door.ADMIN, person=boss), fresh(blocked))
        with pytest.raises(WrongState) as refusal:
            reopen(boss, blocked)
        assert str(parent.pk) not in str(refusal.value.details) and "withdrawn" not in refusal.value.message

    @pytest.mark.parametrize("lost", ["inactive", "of another"])
    def test_asks_for_the_client_again(self, here: World, lost: str) -> None:
        client = Client.objects.create(key="north", name="North")
        boss = world.person("north-boss")
        boss.groups.add(Group.objects.get(name="Overriders"))
        Membership.objects.create(person=boss, desk=here.desk, covers_clients=True, tier=Tier.SENIOR)
        blocked = here.pending(issuer="Shady Ltd", client="north")
        kept = here.pending(issuer="Shady Ltd", client="north", invoice_number="OTHER-1")
        assert reopen(boss, kept).client == client
        if lost == "inactive":
            client.is_active = False
            client.save()
        else:
            here.set_kind(client=Client.objects.create(key="south", name="South"))
        with pytest.raises(Malformed):
            reopen(boss, blocked)

    def test_is_on_record_with_the_block_and_the_reason(self, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        assert made.evaluation is not None and made.evaluation.outcome == "block"
        assert Text.objects.get(action=made, kind="override").content == {"rationale": WHY}
        assert events(blocked)[-1] == "action.overridden" and events(made) == ["action.proposed", "action.routed"]
        body = LedgerEntry.objects.get(event="action.overridden").body
        assert str(made.pk) in body and "banned" in body and WHY not in body

    def test_is_approved_in_spite_of_its_block_and_marked(self, here: World, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        decision = world.decide("approve", made, here.senior)
        assert decision.is_exception and decision.evaluation is not None and decision.evaluation.outcome == "block"
        assert carry_out() == 1
        assert fresh(made).state == "executed"
        assert "boss requested an override" in timeline.of_action(fresh(made)).headline

    def test_tells_the_other_seniors_alone(self, here: World, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        assert [row.person for row in Delivery.objects.filter(action=made)] == [here.senior]

    def test_never_lets_whoever_reopened_it_decide(self, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        for verdict in ("approve", "reject"):
            with pytest.raises(SelfApproval):
                world.decide(verdict, made, boss)

    def test_never_lets_her_decide_when_the_desk_runs_solo(self, here: World, boss: Person, blocked: Action) -> None:
        here.desk.is_solo = True
        here.desk.save()
        with pytest.raises(SelfApproval):
            world.decide("approve", reopened(boss, blocked), boss)

    def test_never_lets_a_junior_decide(self, here: World, boss: Person, blocked: Action) -> None:
        with pytest.raises(TierTooLow):
            world.decide("approve", reopened(boss, blocked), here.junior)

    def test_never_runs_by_itself_even_when_policy_would_let_it(self, here: World, boss: Person) -> None:
        small = here.auto(issuer="Shady Ltd")
        made = reopen(boss, small)
        world.publish(world.POLICY, "invoices", here.owner, here.senior)
        assert here.route(made).state == "pending"
        assert carry_out() == 0

    def test_does_not_open_the_way_for_another_block(self, here: World, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        world.publish(world.POLICY + MORE, "invoices", here.owner, here.senior)
        with pytest.raises(BlockedByPolicy):
            world.decide("approve", made, here.senior)
        assert world.decide("reject", made, here.senior).is_exception is False

    def test_does_not_run_under_another_block(self, here: World, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        world.decide("approve", made, here.senior)
        world.publish(world.POLICY + MORE, "invoices", here.owner, here.senior)
        carry_out()
        assert fresh(made).state == "pending"

    def test_runs_when_the_policy_was_published_anew_with_the_same_block(
        self, here: World, boss: Person, blocked: Action
    ) -> None:
        made = reopened(boss, blocked)
        world.decide("approve", made, here.senior)
        world.publish(world.POLICY.replace("Small", "Little") + BLOCKS, "invoices", here.owner, here.senior)
        carry_out()
        assert fresh(made).state == "executed"

    def test_refuses_an_edit_that_is_blocked_as_ever(self, here: World, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        with pytest.raises(BlockedByPolicy):
            world.decide("modify", made, here.senior, payload=made.revision.payload | {"amount": 700.0})

    def test_takes_an_edit_that_nothing_blocks(self, here: World, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        world.decide("modify", made, here.senior, payload=made.revision.payload | {"issuer": "Paper Mill"})
        assert fresh(made).state == "modified"

    def test_happens_once(self, here: World, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        with pytest.raises(WrongState) as refused:
            reopen(boss, blocked)
        assert refused.value.details["reopened_as"] == str(made.pk)
        world.decide("reject", made, here.senior)
        with pytest.raises(WrongState):
            reopen(boss, blocked)

    def test_may_happen_again_when_nobody_decided(self, here: World, boss: Person, blocked: Action) -> None:
        first = reopened(boss, blocked)
        world.withdraw(here, first)
        assert reopen(boss, blocked).pk != first.pk

    def test_is_not_what_was_reopened_and_refused_by_a_person(self, here: World, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        world.decide("reject", made, here.senior)
        with pytest.raises(WrongState):
            reopen(overrider("chief", here), made)

    @pytest.mark.parametrize("reach", ["pending", "auto", "approved"])
    def test_is_only_for_what_policy_blocked(self, here: World, boss: Person, reach: str) -> None:
        make: Callable[[], Action] = getattr(here, reach)
        with pytest.raises(WrongState):
            reopen(boss, make())

    def test_is_not_for_what_a_person_refused(self, here: World, boss: Person) -> None:
        action = here.pending()
        world.decide("reject", action, here.senior)
        with pytest.raises(WrongState):
            reopen(boss, action)

    def test_wants_a_reason(self, boss: Person, blocked: Action) -> None:
        with pytest.raises(RationaleMissing):
            reopen(boss, blocked, "  ")
        for wrong in ("x" * 5_001, "a\x00b"):
            with pytest.raises(Malformed):
                reopen(boss, blocked, wrong)
        assert Action.objects.count() == 1


class TestWhoMayNot:
    def refused(self, who: Person, action: Action, door: Door = Door.ADMIN) -> None:
        with pytest.raises(NotAllowed):
            reopen(who, action, door=door)
        assert events(action)[-1] == "action.reopening_refused"
        assert Action.objects.count() == 1

    def test_is_a_senior_without_the_permission(self, here: World, blocked: Action) -> None:
        self.refused(here.senior, blocked)

    def test_is_a_junior_with_it(self, here: World, blocked: Action) -> None:
        self.refused(overrider("eager", here, Tier.JUNIOR), blocked)

    def test_is_a_superuser_without_a_membership(self, here: World, blocked: Action) -> None:
        self.refused(world.auditor(), blocked)

    def test_is_a_token(self, boss: Person, blocked: Action) -> None:
        self.refused(boss, blocked, Door.TOKEN)

    def test_is_the_agents_owner(self, here: World, blocked: Action) -> None:
        here.owner.groups.add(Group.objects.get(name="Overriders"))
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        self.refused(here.owner, blocked)

    def test_is_the_requester(self, here: World, boss: Person) -> None:
        self.refused(boss, here.pending(issuer="Shady Ltd", on_behalf_of="boss@example.com"))

    def test_is_an_agent(self, here: World, blocked: Action) -> None:
        with pytest.raises(NotFound):
            override.override_block(actor=here.as_agent(), at=NOON, action_id=blocked.pk, reason=WHY)

    def test_is_somebody_elsewhere_who_is_told_nothing(self, blocked: Action) -> None:
        with pytest.raises(NotFound):
            reopen(world.person("stranger"), blocked)
        with pytest.raises(NotFound):
            override.override_block(
                actor=Actor(Door.ADMIN, person=world.person("other")), at=NOON, action_id=world.unknown_id(), reason=WHY
            )


class TestWhatStandsInTheWay:
    def refused(self, kind: type[Refused], boss: Person, blocked: Action) -> None:
        with pytest.raises(kind):
            reopen(boss, blocked)
        assert Action.objects.count() == 1

    def test_is_a_halt(self, here: World, boss: Person, blocked: Action) -> None:
        halts.start(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, scope="desk", name="finance")
        self.refused(Halted, boss, blocked)

    def test_is_a_type_that_is_no_longer_active(self, boss: Person, blocked: Action) -> None:
        ActionType.objects.update(is_active=False)
        self.refused(WrongState, boss, blocked)

    def test_is_a_form_that_it_no_longer_has(self, boss: Person, blocked: Action) -> None:
        schema = world.SCHEMA | {"required": [*world.SCHEMA["required"], "approved_on"]}
        ActionType.objects.update(schema=schema, version=2)
        self.refused(SchemaFault, boss, blocked)

    def test_is_time(self, here: World, boss: Person) -> None:
        soon = datetime.now(UTC)
        action = here.route(here.propose(issuer="Shady Ltd", expires_at=world.soon(90_000)))
        world.tamper("UPDATE approvals_action SET expires_at = %s", [soon.isoformat(" ")], "approvals_action_fixed")
        self.refused(Expired, boss, action)


class TestTheDatabase:
    def test_keeps_who_reopened_what(self, here: World, boss: Person, blocked: Action) -> None:
        made = reopened(boss, blocked)
        with pytest.raises(DatabaseError):
            Action.objects.filter(pk=made.pk).update(overridden_by=here.senior)

    def test_takes_no_second_one(self, here: World, boss: Person, blocked: Action) -> None:
        reopened(boss, blocked)
        with pytest.raises(IntegrityError):
            Action.objects.filter(pk=here.pending().pk).update(overrides=blocked, overridden_by=boss)


def test_it_is_due_as_what_seniors_are_asked_is(here: World, boss: Person, blocked: Action) -> None:
    made = reopened(boss, blocked)
    assert made.due_at == NOON + timedelta(days=2)
    assert Stage.objects.get(action=made).on_timeout == "expire"
