"""Ways round a second person that somebody might try, and that lead nowhere."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from approvals.actors import Actor, Door, system
from approvals.authority import visibility
from approvals.errors import Malformed, NotAllowed, NotFound, SelfApproval
from approvals.models import Action, Employee, Membership, Person
from approvals.queries.record import timeline
from approvals.services.accounts import delegations
from approvals.services.decisions import bulk, notes
from approvals.services.decisions.bulk import ReviewedItem
from approvals.services.directory import import_sheet
from approvals.services.execution import schedule
from approvals.services.plans import matching, stage_rows, stages
from approvals.states import DecisionType, Tier
from tests import plans as given
from tests import world
from tests.services.plans.test_stages import states
from tests.world import NOON, World, fresh

pytestmark = pytest.mark.django_db(transaction=True)
STRICTER = ", {name: strict, when: 'amount > 5000.0', outcome: escalate, says: Seniors look at much.}"


def take(sheet: str, text: str) -> None:
    import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet=sheet, content=text.encode())


def lend(person: Person, to: Person, by: Person | None = None) -> None:
    now = datetime.now(UTC)
    actor = Actor(Door.ADMIN, person=by or person)
    delegations.grant(
        actor=actor, at=now, person=person, delegate=to, ends_at=now + timedelta(days=1), desk=_desk(person)
    )


def _desk(person: Person) -> Any:
    member = Membership.objects.filter(person=person).select_related("desk").first()
    return member.desk if member else None


class TestACheckInAPlan:
    def test_stands_in_for_no_senior_when_an_edit_asks_for_one(self, here: World) -> None:
        given.follow(here, given.BOOKS, "{name: budget, check: 'amount > 0.0', says: There is one.}", rules=STRICTER)
        action = here.pending()
        world.decide("modify", action, here.junior, payload=action.revision.payload | {"amount": 9_000})
        assert fresh(action).state == "pending"
        assert any(name == "senior_review" for name, _state in states(action))

    def test_covers_no_stage_of_people(self, here: World) -> None:
        given.follow(here, given.BOOKS, given.CHECK)
        action = here.pending()
        check = next(row for row in stages.unfinished(action) if row.is_check)
        assert not matching.is_enough(check, stage_rows.default_step(Tier.SENIOR, 1))


class TestTheRequester:
    @pytest.mark.parametrize("name", ["E4711", "e4711", "Jo Niemand", "JO NIEMAND"])
    def test_is_known_by_what_the_directory_calls_her(self, here: World, name: str) -> None:
        take("people", "key,name,person\nE4711,Jo Niemand,junior\n")
        action = here.pending(on_behalf_of=name)
        with pytest.raises(SelfApproval):
            world.decide("approve", action, here.junior)

    def test_who_is_a_senior_chooses_nobody_to_decide_for_another(self, here: World) -> None:
        chief = world.person("chief")
        Membership.objects.create(person=chief, desk=here.desk, tier=Tier.SENIOR)
        friend = world.person("friend")
        lend(here.senior, friend, by=chief)
        action = here.pending(amount=9_000, on_behalf_of="chief")
        with pytest.raises(SelfApproval):
            world.decide("approve", action, friend)

    def test_takes_no_stage_from_whom_it_asks_by_escalating(self, here: World) -> None:
        given.in_group(given.at_desk("lead"))
        given.follow(here, given.LEADS)
        action = here.pending(on_behalf_of="junior")
        with pytest.raises(SelfApproval):
            world.decide("escalate", action, here.junior)
        assert fresh(action).assigned_group is not None


class TestOnePerson:
    def test_is_not_two_by_deciding_for_the_one_who_is_named(self, here: World) -> None:
        vera = given.vera()
        Membership.objects.create(person=vera, desk=here.desk, tier=Tier.JUNIOR)
        given.follow(here, given.BOOKS, given.VERA)
        lend(vera, here.junior)
        action = here.pending()
        world.decide("approve", action, here.junior)
        with pytest.raises(NotAllowed):
            world.decide("approve", fresh(action), here.junior)
        assert fresh(action).state == "pending"

    def test_who_edited_for_another_leaves_neither_of_them_to_approve(self, here: World) -> None:
        friend = world.person("friend")
        lend(here.junior, friend)
        given.follow(here, given.PAIR)
        action = here.pending()
        world.decide("modify", action, friend, payload=action.revision.payload | {"amount": 700.5})
        with pytest.raises(SelfApproval):
            world.decide("approve", fresh(action), here.junior)


class TestAnOwner:
    def test_is_asked_when_an_edit_makes_it_hers(self, here: World) -> None:
        vera, otto = given.vera(), world.person("otto")
        take("owners", "subject,owner\nPaper Mill,vera\nSteel Mill,otto\n")
        given.follow(here, "{name: owner, who: owner}")
        action = here.pending()
        world.decide("modify", action, vera, payload=action.revision.payload | {"issuer": "Steel Mill"})
        assert (fresh(action).state, fresh(action).assigned_person) == ("pending", otto)


class TestWhatIsPrivate:
    def test_is_no_comment_of_colleagues_told_to_the_agent(self, here: World) -> None:
        action = here.pending()
        actor = Actor(Door.ADMIN, person=here.junior)
        notes.comment(actor=actor, at=NOON, action_id=action.pk, text="Between us.")
        said = [moment.rationale for moment in timeline.of_action(action, for_agent=True).moments]
        assert "Between us." not in said
        assert "Between us." in [moment.rationale for moment in timeline.of_action(action).moments]

    def test_is_not_told_by_deciding_several(self, here: World) -> None:
        action = here.pending()
        stranger = Actor(Door.ADMIN, person=given.at_desk("stranger"))
        with pytest.raises(NotFound):
            bulk.decide(actor=stranger, clock=lambda: NOON, verdict=DecisionType.APPROVE, items=[_seen(action)])


class TestWhoIsAskedAboutOneAlone:
    def test_sees_nothing_of_the_others_of_its_desk(self, here: World) -> None:
        vera = given.vera()
        world.decide("reject", here.pending(), here.junior, rationale="Between us.")
        given.follow(here, given.VERA)
        action = here.pending()
        assert visibility.may_see(vera, action) and not visibility.sees_desk(vera, action)
        client = Client()
        client.force_login(vera)
        page = client.get(f"/admin/approvals/action/{action.pk}/review/").content.decode()
        assert "Past decisions" in page
        assert "Between us." not in page


class TestAKeeperOfTheDirectory:
    @pytest.mark.parametrize("field", ["key", "name"])
    def test_who_manages_somebody_does_not_rename_that_one(self, here: World, field: str) -> None:
        take("people", "key,name,manager,person\nboss,The Boss,,senior\nx,Somebody,boss,\n")
        assert here.senior in import_sheet.empowered(Employee.objects.get(key="x"), [field])


class TestAReasonCode:
    @pytest.mark.parametrize("code", ["\x00", "x" * 41, "two\nlines"])
    def test_is_short_plain_text(self, here: World, code: str) -> None:
        with pytest.raises(Malformed):
            world.decide("approve", here.pending(), here.junior, reason_code=code)


def _seen(action: Action) -> ReviewedItem:
    target = schedule.target_digest(action.action_type)
    return ReviewedItem(action.pk, action.revision.number, action.revision.digest, target)
