"""Deciding: what each verdict does, and everything that stands in its way."""

from datetime import timedelta
from typing import Any

import pytest

from approvals.actors import Actor, Door
from approvals.errors import (
    AboveCeiling,
    AlreadyDecided,
    Expired,
    NotAllowed,
    NotFound,
    NothingChanged,
    NotYourDesk,
    RationaleMissing,
    SchemaFault,
    SelfApproval,
    StaleRevision,
    TierTooLow,
    WrongState,
)
from approvals.models import Action, Decision, Desk, Execution, LedgerEntry, Membership, Person, Stage
from approvals.services.catalog import rows
from approvals.services.decisions import decide, undo
from approvals.states import Tier
from policies import db
from policies.errors import Refused
from tests import world
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


NO_AMOUNT = {"issuer": "Paper Mill", "currency": "EUR", "invoice_number": "INV-000001"}


def edited(action: Action, **changes: Any) -> dict[str, Any]:
    """The payload as a reviewer changed it."""
    return action.revision.payload | changes


class TestApprove:
    def test_lets_the_action_run_as_proposed(self, here: World) -> None:
        action = here.approved()
        assert action.state == "approved"
        execution = Execution.objects.get(action=action)
        assert (execution.state, execution.digest) == ("ready", action.revision.digest)
        assert 0 < (execution.not_before - db.now()).total_seconds() <= 10  # the undo window

    def test_leaves_who_why_and_door_in_history_and_ledger(self, here: World) -> None:
        action = here.pending()
        decision = world.decide("approve", action, here.junior, rationale="Matches the order.")
        row = action.history.first()
        assert (row.state, row.history_user, row.door) == ("approved", here.junior, "admin")
        assert (decision.entry.history_id, decision.reason) == (row.history_id, "Matches the order.")

    def test_keeps_the_rationale_out_of_history_and_ledger(self, here: World) -> None:
        action = here.pending()
        decision = world.decide("approve", action, here.junior, rationale="Hush hush")
        assert "Hush" not in decision.entry.body
        assert "Hush" not in action.history.first().history_change_reason

    def test_is_refused_to_the_second_with_who_and_when(self, here: World) -> None:
        action = here.approved()
        with pytest.raises(AlreadyDecided, match=f"junior already approved this action on {NOON:%Y-%m-%d}"):
            world.decide("reject", action, here.senior)

    def test_is_refused_on_another_digest(self, here: World) -> None:
        with pytest.raises(StaleRevision):
            world.decide("approve", here.pending(), here.junior, digest="0" * 64)

    def test_is_refused_once_the_time_is_over_even_before_the_sweep(self, here: World) -> None:
        action = here.pending(NOON - timedelta(days=9), amount=9000)
        with pytest.raises(Expired):
            world.decide("approve", action, here.senior)

    def test_is_refused_before_routing(self, here: World) -> None:
        with pytest.raises(WrongState):
            world.decide("approve", world.fresh(here.propose()), here.junior)

    def test_is_refused_to_a_junior_on_a_senior_action(self, here: World) -> None:
        with pytest.raises(TierTooLow):
            world.decide("approve", here.pending(amount=9000), here.junior)

    def test_is_refused_above_the_ceiling(self, here: World) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "500.00"})
        with pytest.raises(AboveCeiling):
            world.decide("approve", here.pending(), here.junior)

    def test_is_refused_below_a_ceiling_while_nobody_knows_the_amount(self, here: World) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "5000.00"})
        with pytest.raises(AboveCeiling, match="Enter the amount"):
            world.decide("approve", here.pending(payload=NO_AMOUNT), here.junior)

    def test_is_refused_above_the_stakes_that_the_member_may_decide(self, here: World) -> None:
        Membership.objects.filter(person=here.junior).update(max_stakes="low")
        with pytest.raises(AboveCeiling):
            world.decide("approve", here.pending(), here.junior)

    def test_shows_nothing_to_another_desk(self, here: World) -> None:
        outsider = world.person("outsider")
        Membership.objects.create(person=outsider, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        with pytest.raises(NotFound):
            world.decide("approve", here.pending(), outsider)

    def test_is_refused_to_a_superuser_without_a_desk(self, here: World) -> None:
        with pytest.raises(NotYourDesk):
            world.decide("approve", here.pending(), world.auditor())

    def test_is_refused_to_an_agent(self, here: World) -> None:
        action = here.pending()
        with pytest.raises(NotAllowed):
            decide.approve(
                actor=here.as_agent(),
                at=NOON,
                action_id=action.pk,
                revision=1,
                digest=action.revision.digest,
                **world.target_of(action),
            )

    def test_is_refused_to_a_role_that_was_taken_away(self, here: World) -> None:
        action = here.pending()
        Membership.objects.filter(person=here.junior).delete()
        with pytest.raises(NotFound):
            world.decide("approve", action, here.junior)

    def test_records_a_refused_attempt(self, here: World) -> None:
        action = here.pending(amount=9000)
        with pytest.raises(TierTooLow):
            world.decide("approve", action, here.junior)
        entry = LedgerEntry.objects.get(event="decision.refused")
        assert (entry.action_id, entry.actor) == (action.pk, f"person:{here.junior.pk}")
        assert '"code":"tier_too_low"' in entry.body


class TestSelfApproval:
    @pytest.mark.parametrize("superuser", [False, True], ids=["member", "superuser"])
    @pytest.mark.parametrize("door", [Door.ADMIN, Door.API])
    def test_is_refused_to_the_agents_owner_by_any_door(self, here: World, door: Door, superuser: bool) -> None:
        Person.objects.filter(pk=here.owner.pk).update(is_superuser=superuser)
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        with pytest.raises(SelfApproval):
            world.decide("approve", here.pending(), here.owner, door=door)

    @pytest.mark.parametrize("name", ["junior", "JUNIOR@example.com"])
    def test_is_refused_to_whoever_it_is_for(self, here: World, name: str) -> None:
        with pytest.raises(SelfApproval):
            world.decide("approve", here.pending(on_behalf_of=name), here.junior)

    def test_is_an_exception_on_a_solo_desk_and_recorded_as_one(self, here: World) -> None:
        Desk.objects.update(is_solo=True)
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        assert world.decide("approve", here.pending(), here.owner).is_exception

    def test_is_refused_to_an_owner_who_has_just_made_the_desk_solo(self, here: World) -> None:
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        here.desk.is_solo = True
        rows.save(here.desk, Actor(Door.ADMIN, person=here.owner), ["is_solo"])
        with pytest.raises(SelfApproval):
            world.decide("approve", here.pending(), here.owner)

    def test_is_refused_to_the_requester_even_on_a_solo_desk(self, here: World) -> None:
        Desk.objects.update(is_solo=True)
        with pytest.raises(SelfApproval):
            world.decide("approve", here.pending(on_behalf_of="junior"), here.junior)


class TestToken:
    def test_decides_a_junior_reversible_action(self, here: World) -> None:
        assert world.decide("approve", here.pending(), here.junior, door=Door.TOKEN).door == "token"

    def test_never_decides_a_senior_action(self, here: World) -> None:
        with pytest.raises(NotAllowed):
            world.decide("approve", here.pending(amount=9000), here.senior, door=Door.TOKEN)

    def test_without_the_scope_only_reads(self, here: World) -> None:
        action = here.pending()
        with pytest.raises(NotAllowed):
            decide.approve(
                actor=Actor(Door.TOKEN, person=here.junior),
                at=NOON,
                action_id=action.pk,
                revision=1,
                digest=action.revision.digest,
                **world.target_of(action),
            )


class TestReject:
    def test_ends_the_action(self, here: World) -> None:
        action = here.pending()
        world.decide("reject", action, here.junior, reason_code="duplicate")
        assert world.fresh(action).state == "rejected"
        assert Stage.objects.get(action=action).state == "refused"
        assert not Execution.objects.exists()


class TestModify:
    def test_lets_the_corrected_payload_run(self, here: World) -> None:
        action = here.pending()
        world.decide("modify", action, here.junior, payload=edited(action, amount=700.5))
        after = world.fresh(action)
        assert (after.state, after.revision.number, after.revision.payload["amount"]) == ("modified", 2, 700.5)
        assert Execution.objects.get(action=action).digest == after.revision.digest

    def test_keeps_the_agents_revision(self, here: World) -> None:
        action = here.pending()
        world.decide("modify", action, here.junior, payload=edited(action, amount=700.5))
        assert [revision.payload["amount"] for revision in action.revisions.order_by("number")] == [717.97, 700.5]

    def test_leaves_it_pending_for_a_senior_when_the_edit_needs_one(self, here: World) -> None:
        action = here.pending()
        world.decide("modify", action, here.junior, payload=edited(action, amount=9000))
        after = world.fresh(action)
        assert (after.state, after.required_tier, after.revision.number) == ("pending", 2, 2)
        world.decide("approve", after, here.senior)
        assert world.fresh(action).state == "modified"

    def test_makes_an_older_page_stale(self, here: World) -> None:
        action = here.pending()
        world.decide("modify", action, here.junior, payload=edited(action, amount=9000))
        with pytest.raises(StaleRevision):
            world.decide("approve", action, here.senior)

    def test_supplies_an_amount_that_nobody_knew_within_the_ceiling(self, here: World) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "1000.00"})
        action = here.pending(payload=NO_AMOUNT)
        world.decide("modify", action, here.junior, payload=edited(action, amount=700.5))
        assert world.fresh(action).state == "modified"

    def test_supplies_an_amount_above_the_ceiling_for_somebody_else_to_decide(self, here: World) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "500.00"})
        action = here.pending(payload=NO_AMOUNT)
        world.decide("modify", action, here.junior, payload=edited(action, amount=700.5))
        assert world.fresh(action).state == "pending"

    def test_is_refused_when_nothing_changed(self, here: World) -> None:
        action = here.pending()
        with pytest.raises(NothingChanged):
            world.decide("modify", action, here.junior, payload=edited(action))

    def test_is_refused_with_a_payload_of_the_wrong_shape(self, here: World) -> None:
        action = here.pending()
        with pytest.raises(SchemaFault):
            world.decide("modify", action, here.junior, payload=edited(action, amount="lots"))
        assert action.revisions.count() == 1


class TestEscalate:
    def test_raises_the_bar_and_stays_pending(self, here: World) -> None:
        action = here.pending()
        world.decide("escalate", action, here.junior)
        after = world.fresh(action)
        assert (after.state, after.required_tier) == ("pending", 2)
        with pytest.raises(TierTooLow):
            world.decide("approve", after, here.junior)

    def test_is_refused_when_seniors_have_it(self, here: World) -> None:
        with pytest.raises(WrongState):
            world.decide("escalate", here.pending(amount=9000), here.senior)


class TestRecall:
    def test_puts_it_back_in_a_new_round(self, here: World) -> None:
        action = here.approved()
        undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk)
        after = world.fresh(action)
        assert (after.state, after.round) == ("pending", 2)
        assert Execution.objects.get(action=action).state == "canceled"
        assert Stage.objects.filter(action=action, state="open").count() == 1

    def test_can_be_followed_by_another_decision(self, here: World) -> None:
        action = here.approved()
        undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk)
        world.decide("approve", world.fresh(action), here.junior)
        assert Execution.objects.filter(action=action, state="ready").count() == 1
        assert Decision.objects.filter(action=action, is_final=True).count() == 2

    def test_of_ones_own_edit_leaves_it_to_oneself_again(self, here: World) -> None:
        action = here.pending()
        payload = action.revision.payload | {"amount": 700}
        world.decide("modify", action, here.junior, payload=payload)
        undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk)
        world.decide("modify", world.fresh(action), here.junior, payload=payload | {"amount": 600})
        assert world.fresh(action).state == "modified"

    def test_leaves_to_others_what_one_might_only_edit(self, here: World) -> None:
        action = here.pending()
        world.decide("modify", action, here.junior, payload=action.revision.payload | {"amount": 9_000})
        world.decide("approve", world.fresh(action), here.senior)
        undo.undo(actor=Actor(Door.ADMIN, person=here.senior), at=NOON, action_id=action.pk)
        Membership.objects.filter(person=here.junior).update(tier=Tier.SENIOR)
        with pytest.raises(SelfApproval):
            world.decide("approve", world.fresh(action), here.junior)


class TestQuorum:
    @pytest.fixture
    def here(self, here: World) -> World:
        source = world.POLICY.replace("quorum: 1, due: 1d", "quorum: 2, due: 1d")
        world.publish(source, "invoices", here.owner, here.senior)
        return here

    def test_counts_distinct_people(self, here: World) -> None:
        action = here.pending()
        world.decide("approve", action, here.junior)
        assert world.fresh(action).state == "pending"
        world.decide("approve", action, here.senior)
        assert world.fresh(action).state == "approved"

    def test_counts_nobody_twice(self, here: World) -> None:
        action = here.pending()
        world.decide("approve", action, here.junior)
        with pytest.raises(NotAllowed):
            world.decide("approve", action, here.junior)


class TestAChangedPolicy:
    def test_is_asked_again_and_the_stricter_wins(self, here: World) -> None:
        action = here.pending()
        stricter = world.POLICY.replace('up_to: "5000.00"', 'up_to: "500.00"')
        world.publish(stricter, "invoices", here.owner, here.senior)
        with pytest.raises(TierTooLow):
            world.decide("approve", action, here.junior)
        assert world.fresh(action).required_tier == 2

    def test_that_wants_a_reason_gets_one(self, here: World) -> None:
        rule = "{name: why, when: 'amount > 500.0', outcome: review, says: Say why., requires_rationale: true}"
        world.publish(f"{world.POLICY}rules: [{rule}]\n", "invoices", here.owner, here.senior)
        action = here.pending()
        with pytest.raises(RationaleMissing):
            world.decide("approve", action, here.junior)
        world.decide("approve", action, here.junior, rationale="Checked against the order.")


def test_every_refusal_is_a_sentence() -> None:
    def family(kind: type[Refused]) -> list[type[Refused]]:
        return [kind, *(each for child in kind.__subclasses__() for each in family(child))]

    for kind in family(Refused):
        assert kind().message.endswith(".")
