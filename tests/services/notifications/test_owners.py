"""Who answers for a kind of action is told, held to it, and missed when nobody does; modes bind agents too."""

import pytest
from django.contrib.auth.models import Group
from django.core.checks import run_checks

from approvals.actors import Door, system
from approvals.channels.base import Message
from approvals.errors import NotAllowed
from approvals.models import Action, Delivery, Membership, Person
from approvals.services.intake import override
from approvals.services.notifications import queue
from approvals.states import Mode, Tier
from tests import world
from tests.services.intake.test_override import BLOCKS, WHY, overrider, reopen
from tests.world import NOON, World, fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.world(low_confidence=0.6)]


@pytest.fixture
def expert(here: World) -> Person:
    """A junior of the desk who is told of things; the senior is asked to decide where the junior may not."""
    person = world.person("expert")
    Membership.objects.create(person=person, desk=here.desk, tier=Tier.JUNIOR)
    return person


def answers(here: World, **fields: object) -> None:
    for name, value in fields.items():
        setattr(here.kind, name, value)
    here.kind.save()


def told(action: Action, kind: str) -> list[str]:
    return [str(row.person) for row in Delivery.objects.filter(action=action, kind=kind).order_by("person__username")]


class TestLowConfidence:
    @pytest.mark.parametrize(("confidence", "is_told"), [(0.59, True), (None, True), (0.6, False), (0.95, False)])
    def test_is_told_to_the_person_named(
        self, here: World, expert: Person, confidence: float | None, is_told: bool
    ) -> None:
        answers(here, confidence_person=expert)
        action = here.pending(amount=9000, confidence=confidence)
        assert told(action, "confidence.low") == (["expert"] if is_told else [])

    def test_is_told_to_the_group_named(self, here: World, expert: Person) -> None:
        group = Group.objects.create(name="Watchers")
        expert.groups.add(group)
        world.person("outsider").groups.add(group)  # who does not see what this desk holds
        answers(here, confidence_group=group)
        assert told(here.pending(amount=9000, confidence=0.1), "confidence.low") == ["expert"]

    def test_is_told_of_what_ran_by_itself_too(self, here: World, expert: Person) -> None:
        answers(here, confidence_person=expert, low_confidence=0.99)
        action = here.auto()
        assert (action.state, told(action, "confidence.low")) == ("approved", ["expert"])

    def test_is_not_told_twice_to_whoever_is_asked_to_decide(self, here: World) -> None:
        answers(here, confidence_person=here.senior)
        action = here.pending(amount=9000, confidence=0.1)
        assert [row.kind for row in Delivery.objects.filter(action=action, person=here.senior)] == ["action.routed"]

    def test_says_why_in_its_mail(self, here: World, expert: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        answers(here, confidence_person=expert)
        action = here.pending(amount=9000, confidence=0.1, reasoning="Trust me.")
        notice = next(each for each in queue.lease(actor=system(Door.CLOCK), at=NOON, limit=9)
                      if each.message.to == expert.email)  # fmt: skip
        message: Message = notice.message
        assert message.subject == "Post invoice: low confidence"
        assert "confidence is low" in message.text and str(action.pk) in message.text and "Trust me" not in message.text


class TestAnEdgeCase:
    def test_is_told_to_the_person_named(self, here: World, expert: Person) -> None:
        answers(here, edge_case_owner=expert, responsible=here.junior)
        assert told(here.pending(invoice_number=""), "edge_case.found") == ["expert"]
        assert told(here.pending(iban="NL00BANK0000000000"), "edge_case.found") == ["expert"]
        assert told(here.pending(), "edge_case.found") == []

    def test_is_told_to_the_tier_named(self, here: World) -> None:
        answers(here, edge_case_tier=Tier.SENIOR, responsible=here.junior)
        assert told(here.pending(invoice_number=""), "edge_case.found") == ["senior"]

    def test_is_told_to_nobody_where_nobody_is_named(self, here: World, expert: Person) -> None:
        assert told(here.pending(invoice_number=""), "edge_case.found") == []


class TestWhoMayOverride:
    def test_is_held_to_the_group_of_the_kind(self, here: World) -> None:
        group = Group.objects.create(name="Invoice overriders")
        answers(here, overriders=group)
        world.publish(world.POLICY + BLOCKS, "invoices", here.owner, here.senior)
        blocked, boss = here.pending(issuer="Shady Ltd"), overrider("boss", here)
        with pytest.raises(NotAllowed):
            reopen(boss, blocked)
        boss.groups.add(group)
        assert reopen(Person.objects.get(pk=boss.pk), blocked).overrides == blocked
        assert WHY and override.PERMISSION


class TestTheCheck:
    def test_misses_an_owner(self, here: World) -> None:
        assert "The action type invoice.post has no outcome owner." in self.warnings()
        answers(here, owner=here.senior)
        assert "The action type invoice.post has no outcome owner." not in self.warnings()

    def warnings(self) -> list[str]:
        return [found.msg for found in run_checks(databases=["default"]) if found.id == "approvals.W002"]


class TestAMode:
    @pytest.mark.parametrize("mode", [Mode.ON_THE_LOOP, Mode.AUTONOMOUS])
    def test_that_leaves_it_to_policy_lets_it_run(self, here: World, mode: Mode) -> None:
        answers(here, mode=mode)
        assert here.auto().state == "approved"

    def test_in_the_loop_shows_each_one_to_a_person(self, here: World) -> None:
        answers(here, mode=Mode.IN_THE_LOOP)
        action = here.auto()
        assert action.state == "pending" and action.evaluation is not None and "mode" in action.evaluation.rules

    def test_in_command_takes_nothing_from_a_key(self, here: World) -> None:
        answers(here, mode=Mode.IN_COMMAND)
        with pytest.raises(NotAllowed):
            here.propose()

    def test_of_an_agent_holds_where_it_leaves_less(self, here: World) -> None:
        here.agent.mode = Mode.IN_THE_LOOP
        here.agent.save()
        assert here.auto().state == "pending"
        here.agent.mode = Mode.IN_COMMAND
        here.agent.save()
        with pytest.raises(NotAllowed):
            here.propose()

    def test_of_an_agent_never_leaves_more(self, here: World) -> None:
        answers(here, mode=Mode.IN_THE_LOOP)
        here.agent.mode = Mode.AUTONOMOUS
        here.agent.save()
        assert here.auto().state == "pending"

    def test_that_became_stricter_holds_for_what_waits_to_be_routed(self, here: World) -> None:
        action = here.propose(amount=20.5)
        here.agent.mode = Mode.IN_THE_LOOP
        here.agent.save()
        assert here.route(fresh(action)).state == "pending"
