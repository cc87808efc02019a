"""Somebody whom the directory lists as inactive decides nothing, whatever gave them the authority."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from approvals.actors import Actor, Door, system
from approvals.authority import assignees, powers
from approvals.errors import DelegationRefused, NotAllowed
from approvals.models import Action, BreakGlass, Claim, Decision, Membership, Person, StandingRule
from approvals.queries.inbox import waiting
from approvals.services.accounts import delegations
from approvals.services.decisions import claims, handover, undo
from approvals.services.directory import import_sheet
from approvals.services.notifications import recipients
from approvals.services.plans import stages
from approvals.services.safety import break_glass
from approvals.states import Tier
from policies import db
from policies.errors import Refused
from tests import plans as given
from tests import world
from tests.api.caller import as_session, seen
from tests.services.automation import given as automation
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
SAID = "The directory lists you as inactive"


def leave(person: Person, *, is_active: bool = False) -> None:
    """The directory lists somebody as inactive, though they can still sign in."""
    sheet = f"key,name,person,active\nE1,Employee,{person.username},{'yes' if is_active else 'no'}\n"
    import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet="people", content=sheet.encode())


def lend(here: World, lender: Person, delegate: Person) -> None:
    now = db.now()
    delegations.grant(
        actor=Actor(Door.ADMIN, person=lender), at=now, person=lender, delegate=delegate,
        ends_at=now + timedelta(days=1), desk=here.desk,
    )  # fmt: skip


def at_the_desk(here: World) -> Person:
    return here.junior


def as_a_senior(here: World) -> Person:
    return here.senior


def by_name(here: World) -> Person:
    given.follow(here, given.VERA)
    return given.vera()


def by_name_and_desk(here: World) -> Person:
    person = by_name(here)
    Membership.objects.create(person=person, desk=here.desk, tier=Tier.SENIOR)
    return person


def in_a_group(here: World) -> Person:
    given.in_group(here.junior, here.senior)
    given.follow(here, given.LEADS)
    return here.junior


def as_a_delegate(here: World) -> Person:
    lend(here, here.junior, friend := world.person("friend"))
    return friend


def by_break_glass(here: World) -> Person:
    person, now = world.person("gus"), db.now()
    BreakGlass.objects.create(
        person=person, desk=here.desk, reason="Fire", opened_at=now, expires_at=now + timedelta(hours=1)
    )
    return person


WAYS: dict[str, Callable[[World], Person]] = {
    each.__name__: each
    for each in (at_the_desk, as_a_senior, by_name, by_name_and_desk, in_a_group, as_a_delegate, by_break_glass)
}


def claim(action: Action, person: Person) -> object:
    return claims.take(actor=Actor(Door.ADMIN, person=person), at=db.now(), action_id=action.pk)


def hand_over(action: Action, person: Person) -> object:
    actor = Actor(Door.ADMIN, person=person)
    return handover.hand_over(actor=actor, at=db.now(), action_id=action.pk, to="senior", reason="Look.")


ACTS: dict[str, Callable[[Action, Person], object]] = {
    "approve": lambda action, person: world.decide("approve", action, person),
    "approve by token": lambda action, person: world.decide("approve", action, person, door=Door.TOKEN),
    "reject": lambda action, person: world.decide("reject", action, person, rationale="No."),
    "escalate": lambda action, person: world.decide("escalate", action, person, rationale="Look."),
    "modify": lambda action, person: world.decide(
        "modify", action, person, payload=action.revision.payload | {"amount": 700.5}
    ),
    "claim": claim,
    "hand over": hand_over,
}


class TestSomebodyWhoLeft:
    @pytest.mark.parametrize("way", WAYS)
    def test_is_told_in_words_and_asked_by_nothing(self, here: World, way: str) -> None:
        person = WAYS[way](here)
        action = here.pending(db.now())
        stage = stages.current(action)
        assert stage is not None and powers.could_decide(person, action, stage)
        leave(person)
        assert not powers.could_decide(person, action, stage)
        assert not waiting.page(person).rows
        assert person not in {*assignees.people(stage, action.client_id), *recipients.of_stage(action, stage)}
        with pytest.raises(Refused):
            world.decide("approve", action, person)
        assert not Decision.objects.filter(action=action, person=person).exists()
        leave(person, is_active=True)
        assert powers.could_decide(person, action, stage)

    @pytest.mark.parametrize("act", ACTS)
    def test_does_nothing_at_their_own_desk_and_reads_why(self, here: World, act: str) -> None:
        action = here.pending(db.now())
        leave(here.junior)
        with pytest.raises(NotAllowed, match=SAID):
            ACTS[act](action, here.junior)
        assert world.fresh(action).state == "pending" and not Claim.objects.filter(action=action).exists()

    def test_does_not_undo_what_they_approved(self, here: World) -> None:
        action = here.approved(db.now())
        leave(here.junior)
        with pytest.raises(NotAllowed, match=SAID):
            undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=db.now(), action_id=action.pk)

    def test_decides_nothing_by_a_standing_rule(self, here: World) -> None:
        automation.granting(here)
        leave(here.junior)
        assert here.pending().state == "pending"
        assert "junior is no longer active in the directory." in StandingRule.objects.get().end_reason

    def test_starts_no_break_glass_access(self, here: World) -> None:
        here.junior.user_permissions.add(Permission.objects.get(codename="break_glass"))
        person = Person.objects.get(pk=here.junior.pk)
        leave(person)
        with pytest.raises(NotAllowed, match=SAID):
            break_glass.start(
                actor=Actor(Door.ADMIN, person=person), at=db.now(), desk="finance", reason="Fire", password="secret",
                address="::1",
            )  # fmt: skip

    def test_as_a_delegate_reads_why(self, here: World) -> None:
        friend = as_a_delegate(here)
        action = here.pending(db.now())
        leave(friend)
        with pytest.raises(DelegationRefused, match=SAID):
            world.decide("approve", action, friend)

    def test_lends_nothing(self, here: World) -> None:
        friend = as_a_delegate(here)
        action = here.pending(db.now())
        leave(here.junior)
        assert not waiting.page(friend).rows
        with pytest.raises(DelegationRefused, match="The directory lists junior as inactive"):
            world.decide("approve", action, friend)

    @pytest.mark.parametrize("who", ["lender", "delegate"])
    def test_is_no_part_of_a_new_delegation(self, here: World, who: str) -> None:
        friend = world.person("friend")
        leave(here.junior if who == "lender" else friend)
        with pytest.raises(DelegationRefused):
            lend(here, here.junior, friend)

    def test_leaves_nobody_waiting_for_their_claim(self, here: World) -> None:
        action = here.pending(db.now())
        claim(action, here.junior)
        leave(here.junior)
        assert world.decide("approve", action, here.senior).is_final

    def test_still_sees_the_desk_over_rest_and_is_refused(self, here: World) -> None:
        action = here.pending(db.now())
        leave(here.junior)
        caller = as_session(here.junior)
        assert caller.get(f"actions/{action.pk}/").status_code == 200
        answer = caller.post(f"actions/{action.pk}/approve/", seen(action))
        assert answer.status_code == 403 and SAID in answer.json()["detail"]
