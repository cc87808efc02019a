"""Reading over REST: what one may see, page by page, and waiting for what has not happened yet."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from pytest_django import Settings

from approvals.actors import Actor, Door, system
from approvals.api.base.long_poll import SLOTS
from approvals.models import Action, Agent
from approvals.services.decisions import notes
from approvals.services.ledger import sequencing
from tests import world
from tests.api.caller import BASE, Caller, as_agent, as_token
from tests.api.test_hostile import is_problem
from tests.world import NOON, World

pytestmark = pytest.mark.django_db(transaction=True)


def follow(caller: Caller, path: str, **query: Any) -> list[dict[str, Any]]:
    """Every result of every page."""
    found: list[dict[str, Any]] = []
    answer = caller.get(path, **query).json()
    while True:
        found += answer["results"]
        if answer["next"] is None:
            return found
        parts = urlsplit(answer["next"])
        assert parts.path.startswith(BASE)
        answer = caller.client.get(f"{parts.path}?{parts.query}", headers=caller.headers).json()


def later(seconds: float, action: Callable[[], object]) -> threading.Thread:
    """Do something in a moment, in a thread with a database connection of its own."""

    def run() -> None:
        time.sleep(seconds)
        action()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


class TestOneAction:
    def test_tells_why_it_waits(self, here: World, agent: Caller) -> None:
        body = agent.get(f"actions/{here.pending(invoice_number='F').pk}/").json()
        assert (body["state"], body["evaluation"]["outcome"], body["evaluation"]["tier"]) == (
            "pending",
            "review",
            "junior",
        )
        assert body["flags"][0]["pointer"] == "/invoice_number"
        assert body["evaluation"]["policy"] == "invoices v1"
        assert all(set(reason) == {"rule", "text", "outcome"} for reason in body["evaluation"]["reasons"])
        needed = {item["fact"]: (item["operator"], item["text"]) for item in body["evaluation"]["requirements"]}
        assert needed["amount"] == ("at_most", "The amount is at most EUR 250.00.")
        assert needed["flags"][1].startswith("These anomalies are resolved: ")
        assert body["evaluation"]["do_not_retry"] is False

    def test_tells_what_policy_decided(self, here: World, agent: Caller) -> None:
        body = agent.get(f"actions/{here.auto().pk}/").json()
        assert (body["state"], body["decision"]["source"], body["decision"]["by"]) == (
            "approved", "policy", "invoices v1",
        )  # fmt: skip

    def test_is_nothing_to_another_agent(self, here: World) -> None:
        other = as_agent(Agent.objects.create(name="other", title="Other", owner=here.owner))
        assert is_problem(other.get(f"actions/{here.propose().pk}/"), 404)["code"] == "not_found"

    @pytest.mark.parametrize("until", ["routed", "decided", "final"])
    def test_answers_at_once_when_it_is_reached(self, here: World, agent: Caller, until: str) -> None:
        here.set_kind(undo_seconds=0)
        action = here.pending()
        world.decide("reject", action, here.junior)
        started = time.monotonic()
        assert agent.get(f"actions/{action.pk}/", wait=30, until=until).json()["state"] == "rejected"
        assert time.monotonic() - started < 5

    def test_waits_for_the_decision(self, here: World, agent: Caller) -> None:
        action = here.pending()
        thread = later(0.5, lambda: world.decide("approve", action, here.junior))
        answer = agent.get(f"actions/{action.pk}/", wait=20)
        thread.join()
        assert answer.json()["state"] == "approved"

    def test_answers_unchanged_when_the_time_is_over(self, here: World, agent: Caller) -> None:
        started = time.monotonic()
        answer = agent.get(f"actions/{here.pending().pk}/", wait=1)
        assert (answer.status_code, answer.json()["state"]) == (200, "pending")
        assert 0.9 < time.monotonic() - started < 5

    def test_answers_at_once_when_too_many_wait(self, here: World, agent: Caller, settings: Settings) -> None:
        settings.HITL_WEB_THREADS = 4
        with SLOTS.one(1) as is_free:
            assert is_free
            started = time.monotonic()
            answer = agent.get(f"actions/{here.pending().pk}/", wait=30)
        assert time.monotonic() - started < 5
        assert (answer.status_code, answer["Retry-After"]) == (200, "1")

    @pytest.mark.parametrize("query", [{"wait": 61}, {"wait": -1}, {"until": "never"}, {"wait": "x"}], ids=str)
    def test_refuses_to_wait_for(self, here: World, agent: Caller, query: dict[str, Any]) -> None:
        is_problem(agent.get(f"actions/{here.propose().pk}/", **query), 400)


class TestActions:
    def test_are_listed_newest_first_page_by_page(self, here: World, agent: Caller) -> None:
        made = [str(here.propose().pk) for _ in range(7)]
        assert [item["id"] for item in follow(agent, "actions/", limit=3)] == made[::-1]
        assert len(agent.get("actions/", limit=3).json()["results"]) == 3

    def test_are_told_whole(self, here: World, agent: Caller) -> None:
        action = here.approved()
        assert agent.get("actions/").json()["results"] == [agent.get(f"actions/{action.pk}/").json()]

    def test_are_chosen_by(self, here: World, junior: Caller) -> None:
        pending = here.pending(thread="t-1", issuer="Ink & Co")
        here.auto(at=NOON + timedelta(days=1))
        chosen: list[dict[str, Any]] = [
            {"state": "pending"},
            {"state": "pending,rejected"},
            {"state": ["pending", "rejected"]},
            {"thread": "t-1"},
            {"subject": "Ink & Co"},
            {"created_before": f"{NOON:%Y-%m-%d}T12:30:00Z"},
            {"created_before": f"{NOON:%Y-%m-%d}T14:30:00+02:00", "agent": "invoice-bot", "desk": "finance"},
            {"action_type": "invoice.post", "state": "pending"},
        ]
        for query in chosen:
            assert [item["id"] for item in follow(junior, "actions/", **query)] == [str(pending.pk)], query
        assert follow(junior, "actions/", agent="nobody") == follow(junior, "actions/", desk="it") == []
        assert len(follow(junior, "actions/", created_after="2026-03-01T00:00:00Z", limit=1)) == 2


class TestQueue:
    def test_holds_what_waits_for_this_person(self, here: World, junior: Caller, senior: Caller) -> None:
        small, large = here.pending(), here.pending(amount=9_000)
        assert [item["id"] for item in follow(junior, "queue/")] == [str(small.pk)]
        assert {item["id"] for item in follow(senior, "queue/", limit=1)} == {str(small.pk), str(large.pk)}

    def test_tells_a_line_at_a_glance(self, here: World, junior: Caller) -> None:
        action = here.pending()
        line = junior.get("queue/").json()["results"][0]
        assert line["summary"].startswith("Post invoice INV-")
        assert line["amount"] == {"amount": "717.97", "currency": "EUR"}
        assert line["revision"] == {"number": 1, "digest": action.revision.digest}
        assert line["links"]["review"].endswith(f"/admin/approvals/action/{action.pk}/review/")

    def test_tells_all_the_decimals_of_an_amount(self, here: World, junior: Caller) -> None:
        here.pending(amount=717.97004)
        assert junior.get("queue/").json()["results"][0]["amount"]["amount"] == "717.97004"

    def test_gives_what_a_decision_needs(self, here: World, junior: Caller) -> None:
        here.pending()
        line = junior.get("queue/").json()["results"][0]
        target = line["execution"]["target"]["digest"]
        seen = {"revision": 1, "digest": line["revision"]["digest"], "target_digest": target}
        assert junior.post(f"actions/{line['id']}/approve/", seen).json()["state"] == "approved"

    def test_is_read_page_by_page(self, here: World, junior: Caller) -> None:
        made = {str(here.pending().pk) for _ in range(5)}
        lines = follow(junior, "queue/", limit=2)
        assert (len(lines), {item["id"] for item in lines}) == (5, made)


class TestTimeline:
    def test_tells_who_when_and_why(self, here: World, junior: Caller) -> None:
        action = here.pending()
        changed = action.revision.payload | {"amount": 1.0}
        world.decide("modify", action, here.junior, payload=changed, rationale="A typing error.")
        body = junior.get(f"actions/{action.pk}/timeline/").json()
        events = [item["event"] for item in body["results"]]
        assert events[0] == "action.proposed"
        assert "decision.modified" in events
        decided = body["results"][events.index("decision.modified")]
        assert (decided["who"], decided["rationale"], decided["state"]) == ("junior", "A typing error.", "modified")
        assert decided["changes"] == [{"pointer": "/amount", "from": 717.97, "to": 1}]
        assert "junior" in body["headline"]

    def test_gives_reasons_in_english_in_every_language(self, here: World, junior: Caller, foreign: None) -> None:
        action = here.pending()
        told = junior.get(f"actions/{action.pk}/timeline/").json()["results"]
        assert any(item["reason"].startswith("Sent to review by policy") for item in told)


class TestCorrections:
    def test_tell_what_reviewers_changed_or_refused(self, here: World, agent: Caller) -> None:
        here.set_kind(undo_seconds=0)
        first, second = here.pending(), here.pending()
        world.decide("modify", first, here.junior, payload=first.revision.payload | {"amount": 5.25, "account": 4400})
        world.decide("reject", second, here.junior, rationale="We never ordered this.", reason_code="unknown")
        here.approved()
        rows = agent.get("corrections/").json()["results"]
        assert [(row["action"], row["verdict"]) for row in rows] == [
            (str(second.pk), "reject"), (str(first.pk), "modify"), (str(first.pk), "modify"),
        ]  # fmt: skip
        assert rows[0]["reason"] == "We never ordered this."
        assert {(row["pointer"], row["from"], row["to"]) for row in rows[1:]} == {
            ("/amount", 717.97, 5.25), ("/account", None, 4400),
        }  # fmt: skip
        assert follow(agent, "corrections/", limit=1) == rows

    def test_of_others_are_not_told(self, here: World) -> None:
        world.decide("reject", here.pending(), here.junior)
        other = as_agent(Agent.objects.create(name="other", title="Other", owner=here.owner))
        assert other.get("corrections/").json()["results"] == []


class TestEvents:
    def sequence(self) -> None:
        sequencing.sequence(actor=system(Door.CLOCK), at=datetime.now(UTC))

    def test_come_in_order_once_each(self, here: World, agent: Caller) -> None:
        for _ in range(3):
            here.approved()
        self.sequence()
        rows = follow(agent, "events/", limit=2)
        assert [row["position"] for row in rows] == sorted({row["position"] for row in rows})
        assert [row["event"] for row in rows if row["to"] == "approved"] == ["decision.approved"] * 3
        assert {row["event"] for row in rows} >= {"action.proposed", "decision.approved"}

    def test_tell_an_agent_nothing_of_private_comments(self, here: World, agent: Caller) -> None:
        action = here.pending()
        person = Actor(Door.TOKEN, person=here.junior)
        notes.comment(actor=person, at=datetime.now(UTC), action_id=action.pk, text="Ask Kim about this one.")
        self.sequence()
        told = {row["event"] for row in follow(agent, "events/", limit=50)}
        assert "action.proposed" in told and "action.commented" not in told

    def test_go_on_after_a_position(self, here: World, agent: Caller) -> None:
        here.propose()
        self.sequence()
        reached = agent.get("events/").json()["after"]
        told = agent.get("events/", after=reached).json()
        assert told == {"results": [], "next": None, "after": reached, "behind_seconds": 0}
        here.propose()
        self.sequence()
        assert [row["event"] for row in agent.get("events/", after=reached).json()["results"]] == ["action.proposed"]

    def test_say_how_long_the_oldest_waits_for_its_position(self, here: World, agent: Caller) -> None:
        self.sequence()
        reached = agent.get("events/").json()["after"]
        here.propose(at=world.now() - timedelta(minutes=5))
        here.propose(at=world.now())
        told = agent.get("events/", after=reached).json()
        assert told["results"] == []
        assert timedelta(minutes=5).total_seconds() <= told["behind_seconds"] < timedelta(hours=1).total_seconds()
        self.sequence()
        assert agent.get("events/").json()["behind_seconds"] == 0

    def test_are_waited_for(self, here: World, agent: Caller) -> None:
        def propose() -> None:
            here.propose()
            self.sequence()

        thread = later(0.5, propose)
        rows = agent.get("events/", wait=20).json()["results"]
        thread.join()
        assert [row["event"] for row in rows] == ["action.proposed"]

    def test_of_others_are_not_told(self, here: World) -> None:
        here.propose()
        self.sequence()
        other = as_agent(Agent.objects.create(name="other", title="Other", owner=here.owner))
        body = other.get("events/").json()
        assert (body["results"], body["next"]) == ([], None)
        stranger = world.person("stranger")
        assert as_token(stranger, "read").get("events/").json()["results"] == []


class TestEvaluate:
    def test_says_what_policy_would_say_and_stores_nothing(self, here: World, agent: Caller) -> None:
        body = world_body(amount=20.5)
        answer = agent.post("evaluate/", body)
        assert (answer.status_code, answer.json()["evaluation"]["outcome"]) == (200, "auto")
        assert agent.post("evaluate/", world_body(invoice_number=None)).json()["missing"] == ["/invoice_number"]
        assert agent.post("evaluate/", world_body(amount=9_000)).json()["evaluation"]["tier"] == "senior"
        assert not Action.objects.exists()

    def test_agrees_with_the_routing(self, here: World, agent: Caller) -> None:
        foreseen = agent.post("evaluate/", world_body(invoice_number="F")).json()
        action = here.pending(invoice_number="F")
        told = agent.get(f"actions/{action.pk}/").json()
        assert foreseen["flags"] == told["flags"]
        assert {k: v for k, v in foreseen["evaluation"].items() if k != "plan"} == {
            k: v for k, v in told["evaluation"].items() if k != "plan"
        }

    def test_refuses_what_a_proposal_would(self, agent: Caller) -> None:
        is_problem(agent.post("evaluate/", world_body(issuer=7)), 422)
        is_problem(agent.post("evaluate/", world_body(action_type="x")), 422)


class TestActionTypes:
    def test_hold_the_schemas(self, here: World, agent: Caller) -> None:
        (kind,) = agent.get("action_types/").json()["results"]
        assert (kind["name"], kind["schema"]) == ("invoice.post", here.kind.schema)

    def test_say_what_can_be_attached(self, here: World, agent: Caller) -> None:
        here.set_kind(attachment_count=3, attachment_mib=2, attachment_types=["application/pdf"])
        (kind,) = agent.get("action_types/").json()["results"]
        assert kind["attachments"] == {"max_count": 3, "max_mib": 2, "media_types": ["application/pdf"]}

    def test_are_those_that_the_key_may_propose(self, here: World) -> None:
        assert as_agent(here.agent, ("propose:other",)).get("action_types/").json()["results"] == []

    def test_leave_out_what_is_not_active(self, here: World, junior: Caller) -> None:
        here.kind.is_active = False
        here.kind.save()
        assert [kind["name"] for kind in junior.get("action_types/").json()["results"]] == [
            "config.change", "policy.publish"
        ]  # fmt: skip

    def test_hold_for_an_agent_none_that_only_people_start(self, here: World, agent: Caller, junior: Caller) -> None:
        names = [[kind["name"] for kind in caller.get("action_types/").json()["results"]] for caller in (agent, junior)]
        assert names == [["invoice.post"], ["config.change", "invoice.post", "policy.publish"]]


def world_body(**changes: Any) -> dict[str, Any]:
    payload = {"issuer": "Paper Mill", "amount": 717.97, "currency": "EUR", "invoice_number": "INV-7"} | changes
    kind = payload.pop("action_type", "invoice.post")
    return {"action_type": kind, "payload": {k: v for k, v in payload.items() if v is not None}, "confidence": 0.95}
