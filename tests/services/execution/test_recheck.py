"""What a decision rested on is looked up again before the effect, where the action type says so."""

from typing import Any

import pytest

from approvals.actors import Actor, Door, system
from approvals.connectors.fake import FakeConnector
from approvals.connectors.lookups.base import Unreachable
from approvals.errors import NotApproved, NotFound, Unavailable
from approvals.models import Action, ActionType, Agent, Employee, Execution, LedgerEntry, LookupResult
from approvals.services.decisions import checks
from approvals.services.directory import import_sheet
from approvals.services.execution import agent, recheck, run
from approvals.services.policy.lookups import results
from approvals.services.policy.lookups.specs import DirectorySource
from approvals.states import ExecutionMode
from policies import db
from tests import world
from tests.world import NOON, World

WORKER = system(Door.CELERY)
LOOKUPS = [{"name": "person", "title": "Employee", "source": "directory", "target": {"entry": "{/issuer}"}}]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, lookups=LOOKUPS, recheck_lookups=True),
]
SHEET = "key,name,department,title,active\nE1,Paper Mill,Sales,Clerk,{active}\n"


def take(sheet: str) -> None:
    import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet="people", content=sheet.encode())


@pytest.fixture
def here(here: World) -> World:
    take(SHEET.format(active="yes"))
    return here


def execute() -> None:
    run.run_ready(actor=WORKER, clock=db.now)


def approved(here: World, **changes: Any) -> Action:
    action = here.propose(db.now(), **changes)
    checks.run_due(actor=WORKER, clock=db.now)
    action = here.route(action)
    if action.state == "pending":
        world.decide("approve", action, here.junior)
    return world.fresh(action)


def deactivate() -> None:
    take(SHEET.format(active="no"))


CHANGES = {
    "inactive": (deactivate, "Paper Mill is no longer active in the directory."),
    "gone": (lambda: Employee.objects.all().delete(), "no employee named"),
    "another department": (lambda: Employee.objects.update(department="IT"), "(department)"),
    "another title": (lambda: Employee.objects.update(title="Chief", department=""), "department, title"),
    "another attribute": (lambda: Employee.objects.update(attributes={"cost": 7}), "(cost)"),
}


class TestAChange:
    @pytest.mark.parametrize("amount", [20, 717.97], ids=["by policy", "by a person"])
    @pytest.mark.parametrize("what", CHANGES)
    def test_sends_it_back_to_a_person_in_words(
        self, here: World, fake: FakeConnector, what: str, amount: float
    ) -> None:
        action = approved(here, amount=amount)
        change, said = CHANGES[what]
        change()
        execute()
        action = world.fresh(action)
        assert (action.state, action.round, fake.orders) == ("pending", 2, [])
        refused = LedgerEntry.objects.get(action=action, event="execution.refused")
        assert "“Employee”" in refused.body and said in refused.body

    def test_is_what_the_next_decision_rests_on(self, here: World, fake: FakeConnector) -> None:
        action = approved(here)
        Employee.objects.update(department="IT")
        execute()
        assert LookupResult.objects.filter(action=action).latest("id").value["department"] == "IT"
        world.decide("approve", world.fresh(action), here.junior)
        execute()
        assert world.fresh(action).state == "executed"

    def test_is_not_looked_for_where_the_type_does_not_say_so(self, here: World) -> None:
        ActionType.objects.update(recheck_lookups=False)
        action = approved(here)
        deactivate()
        execute()
        assert world.fresh(action).state == "executed"

    @pytest.mark.parametrize("entry", ["{agent}", "{action_type}", "{agent} of {action_type}", "{/issuer} by {agent}"])
    def test_of_a_name_in_its_question_is_none(self, here: World, entry: str) -> None:
        asked = entry.format(agent="invoice-bot", action_type="invoice.post", **{"/issuer": "Paper Mill"})
        take(f"key,name\n{asked},Bot\n")
        ActionType.objects.update(lookups=[{"name": "bot", "source": "directory", "target": {"entry": entry}}])
        action = approved(here)
        Agent.objects.update(name="other-bot")
        ActionType.objects.filter(pk=here.kind.pk).update(name="invoice.book")
        action = world.fresh(action)
        assert results.of_evaluation(action, action.action_type, action.revision.payload)["unfetched"] == {}


class TestTheSameResult:
    def test_lets_it_run(self, here: World, fake: FakeConnector) -> None:
        action = approved(here)
        execute()
        assert (world.fresh(action).state, len(fake.orders)) == ("executed", 1)
        assert LookupResult.objects.filter(action=action).count() == 1


class TestASilentSource:
    @pytest.fixture(autouse=True)
    def silence(self, fake: FakeConnector, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.action = approved(here)

        def fetch(*_: object) -> object:
            raise Unreachable("The source did not answer.")

        monkeypatch.setattr(DirectorySource, "fetch", fetch)

    def test_is_asked_again(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        execute()
        assert world.fresh(self.action).state == "approved"
        monkeypatch.undo()
        Execution.objects.update(leased_until=None)
        execute()
        assert world.fresh(self.action).state == "executed"

    def test_for_long_sends_it_to_a_person(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(recheck, "PATIENCE", recheck.PATIENCE * 0)
        execute()
        refused = LedgerEntry.objects.get(action=self.action, event="execution.refused")
        assert "could not be repeated: The source did not answer." in refused.body


class TestRedeeming:
    @pytest.fixture
    def redeeming(self, here: World) -> World:
        ActionType.objects.update(execution=ExecutionMode.AGENT, connector="")
        return here

    def consume(self, here: World, action: Action) -> str:
        return agent.consume(actor=here.as_agent(), at=NOON, action_id=action.pk).state

    def test_is_refused_after_a_change(self, redeeming: World) -> None:
        action = approved(redeeming)
        deactivate()
        with pytest.raises(NotApproved, match="no longer active"):
            self.consume(redeeming, action)
        assert world.fresh(action).state == "pending"

    def test_goes_on_without_one(self, redeeming: World) -> None:
        assert self.consume(redeeming, approved(redeeming)) == "running"

    def test_waits_for_a_silent_source(self, redeeming: World, monkeypatch: pytest.MonkeyPatch) -> None:
        action = approved(redeeming)
        monkeypatch.setattr(recheck, "ask_again", lambda **_: [])
        with pytest.raises(Unavailable):
            self.consume(redeeming, action)
        assert world.fresh(action).state == "approved"

    def test_by_another_agent_asks_no_source(self, redeeming: World, monkeypatch: pytest.MonkeyPatch) -> None:
        action = approved(redeeming)
        monkeypatch.setattr(recheck, "ask_again", pytest.fail)
        with pytest.raises(NotFound):
            agent.consume(actor=Actor(Door.API, scopes=redeeming.scopes), at=NOON, action_id=action.pk)
