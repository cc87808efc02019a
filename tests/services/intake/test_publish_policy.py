"""A policy comes into force through the gate: its author asks, somebody else decides, and nothing else publishes."""

import json
from datetime import timedelta
from typing import Any

import pytest

from approvals.actors import Actor, Door, system
from approvals.connectors.base import CallStatus, Order
from approvals.connectors.policy import PolicyConnector
from approvals.errors import Malformed, NotAllowed, SelfApproval, TestsFail, WrongState
from approvals.models import Action, Agent, Desk, LedgerEntry, Person
from approvals.services import routing
from approvals.services.accounts import api_keys
from approvals.services.execution import run as execution
from approvals.services.intake import propose, publish_policy
from approvals.services.payloads.proposal import Proposal
from policies.errors import Refused
from policies.models import Version
from policies.services import versions
from tests import world
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("policy_desk"),
]
WORKER = system(Door.CELERY)


def draft(author: Person, text: str = "", name: str = "finance") -> Version:
    source = f"policy: {name}\ntitle: Finance\nscore: {{block: 100}}\n{text}"
    return versions.draft(actor_person=author, door="admin", name=name, source=source, at=NOON)


def ask(person: Person, version: Version) -> Action:
    action = publish_policy.request(actor=Actor(Door.ADMIN, person=person), at=NOON, version_id=version.pk)
    routing.route(actor=WORKER, at=NOON, action_id=action.pk)
    return world.fresh(action)


def run() -> None:
    execution.run_ready(actor=WORKER, clock=lambda: NOON + timedelta(minutes=1))


class TestRequest:
    def test_waits_for_a_person(self, here: World) -> None:
        action = ask(here.junior, draft(here.junior))
        assert (action.state, action.owner, action.desk.slug) == ("pending", here.junior, "policies")

    def test_is_the_authors_in_history_and_ledger(self, here: World) -> None:
        action = ask(here.junior, draft(here.junior))
        assert LedgerEntry.objects.get(action=action, event="action.proposed").actor == f"person:{here.junior.pk}"
        assert action.history.last().history_user == here.junior

    def test_shows_what_changes_and_the_whole_text(self, here: World) -> None:
        version = draft(here.junior, "missing: escalate\n", "invoices")
        payload = ask(here.junior, version).revision.payload
        assert "missing: added, escalate" in payload["changes"]
        assert (payload["text"], payload["digest"]) == (version.source, version.digest)

    def test_shows_what_it_would_have_said_of_past_actions(self, here: World) -> None:
        here.auto(), here.pending()
        name = here.kind.policy
        rule = "rules:\n- {name: all, when: 'true', outcome: escalate, says: All of it.}\n"
        replay = ask(here.junior, draft(here.junior, rule, name)).revision.payload["replay"]
        assert (replay["looked_at"], replay["stricter"], replay["laxer"]) == (2, 2, 0)
        assert {"was": "auto", "would_be": "escalate (senior)"}.items() <= replay["examples"][1].items()

    def test_is_refused_to_anybody_but_its_author(self, here: World) -> None:
        with pytest.raises(NotAllowed, match="Only the author of a draft"):
            ask(here.senior, draft(here.junior))

    def test_is_refused_while_a_test_fails(self, here: World) -> None:
        version = draft(here.junior, "tests:\n- {name: never, given: {}, expect: {outcome: block}}\n")
        with pytest.raises(TestsFail, match="Expected block"):
            ask(here.junior, version)

    def test_is_refused_while_it_waits_already(self, here: World) -> None:
        version = draft(here.junior)
        ask(here.junior, version)
        with pytest.raises(WrongState, match="already waiting for a decision"):
            ask(here.junior, version)


class TestPublication:
    def test_follows_the_approval_of_a_second_person(self, here: World) -> None:
        version = draft(here.junior)
        action = ask(here.junior, version)
        world.decide("approve", action, here.senior)
        run()
        version.refresh_from_db()
        assert (world.fresh(action).state, version.state) == ("executed", "published")
        assert (version.drafted_by, version.published_by) == (here.junior, here.senior)
        assert version.history.get(state="published").history_change_reason == f"Approved as action {action.pk}."

    def test_is_refused_to_the_author_even_as_a_superuser(self, here: World) -> None:
        Person.objects.filter(pk=here.junior.pk).update(is_superuser=True)
        action = ask(here.junior, draft(here.junior))
        with pytest.raises(SelfApproval):
            world.decide("approve", action, Person.objects.get(pk=here.junior.pk))

    def test_of_a_desk_of_one_is_recorded_as_an_exception(self, here: World) -> None:
        Desk.objects.filter(slug="policies").update(is_solo=True)
        version = draft(here.junior)
        action = ask(here.junior, version)
        world.decide("approve", action, here.junior)
        run()
        version.refresh_from_db()
        assert (version.state, version.is_solo) == ("published", True)
        assert action.decisions.get(is_final=True).is_exception

    def test_is_approved_as_asked_or_not_at_all(self, here: World) -> None:
        action = ask(here.junior, draft(here.junior))
        payload = action.revision.payload | {"number": 2}
        with pytest.raises(NotAllowed, match="cannot be edited"):
            world.decide("modify", action, here.senior, payload=payload)

    @pytest.mark.parametrize("is_approved", [False, True], ids=["before the decision", "after it"])
    def test_is_refused_when_a_newer_version_was_published_meanwhile(self, here: World, is_approved: bool) -> None:
        old, new = draft(here.junior), draft(here.junior, "missing: escalate\n")
        first = ask(here.junior, old)
        if is_approved:
            world.decide("approve", first, here.senior)
        versions.publish(
            actor_person=here.senior, door="command", name="finance", number=new.number, digest=new.digest, at=NOON
        )
        run()
        first = world.fresh(first)
        assert first.state == "pending"
        with pytest.raises(WrongState, match="newer version"):
            world.decide("approve", first, here.senior)
        world.decide("reject", first, here.senior)
        assert world.fresh(first).state == "rejected"

    def test_is_not_asked_for_what_a_newer_version_overtook(self, here: World) -> None:
        old, new = draft(here.junior), draft(here.junior, "missing: escalate\n")
        versions.publish(
            actor_person=here.senior, door="command", name="finance", number=new.number, digest=new.digest, at=NOON
        )
        with pytest.raises(WrongState, match="out of date"):
            ask(here.junior, old)

    def test_happens_once_when_its_order_is_repeated(self, here: World) -> None:
        action = ask(here.junior, draft(here.junior))
        world.decide("approve", action, here.senior)
        run()
        order = order_of(action, here.senior)
        assert PolicyConnector().send(order).answer is CallStatus.DONE
        assert PolicyConnector().look_up(order).answer is CallStatus.DONE
        assert Version.history.filter(state="published").count() == 2  # the world's own policy, and this one

    def test_needs_a_person_who_approved(self, here: World) -> None:
        action = ask(here.junior, draft(here.junior))
        answer = PolicyConnector().send(order_of(action, None))
        assert (answer.answer, "No person" in answer.error) == (CallStatus.REFUSED, True)


def order_of(action: Action, approver: Person | None) -> Order:
    return Order(
        key="k", action=str(action.pk), action_type="policy.publish", agent="a", revision=1,
        body=action.revision.body, target={}, approved_by=approver.pk if approver else None,
    )  # fmt: skip


class TestAnAgent:
    def test_never_asks_for_it(self, here: World) -> None:
        payload: dict[str, Any] = json.loads(ask(here.junior, draft(here.junior)).revision.body)
        proposal = Proposal(idempotency_key="sly", action_type="policy.publish", payload=payload)
        with pytest.raises(NotAllowed, match="A person must start"):
            propose.propose(actor=here.as_agent(), at=NOON, proposal=proposal)

    def test_that_stands_for_a_person_has_no_key(self, here: World) -> None:
        ask(here.junior, draft(here.junior))
        agent = Agent.objects.get(person=here.junior)
        with pytest.raises(Malformed, match="represents a person"):
            api_keys.issue(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, agent=agent, scopes=["read:own"])


@pytest.mark.parametrize("publisher", ["junior", "owner"])
def test_a_service_call_by_the_author_alone_does_not_publish(here: World, publisher: str) -> None:
    version = draft(getattr(here, publisher))
    with pytest.raises((Refused, versions.SamePerson)):
        versions.publish(
            actor_person=getattr(here, publisher), door="admin", name="finance", number=version.number,
            digest=version.digest, at=NOON,
        )  # fmt: skip
