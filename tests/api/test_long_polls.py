"""The process of long polls: the answers of the web process, and no thread for a call that waits."""

import signal
import time
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from approvals.actors import Actor, Door
from approvals.api.base import waits
from approvals.api.base.long_poll import Waiting
from approvals.ids import uuid7
from approvals.models import Action
from approvals.queries.accounts import api_keys as stored_keys
from approvals.services.accounts import api_keys
from approvals.services.decisions import notes
from approvals.services.execution import agent
from approvals.states import ExecutionMode
from tests import world
from tests.api import long_polls
from tests.api.caller import agent_key, bearer, proposal
from tests.api.long_polls import Server
from tests.servers.restore import cut_other_sessions
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)
# Calls, and the one that asks for all of them.
THREADS = 4 + 1


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """One for all tests: what it keeps of the database is not older than a call."""
    with long_polls.running(tmp_path_factory.mktemp("waits")) as found:
        yield found


@pytest.fixture
def key(here: World) -> dict[str, str]:
    return bearer(agent_key(here.agent))


def connections() -> int:
    """The connections of other processes to the database of this test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0]) - 1


def waiting_for(action: Action, goal: str = "decided") -> Waiting:
    return Waiting(action.pk, goal, uuid7())


@pytest.mark.postgresql_only
class TestAWait:
    def test_ends_with_the_decision(self, here: World, server: Server, key: dict[str, str]) -> None:
        action = here.pending()
        call = server.get(f"actions/{action.pk}/?wait=20", key)
        assert call.is_waiting()
        world.decide("approve", action, here.junior)
        decided = time.monotonic()
        assert call.answer().json()["state"] == "approved"
        assert time.monotonic() - decided < 15

    def test_of_a_proposal_proposes_once(self, here: World, server: Server, key: dict[str, str]) -> None:
        headers = {**key, "Idempotency-Key": "w-1", "Prefer": "wait=20"}
        call = server.post("actions/", headers, proposal())
        assert call.is_waiting()
        action = here.route(Action.objects.get())
        world.decide("approve", action, here.junior)
        answer = call.answer()
        assert (answer.status, answer.json()["state"]) == (201, "approved")
        assert answer.headers["preference-applied"] == "wait=20"
        assert "idempotent-replayed" not in answer.headers

    def test_is_unauthorized_once_its_key_is_revoked(self, here: World, server: Server, key: dict[str, str]) -> None:
        action = here.pending()
        call = server.get(f"actions/{action.pk}/?wait=20", key)
        assert call.is_waiting()
        name = stored_keys.identifier_of(key["Authorization"].partition(" ")[2])
        api_keys.revoke(actor=Actor(Door.ADMIN, person=here.owner), at=datetime.now(UTC), identifier=str(name))
        world.decide("approve", action, here.junior)
        answer = call.answer()
        assert (answer.status, answer.json()["code"]) == (401, "key_revoked")

    def test_is_answered_as_things_are_when_the_process_stops(
        self, here: World, server_folder: Path, key: dict[str, str]
    ) -> None:
        with long_polls.running(server_folder) as server:
            calls = [server.get(f"actions/{here.pending().pk}/?wait=50", key) for _ in range(3)]
            assert all(call.is_waiting() for call in calls)
            server.process.signal(signal.SIGTERM)
            began = time.monotonic()
            answers = [call.answer() for call in calls]
        assert [(each.status, each.json()["state"], each.headers["retry-after"]) for each in answers] == [
            (200, "pending", "1")
        ] * 3
        assert time.monotonic() - began < 10

    def test_counts_once_towards_the_limit_of_calls(
        self, here: World, server_folder: Path, key: dict[str, str]
    ) -> None:
        action = here.pending()
        with long_polls.running(server_folder, HITL_RATE_PER_MINUTE="10") as server:
            calls = [server.get(f"actions/{action.pk}/?wait=1", key) for _ in range(10)]
            assert [call.answer().status for call in calls] == [200] * 10

    def test_holds_neither_a_thread_nor_a_connection(self, here: World, server: Server, key: dict[str, str]) -> None:
        action = here.pending()
        calls = [server.get(f"actions/{action.pk}/?wait=50", key) for _ in range(200)]
        assert all(call.is_waiting(0.02) for call in calls)
        threads = len(list(Path(f"/proc/{server.worker()}/task").iterdir()))
        # Threads of earlier tests might hold some, too.
        assert threads <= THREADS + 1
        assert connections() < len(calls) / 4
        world.decide("approve", action, here.junior)
        assert [call.answer().json()["state"] for call in calls] == ["approved"] * 200

    def test_survives_a_database_that_cuts_its_connections(
        self, here: World, server: Server, key: dict[str, str]
    ) -> None:
        action = here.pending()
        call = server.get(f"actions/{action.pk}/?wait=30", key)
        assert call.is_waiting()
        cut_other_sessions()
        assert call.is_waiting()
        world.decide("approve", action, here.junior)
        assert call.answer().json()["state"] == "approved"


@pytest.mark.postgresql_only
class TestASlot:
    def test_is_free_again_when_the_client_hangs_up(
        self, here: World, server_folder: Path, key: dict[str, str]
    ) -> None:
        path = f"actions/{here.pending().pk}/?wait=20"
        with long_polls.running(server_folder, HITL_MAX_LONG_POLLS="1") as server:
            first = server.get(path, key)
            # Until it has surely taken its slot.
            assert first.is_waiting(3)
            second = server.get(path, key).answer()
            assert (second.status, second.headers["retry-after"]) == (200, "1")
            first.leave()
            assert any(server.get(path, key).is_waiting() for _ in range(20))


@pytest.mark.postgresql_only
class TestTheAnswer:
    def test_is_that_of_the_web_process(
        self, here: World, server: Server, server_folder: Path, key: dict[str, str]
    ) -> None:
        pending, approved = here.pending(), here.approved()
        key |= {"X-Request-ID": "same"}
        proposing = {**key, "Idempotency-Key": "same", "Prefer": "wait=1"}
        with long_polls.running(server_folder, long_polls.WEB) as web:
            web.post("actions/", proposing, proposal(invoice_number="INV-7")).answer()
            for headers, path in [
                (key, f"actions/{approved.pk}/?wait=5"),
                (key, f"actions/{pending.pk}/?wait=1"),
                (key, f"actions/{pending.pk}/?wait=1&until=final"),
                (key, f"actions/{pending.pk}/"),
                (key, f"actions/{pending.pk}/?wait=61"),
                (key, f"actions/{world.unknown_id()}/?wait=5"),
                (key, "me/"),
                ({"X-Request-ID": "same"}, f"actions/{pending.pk}/?wait=5"),
                (bearer("hitl_test_wrong") | {"X-Request-ID": "same"}, f"actions/{pending.pk}/?wait=5"),
                (key | {"X_Request_ID": "other"}, f"actions/{pending.pk}/?wait=1"),
            ]:
                assert server.get(path, headers).answer() == web.get(path, headers).answer(), path
            for headers, body in [
                (proposing, proposal(invoice_number="INV-8")),
                (key, proposal()),
                (key | {"Transfer-Encoding": "chunked"}, None),
            ]:
                assert server.post("actions/", headers, body).answer() == web.post("actions/", headers, body).answer()


class TestWhatIsOver:
    """The question of the process is the one that a waiting thread asks."""

    def test_is_only_what_is_reached(self, here: World) -> None:
        pending, approved = waiting_for(here.pending()), waiting_for(here.approved())
        assert waits.over([pending, approved]) == {approved}

    @pytest.mark.parametrize(("goal", "is_over"), [("routed", True), ("decided", False), ("final", False)])
    def test_depends_on_the_goal(self, here: World, goal: str, is_over: bool) -> None:
        one = waiting_for(here.pending(), goal)
        assert waits.over([one, waiting_for(here.pending())]) == ({one} if is_over else set())

    def test_is_no_rejection_that_can_be_undone_where_the_end_is_waited_for(self, here: World) -> None:
        action = here.pending(at=world.now())
        world.decide("reject", action, here.junior, at=world.now())
        decided, final = waiting_for(action), waiting_for(action, "final")
        assert waits.over([decided, final]) == {decided}

    def test_is_a_wait_whose_agent_was_asked_since_it_began(self, here: World) -> None:
        action = here.pending()
        before = waiting_for(action)
        notes.ask(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk, text="Which order?")
        assert waits.over([before, waiting_for(action)]) == {before}


class TestWhatIsRedeemable:
    """The goal `redeemable`: what the agent can redeem now, or never."""

    @pytest.fixture(autouse=True)
    def by_agents(self, here: World) -> None:
        here.set_kind(execution=ExecutionMode.AGENT, connector="", undo_seconds=0)

    def goal(self, action: Action) -> Waiting:
        return waiting_for(action, "redeemable")

    @pytest.mark.parametrize(("undo_seconds", "is_over"), [(0, True), (60, False)])
    def test_is_an_approval_that_nobody_can_undo(self, here: World, undo_seconds: int, is_over: bool) -> None:
        here.set_kind(undo_seconds=undo_seconds)
        goal = self.goal(here.approved(at=world.now()))
        assert waits.over([goal]) == ({goal} if is_over else set())

    def test_is_a_child_once_its_parent_is_executed(self, here: World) -> None:
        parent = here.approved()
        goal = self.goal(here.approved(parent=parent.pk))
        assert waits.over([goal]) == set()
        actor = here.as_agent()
        agent.consume(actor=actor, at=world.now(), action_id=parent.pk)
        agent.report_outcome(actor=actor, at=world.now(), action_id=parent.pk, succeeded=True)
        assert waits.over([goal]) == {goal}

    def test_is_nothing_that_waits_for_a_decision(self, here: World) -> None:
        assert waits.over([self.goal(here.propose()), self.goal(here.pending())]) == set()

    def test_is_what_never_will_be(self, here: World) -> None:
        withdrawn, redeemed = here.pending(), here.approved()
        world.withdraw(here, withdrawn)
        agent.consume(actor=here.as_agent(), at=world.now(), action_id=redeemed.pk)
        goals = {self.goal(withdrawn), self.goal(redeemed)}
        assert waits.over(goals) == goals

    def test_is_no_rejection_that_can_be_undone(self, here: World) -> None:
        here.set_kind(undo_seconds=60)
        action = here.pending(at=world.now())
        world.decide("reject", action, here.junior, at=world.now())
        assert waits.over([self.goal(action)]) == set()
