"""Rows of the catalog changed while somebody waits to propose, route, decide or dispatch: each counts from its commit.

Whoever waits has read what it could before; what it goes by is asked after the wait.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from approvals.actors import Actor, Door, system
from approvals.connectors.fake import FakeConnector
from approvals.models import Action, ApiKey, Counter, ExchangeRate, Membership, Person, StandingRule
from approvals.models.recorded import Recorded
from approvals.services import locks, routing
from approvals.services.accounts import api_keys, delegations
from approvals.services.catalog import rows
from approvals.services.directory import import_sheet
from approvals.services.execution import agent as agents
from approvals.services.execution import dispatch, run
from approvals.services.safety import halt_gate, halts
from approvals.states import ExecutionMode, Mode, Stakes, Tier
from policies import db
from policies.errors import Refused
from tests import plans, world
from tests.api.caller import as_agent, as_token, seen
from tests.delegating import lend
from tests.races.meanwhile import outcome, under_way
from tests.services.automation.given import granting
from tests.services.policy.test_budgets import BUDGET, having
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgresql_only,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
COMMAND, WORKER = system(Door.COMMAND), system(Door.CELERY)
BLOCKS = "rules: [{name: never, when: 'true', outcome: block, says: Nothing is posted.}]\n"
SENIORS = "rules: [{name: seniors, when: 'true', outcome: escalate, says: A senior looks.}]\n"

Change = Callable[[World], object]


def saved(row: Recorded, **fields: Any) -> None:
    """Change fields of a row as the configuration does."""
    found = type(row)._default_manager.get(pk=row.pk)
    for name, value in fields.items():
        setattr(found, name, value)
    with transaction.atomic():
        rows.save(found, COMMAND, fields)


def type_with(**fields: Any) -> Change:
    return lambda here: saved(here.kind, **fields)


def agent_with(**fields: Any) -> Change:
    return lambda here: saved(here.agent, **fields)


def seat_with(**fields: Any) -> Change:
    return lambda here: saved(Membership.objects.get(person=here.junior), **fields)


def deactivate(here: World) -> None:
    saved(here.junior, is_active=False)


def unseat(here: World) -> None:
    with transaction.atomic():
        rows.delete(Membership.objects.get(person=here.junior), COMMAND)


def leave(here: World) -> None:
    sheet = b"key,name,person,active\nE1,June,junior,no\n"
    import_sheet.import_sheet(actor=COMMAND, at=db.now(), sheet="people", content=sheet)


def halt(here: World) -> None:
    halts.start(actor=Actor(Door.ADMIN, person=here.senior), at=db.now(), scope="desk", name="finance")


def policy(rules: str) -> Change:
    return lambda here: world.publish(world.POLICY + rules, "invoices", here.junior, here.senior)


def revoke() -> None:
    key = ApiKey.objects.get()
    api_keys.revoke(actor=COMMAND, at=db.now(), identifier=key.identifier)


def dollars(rate: str) -> None:
    """Set what a dollar is worth."""
    ExchangeRate.objects.create(currency="USD", rate=Decimal(rate), valid_from=world.NOON.date())


def lift_rate(here: World) -> None:
    saved(ExchangeRate.objects.get(), rate=Decimal(30))


def locked(model: type[Model], **which: Any) -> Callable[[], object]:
    return lambda: list(model._default_manager.select_for_update().filter(**which))


def locking(action: Action) -> Callable[[], object]:
    return lambda: locks.action(action.pk)


def refused(answer: object) -> str:
    """The code of a refusal."""
    assert isinstance(answer, Refused), answer
    return answer.code


def run_now() -> None:
    run.run_ready(actor=WORKER, clock=db.now)


STRICTER: dict[str, Change] = {
    "a halt": halt,
    "a policy that blocks": policy(BLOCKS),
    "a policy that asks seniors": policy(SENIORS),
    "a lower mode of the type": type_with(mode=Mode.IN_THE_LOOP),
}
INACTIVE: dict[str, Change] = {
    "an inactive type": type_with(is_active=False),
    "an inactive agent": agent_with(is_active=False),
}
GONE: dict[str, Change] = {
    "a reviewer who is deactivated": deactivate,
    "a reviewer who leaves": leave,
    "a seat that is removed": unseat,
}
CODES = {
    "a halt": "halted",
    "a policy that blocks": "blocked_by_policy",
    "a policy that asks seniors": "tier_too_low",
    "a lower mode of the type": "stale_target",
    "an inactive type": "wrong_state",
    "an inactive agent": "wrong_state",
    "a reviewer who is deactivated": "not_your_desk",
    "a reviewer who leaves": "not_allowed",
    "a seat that is removed": "not_found",
    "lower stakes": "above_ceiling",
    "a first ceiling": "above_ceiling",
    "a first daily ceiling": "above_ceiling",
}
SEATS: dict[str, Change] = {
    "lower stakes": seat_with(max_stakes=Stakes.LOW),
    "a first ceiling": seat_with(ceilings={"EUR": "500.00"}),
    "a first daily ceiling": seat_with(daily_ceilings={"EUR": "500.00"}),
}
AUTOMATIC = STRICTER | {"a lower mode of the agent": agent_with(mode=Mode.IN_THE_LOOP)}


class TestAnApprovalThatWaitsForTheAction:
    @pytest.mark.parametrize("name", CODES)
    def test_is_refused_for(self, here: World, action: Action, name: str) -> None:
        change = (STRICTER | INACTIVE | GONE | SEATS)[name]
        approve = partial(world.decide, "approve", action, here.junior)
        assert refused(outcome(approve, locking(action), lambda: change(here))) == CODES[name]
        assert world.fresh(action).state == "pending"

    def test_is_refused_to_a_senior_who_became_a_junior(self, here: World, big: Action) -> None:
        approve = partial(world.decide, "approve", big, here.senior)
        demote = partial(saved, Membership.objects.get(person=here.senior), tier=Tier.JUNIOR)
        assert refused(outcome(approve, locking(big), demote)) == "tier_too_low"

    def test_is_refused_for_an_amount_that_is_worth_more(self, here: World) -> None:
        dollars("0.90")
        seat_with(ceilings={"EUR": "1000.00"})(here)
        action = here.pending(currency="USD")
        approve = partial(world.decide, "approve", action, here.junior)
        assert refused(outcome(approve, locking(action), partial(lift_rate, here))) == "above_ceiling"

    def test_is_refused_once_its_delegation_has_ended(self, here: World, big: Action, friend: Person) -> None:
        given = lend(here.senior, friend)
        approve = partial(world.decide, "approve", big, friend)
        by = Actor(Door.ADMIN, person=here.senior)
        end = partial(delegations.end, actor=by, at=db.now(), delegation_id=given.pk)
        assert refused(outcome(approve, locking(big), end)) == "delegation_refused"

    def test_is_refused_to_whom_a_stage_names_and_who_was_deactivated(self, here: World) -> None:
        vera = plans.vera()
        plans.follow(here, plans.VERA)
        action = here.pending()
        approve = partial(world.decide, "approve", action, vera)
        assert refused(outcome(approve, locking(action), partial(saved, vera, is_active=False))) == "not_assigned"

    def test_is_refused_for_a_ceiling_that_it_waited_for(self, here: World, action: Action) -> None:
        """Who has a daily ceiling holds their seat, and so waits for whoever is changing it."""
        seat_with(daily_ceilings={"EUR": "5000.00"})(here)
        approve = partial(world.decide, "approve", action, here.junior)
        assert refused(outcome(approve, lambda: seat_with(ceilings={"EUR": "500.00"})(here))) == "above_ceiling"


class TestARequestWithAKeyThatIsRevoked:
    @pytest.mark.parametrize("verb", ["approve", "claim"])
    def test_decides_nothing_once_it_has_waited(self, here: World, action: Action, verb: str) -> None:
        junior = as_token(here.junior, "read", "decide")
        body = {} if verb == "claim" else seen(action)
        answer = outcome(lambda: junior.post(f"actions/{action.pk}/{verb}/", body), locking(action), revoke)
        assert (answer.status_code, answer.json()["code"]) == (401, "key_revoked")
        assert world.fresh(action).state == "pending"

    @pytest.mark.parametrize("verb", ["withdraw", "consume"])
    def test_ends_and_redeems_nothing_once_it_has_waited(self, here: World, verb: str) -> None:
        here.set_kind(execution=ExecutionMode.AGENT, connector="")
        action, agent = here.approved(db.now()), as_agent(here.agent)
        body = {"reason": "No."} if verb == "withdraw" else {}
        answer = outcome(lambda: agent.post(f"actions/{action.pk}/{verb}/", body), locking(action), revoke)
        assert (answer.status_code, answer.json()["code"]) == (401, "key_revoked")
        assert world.fresh(action).state == "approved"


def routed_alone(action: Action) -> None:
    routing.route(actor=WORKER, at=db.now(), action_id=action.pk)


def routed_together(action: Action) -> None:
    routing.route_together(actor=WORKER, at=db.now(), action_ids=[action.pk])


class TestAnActionWhoseRoutingWaits:
    @pytest.mark.parametrize("name", AUTOMATIC)
    def test_for_a_total_is_not_approved_after(self, name: str) -> None:
        here = having(BUDGET)
        here.auto()
        action = here.propose(amount=20.5)
        outcome(partial(routed_alone, action), locked(Counter), lambda: AUTOMATIC[name](here))
        assert world.fresh(action).state in {"pending", "rejected"}

    def test_for_a_total_is_not_approved_after_its_rate_is_lifted(self) -> None:
        here = having(BUDGET)
        dollars("0.90")
        here.auto(currency="USD")
        action = here.propose(amount=100, currency="USD")
        outcome(partial(routed_alone, action), locked(Counter), partial(lift_rate, here))
        assert world.fresh(action).state == "pending"

    @pytest.mark.parametrize("name", ["a halt", "a policy that asks seniors", "a seat that is removed"])
    def test_for_a_standing_rule_is_not_approved_after(self, here: World, name: str) -> None:
        granting(here)
        action = here.propose()
        outcome(partial(routed_alone, action), locked(StandingRule), lambda: (STRICTER | GONE)[name](here))
        assert world.fresh(action).state == "pending"

    @pytest.mark.parametrize("name", ["a halt", "a policy that blocks", "a lower mode of the agent"])
    def test_with_others_is_not_approved_after(self, name: str) -> None:
        here = having(BUDGET)
        here.auto()
        action = here.propose(amount=20.5)
        outcome(partial(routed_together, action), locked(Counter), lambda: AUTOMATIC[name](here))
        assert world.fresh(action).state in {"pending", "rejected"}


class TestADispatch:
    @pytest.mark.parametrize("name", STRICTER | INACTIVE | GONE)
    def test_that_waits_for_the_action_sends_nothing_after(self, here: World, fake: FakeConnector, name: str) -> None:
        action = here.approved(db.now())
        claim = dispatch.lease(actor=WORKER, at=db.now(), limit=1)[0]
        send = partial(run.carry_through, actor=WORKER, clock=db.now, claim=claim)
        outcome(send, locking(action), lambda: (STRICTER | INACTIVE | GONE)[name](here))
        assert not fake.orders
        assert world.fresh(action).state == ("approved" if name == "a halt" else "pending")

    @pytest.mark.parametrize("name", ["a seat that is removed", "an inactive type", "a lower mode of the type"])
    def test_sends_nothing_after_a_change_that_was_under_way_at_the_approval(
        self, here: World, fake: FakeConnector, name: str
    ) -> None:
        """The change is older than the approval and commits after it, so times do not tell which came first."""
        action = here.pending(db.now())
        approve = partial(world.decide, "approve", action, here.junior)
        under_way(lambda: (STRICTER | INACTIVE | GONE)[name](here), approve)
        assert world.fresh(action).state == "approved"
        run_now()
        assert not fake.orders
        assert world.fresh(action).state == "pending"

    @pytest.mark.parametrize("name", INACTIVE)
    def test_that_waits_for_a_halt_elsewhere_sends_nothing_after(
        self, here: World, fake: FakeConnector, name: str
    ) -> None:
        action = here.approved(db.now())
        outcome(run_now, halt_gate.close, lambda: INACTIVE[name](here))
        assert not fake.orders
        assert world.fresh(action).state == "pending"


@pytest.mark.parametrize("name", INACTIVE)
def test_nothing_is_redeemed_that_waited_for_a_halt_elsewhere_after(here: World, name: str) -> None:
    here.set_kind(execution=ExecutionMode.AGENT, connector="")
    action = here.approved(db.now())
    redeem = partial(agents.consume, actor=here.as_agent(), at=db.now(), action_id=action.pk)
    assert refused(outcome(redeem, halt_gate.close, lambda: INACTIVE[name](here))) == "digest_mismatch"


class TestAProposalInHandMeanwhile:
    """What is taken in is judged later."""

    @pytest.mark.parametrize("name", ["a halt", "a policy that blocks"])
    def test_does_not_run_after_a_change_beside_it(self, here: World, fake: FakeConnector, name: str) -> None:
        """It waits for its owner's row, which a foreign key asks for."""
        propose = partial(here.propose, amount=20.5)
        action = outcome(propose, locked(Person, pk=here.owner.pk), lambda: AUTOMATIC[name](here))
        self._runs_not(here, fake, action)

    @pytest.mark.parametrize("name", ["a lower mode of the agent", "an inactive type"])
    def test_does_not_run_after_a_change_of_a_row_it_names(self, here: World, fake: FakeConnector, name: str) -> None:
        """It waits for the changed row itself: each change has a new entry, which is a key of the row."""
        propose = partial(here.propose, amount=20.5)
        action = outcome(propose, lambda: (AUTOMATIC | INACTIVE)[name](here))
        self._runs_not(here, fake, action)

    def _runs_not(self, here: World, fake: FakeConnector, action: Action) -> None:
        here.route(action)
        run_now()
        assert not fake.orders
        assert world.fresh(action).state in {"pending", "rejected"}
