"""Deciding over REST: the same service as every other door, the same refusals, and the action in the answer."""

from collections.abc import Generator
from typing import Any

import pytest
from django.contrib.auth.models import Group

from approvals.actors import Actor, Door, system
from approvals.api.base import long_poll
from approvals.models import Action, Decision, Desk, Membership, Person
from approvals.queries.record import actions
from approvals.queries.record.actions import Record
from approvals.services.decisions import checks
from approvals.states import Tier
from policies import db
from tests import plans, world
from tests.api.caller import Caller, as_session, seen
from tests.api.test_hostile import is_problem
from tests.delegating import lend
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def decide(caller: Caller, verb: str, action: Action, **more: Any) -> Any:
    return caller.post(f"actions/{action.pk}/{verb}/", seen(action, **more))


class TestAPerson:
    def test_approves(self, here: World, junior: Caller) -> None:
        answer = decide(junior, "approve", here.pending(), rationale="It is right.")
        body = answer.json()
        decision = body["decision"]
        assert (answer.status_code, body["state"]) == (200, "approved")
        assert (decision["verdict"], decision["by"], decision["source"]) == ("approve", "junior", "person")
        assert decision["rationale"] == "It is right."
        assert body["execution"].pop("target")["digest"]
        assert body["execution"].pop("valid_until") > decision["at"]
        assert body["execution"] == {
            "mode": "connector", "state": "ready", "waits_for": None, "attempts": 0, "result": None, "error": None,
            "cancel_asked_at": None, "redeemable_at": None,
        }  # fmt: skip
        assert body["evaluation"]["plan"][0]["approvals"] == 1

    def test_rejects(self, here: World, junior: Caller) -> None:
        body = decide(junior, "reject", here.pending(), reason_code="duplicate").json()
        assert (body["state"], body["decision"]["reason_code"], body["execution"]) == ("rejected", "duplicate", None)

    def test_modifies(self, here: World, junior: Caller) -> None:
        action = here.pending()
        body = decide(junior, "modify", action, payload=action.revision.payload | {"amount": 700.5}).json()
        assert (body["state"], body["revision"]["number"], body["revision"]["author"]) == ("modified", 2, "junior")
        assert body["changes"] == [{"pointer": "/amount", "from": 717.97, "to": 700.5}]
        assert body["revision"]["payload"]["amount"] == 700.5

    def test_escalates(self, here: World, junior: Caller) -> None:
        body = decide(junior, "escalate", here.pending()).json()
        assert (body["state"], body["decision"], body["evaluation"]["plan"][0]["tier"]) == ("pending", None, "senior")

    def test_undoes_a_rejection(self, here: World, junior: Caller) -> None:
        action = here.pending()
        rejected = decide(junior, "reject", action).json()
        assert rejected["decision"]["final_at"] > rejected["decision"]["at"]
        assert junior.post(f"actions/{action.pk}/undo/", {}).json()["state"] == "pending"

    def test_waits_for_the_end_until_a_rejection_is_final(self, here: World, junior: Caller) -> None:
        action = here.pending()
        decide(junior, "reject", action)
        with pytest.MonkeyPatch.context() as patch:
            asked: list[bool] = []
            patch.setattr(long_poll, "_poll", lambda is_reached, deadline: asked.append(is_reached()))
            junior.get(f"actions/{action.pk}/?wait=1&until=decided")
            junior.get(f"actions/{action.pk}/?wait=1&until=final")
        assert asked == [False]

    def test_undoes(self, here: World, junior: Caller) -> None:
        action = here.approved()
        body = junior.post(f"actions/{action.pk}/undo/", {"rationale": "Wrong account."}).json()
        assert (body["state"], body["decision"], body["execution"]["state"]) == ("pending", None, None)


SITUATIONS: dict[str, tuple[list[str], str]] = {
    "the first decision": ([], "junior approve"),
    "a rejection": ([], "junior reject"),
    "an edit": ([], "junior modify"),
    "an escalation": ([], "junior escalate, senior approve"),
    "an escalation that is rejected": ([], "junior escalate, senior reject"),
    "an escalation that is undone": ([], "junior escalate, junior undo, junior approve"),
    "an edit of what was escalated": ([], "junior escalate, senior modify"),
    "another round": ([], "junior approve, junior undo, junior approve"),
    "another round after a rejection": ([], "junior reject, junior undo, senior reject"),
    "another round after an edit": ([], "junior modify, junior undo, junior modify"),
    "an open question": ([], "junior request_info, junior approve"),
    "an open question, rejected": ([], "senior request_info, junior reject"),
    "an edit that a senior decides on": ([], "junior exceed, senior approve"),
    "two stages": ([plans.BOOKS, plans.VERA], "junior approve, vera approve"),
    "two stages, rejected first": ([plans.BOOKS, plans.VERA], "junior reject, junior undo, junior approve"),
    "two stages, rejected last": ([plans.BOOKS, plans.VERA], "junior approve, vera reject"),
    "two stages, edited": ([plans.BOOKS, plans.VERA], "junior modify, vera modify, junior approve"),
    "a person whom a stage names, escalated": ([plans.VERA], "vera escalate, senior reject"),
    "two people": ([plans.PAIR], "junior approve, senior approve"),
    "two people, edited": ([plans.PAIR], "junior modify, senior approve"),
}


class TestTheAnswer:
    """A decision is answered with what is read right after it, though not all of it is read for the answer."""

    @pytest.fixture(autouse=True)
    def told(self, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
        """Compare the rows that each answer is made of, too: few of them show in it."""
        told: list[Record] = []

        def complete(these: list[Action], reader: Actor) -> list[Record]:
            told.extend(found := complete_as_before(these, reader))
            return found

        complete_as_before = actions.complete
        monkeypatch.setattr(actions, "complete", complete)
        yield
        assert len(told) > 1 and told[::2] == told[1::2]

    @pytest.mark.parametrize(("stages", "steps"), SITUATIONS.values(), ids=SITUATIONS)
    def test_is_what_is_read_afterwards(self, here: World, stages: list[str], steps: str) -> None:
        people = {"junior": here.junior, "senior": here.senior, "vera": plans.vera()}
        if stages:
            plans.follow(here, *stages)
        action = here.pending()
        for step in steps.split(", "):
            name, verb = step.split()
            answers_as_read(as_session(people[name]), verb, world.fresh(action))

    @pytest.mark.parametrize("verb", ["approve", "reject", "modify"])
    def test_names_for_whom_a_delegate_decided(self, here: World, friend: Person, verb: str) -> None:
        lend(here.senior, friend)
        answers_as_read(as_session(friend), verb, here.pending(amount=9_000))

    @pytest.mark.parametrize("verb", ["approve", "reject", "modify"])
    def test_counts_what_policy_adds_by_now(self, here: World, senior: Caller, verb: str) -> None:
        action = here.pending()
        plans.follow(here, plans.BOOKS, plans.VERA)
        answers_as_read(senior, verb, action)

    def test_follows_an_edit_beyond_a_ceiling(self, here: World, junior: Caller, senior: Caller) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "718.00"})
        action = here.pending()
        answers_as_read(junior, "raise", action)
        answers_as_read(senior, "approve", world.fresh(action))

    def test_follows_a_check(self, here: World, junior: Caller) -> None:
        plans.follow(here, plans.CHECK, plans.BOOKS)
        action = here.pending()
        checks.run_due(actor=system(Door.CELERY), clock=db.now)
        answers_as_read(junior, "approve", world.fresh(action))


def answers_as_read(caller: Caller, verb: str, action: Action) -> None:
    """Decide, and compare the answer with the action as it is read then, byte for byte."""
    path = f"actions/{action.pk}/"
    amount = {"modify": 700 - action.revision.number, "raise": 900, "exceed": 9_000}.get(verb)
    named = seen(action, rationale="So it is.", reason_code="sure")
    bodies = {"undo": {"rationale": "Wrong."}, "request_info": {"text": "Which order?"}}
    edit = {"payload": action.revision.payload | {"amount": amount}} if amount else {}
    service = "modify" if amount else verb
    answer = caller.post(f"{path}{service}/", bodies.get(verb, named | edit))
    assert (answer.status_code, answer.content) == (200, caller.get(path).content)


class TestADecisionIsRefused:
    def test_to_the_agents_owner(self, here: World) -> None:
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        answer = decide(as_session(here.owner), "approve", here.pending())
        assert is_problem(answer, 403)["code"] == "self_approval"

    def test_to_whoever_asked_for_it(self, here: World, junior: Caller) -> None:
        answer = decide(junior, "approve", here.pending(on_behalf_of="junior@example.com"))
        assert is_problem(answer, 403)["code"] == "self_approval"

    def test_to_a_superuser_who_owns_the_agent(self, here: World) -> None:
        here.owner.is_superuser = True
        here.owner.save()
        Membership.objects.create(person=here.owner, desk=here.desk, tier=Tier.SENIOR)
        answer = decide(as_session(here.owner), "approve", here.pending())
        assert is_problem(answer, 403)["code"] == "self_approval"

    def test_to_a_junior_where_a_senior_is_needed(self, here: World, junior: Caller) -> None:
        action = here.pending(amount=9_000)
        problem = is_problem(decide(junior, "approve", action), 403)
        assert (problem["code"], problem["needs"]) == ("tier_too_low", "senior")
        assert world.fresh(action).state == "pending"

    def test_to_another_desk_as_if_there_were_nothing(self, here: World) -> None:
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        caller, action = as_session(stranger), here.pending()
        assert is_problem(decide(caller, "approve", action), 404)["code"] == "not_found"
        for path in ("", "timeline/"):
            assert is_problem(caller.get(f"actions/{action.pk}/{path}"), 404)["code"] == "not_found"
        assert caller.get("actions/").json()["results"] == caller.get("queue/").json()["results"] == []

    def test_to_compliance_who_reads_it(self, here: World) -> None:
        officer = world.person("officer")
        officer.groups.add(Group.objects.get_or_create(name="Compliance")[0])
        caller, action = as_session(officer), here.pending()
        assert caller.get(f"actions/{action.pk}/").status_code == 200
        assert is_problem(decide(caller, "approve", action), 403)["code"] == "not_your_desk"

    @pytest.mark.parametrize("changes", [{"digest": "0" * 64}, {"revision": 2}], ids=str)
    def test_on_what_is_no_longer_there(self, here: World, junior: Caller, changes: dict[str, Any]) -> None:
        action = here.pending()
        problem = is_problem(decide(junior, "approve", action, **changes), 409)
        assert (problem["code"], problem["digest"]) == ("stale_revision", action.revision.digest)

    def test_after_another(self, here: World, junior: Caller, senior: Caller) -> None:
        action = here.pending()
        decide(junior, "reject", action)
        problem = is_problem(decide(senior, "approve", action), 409)
        assert (problem["code"], problem["by"], problem["verdict"]) == ("already_decided", "junior", "reject")
        assert problem["at"]
        assert Decision.objects.filter(is_final=True).count() == 1

    def test_before_it_was_routed(self, here: World, junior: Caller) -> None:
        assert is_problem(decide(junior, "approve", here.propose()), 409)["code"] == "wrong_state"

    def test_when_nothing_was_changed(self, here: World, junior: Caller) -> None:
        action = here.pending()
        answer = decide(junior, "modify", action, payload=action.revision.payload)
        assert is_problem(answer, 422)["code"] == "nothing_changed"

    def test_with_a_payload_of_the_wrong_form(self, here: World, junior: Caller) -> None:
        answer = decide(junior, "modify", here.pending(), payload={"issuer": 7, "currency": "EUR"})
        assert is_problem(answer, 422)["faults"][0]["pointer"] == "/issuer"

    def test_on_what_was_not_granted(self, here: World, junior: Caller) -> None:
        answer = junior.post(f"actions/{here.pending().pk}/undo/", {})
        assert is_problem(answer, 409)["code"] == "wrong_state"

    @pytest.mark.parametrize(
        "body",
        [{}, {"revision": "1", "digest": "0" * 64}, {"revision": 1, "digest": "0"}, {"revision": True}, {"x": 1}],
        ids=str,
    )
    def test_with_a_body_of_the_wrong_form(self, here: World, junior: Caller, body: dict[str, Any]) -> None:
        assert is_problem(junior.post(f"actions/{here.pending().pk}/approve/", body), 400)["code"] == "malformed"

    @pytest.mark.parametrize("verb", ["approve", "reject", "modify", "escalate", "undo"])
    def test_by_a_get(self, here: World, junior: Caller, verb: str) -> None:
        action = here.pending()
        assert junior.get(f"actions/{action.pk}/{verb}/", **seen(action)).status_code == 405
        assert junior.client.head(f"/api/v1/actions/{action.pk}/{verb}/").status_code == 405
        assert world.fresh(action).state == "pending"
