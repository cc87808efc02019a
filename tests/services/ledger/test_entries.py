"""Every change of state, by every door, leaves one history row and one ledger entry, which agree to the letter."""

import hashlib
import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from approvals import tasks
from approvals.actors import Door, system
from approvals.connectors.base import CallResult, CallStatus, Recovery
from approvals.connectors.fake import FakeConnector
from approvals.models import Action, ActionType, Decision, Execution, LedgerEntry, Text
from approvals.models.texts import TextKind
from approvals.queries.record import timeline
from approvals.services import routing
from approvals.services.deadlines import overdue
from approvals.services.execution import attempts, dispatch
from approvals.services.ledger import entries as ledger
from approvals.states import LEGAL_PAIRS, ExecutionMode
from policies import db
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address, confirm, edit, press
from tests.api.caller import Caller, as_agent, as_session, as_token, seen
from tests.world import World, fresh, now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
CLOCK = system(Door.CLOCK)
# What the lifecycle allows and nothing in the product does yet.
UNUSED = {("failed", "executing"), ("uncertain", "executing")}


class Walker:
    """The product with all its doors open, and the walks that lead through the lifecycle."""

    def __init__(self, here: World, fake: FakeConnector) -> None:
        self.here, self.fake = here, fake
        self.agent, self.session = as_agent(here.agent), as_session(here.junior)
        self.token = as_token(here.junior, "read", "decide")
        self.admin, self.senior = signed_in(here.junior, "Reviewers"), signed_in(here.senior, "Reviewers")

    def proposed(self, **changes: object) -> Action:
        return Action.objects.get(pk=self.agent.propose(**changes).json()["id"])

    def pending(self, **changes: object) -> Action:
        action = self.proposed(**changes)
        tasks.route()
        return fresh(action)

    def granted(self, **changes: object) -> Action:
        action = self.pending(**changes)
        assert press(self.admin, action, "approve", rationale="Ordered.").status_code == 302
        return fresh(action)

    def verdict(self, caller: Caller, name: str, action: Action, **more: object) -> None:
        answer = caller.post(f"actions/{action.pk}/{name}/", seen(action, rationale="Seen.") | more)
        assert answer.status_code == 200, answer.content

    def post(self, caller: Caller, action: Action, step: str, **body: object) -> None:
        answer = caller.post(f"actions/{action.pk}/{step}/", body)
        assert answer.status_code == 200, answer.content


def routed_by_the_clock(walk: Walker) -> Action:
    action = walk.proposed()
    routing.route_ready(actor=CLOCK, clock=now)
    return action


def blocked(walk: Walker) -> Action:
    rule = "{name: never, when: 'true', outcome: block, says: Never.}"
    world.publish(f"{world.POLICY}rules: [{rule}]\n", "invoices", walk.here.owner, walk.here.senior)
    return walk.pending()


def taken_back(walk: Walker, action: Action) -> Action:
    walk.post(walk.agent, action, "withdraw", reason="A duplicate.")
    return action


def lapsed(walk: Walker, prepare: Callable[..., Action]) -> Action:
    soon = db.now() + timedelta(seconds=4)
    action = prepare(expires_at=soon.isoformat())
    time.sleep(max(0, (soon - db.now()).total_seconds() + 0.1))
    overdue.expire_due(actor=CLOCK, clock=now)
    return action


def modified(walk: Walker) -> Action:
    action = walk.pending()
    preview = edit(walk.admin, action, amount="700.5")
    assert confirm(walk.admin, action, preview, rationale="Discount.").status_code == 302
    return fresh(action)


def modified_by_api(walk: Walker) -> Action:
    action = walk.pending()
    walk.verdict(walk.session, "modify", action, payload=action.revision.payload | {"amount": 700.5})
    return fresh(action)


def decided(walk: Walker, caller: Caller, verdict: str) -> Action:
    action = walk.pending()
    walk.verdict(caller, verdict, action)
    return action


def rejected_in_the_admin(walk: Walker) -> Action:
    action = walk.pending()
    assert press(walk.admin, action, "reject", rationale="Not ours.").status_code == 302
    return action


def rejection_undone(walk: Walker) -> Action:
    ActionType.objects.update(undo_seconds=60)
    return undone(walk, rejected_in_the_admin(walk))


def escalated_and_approved(walk: Walker) -> Action:
    action = walk.pending()
    assert press(walk.admin, action, "escalate", rationale="Too much for me.").status_code == 302
    assert press(walk.senior, fresh(action), "approve").status_code == 302
    return action


def undone(walk: Walker, action: Action, caller: Caller | None = None) -> Action:
    if caller:
        walk.post(caller, action, "undo", rationale="Wait.")
    else:
        assert walk.admin.post(address(action, "undo"), {"rationale": "Wait."}).status_code == 302
    return action


def run(walk: Walker, action: Action) -> Action:
    tasks.execute()
    return action


def changed_before_it_ran(walk: Walker) -> Action:
    action = walk.granted()
    ActionType.objects.update(target={"path": "elsewhere"})
    return run(walk, action)


def refused_by_the_world(walk: Walker) -> Action:
    walk.fake.script.append((False, CallResult(CallStatus.REFUSED, error="No such account.")))
    return run(walk, walk.granted())


def in_doubt(walk: Walker, settle: str = "") -> Action:
    walk.fake.class_ = Recovery.NEITHER
    walk.fake.script.append((False, CallResult(CallStatus.UNKNOWN, error="No answer.")))
    action = run(walk, walk.granted())
    if settle == "by api":
        walk.post(walk.session, action, "resolve", resolution="did_not_happen", rationale="Asked the bank.")
    elif settle:
        said = {"resolution": settle, "rationale": "Asked the bank."}
        assert walk.admin.post(address(action, "resolve"), said).status_code == 302
    return action


def given_up(walk: Walker, action: Action) -> Action:
    for _ in range(attempts.MAX_LAPSES):
        assert dispatch.lease(actor=CLOCK, at=now(), limit=1)
        # Its worker is never heard of again.
        Execution.objects.filter(action=action).update(leased_until=now() - timedelta(seconds=1))
    return run(walk, action)


def by_the_agent(walk: Walker, prepare: Callable[[Walker], Action], succeeded: bool) -> Action:
    ActionType.objects.update(execution=ExecutionMode.AGENT, connector="")
    action = prepare(walk)
    walk.post(walk.agent, action, "consume")
    walk.post(walk.agent, action, "outcome", outcome="succeeded" if succeeded else "failed")
    return action


# By name, and the change of state that it ends with.
WALKS: dict[tuple[str, str, str], Callable[[Walker], Action]] = {
    ("routed by the worker", "proposed", "pending"): lambda walk: walk.pending(),
    ("routed by the clock", "proposed", "pending"): routed_by_the_clock,
    ("approved by policy", "proposed", "approved"): lambda walk: walk.pending(amount=20),
    ("blocked by policy", "proposed", "rejected"): blocked,
    ("withdrawn at once", "proposed", "withdrawn"): lambda walk: taken_back(walk, walk.proposed()),
    ("withdrawn while it waits", "pending", "withdrawn"): lambda walk: taken_back(walk, walk.pending()),
    ("withdrawn after approval", "approved", "withdrawn"): lambda walk: taken_back(walk, walk.granted()),
    ("withdrawn after an edit", "modified", "withdrawn"): lambda walk: taken_back(walk, modified(walk)),
    ("expired at once", "proposed", "expired"): lambda walk: lapsed(walk, walk.proposed),
    ("expired while it waits", "pending", "expired"): lambda walk: lapsed(walk, walk.pending),
    ("expired after approval", "approved", "expired"): lambda walk: lapsed(walk, walk.granted),
    ("expired after an edit", "modified", "expired"): lambda walk: lapsed(walk, lambda **more: _edited(walk, more)),
    ("approved in the admin", "pending", "approved"): lambda walk: walk.granted(),
    ("approved by session", "pending", "approved"): lambda walk: decided(walk, walk.session, "approve"),
    ("approved by token", "pending", "approved"): lambda walk: decided(walk, walk.token, "approve"),
    ("escalated and approved", "pending", "approved"): escalated_and_approved,
    ("modified in the admin", "pending", "modified"): modified,
    ("modified by api", "pending", "modified"): modified_by_api,
    ("rejected in the admin", "pending", "rejected"): rejected_in_the_admin,
    ("rejected by session", "pending", "rejected"): lambda walk: decided(walk, walk.session, "reject"),
    ("undone in the admin", "approved", "pending"): lambda walk: undone(walk, walk.granted()),
    ("undone by session", "modified", "pending"): lambda walk: undone(walk, modified(walk), walk.session),
    ("rejection undone", "rejected", "pending"): rejection_undone,
    ("not carried out", "approved", "pending"): changed_before_it_ran,
    ("carried out", "executing", "executed"): lambda walk: run(walk, walk.granted()),
    ("carried out as edited", "executing", "executed"): lambda walk: run(walk, modified(walk)),
    ("failed", "executing", "failed"): refused_by_the_world,
    ("given up", "approved", "failed"): lambda walk: given_up(walk, walk.granted()),
    ("given up as edited", "modified", "failed"): lambda walk: given_up(walk, modified(walk)),
    ("uncertain", "executing", "uncertain"): in_doubt,
    ("settled as done", "uncertain", "executed"): lambda walk: in_doubt(walk, "happened"),
    ("settled as undone", "uncertain", "failed"): lambda walk: in_doubt(walk, "compensate"),
    ("settled by api", "uncertain", "failed"): lambda walk: in_doubt(walk, "by api"),
    ("redeemed and done", "executing", "executed"): lambda walk: by_the_agent(walk, Walker.granted, True),
    ("redeemed and failed", "executing", "failed"): lambda walk: by_the_agent(walk, modified_by_api, False),
}


def _edited(walk: Walker, more: dict[str, object]) -> Action:
    action = walk.pending(**more)
    walk.verdict(walk.session, "modify", action, payload=action.revision.payload | {"amount": 700.5})
    return action


@pytest.fixture
def walk(fake: FakeConnector) -> Walker:
    return Walker(world.make(connector="fake", undo_seconds=0), fake)


def moves(action: Action) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(action=action).exclude(state_to="").order_by("waiting__number"))


def check_history(action: Action) -> None:
    """Each row of history belongs to one entry, which names its digest; who, door, reason and state agree."""
    rows = {row.history_id: row for row in action.history.all()}
    entries = [entry for entry in LedgerEntry.objects.filter(action=action) if entry.history_id]
    assert sorted(rows) == sorted(entry.history_id for entry in entries if entry.history_id)
    for entry in entries:
        assert entry.history_id is not None
        row = rows[entry.history_id]
        assert ledger.history_digest(row) == entry.history_digest
        assert (row.door, row.history_date) == (entry.door, entry.at)
        assert row.actor and row.history_change_reason
        assert entry.actor == (f"person:{row.history_user_id}" if row.history_user_id else entry.actor)
        if entry.state_to:
            assert (row.state, row.entry_id) == (entry.state_to, entry.pk)


def check_entries(action: Action) -> None:
    """The moves follow each other to the present state, and every body is what its digest covers."""
    found = moves(action)
    assert [entry.state_from for entry in found] == ["", *(entry.state_to for entry in found[:-1])]
    assert (found[-1].state_to, found[-1].pk) == (fresh(action).state, fresh(action).entry_id)
    for entry in LedgerEntry.objects.filter(action=action):
        assert hashlib.sha256(entry.body.encode()).hexdigest() == entry.digest
        told = json.loads(entry.body)
        assert (told["event"], told["actor"], told["door"]) == (entry.event, entry.actor, entry.door)
        assert (told["from"] or "", told["to"] or "") == (entry.state_from, entry.state_to)


def check_commitments(action: Action) -> None:
    """Entries name the digests of what was proposed, judged, decided and said, so that none can be exchanged."""
    told = {entry.pk: json.loads(entry.body)["data"] for entry in LedgerEntry.objects.filter(action=action)}
    first, words = action.revisions.get(number=1), Text.objects.get(action=action, kind=TextKind.PROPOSAL)
    assert told[moves(action)[0].pk] == {"digest": first.digest, "words": words.digest}
    for decision in Decision.objects.filter(action=action).select_related("evaluation", "rationale"):
        data = told[decision.entry_id]
        assert data["digest"] == decision.digest
        assert data.get("rationale") == (decision.rationale.digest if decision.rationale else None)
        if decision.verdict not in {"undo", "expire"}:
            assert decision.evaluation is not None and data["evaluation"] == decision.evaluation.digest


@pytest.mark.parametrize("name", WALKS, ids=lambda name: name[0])
def test_each_walk_leaves_one_row_and_one_entry_a_step(walk: Walker, name: tuple[str, str, str]) -> None:
    action = WALKS[name](walk)
    check_history(action)
    check_entries(action)
    check_commitments(action)
    last = moves(action)[-1]
    assert (last.state_from, last.state_to) == name[1:]
    assert not any(moment.is_unrecorded for moment in timeline.of_action(fresh(action)).moments)


def test_the_walks_pass_every_pair_of_states_that_the_product_uses() -> None:
    through = {("approved", "executing"), ("modified", "executing")}
    assert {(before, after) for _name, before, after in WALKS} | through == set(LEGAL_PAIRS) - UNUSED
