"""Facts looked up before routing: fetched outside any transaction, kept with their source, and a person where not."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from approvals.actors import Actor, Door, system
from approvals.errors import WrongState
from approvals.models import Action, ActionType, LedgerEntry, LookupResult
from approvals.services import routing
from approvals.services.decisions import checks
from approvals.services.directory import import_sheet
from approvals.services.intake import propose
from approvals.services.policy import evaluate
from approvals.services.policy.lookups import fetching, specs
from approvals.states import FetchState
from policies import db
from tests import world
from tests.servers.recording import Answer, RecordingServer
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
WORKER = system(Door.CELERY)
RULES = """
rules:
  - name: known
    when: "fetched.owner.state == 'known'"
    outcome: auto
    says: The supplier is known.
"""
POLICY = world.POLICY + RULES


@pytest.fixture
def server(live_http_server: RecordingServer, settings: Settings) -> RecordingServer:
    settings.HITL_OUTBOUND_LOOPBACK = [f"127.0.0.1:{live_http_server.port}"]
    live_http_server.served["/suppliers/Paper%20Mill"] = b'{"owner": {"state": "known", "password": "hunter2"}}'
    return live_http_server


def entry(server: RecordingServer, **changes: Any) -> dict[str, Any]:
    target = {"url": f"{server.url}/suppliers/{{/issuer}}"}
    return {"name": "owner", "source": "http", "target": target, "pointer": "/owner"} | changes


@pytest.fixture
def here(here: World, server: RecordingServer) -> World:
    here.set_kind(lookups=[entry(server)])
    world.publish(POLICY, "invoices", here.owner, here.senior)
    return here


def run() -> int:
    return checks.run_due(actor=WORKER, clock=db.now)


def small(here: World, **changes: Any) -> Action:
    return here.propose(db.now(), **({"amount": 20.5} | changes))


def looked_up(here: World, **changes: Any) -> Action:
    """A small invoice after its facts were looked up and it was routed."""
    action = small(here, **changes)
    run()
    return here.route(action)


def reasons(action: Action) -> str:
    assert action.evaluation is not None
    return " ".join(reason["text"] for reason in action.evaluation.content["reasons"])


class TestAnAction:
    def test_is_due_at_once_where_the_clock_of_whoever_took_it_in_runs_ahead(self, here: World) -> None:
        here.propose(db.now() + timedelta(minutes=10), amount=20.5)
        assert run() == 1

    def test_is_not_routed_before_its_facts_were_looked_up(self, here: World) -> None:
        action = small(here)
        with pytest.raises(WrongState, match="still running"):
            here.route(action)
        assert routing.route_ready(actor=WORKER, clock=db.now) == 0
        assert run() == 1
        assert routing.route_ready(actor=WORKER, clock=db.now) == 1

    def test_is_judged_by_what_was_looked_up(self, here: World) -> None:
        action = looked_up(here)
        assert action.state == "approved"
        assert action.evaluation and list(action.evaluation.content["fetched"]) == ["owner"]

    def test_keeps_the_answer_with_its_source_and_one_entry(self, here: World) -> None:
        action = looked_up(here)
        row = LookupResult.objects.get(action=action)
        assert (row.name, row.state, row.source) == ("owner", FetchState.FOUND, "127.0.0.1")
        assert row.value == {"state": "known", "password": "[redacted]"}
        kept = json.loads(LedgerEntry.objects.get(event="facts.fetched").body)["data"]
        assert kept["facts"] == [{"name": "owner", "state": "found", "digest": row.digest}]
        assert action.evaluation and action.evaluation.content["fetched"] == {"owner": row.digest}
        assert "known" not in LedgerEntry.objects.get(event="facts.fetched").body

    def test_gets_the_same_evaluation_again(self, here: World) -> None:
        action = looked_up(here)
        assert action.evaluation is not None
        again, _flags = evaluate.evaluate_revision(action, action.revision.payload, NOON)
        assert again.as_json()["fetched"] == action.evaluation.content["fetched"]
        assert again.outcome == "auto"

    def test_goes_to_a_person_where_nothing_was_found(self, here: World, server: RecordingServer) -> None:
        server.script(Answer.REFUSED)
        action = looked_up(here)
        assert action.state == "pending"
        assert "A lookup failed. owner: The source returned 422" in reasons(action)

    def test_goes_to_a_person_where_it_lacks_what_is_asked_with(self, here: World, server: RecordingServer) -> None:
        ActionType.objects.update(lookups=[entry(server, target={"url": f"{server.url}/{{/nothing}}"})])
        action = looked_up(here)
        assert action.state == "pending" and "The lookup needs /nothing" in reasons(action)
        assert server.requests == []

    def test_goes_to_a_person_when_what_was_asked_with_was_edited(self, here: World) -> None:
        action = here.propose(db.now())
        run()
        action = here.route(action)
        payload = action.revision.payload | {"issuer": "Other Mill", "amount": 20.5}
        world.decide("modify", action, here.junior, payload=payload)
        assert "payload has changed since this lookup ran" in reasons(world.fresh(action))

    def test_is_left_alone_once_it_was_withdrawn(self, here: World, server: RecordingServer) -> None:
        action = small(here)
        world.withdraw(here, action)
        run()
        assert world.fresh(action).next_lookup_at is None
        assert not LookupResult.objects.exists()


class TestASilentSource:
    def test_is_asked_again_and_then_counts_as_missing(self, here: World, server: RecordingServer) -> None:
        server.script(*[Answer.FAILED] * 3)
        action = small(here)
        for tries in (1, 2, 3):
            assert run() == 1
            assert LookupResult.objects.filter(state=FetchState.UNREACHABLE).count() == tries
            assert run() == 0  # not before it has had its time
            wait_over(action)
        assert (world.fresh(action).next_lookup_at is None, len(server.requests)) == (True, 3)
        action = here.route(action)
        assert action.state == "pending" and "The source returned 500." in reasons(action)

    def test_is_believed_as_soon_as_it_answers(self, here: World, server: RecordingServer) -> None:
        server.script(Answer.BUSY)
        action = small(here)
        run()
        wait_over(action)
        run()
        assert here.route(action).state == "approved"

    def test_keeps_nobody_waiting_for_long(self, here: World, server: RecordingServer) -> None:
        server.script(Answer.FAILED)
        action = here.propose(db.now() - timedelta(seconds=21), amount=20.5)
        run()
        assert here.route(action).state == "pending"


class TestAWorker:
    def test_that_dies_leaves_it_to_the_next(self, here: World) -> None:
        action = small(here)
        assert fetching.lease(actor=WORKER, at=NOON) == action.pk
        assert fetching.lease(actor=WORKER, at=NOON) is None and run() == 0
        wait_over(action)
        assert run() == 1
        assert here.route(action).state == "approved"

    def test_that_comes_late_adds_no_second_answer(self, here: World) -> None:
        action = small(here)
        lookup = specs.lookups(here.kind)[0]
        answer = specs.ask(lookup, world.fresh(action), action.revision.payload)
        run()
        fetching.keep(actor=WORKER, at=NOON, action_id=action.pk, answers=[answer])
        assert LookupResult.objects.count() == 1

    def test_asks_nobody_inside_a_transaction(self, here: World) -> None:
        action = small(here)
        for go in (fetching.look_up, checks.check):
            with transaction.atomic(), pytest.raises(RuntimeError, match="calls external systems"):
                go(actor=WORKER, at=NOON, action_id=action.pk)
        with transaction.atomic(), pytest.raises(RuntimeError, match="calls external systems"):
            run()


class TestAKindWithoutLookups:
    def test_costs_no_statement_more(self, here: World) -> None:
        ActionType.objects.update(lookups=None)
        action = small(here)
        assert action.next_lookup_at is None
        with CaptureQueriesContext(connection) as caught:
            here.route(action)
        assert not [query for query in caught if "approvals_lookupresult" in query["sql"]]


class TestEvaluating:
    def test_says_that_it_looks_nothing_up(self, here: World, server: RecordingServer) -> None:
        found = propose.preview(actor=here.as_agent(), at=NOON, proposal=here.proposal(amount=20.5))
        said = [reason.text for reason in found.evaluation.reasons if reason.rule == "not_fetched"]
        assert said == ["A lookup failed. owner: This lookup runs only after the action is proposed."]
        assert server.requests == []


class TestTheDirectory:
    def test_is_a_source(self, here: World) -> None:
        import_sheet.import_sheet(
            actor=Actor(Door.COMMAND), at=NOON, sheet="people", content=b"key,name,title\nann@x.example,Ann,Editor\n"
        )
        rule = {"name": "who", "source": "directory", "target": {"entry": "{on_behalf_of}"}, "pointer": "/title"}
        ActionType.objects.update(lookups=[rule])
        small(here, on_behalf_of="ANN@x.example")
        run()
        row = LookupResult.objects.get()
        assert (row.value, row.source) == ("Editor", "the employee directory")


class TestAnAnswer:
    def test_never_changes(self, here: World) -> None:
        looked_up(here)
        for statement in ("UPDATE approvals_lookupresult SET name = 'x'", "DELETE FROM approvals_lookupresult"):
            with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
                cursor.execute(statement)


class TestFaultsOf:
    @pytest.mark.parametrize(
        ("value", "said"),
        [
            ({}, "Enter a list of objects"),
            ([1], "Enter a list of objects"),
            ([{"name": "Role", "source": "table", "target": {"by": "x", "rows": {}}}], "lowercase letters"),
            (
                [{"name": "a", "source": "nobody", "target": {}}],
                "The source 'nobody' is unknown. Use one of directory, http",
            ),
            ([{"name": "a", "source": "table", "target": []}], "target must be a JSON object"),
            ([{"name": "a", "source": "directory", "target": {}}], "entry is missing"),
            ([{"name": "a", "source": "table", "target": {"by": "x", "rows": {}}, "x": 1}], "the field 'x' is unknown"),
            ([{"name": "a", "source": "table", "target": {"by": "x", "rows": {}}, "pointer": "x"}], "JSON Pointer"),
            ([{"name": "a", "source": "table", "target": {"by": "x", "rows": {}}}] * 2, "is already in use"),
            ([{"name": "a"}] * 9, "Use at most 8"),
        ],
    )
    def test_says_what_is_wrong(self, value: object, said: str) -> None:
        assert said in " ".join(specs.faults_of(value))

    def test_says_nothing_of_what_can_be_used(self) -> None:
        assert list(specs.faults_of(None)) == []
        assert (
            list(specs.faults_of([{"name": "a", "source": "directory", "target": {"entry": "{on_behalf_of}"}}])) == []
        )


def wait_over(action: Action) -> None:
    """As if the time until the next look were over; the column is a lease, not a state."""
    Action.objects.filter(pk=action.pk, next_lookup_at__isnull=False).update(next_lookup_at=db.now())
