"""Control rows that somebody wrote with SQL, with an entry and a history row that hold them: they give no authority."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import override_settings
from pytest_django import Settings
from rest_framework.exceptions import APIException

from approvals import checks
from approvals.actors import Actor, Door, system
from approvals.api.auth import authentication
from approvals.connectors.fake import FakeConnector
from approvals.errors import AboveCeiling, NotAllowed
from approvals.models import Action, ApiKey, BreakGlass, Delegation, ExchangeRate, Membership, Person
from approvals.models.recorded import Recorded
from approvals.queries.accounts import api_keys as stored_keys
from approvals.queries.record import timeline
from approvals.services.accounts import api_keys
from approvals.services.execution import run as execution
from approvals.services.policy import rates
from approvals.services.safety import halts
from approvals.states import Tier
from tests import world
from tests.services.automation import given
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)
Write = Callable[[World, Person], None]
LAX = world.POLICY.replace('up_to: "250.00"', 'up_to: "4999.00"')


@contextmanager
def by_sql() -> Generator[None]:
    """What is saved here is as somebody writes it who knows the source and the database, and not the key."""
    with override_settings(HITL_DECISION_KEYS=["x" * 50]):
        yield


def forge(row: Recorded, **fields: object) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    with by_sql():
        row.save()


def seat(here: World, friend: Person) -> None:
    forge(Membership(person=friend, desk=here.desk, tier=Tier.SENIOR))


def delegation(here: World, friend: Person) -> None:
    now = world.now()
    times = {"granted_at": now, "starts_at": now, "ends_at": now + timedelta(days=2)}
    forge(Delegation(person=here.senior, delegate=friend, granted_by=here.senior, **times))


def emergency(here: World, friend: Person) -> None:
    now = world.now()
    forge(
        BreakGlass(person=friend, desk=here.desk, reason="x", opened_at=now, expires_at=now + timedelta(days=900)),
    )


def account(here: World, friend: Person) -> None:
    Membership.objects.create(person=friend, desk=here.desk, tier=Tier.SENIOR)
    forge(friend, is_superuser=True)


def desk(here: World, friend: Person) -> None:
    Membership.objects.create(person=friend, desk=here.desk, tier=Tier.SENIOR)
    forge(here.desk, is_solo=True)


class TestAForgedRow:
    @pytest.mark.parametrize("write", [seat, delegation, emergency, account, desk])
    def test_lets_nobody_approve(self, here: World, friend: Person, write: Write) -> None:
        action = here.pending()
        write(here, friend)
        with pytest.raises(NotAllowed, match="changed outside HITL"):
            world.decide("approve", action, Person.objects.get(pk=friend.pk))
        assert world.fresh(action).state == "pending"

    @pytest.mark.parametrize("row", ["kind", "agent", "desk"])
    def test_lets_policy_approve_nothing(self, here: World, row: str) -> None:
        action = here.propose(amount=20.5)
        forge(getattr(here, row))
        assert here.route(action).state == "pending"

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("row", ["kind", "agent"])
    def test_lets_nothing_run_that_was_approved(self, here: World, fake: FakeConnector, row: str) -> None:
        action = here.approved()
        forge(getattr(here, row))
        execution.run_ready(actor=WORKER, clock=world.now)
        assert (fake.orders, world.fresh(action).state) == ([], "pending")

    @pytest.mark.django_db(transaction=True)
    def test_lifts_no_halt(self, here: World, fake: FakeConnector) -> None:
        action = here.approved()
        here.owner.user_permissions.add(Permission.objects.get(codename="add_halt"))
        owner = Actor(Door.ADMIN, person=Person.objects.get(pk=here.owner.pk))
        halt = halts.start(actor=owner, at=NOON, scope="everything", reason="Stop.")
        forge(halt, lifted_at=world.now(), lifted_by=here.owner, lift_reason="x")
        execution.run_ready(actor=WORKER, clock=world.now)
        assert (fake.orders, world.fresh(action).state) == ([], "approved")

    def test_of_an_amount_lets_nobody_approve_above_their_ceiling(self, here: World) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "100.00"})
        action = here.pending(amount=717.97)
        Action.objects.filter(pk=action.pk).update(amount=Decimal("1.00"), amount_base=Decimal("1.00"))
        with pytest.raises(AboveCeiling):
            world.decide("approve", action, here.junior)

    def test_lets_no_standing_rule_decide(self, here: World) -> None:
        rule = given.granting(here)
        forge(given.fresh(rule))
        assert here.pending().state == "pending"
        assert given.fresh(rule).state == "stopped"

    def test_lets_no_policy_decide(self, here: World) -> None:
        with by_sql():
            world.publish(LAX, "invoices", here.owner, here.senior)
        assert here.pending().state == "pending"

    def test_lets_no_key_in(self, here: World) -> None:
        issued = api_keys.issue(actor=WORKER, at=NOON, agent=here.agent, scopes=["propose:*"])
        key = ApiKey.objects.get(pk=issued.key.pk)
        assert authentication._find(issued.plain).pk == key.pk
        forge(key, secret_hash=stored_keys.fingerprint(issued.plain))
        with pytest.raises(APIException):
            authentication._find(issued.plain)

    def test_lets_nobody_sign_in(self, here: World) -> None:
        assert authenticate(username="senior", password="secret") == here.senior
        forge(here.senior, password=make_password("mine"))
        assert authenticate(username="senior", password="mine") is None

    def test_values_nothing(self, here: World) -> None:
        rate = ExchangeRate.objects.create(currency="USD", valid_from=NOON.date(), rate=Decimal("0.9"))
        assert rates.latest("USD", NOON.date()) is not None
        forge(rate, rate=Decimal("0.0001"))
        assert rates.latest("USD", NOON.date()) is None

    def test_is_named_by_the_check_and_by_its_history(self, here: World) -> None:
        call_command("check", database=["default"])
        assert checks.rows_are_sealed(None, ["default"]) == []
        member = Membership.objects.get(person=here.junior)
        forge(member, tier=Tier.SENIOR)
        (fault,) = checks.rows_are_sealed(None, ["default"])
        assert f"Membership {member.pk}" in fault.msg
        assert timeline.of_row(Membership.objects.get(pk=member.pk)).faults

    def test_is_as_it_was_once_hitl_saves_it_again(self, here: World, friend: Person) -> None:
        action = here.pending()
        seat(here, friend)
        Membership.objects.get(person=friend).save()
        world.decide("approve", action, friend)
        assert world.fresh(action).state == "approved"


class TestAnOlderKey:
    def test_can_be_removed_once_the_rows_are_sealed_again(self, here: World, settings: Settings) -> None:
        former, new = settings.HITL_DECISION_KEYS, "n" * 50
        settings.HITL_DECISION_KEYS = [new, *former]
        call_command("reseal")
        settings.HITL_DECISION_KEYS = [new]
        assert checks.rows_are_sealed(None, ["default"]) == []
        assert authenticate(username="senior", password="secret") == here.senior
        assert here.auto().state == "approved"
