"""How many statements each call may cost: a ceiling that may fall, and that rises only by a decision.

Transaction control is not counted; what a list costs must not depend on how much it lists.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.actors import Actor, Door, system
from approvals.services.decisions import notes
from approvals.services.ledger import sequencing
from tests import world
from tests.api.caller import Caller, proposal, seen
from tests.ceilings import Ceilings
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql_only]

CEILINGS = Ceilings(Path(__file__).with_name("query_counts.json"))
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def counted(pytestconfig: pytest.Config) -> Callable[[str, Callable[[], Any]], None]:
    """Make a call and hold what it cost against its ceiling."""

    def count(name: str, call: Callable[[], Any]) -> None:
        with CaptureQueriesContext(connection) as context:
            answer = call()
        assert answer.status_code < 300, answer.content
        statements = [query["sql"] for query in context.captured_queries if not query["sql"].startswith(CONTROL)]
        is_lowered = pytestconfig.getoption("lower_counts")
        CEILINGS.hold(name, len(statements), is_lowered=is_lowered, why="\n".join(statements))

    return count


Counted = Callable[[str, Callable[[], Any]], None]


class TestProposing:
    def test_one(self, agent: Caller, counted: Counted) -> None:
        counted("propose", agent.propose)

    def test_one_again(self, agent: Caller, counted: Counted) -> None:
        body = proposal()
        agent.post("actions/", body, {"Idempotency-Key": "one"})
        counted("propose again", lambda: agent.post("actions/", body, {"Idempotency-Key": "one"}))

    @pytest.mark.parametrize("size", [2, 100])
    def test_a_batch(self, agent: Caller, counted: Counted, size: int) -> None:
        items = [proposal(idempotency_key=f"item-{number}") for number in range(size)]
        counted("propose a batch", lambda: agent.post("actions/batch/", {"proposals": items}))

    def test_evaluating(self, agent: Caller, counted: Counted) -> None:
        counted("evaluate", lambda: agent.post("evaluate/", proposal()))

    def test_withdrawing(self, here: World, agent: Caller, counted: Counted) -> None:
        action = here.pending()
        counted("withdraw", lambda: agent.post(f"actions/{action.pk}/withdraw/", {"reason": "Done."}))


class TestReading:
    def test_one_action(self, here: World, agent: Caller, counted: Counted) -> None:
        proposed, approved = here.propose(), here.approved()
        counted("read a proposed action", lambda: agent.get(f"actions/{proposed.pk}/"))
        counted("read an approved action", lambda: agent.get(f"actions/{approved.pk}/"))

    @pytest.mark.parametrize("size", [1, 8])
    def test_lists(self, here: World, agent: Caller, junior: Caller, counted: Counted, size: int) -> None:
        for _ in range(size):
            world.decide("reject", here.pending(), here.junior)
            here.pending()
            edited = here.pending()
            world.decide("modify", edited, here.junior, payload=edited.revision.payload | {"amount": 5.5})
        sequencing.sequence(actor=system(Door.CLOCK), at=NOON)
        counted("list actions", lambda: agent.get("actions/"))
        counted("list actions as a person", lambda: junior.get("actions/"))
        counted("list the queue", lambda: junior.get("queue/"))
        counted("list corrections", lambda: agent.get("corrections/"))
        counted("list events", lambda: agent.get("events/"))
        counted("list action types", lambda: agent.get("action_types/"))

    def test_oneself(self, agent: Caller, junior: Caller, counted: Counted) -> None:
        counted("read oneself as an agent", lambda: agent.get("me/"))
        counted("read oneself as a person", lambda: junior.get("me/"))

    def test_a_timeline(self, here: World, agent: Caller, counted: Counted) -> None:
        action = here.approved()
        counted("read a timeline", lambda: agent.get(f"actions/{action.pk}/timeline/"))

    @pytest.mark.parametrize("edits", [0, 2])
    def test_revisions(self, here: World, agent: Caller, counted: Counted, edits: int) -> None:
        # Each answer of its agent is a new revision.
        action = here.pending()
        for place in range(edits):
            person = Actor(Door.ADMIN, person=here.junior)
            notes.ask(actor=person, at=NOON, action_id=action.pk, text="Which amount?")
            payload = action.revision.payload | {"amount": 600.5 + place}
            assert (
                agent.post(f"actions/{action.pk}/answer/", {"text": "This one.", "payload": payload}).status_code == 200
            )
        counted("list revisions", lambda: agent.get(f"actions/{action.pk}/revisions/"))


class TestDeciding:
    @pytest.mark.parametrize("verb", ["approve", "reject", "escalate"])
    def test_as_seen(self, here: World, junior: Caller, counted: Counted, verb: str) -> None:
        action = here.pending()
        counted(verb, lambda: junior.post(f"actions/{action.pk}/{verb}/", seen(action)))

    def test_with_a_change(self, here: World, junior: Caller, counted: Counted) -> None:
        action = here.pending()
        payload = action.revision.payload | {"amount": 5.5}
        counted("modify", lambda: junior.post(f"actions/{action.pk}/modify/", seen(action, payload=payload)))

    def test_again(self, here: World, junior: Caller, counted: Counted) -> None:
        action = here.approved()
        counted("undo", lambda: junior.post(f"actions/{action.pk}/undo/", {}))
