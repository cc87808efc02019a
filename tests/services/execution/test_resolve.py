"""An execution of which nobody knows the end is settled by a person who could have decided it."""

import uuid
from typing import Any

import pytest

from approvals.actors import Actor, Door, system
from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.errors import NotFound, RationaleMissing, SelfApproval, TierTooLow, WrongState
from approvals.models import Action, Decision, LedgerEntry, Text
from approvals.services.execution import resolve as settlement
from approvals.services.execution import run as execution
from policies.errors import Refused
from tests import world
from tests.world import NOON, World, events

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
WORKER = system(Door.CELERY)


def run() -> int:
    return execution.run_ready(actor=WORKER, clock=lambda: NOON)


def resolve(who: Any, action: Action, resolution: str = "happened", rationale: str = "It is in the ledger.") -> Any:
    return settlement.resolve(
        actor=Actor(Door.ADMIN, person=who), at=NOON, action_id=action.pk, resolution=resolution, rationale=rationale
    )


class TestResolve:
    @pytest.fixture
    def doubtful(self, here: World, fake: FakeConnector) -> Action:
        fake.class_ = Recovery.NEITHER
        fake.script.append((True, CallResult(CallStatus.UNKNOWN)))
        action = here.approved()
        run()
        return world.fresh(action)

    @pytest.mark.parametrize(
        ("outcome", "state"), [("happened", "executed"), ("did_not_happen", "failed"), ("compensate", "failed")]
    )
    def test_settles_and_names_who(self, here: World, doubtful: Action, outcome: str, state: str) -> None:
        resolve(here.junior, doubtful, outcome)
        row = doubtful.history.first()
        assert (row.state, row.history_user, world.fresh(doubtful).state) == (state, here.junior, state)
        entry = LedgerEntry.objects.get(action=doubtful, event="execution.settled")
        assert entry.actor == f"person:{here.junior.pk}"
        assert Text.objects.get(kind="rationale", content__rationale="It is in the ledger.").digest in entry.body

    def test_is_refused_to_the_agents_owner_and_recorded(self, here: World, doubtful: Action) -> None:
        here.desk.memberships.create(person=here.owner, tier=2)
        with pytest.raises(SelfApproval):
            resolve(here.owner, doubtful)
        assert events(doubtful)[-1] == "execution.settling_refused"

    def test_is_refused_to_another_desk(self, doubtful: Action) -> None:
        with pytest.raises(NotFound):
            resolve(world.person("stranger"), doubtful)

    def test_needs_the_tier_that_the_action_needed(self, here: World, fake: FakeConnector) -> None:
        fake.class_ = Recovery.NEITHER
        fake.script.append((True, CallResult(CallStatus.UNKNOWN)))
        action = here.pending(amount=9000)
        world.decide("approve", action, here.senior)
        run()
        with pytest.raises(TierTooLow):
            resolve(here.junior, action)

    @pytest.mark.parametrize(
        ("said", "refusal"), [({"rationale": " "}, RationaleMissing), ({"resolution": "maybe"}, WrongState)]
    )
    def test_needs_an_outcome_and_a_reason(
        self, here: World, doubtful: Action, said: dict[str, str], refusal: type[Refused]
    ) -> None:
        with pytest.raises(refusal):
            resolve(here.junior, doubtful, **said)

    def test_is_refused_where_nothing_is_in_doubt(self, here: World) -> None:
        with pytest.raises(WrongState):
            resolve(here.junior, here.approved())

    def test_is_final(self, here: World, doubtful: Action) -> None:
        resolve(here.junior, doubtful)
        with pytest.raises(WrongState):
            resolve(here.senior, doubtful)
        assert Decision.objects.filter(action=doubtful, is_final=True).count() == 1


def test_an_unknown_action_is_not_found(here: World) -> None:
    with pytest.raises(NotFound):
        resolve(here.junior, Action(pk=uuid.uuid4()))
