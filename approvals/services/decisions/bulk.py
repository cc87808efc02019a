"""Deciding several at once: one click, but each is asked everything by itself and has a decision of its own.

Only what is small and can be undone is decided so; everything else is looked at one by one. To escalate or hand over
decides nothing, so any selection of actions may be.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from approvals import conf
from approvals.actors import Actor
from approvals.authority.visibility import get_visible, visible_to
from approvals.errors import NotAlike, NotFound, StaleRevision
from approvals.models import Action, Claim, Decision
from approvals.queries.insight import reason_codes
from approvals.queries.record.related.twins import alike
from approvals.services.decisions import decide as decisions
from approvals.services.decisions import handover
from approvals.services.policy import evaluate
from approvals.states import ActionState, DecisionType, RejectNeeds, Reversibility, Stakes, Tier
from policies.db import errand
from policies.errors import Refused

MAX = 20
CODE = "batch"
_HOW = _("In bulk, you can only approve or reject actions. Make other decisions one at a time.")
_UNLIKE = _("These actions differ in type, desk, agent, or policy rules. Decide on each one separately.")
_NOT_YET = _("The other action still needs an approval. Reject the duplicates once it is approved.")
# A page of several has no list of reasons, which each type has of its own.
_CODED = _("Rejecting an action of this type needs a predefined reason. Reject the action on its own page.")


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """One line of a batch as its reviewer saw it."""

    action_id: uuid.UUID
    revision: int
    digest: str
    target: str


@dataclass(frozen=True, slots=True)
class BulkItemResult:
    """What came of one line: its decision, or why there is none."""

    action_id: uuid.UUID
    decision: Decision | None = None
    refusal: Refused | None = None
    claim: Claim | None = None


@errand
def decide(
    *,
    actor: Actor,
    clock: Callable[[], datetime],
    verdict: DecisionType,
    items: Sequence[ReviewedItem],
    rationale: str = "",
    is_mixed: bool = False,
) -> list[BulkItemResult]:
    """Approve or reject each of a group of alike actions, each in its own transaction; one that is refused stops none.

    What changed meanwhile, or is not alike any more, is left out and named; the rest is decided. ``is_mixed`` is for
    several such groups that a person saw as a table each; together they are no more than one group may be.

    :raises NotAlike: they are too many, or the verdict is none for several at once.
    :raises NotFound: one of them is not this person's to see.
    """
    found = _found(actor, items)
    if verdict not in {DecisionType.APPROVE, DecisionType.REJECT}:
        raise NotAlike(_HOW)
    actions = [found[item.action_id] for item in items]
    apart = _alone(actions) if is_mixed else _apart(actions)
    if verdict == DecisionType.REJECT:
        apart |= {each.pk: NotAlike(_CODED) for each in actions if each.action_type.reject_needs == RejectNeeds.CODE}
    return [
        BulkItemResult(item.action_id, refusal=refusal)
        if (refusal := _changed(found[item.action_id], item) or apart.get(item.action_id))
        else _decide(actor, clock(), verdict, item, rationale)
        for item in items
    ]


@errand
def escalate(
    *, actor: Actor, clock: Callable[[], datetime], items: Sequence[ReviewedItem], rationale: str = ""
) -> list[BulkItemResult]:
    """Escalate each of several actions, each in its own transaction; one that is refused stops none.

    :raises NotAlike: they are too many.
    :raises NotFound: one of them is not this person's to see.
    """
    found = _found(actor, items)
    return [
        BulkItemResult(item.action_id, refusal=refusal)
        if (refusal := _changed(found[item.action_id], item))
        else _decide(actor, clock(), DecisionType.ESCALATE, item, rationale)
        for item in items
    ]


@errand
def hand_over(
    *, actor: Actor, clock: Callable[[], datetime], items: Sequence[ReviewedItem], to: str, reason: str
) -> list[BulkItemResult]:
    """Hand each of several actions over to one colleague, each in its own transaction; one that is refused stops none.

    :raises NotAlike: they are too many.
    :raises NotFound: one of them is not this person's to see.
    """
    _found(actor, items)
    return [_hand_over(actor, clock(), item, to, reason) for item in items]


@errand
def approve_one(
    *,
    actor: Actor,
    at: datetime,
    clock: Callable[[], datetime],
    action_id: uuid.UUID,
    twins: Sequence[ReviewedItem],
    **seen: Any,
) -> list[BulkItemResult]:
    """Approve an action and then reject its twins, each in its own transaction; one that is refused stops none.

    An approval that only counts, because others must approve too, leaves the twins as they are.

    :raises NotAlike: one of them is not a duplicate.
    :raises Refused: the action cannot be approved; then nothing is rejected.
    """
    action = get_visible(actor, action_id)
    wanted = {item.action_id for item in twins}
    if not 0 < len(wanted) == len(twins) <= MAX:
        raise NotAlike("Choose between 1 and {most} actions.", said={"most": MAX})
    if alike(action).filter(pk__in=wanted).count() < len(wanted):
        raise NotAlike("One of these actions is not a duplicate. Decide on that action separately.")
    approval = decisions.approve(actor=actor, at=at, action_id=action_id, **seen)
    if not approval.is_final:
        # Somebody else may still reject it, and then one of the others is the one to run.
        return [BulkItemResult(item.action_id, refusal=NotAlike(_NOT_YET)) for item in twins]
    reason = f"Duplicate of {conf.site_url()}/admin/approvals/action/{action_id}/review/"
    return [_decide(actor, clock(), DecisionType.REJECT, item, reason, reason_codes.DUPLICATE) for item in twins]


def _found(actor: Actor, items: Sequence[ReviewedItem]) -> dict[uuid.UUID, Action]:
    wanted = {item.action_id for item in items}
    if not 0 < len(wanted) == len(items) <= MAX:
        raise NotAlike("Choose between 1 and {most} actions.", said={"most": MAX})
    found = visible_to(actor).select_related("action_type", "evaluation", "revision").in_bulk(list(wanted))
    if len(found) < len(wanted):
        raise NotFound()
    return found


def _alone(actions: Sequence[Action]) -> dict[uuid.UUID, NotAlike]:
    return {each.pk: NotAlike(why, action=str(each.pk)) for each in actions if (why := alone(each))}


def _apart(actions: Sequence[Action]) -> dict[uuid.UUID, NotAlike]:
    """Why some of these are not decided with the others: each by itself, or unlike most of the rest."""
    found = _alone(actions)
    likeness = {each.pk: duplicate_fingerprint(each) for each in actions if each.pk not in found}
    kinds = list(likeness.values())
    most = max(kinds, key=kinds.count, default=None)
    return found | {key: NotAlike(_UNLIKE, action=str(key)) for key, kind in likeness.items() if kind != most}


def _changed(action: Action, item: ReviewedItem) -> StaleRevision | None:
    seen = (item.revision, item.digest)
    return None if seen == (action.revision.number, action.revision.digest) else StaleRevision()


def alone(action: Action) -> str:
    """Why an action is looked at by itself, in a sentence; nothing when it may be one of several. A step."""
    kind, content = action.action_type, action.evaluation.content if action.evaluation else {}
    if action.state == ActionState.PENDING and (action.required_tier >= Tier.SENIOR or kind.stakes == Stakes.HIGH):
        return _(
            "You cannot decide in bulk on high-stakes actions or on actions for senior reviewers. Decide on each one "
            "separately."
        )
    if kind.reversibility == Reversibility.IRREVERSIBLE:
        return _("You cannot decide on irreversible actions in bulk. Decide on each one separately.")
    if action.missing or action.flags or action.revision.number > 1:
        return _("One of the actions has a missing, unusual, or changed value. Decide on that action separately.")
    if content.get("requires_rationale") or len(content.get("plan", [])) != 1 or content["plan"][0]["quorum"] > 1:
        return _("Policy requires a rationale, several approvals, or several stages. Decide on each action separately.")
    return ""


def as_evaluated(actions: Sequence[Action]) -> list[Action]:
    """Those of these actions that were evaluated by the policies that are in force by now; one statement. A step."""
    now = evaluate.versions_for([action.action_type for action in actions]) if actions else {}
    return [action for action in actions if _policies(action) == now[action.action_type_id]]


def _policies(action: Action) -> set[tuple[str, int]]:
    content = action.evaluation.content if action.evaluation else {"policies": ()}
    return {(policy["name"], policy["version"]) for policy in content["policies"]}


def duplicate_fingerprint(action: Action) -> tuple[object, ...]:
    """What actions of one batch have in common: kind, form, agent, and why a person was asked. A step."""
    rules = tuple(action.evaluation.rules) if action.evaluation else ()
    return action.action_type_id, action.revision.type_version, action.agent_id, action.desk_id, action.client_id, rules


@errand
def _decide(
    actor: Actor, at: datetime, verdict: DecisionType, item: ReviewedItem, rationale: str, code: str = CODE
) -> BulkItemResult:
    seen: dict[str, Any] = {
        "actor": actor,
        "at": at,
        "action_id": item.action_id,
        "revision": item.revision,
        "digest": item.digest,
    }
    words: dict[str, Any] = {"rationale": rationale, "reason_code": code}
    try:
        if verdict == DecisionType.APPROVE:
            decision = decisions.approve(**seen, **words, target=item.target)
        elif verdict == DecisionType.ESCALATE:
            decision = decisions.escalate(**seen, **words)
        else:
            decision = decisions.reject(**seen, **words)
    except Refused as refusal:
        return BulkItemResult(item.action_id, refusal=refusal)
    return BulkItemResult(item.action_id, decision)


@errand
def _hand_over(actor: Actor, at: datetime, item: ReviewedItem, to: str, reason: str) -> BulkItemResult:
    try:
        claim = handover.hand_over(actor=actor, at=at, action_id=item.action_id, to=to, reason=reason)
    except Refused as refusal:
        return BulkItemResult(item.action_id, refusal=refusal)
    return BulkItemResult(item.action_id, claim=claim)
