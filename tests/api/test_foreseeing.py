"""Asking over REST what policy says of a correction: the answer is what it then gets, and nothing changes."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.actors import Actor, Door
from approvals.models import Action, LedgerEntry, Revision
from approvals.services.safety import halts
from approvals.states import HaltScope
from tests import world
from tests.api.caller import Caller, as_session, as_token, seen
from tests.api.test_hostile import is_problem
from tests.world import NOON, POLICY, World

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """
rules:
  - name: no-cash
    when: "has(payload.account) && payload.account == 1000"
    outcome: block
    says: Nothing is posted to the cash account.
  - name: explain
    when: "has(payload.account) && payload.account == 2000"
    outcome: review
    requires_rationale: true
    says: Say why this is an asset.
"""
BLOCKED = {"rule": "no-cash", "text": "Nothing is posted to the cash account."}


@pytest.fixture
def here(here: World) -> World:
    world.publish(POLICY + RULES, "invoices", here.owner, here.senior)
    return here


def ask(caller: Caller, action: Action, **changes: Any) -> Any:
    """The answer to the question what a correction would get."""
    return send(caller, action, {"preview": True}, **changes)


def send(caller: Caller, action: Action, more: dict[str, Any], **changes: Any) -> Any:
    body = seen(action, payload=action.revision.payload | changes)
    return caller.post(f"actions/{action.pk}/modify/", body | more)


class TestAPreview:
    def test_says_what_the_correction_then_gets(self, here: World, junior: Caller) -> None:
        action = here.pending()
        told = ask(junior, action, amount=9_000, invoice_number="F").json()
        done = send(junior, action, {}, amount=9_000, invoice_number="F").json()
        for name in ("outcome", "tier", "score", "reasons"):
            assert told["evaluation"][name] == done["evaluation"][name]
        assert (told["flags"], told["missing"], told["changes"]) == (done["flags"], done["missing"], done["changes"])
        assert (told["needs_senior"], done["evaluation"]["tier"]) == (True, "senior")

    def test_names_the_rules_that_block_it(self, here: World, junior: Caller) -> None:
        action = here.pending()
        told = ask(junior, action, account=1000).json()
        assert (told["blocked_by"], told["evaluation"]["outcome"]) == ([BLOCKED], "block")
        problem = is_problem(send(junior, action, {}, account=1000), 422)
        assert (problem["code"], problem["rules"]) == ("blocked_by_policy", ["no-cash"])

    @pytest.mark.parametrize("way", ["modify", "approve", "answer"])
    def test_says_what_the_refusal_then_says(self, here: World, junior: Caller, agent: Caller, way: str) -> None:
        action = here.pending()
        if way == "answer":
            junior.post(f"actions/{action.pk}/request_info/", {"text": "Which account?"})
            payload = action.revision.payload | {"account": 1000}
            answer = agent.post(f"actions/{action.pk}/answer/", {"text": "This.", "payload": payload})
        elif way == "approve":
            now = RULES.replace("has(payload.account) && payload.account == 1000", "true")
            world.publish(POLICY + now, "invoices", here.owner, here.senior)
            answer = junior.post(f"actions/{action.pk}/approve/", seen(action))
        else:
            answer = send(junior, action, {}, account=1000)
        problem = is_problem(answer, 422)
        assert problem["blocked_by"] == [BLOCKED]
        assert BLOCKED["text"] in problem["detail"]

    @pytest.mark.parametrize(("account", "is_needed"), [(2000, True), (3000, False)])
    def test_says_whether_a_reason_is_needed(self, here: World, junior: Caller, account: int, is_needed: bool) -> None:
        action = here.pending()
        assert ask(junior, action, account=account).json()["needs_rationale"] is is_needed
        assert (send(junior, action, {}, account=account).status_code == 422) is is_needed

    def test_writes_nothing(self, here: World, junior: Caller) -> None:
        action = here.pending()
        before = (Revision.objects.count(), LedgerEntry.objects.count())
        with CaptureQueriesContext(connection) as context:
            assert ask(junior, action, amount=9_000).status_code == 200
        written = [query["sql"] for query in context.captured_queries if not query["sql"].startswith("SELECT")]
        assert written == []
        assert (Revision.objects.count(), LedgerEntry.objects.count()) == before
        assert send(junior, action, {}, amount=700.5).json()["revision"]["number"] == 2


class TestItRefusesWhatTheCorrectionWouldBeRefusedFor:
    @pytest.mark.parametrize(
        ("more", "status", "code"),
        [
            ({"digest": "0" * 64}, 409, "stale_revision"),
            ({"target_digest": "0" * 64}, 409, "stale_target"),
            ({"payload": {"issuer": 7, "currency": "EUR"}}, 422, "payload_invalid"),
            ({"preview": "yes"}, 400, "malformed"),
            ({"dry_run": True}, 400, "malformed"),
        ],
        ids=str,
    )
    def test_for_what_was_sent(self, here: World, junior: Caller, more: dict[str, Any], status: int, code: str) -> None:
        action = here.pending()
        assert is_problem(send(junior, action, {"preview": True} | more, amount=5), status)["code"] == code
        assert world.fresh(action).revision.number == 1

    def test_where_nothing_changes(self, here: World, junior: Caller) -> None:
        assert is_problem(ask(junior, here.pending()), 422)["code"] == "nothing_changed"

    def test_under_a_halt(self, here: World, junior: Caller) -> None:
        action = here.pending()
        by = Actor(Door.ADMIN, person=here.senior)
        halts.start(actor=by, at=NOON, scope=HaltScope.DESK, name=here.desk.slug, reason="Wait.")
        assert is_problem(ask(junior, action, amount=5), 409)["code"] == "halted"

    def test_to_whoever_may_not_decide(self, here: World, junior: Caller, agent: Caller) -> None:
        action = here.pending(amount=9_000)
        assert is_problem(ask(junior, action, amount=5), 403)["code"] == "tier_too_low"
        assert is_problem(ask(as_session(world.person("stranger")), action, amount=5), 404)["code"] == "not_found"
        assert is_problem(ask(as_token(here.senior, "read"), action, amount=5), 403)["code"] == "scope_missing"
        assert is_problem(ask(agent, action, amount=5), 403)["code"] == "not_allowed"

    def test_after_a_decision(self, here: World, junior: Caller) -> None:
        assert is_problem(ask(junior, here.approved(), amount=5), 409)["code"] == "already_decided"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amount=st.decimals(-9_999, 9_999, places=2).map(float),
    currency=st.sampled_from(["EUR", "JPY", "XTS"]),
    number=st.sampled_from(["INV-1", "F", "0000", "INV\u200b-3"]),
    account=st.sampled_from([1000, 2000, 3000]),
)
def test_the_preview_agrees_with_the_correction(
    here: World, junior: Caller, amount: float, currency: str, number: str, account: int
) -> None:
    action = here.pending()
    changes = {"amount": amount, "currency": currency, "invoice_number": number, "account": account}
    told = ask(junior, action, **changes).json()
    done = send(junior, action, {"rationale": "As it is on paper."}, **changes)
    assert bool(told["blocked_by"]) == (done.status_code == 422)
    if done.status_code == 200:
        body = done.json()
        assert told["flags"] == body["flags"]
        assert told["missing"] == body["missing"]
        assert told["evaluation"] | {"plan": []} == body["evaluation"] | {"plan": []}
