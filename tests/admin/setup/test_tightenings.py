"""What took effect immediately because it tightens is reviewed by a second person, who confirms it or reverts it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from approvals.actors import Actor, Door
from approvals.errors import SelfApproval, WrongState
from approvals.models import Action, Desk, LedgerEntry, Membership, Person, Tightening
from approvals.models.action_types import CONTROL_DESK
from approvals.services.configuration import review
from approvals.states import Mode, Tier
from tests.admin.conftest import signed_in
from tests.admin.setup.test_catalog import as_typed, url
from tests.admin.setup.test_configuration import again, approve, requested
from tests.delegating import lend
from tests.world import NOON, World

PAGE = "/admin/tightenings/"


def seat(person: Person) -> Membership:
    return Membership.objects.create(person=person, desk=Desk.objects.get(slug=CONTROL_DESK), tier=Tier.SENIOR)


@pytest.fixture
def tightened(live: World, admin: Client) -> Tightening:
    """The administrator has made the mode of an action type stricter."""
    admin.post(url(live.kind), as_typed(again(live.kind), mode=Mode.IN_THE_LOOP))
    return Tightening.objects.get()


def settle(row: Tightening, person: Person, *, is_right: bool = True) -> Tightening:
    return review.review_tightening(
        actor=Actor(Door.ADMIN, person=person), at=NOON, tightening_id=row.pk, is_right=is_right
    )


class TestTheList:
    def test_says_from_what_to_what(self, tightened: Tightening, live: World) -> None:
        page = " ".join(strip_tags(signed_in(live.senior).get(PAGE).content.decode()).split())
        assert "Change action type “Post invoice”" in page
        assert "Mode: from Human on the loop to Human in the loop" in page

    def test_is_named_on_the_home_page(self, tightened: Tightening, live: World) -> None:
        assert "1 tightening to review" in signed_in(live.senior).get("/admin/").content.decode()

    def test_is_for_members_of_the_deciding_desk(self, tightened: Tightening, live: World) -> None:
        assert signed_in(live.owner).get(PAGE).status_code == 403

    def test_has_one_row_for_one_form(self, live: World, admin: Client) -> None:
        admin.post(url(live.kind), as_typed(again(live.kind), mode=Mode.IN_THE_LOOP, stakes="high", sample_rate=1.0))
        assert [len(row.changes[0]["fields"]) for row in Tightening.objects.all()] == [3]

    def test_holds_nothing_that_decides_nothing(self, live: World, admin: Client) -> None:
        admin.post(url(live.kind), as_typed(again(live.kind), description="Bills."))
        assert not Tightening.objects.exists()

    def test_holds_nothing_that_was_approved(self, live: World, admin: Client) -> None:
        admin.post(url(live.kind), as_typed(again(live.kind), title="Bill", mode=Mode.IN_THE_LOOP))
        approve(requested(), live.senior)
        assert not Tightening.objects.exists()


class TestAReview:
    def test_confirms(self, tightened: Tightening, live: World) -> None:
        answer = signed_in(live.senior).post(
            reverse("admin:tightening_review", args=[tightened.pk]), {"found": "right"}
        )
        assert answer.status_code == 302
        assert again(tightened).reviewed_by == live.senior
        assert LedgerEntry.objects.filter(event="tightening.confirmed").count() == 1

    def test_asks_for_the_revert_which_somebody_else_decides(self, tightened: Tightening, live: World) -> None:
        settle(tightened, live.senior, is_right=False)
        action = requested()
        with pytest.raises(Exception, match="requested"):
            approve(action, live.senior)
        assert (approve(action, live.junior).state, again(live.kind).mode) == ("executed", Mode.ON_THE_LOOP)

    def test_is_not_by_the_author(self, tightened: Tightening, administrator: Person) -> None:
        seat(administrator)
        with pytest.raises(SelfApproval):
            settle(tightened, administrator)
        assert LedgerEntry.objects.filter(event="tightening.review_refused").count() == 1

    def test_is_not_by_an_account_that_the_author_can_use(
        self, tightened: Tightening, live: World, administrator: Person
    ) -> None:
        for person in (live.senior, administrator):
            Person.objects.filter(pk=person.pk).update(counts_as=administrator)
        with pytest.raises(SelfApproval):
            settle(tightened, again(live.senior))

    def test_happens_once(self, tightened: Tightening, live: World) -> None:
        settle(tightened, live.senior)
        with pytest.raises(WrongState):
            settle(tightened, live.junior, is_right=False)
        assert not Action.objects.filter(action_type__name="config.change").exists()

    def test_does_not_revert_what_has_moved_since(self, tightened: Tightening, live: World) -> None:
        kind = again(live.kind)
        kind.mode = Mode.IN_COMMAND
        kind.save()
        with pytest.raises(WrongState, match="has changed since"):
            settle(tightened, live.senior, is_right=False)
        assert again(tightened).reviewed_at is None

    def test_reverts_a_removed_membership(self, live: World, admin: Client) -> None:
        seat(live.owner)
        row = Membership.objects.get(person=live.junior, desk=live.desk)
        admin.post(url(row, "delete"), {"post": "yes"})
        settle(Tightening.objects.get(), live.senior, is_right=False)
        approve(requested(), live.owner)
        assert Membership.objects.get(person=live.junior, desk=live.desk).tier == row.tier

    def test_is_not_by_whoever_decides_for_the_author(
        self, tightened: Tightening, live: World, administrator: Person
    ) -> None:
        seat(administrator)
        lend(administrator, live.senior)
        with pytest.raises(SelfApproval):
            settle(tightened, live.senior)
