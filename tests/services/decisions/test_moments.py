"""Whatever changes at whatever moment: what could never run is refused at the decision; a new name changes nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import Group

from approvals.actors import Door, system
from approvals.connectors.fake import FakeConnector
from approvals.errors import AboveCeiling, NotAllowed
from approvals.models import Action, ActionType, Agent, Desk, ExchangeRate, LedgerEntry, Membership, Person
from approvals.services.execution import run as execution
from approvals.states import Tier
from policies.errors import Refused
from tests import plans as given
from tests import world
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
TODAY = NOON.date()
MOMENTS = ("proposed", "pending", "first approval", "last approval")


@pytest.fixture
def here(here: World) -> World:
    """An invoice needs two of a desk's three people, and runs as soon as they have approved it."""
    Membership.objects.create(person=world.person("third"), desk=here.desk, tier=Tier.JUNIOR)
    given.in_group(here.junior, here.senior)
    given.follow(here, given.PAIR)
    return here


def run() -> None:
    execution.run_ready(actor=system(Door.CELERY), clock=lambda: NOON)


def approve(action: Action, *people: Person) -> Action:
    for person in people:
        world.decide("approve", world.fresh(action), person)
    return world.fresh(action)


def until(here: World, moment: str, change: Callable[[World], object], **more: Any) -> Action:
    """An action on its way to its last approval, where something changes right after this moment."""
    third = Membership.objects.filter(desk=here.desk).latest("pk").person
    steps: dict[str, Callable[[Action], Action]] = {
        "proposed": lambda action: action,
        "pending": here.route,
        "first approval": lambda action: approve(action, here.junior),
        "last approval": lambda action: approve(action, third),
    }
    action, is_changed = here.propose(**more), False
    for name, step in steps.items():
        try:
            action = step(action)
        except Refused:
            assert is_changed
            return world.fresh(action)
        if name == moment:
            change(here)
            is_changed = True
    return world.fresh(action)


def rename(here: World, what: str) -> None:
    changed: dict[str, Callable[[], int]] = {
        "agent": lambda: Agent.objects.filter(pk=here.agent.pk).update(name="another-bot", title="Other"),
        "type": lambda: ActionType.objects.filter(pk=here.kind.pk).update(name="invoice.book"),
        "desk": lambda: Desk.objects.filter(pk=here.desk.pk).update(slug="accounts", name="Accounts"),
        "people": lambda: sum(
            Person.objects.filter(pk=person.pk).update(username=f"new-{person.pk}", last_name="New")
            for person in Person.objects.all()
        ),
        "group": lambda: Group.objects.filter(name="Leads").update(name="Chiefs"),
    }
    changed[what]()


def rename_all(here: World, names: list[str]) -> None:
    for what in names:
        rename(here, what)


class TestANewName:
    @pytest.mark.parametrize("moment", MOMENTS)
    @pytest.mark.parametrize("what", ["agent", "type", "desk", "people", "group"])
    def test_is_no_other_action(self, here: World, fake: FakeConnector, what: str, moment: str) -> None:
        action = until(here, moment, lambda here: rename(here, what))
        run()
        assert (world.fresh(action).state, len(fake.orders)) == ("executed", 1)

    def test_at_random_moments_is_no_other_action(self, here: World, fake: FakeConnector) -> None:
        chance = Random(7)
        for _ in range(3):
            names = chance.sample(["agent", "desk", "people"], k=2)
            action = until(here, chance.choice(MOMENTS), partial(rename_all, names=names))
            run()
            assert world.fresh(action).state == "executed"
            here.agent = Agent.objects.get(pk=here.agent.pk)


DEAD: dict[str, tuple[str, Callable[[World], object]]] = {
    "type": ("no longer active", lambda here: ActionType.objects.update(is_active=False)),
    "agent": ("no longer active", lambda here: Agent.objects.update(is_active=False)),
    "form": ("schema of this action type has changed", lambda here: ActionType.objects.update(version=9)),
    "connector": (
        "connector for this action type does not work",
        lambda here: ActionType.objects.update(connector="x"),
    ),
    "payload": ("stored payload differs", lambda here: world.tamper_body(Action.objects.latest("pk"))),
}


class TestWhatCouldNeverRun:
    @pytest.mark.parametrize("moment", MOMENTS)
    @pytest.mark.parametrize("what", DEAD)
    def test_is_refused_at_the_reviewer_and_can_be_rejected(
        self, here: World, fake: FakeConnector, what: str, moment: str
    ) -> None:
        said, change = DEAD[what]
        action = until(here, moment, change)
        run()
        action = world.fresh(action)
        # Approved before it changed, it came back once.
        assert (action.state, fake.orders) == ("pending", [])
        with pytest.raises(Refused) as refusal:
            world.decide("approve", action, here.senior)
        assert said in refusal.value.message
        run()
        assert world.fresh(action).round == action.round
        world.decide("reject", action, here.senior)
        assert world.fresh(action).state == "rejected"


def usd(rate: str, valid_from: datetime = NOON) -> None:
    ExchangeRate.objects.update_or_create(
        currency="USD", valid_from=valid_from.date(), defaults={"rate": Decimal(rate)}
    )


class TestTheWorth:
    @pytest.fixture
    def abroad(self, fake: FakeConnector) -> World:
        found = world.make(connector="fake", undo_seconds=0)
        usd("0.92", NOON - timedelta(days=1))
        return found

    @pytest.mark.parametrize("ceilings", [{}, {"EUR": "5000.00"}, {"EUR": "5000.00", "USD": "9000.00"}], ids=str)
    def test_is_that_of_the_day_of_the_decision(self, abroad: World, ceilings: dict[str, str]) -> None:
        Membership.objects.filter(person=abroad.junior).update(ceilings=ceilings)
        action, other = abroad.pending(amount=5300, currency="USD"), abroad.pending(amount=5300, currency="USD")
        assert world.decide("approve", other, abroad.junior).is_final
        usd("1.00")
        with pytest.raises(NotAllowed):
            world.decide("approve", action, abroad.junior)
        assert world.decide("approve", world.fresh(action), abroad.senior).is_final

    def test_of_a_ceiling_of_the_currency_alone_asks_no_rate(self, abroad: World) -> None:
        Membership.objects.filter(person=abroad.junior).update(ceilings={"USD": "900.00"})
        action = abroad.pending(amount=800, currency="USD")
        ExchangeRate.objects.all().delete()
        assert world.decide("approve", action, abroad.junior).is_final

    def test_sends_back_what_policy_alone_let_run(self, abroad: World, fake: FakeConnector) -> None:
        action = abroad.auto(amount=260, currency="USD")
        assert action.state == "approved"
        usd("1.10")
        run()
        assert (world.fresh(action).state, fake.orders) == ("pending", [])
        entry = LedgerEntry.objects.get(action=action, event="execution.refused")
        assert "worth EUR 286.00 by today's exchange rate" in entry.body

    @pytest.mark.parametrize(("days", "state"), [(35, "approved"), (36, "pending"), (900, "pending")])
    def test_by_an_old_rate_is_unknown(self, abroad: World, days: int, state: str) -> None:
        ExchangeRate.objects.update(valid_from=TODAY - timedelta(days=days))
        action = abroad.auto(amount=20, currency="USD")
        assert (action.state, action.amount_base is None) == (state, state == "pending")

    def test_by_an_old_rate_is_said_with_its_date(self, abroad: World) -> None:
        old = TODAY - timedelta(days=400)
        ExchangeRate.objects.update(valid_from=old)
        action = abroad.auto(amount=20, currency="USD")
        flag = next(flag for flag in action.flags if flag["code"] == "stale_rate")
        assert flag["pointer"] == "/amount" and f"is from {old}, more than 35 days ago" in flag["sentence"]

    def test_by_a_rate_that_grew_old_is_above_a_ceiling(self, abroad: World) -> None:
        Membership.objects.filter(person=abroad.junior).update(ceilings={"EUR": "5000.00"})
        action = abroad.pending(amount=800, currency="USD")
        ExchangeRate.objects.update(valid_from=TODAY - timedelta(days=36))
        with pytest.raises(AboveCeiling, match="no current exchange rate from USD to EUR"):
            world.decide("approve", action, abroad.junior)


class TestAnEarlierApproval:
    GONE: dict[str, Callable[[Person], object]] = {
        "deactivated": lambda who: Person.objects.filter(pk=who.pk).update(is_active=False),
        "without a membership": lambda who: Membership.objects.filter(person=who).delete(),
        "below their ceiling": lambda who: Membership.objects.filter(person=who).update(ceilings={"EUR": "1.00"}),
        "below its stakes": lambda who: Membership.objects.filter(person=who).update(max_stakes="low"),
        "its agent's owner": lambda who: Agent.objects.update(owner=who),
    }

    @pytest.mark.parametrize("how", GONE)
    def test_of_somebody_who_could_not_give_it_now_does_not_count(self, here: World, how: str) -> None:
        third = Person.objects.get(username="third")
        action = approve(here.pending(), third)
        self.GONE[how](third)
        assert not world.decide("approve", action, here.junior).is_final
        assert world.decide("approve", action, here.senior).is_final
