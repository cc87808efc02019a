"""What a type wants of those who reject its actions: nothing, a reason in words, or one of its predefined reasons."""

import pytest

from approvals.actors import Actor, Door
from approvals.errors import RationaleMissing
from approvals.models import Action
from approvals.queries.insight import reason_codes
from approvals.services.decisions import bulk
from approvals.services.decisions.bulk import ReviewedItem
from approvals.states import DecisionType, RejectNeeds
from policies import db
from tests import world
from tests.world import World, fresh

pytestmark = pytest.mark.django_db(transaction=True)

REASONS = [
    {"code": "fraud", "words": "It looks like fraud.", "for": ["reject"]},
    {"code": "typo", "words": "A typo was corrected.", "for": ["modify"]},
]


def wanting(here: World, needs: RejectNeeds) -> Action:
    here.set_kind(reject_needs=needs, reasons=REASONS)
    return here.pending()


class TestAReasonInWords:
    @pytest.mark.parametrize("said", ["", "  "])
    def test_is_refused_without_words(self, here: World, said: str) -> None:
        action = wanting(here, RejectNeeds.REASON)
        with pytest.raises(RationaleMissing):
            world.decide("reject", action, here.junior, rationale=said, reason_code="fraud")
        assert fresh(action).state == "pending"

    def test_suffices(self, here: World) -> None:
        action = wanting(here, RejectNeeds.REASON)
        world.decide("reject", action, here.junior, rationale="Paid in March.")
        assert fresh(action).state == "rejected"

    def test_is_not_wanted_of_other_decisions(self, here: World) -> None:
        action = wanting(here, RejectNeeds.REASON)
        world.decide("escalate", action, here.junior)
        world.decide("approve", fresh(action), here.senior)
        assert fresh(action).state == "approved"

    def test_is_wanted_in_bulk_too(self, here: World) -> None:
        action = wanting(here, RejectNeeds.REASON)
        item = ReviewedItem(action.pk, action.revision.number, action.revision.digest, "")
        found = bulk.decide(
            actor=Actor(Door.ADMIN, person=here.junior),
            clock=db.now,
            verdict=DecisionType.REJECT,
            items=[item],
            rationale="",
        )
        assert isinstance(found[0].refusal, RationaleMissing)


class TestAPredefinedReason:
    @pytest.mark.parametrize("code", ["", "typo", "unknown", reason_codes.DUPLICATE])
    def test_is_one_for_a_rejection(self, here: World, code: str) -> None:
        action = wanting(here, RejectNeeds.CODE)
        with pytest.raises(RationaleMissing):
            world.decide("reject", action, here.junior, rationale="It is wrong.", reason_code=code)

    def test_suffices_without_words(self, here: World) -> None:
        action = wanting(here, RejectNeeds.CODE)
        world.decide("reject", action, here.junior, reason_code="fraud")
        assert fresh(action).state == "rejected"

    def test_is_that_of_a_duplicate_where_there_is_one(self, here: World) -> None:
        action = wanting(here, RejectNeeds.CODE)
        here.pending(invoice_number=action.reference)
        world.decide("reject", action, here.junior, reason_code=reason_codes.DUPLICATE)
        assert fresh(action).state == "rejected"
