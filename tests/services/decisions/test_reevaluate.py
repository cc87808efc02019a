"""Policy that changes while an action waits: whoever approves is refused, and what policy says by now is kept once."""

import json

import pytest

from approvals.actors import Door
from approvals.errors import BlockedByPolicy, NotAllowed, RationaleMissing, TierTooLow
from approvals.models import Action, LedgerEntry, PolicyEvaluation, Stage
from approvals.queries.record import timeline
from tests import world
from tests.world import World, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
BLOCK = "{name: never, when: 'true', outcome: block, says: Not any more.}"
BLOCK_TOO = "{name: nor_this, when: 'true', outcome: block, says: Nor this.}"
SENIORS = "{name: up, when: 'true', outcome: escalate, says: For seniors by now.}"
WHY = "{name: why, when: 'true', outcome: review, says: Say why., requires_rationale: true}"


def follow(here: World, *rules: str) -> None:
    """From now on policy has these rules, too."""
    source = f"{world.POLICY}rules: [{', '.join(rules)}]\n" if rules else world.POLICY
    world.publish(source, "invoices", here.owner, here.senior)


def blocked_twice(here: World) -> Action:
    """An action that somebody tried to approve twice after policy had come to block it."""
    action = here.pending()
    follow(here, BLOCK)
    for _ in range(2):
        with pytest.raises(BlockedByPolicy):
            world.decide("approve", fresh(action), here.senior)
    return fresh(action)


def events(action: Action) -> list[str]:
    rows = LedgerEntry.objects.filter(action=action).order_by("id")
    return list(rows.values_list("event", flat=True))[2:]


class TestABlock:
    def test_is_kept_once_however_often_somebody_clicks(self, here: World) -> None:
        action = blocked_twice(here)
        assert list(
            PolicyEvaluation.objects.filter(action=action).order_by("id").values_list("outcome", flat=True)
        ) == [
            "review",
            "block",
        ]

    def test_is_the_evaluation_that_the_action_has_from_then_on(self, here: World) -> None:
        action = blocked_twice(here)
        assert action.evaluation == PolicyEvaluation.objects.get(action=action, outcome="block")
        assert (action.state, action.evaluation.rules) == ("pending", ["never", "amount_ladder"])

    def test_is_told_in_the_timeline_with_its_rule(self, here: World) -> None:
        moments = timeline.of_action(blocked_twice(here)).moments
        told = [moment for moment in moments if moment.event == "action.reevaluated"]
        assert [moment.reason for moment in told] == ["Policy now blocks this action: invoices never"]

    def test_is_recorded_before_each_refusal(self, here: World) -> None:
        assert events(blocked_twice(here)) == ["action.reevaluated", "decision.refused", "decision.refused"]

    def test_names_its_sentence_to_whoever_clicks(self, here: World) -> None:
        action = here.pending()
        follow(here, BLOCK)
        with pytest.raises(BlockedByPolicy, match="Not any more") as found:
            world.decide("approve", action, here.senior)
        assert found.value.details["rules"] == ["never"]

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (('{outcome: escalate}', '{outcome: block}'), "EUR 9,000.00, is above EUR 5,000.00"),
            (("about:", "missing: block\nabout:"), "Invoice number"),
            (("about:", "confidence: {bands: [{at_least: 0, outcome: block}]}\nabout:"), "confidence, 0.5"),
        ],
    )  # fmt: skip
    def test_by_a_section_of_the_policy_names_its_sentence_too(
        self, here: World, change: tuple[str, str], said: str
    ) -> None:
        action = here.pending(amount=9000, invoice_number="", confidence=0.5)
        world.publish(world.POLICY.replace(*change), "invoices", here.owner, here.senior)
        for _ in range(2):
            with pytest.raises(BlockedByPolicy, match=said):
                world.decide("approve", fresh(action), here.senior)
        assert PolicyEvaluation.objects.filter(action=action).count() == 2

    def test_by_another_rule_is_kept_as_well(self, here: World) -> None:
        action = blocked_twice(here)
        follow(here, BLOCK_TOO)
        with pytest.raises(BlockedByPolicy):
            world.decide("approve", action, here.senior)
        assert "nor_this" in fresh(action).evaluation.rules

    def test_that_is_over_is_not_what_a_later_approval_rests_on(self, here: World) -> None:
        action = blocked_twice(here)
        follow(here)
        assert world.decide("approve", action, here.senior).evaluation.outcome == "review"
        assert "action.reevaluated" in events(action)[3:]

    def test_leaves_it_to_be_rejected(self, here: World) -> None:
        action = blocked_twice(here)
        world.decide("reject", action, here.senior)
        assert fresh(action).state == "rejected"


class TestMoreThanBefore:
    def test_asks_a_junior_for_a_senior_once(self, here: World) -> None:
        action = here.pending()
        follow(here, SENIORS)
        for _ in range(2):
            with pytest.raises(TierTooLow):
                world.decide("approve", fresh(action), here.junior)
        assert events(action) == ["action.rerouted", "decision.refused", "decision.refused"]
        assert Stage.objects.get(action=action).tier == 2

    def test_is_what_a_senior_approves(self, here: World) -> None:
        action = here.pending()
        follow(here, SENIORS)
        assert world.decide("approve", action, here.senior).evaluation.outcome == "escalate"

    def test_is_kept_where_a_token_may_not_decide_it(self, here: World) -> None:
        action = here.pending()
        follow(here, SENIORS)
        with pytest.raises(NotAllowed):
            world.decide("approve", action, here.senior, door=Door.TOKEN)
        assert (fresh(action).evaluation.outcome, Stage.objects.get(action=action).tier) == ("escalate", 2)

    def test_wants_a_reason_of_whoever_gave_none(self, here: World) -> None:
        action = here.pending()
        follow(here, WHY)
        with pytest.raises(RationaleMissing):
            world.decide("approve", action, here.junior)
        assert json.loads(fresh(action).evaluation.body)["requires_rationale"]
        assert world.decide("approve", fresh(action), here.junior, rationale="Checked.").is_final


class TestLessThanBefore:
    def test_changes_nothing(self, here: World) -> None:
        follow(here, SENIORS)
        action = here.pending()
        follow(here)
        assert world.decide("approve", action, here.senior).is_final
        assert PolicyEvaluation.objects.filter(action=action).count() == 1
