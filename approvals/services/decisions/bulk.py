"""Deciding several alike at once: one click, but each is asked everything by itself and has a decision of its own.

Only what is alike, small and can be undone is decided so; everything else is looked at one by one.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.authority.visibility import visible_to
from approvals.errors import NotAlike, NotFound
from approvals.models import Action, Decision
from approvals.services.decisions import decide as decisions
from approvals.states import ActionState, DecisionType, Reversibility, Stakes, Tier
from policies.db import errand
from policies.errors import Refused

MAX = 20
CODE = "batch"


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


@errand
def decide(
    *,
    actor: Actor,
    clock: Callable[[], datetime],
    verdict: DecisionType,
    items: Sequence[ReviewedItem],
    rationale: str = "",
) -> list[BulkItemResult]:
    """Approve or reject each of a group of alike actions, each in its own transaction; one that is refused stops none.

    :raises NotAlike: they are too many, not alike, or one of them has to be looked at by itself.
    :raises NotFound: one of them is not this person's to see.
    """
    wanted = {item.action_id for item in items}
    if not 0 < len(wanted) == len(items) <= MAX:
        raise NotAlike("Choose between 1 and {most} actions.", said={"most": MAX})
    found = visible_to(actor).select_related("action_type", "evaluation", "revision").in_bulk(list(wanted))
    if len(found) < len(wanted):
        raise NotFound()
    if against := objection(list(found.values()), verdict):
        raise against
    return [_decide(actor, clock(), verdict, item, rationale) for item in items]


def objection(actions: Sequence[Action], verdict: DecisionType = DecisionType.APPROVE) -> NotAlike | None:
    """Why these cannot be decided at once, or None; a step."""
    if verdict not in {DecisionType.APPROVE, DecisionType.REJECT}:
        return NotAlike("You can only approve or reject actions in bulk. Make other decisions one at a time.")
    if not 0 < len(actions) <= MAX:
        return NotAlike("Choose between 1 and {most} actions.", said={"most": MAX})
    for action in actions:
        if why := alone(action):
            return NotAlike(why, action=str(action.pk))
    if len({duplicate_fingerprint(action) for action in actions}) > 1:
        return NotAlike("These actions differ in type, desk, agent, or policy rules. Decide on each one separately.")
    return None


def alone(action: Action) -> str:
    """Why an action is looked at by itself, in a sentence; nothing when it may be one of several. A step."""
    kind, content = action.action_type, action.evaluation.content if action.evaluation else {}
    if action.state == ActionState.PENDING and (action.required_tier >= Tier.SENIOR or kind.stakes == Stakes.HIGH):
        return _("Senior and high-stakes actions cannot be decided together. Decide on each one separately.")
    if kind.reversibility == Reversibility.IRREVERSIBLE:
        return _("Irreversible actions cannot be decided together. Decide on each one separately.")
    if action.missing or action.flags or action.revision.number > 1:
        return _("One of the actions has a missing, unusual, or changed value. Review it separately.")
    if content.get("requires_rationale") or len(content.get("plan", [])) != 1 or content["plan"][0]["quorum"] > 1:
        return _("Policy requires a rationale, several approvals, or several stages. Decide on each action separately.")
    return ""


def duplicate_fingerprint(action: Action) -> tuple[object, ...]:
    """What actions of one batch have in common: kind, form, agent, and why a person was asked. A step."""
    rules = tuple(action.evaluation.rules) if action.evaluation else ()
    return action.action_type_id, action.revision.type_version, action.agent_id, action.desk_id, rules


@errand
def _decide(actor: Actor, at: datetime, verdict: DecisionType, item: ReviewedItem, rationale: str) -> BulkItemResult:
    seen: dict[str, Any] = {
        "actor": actor,
        "at": at,
        "action_id": item.action_id,
        "revision": item.revision,
        "digest": item.digest,
    }
    words: dict[str, Any] = {"rationale": rationale, "reason_code": CODE}
    try:
        if verdict == DecisionType.APPROVE:
            decision = decisions.approve(**seen, **words, target=item.target)
        else:
            decision = decisions.reject(**seen, **words)
    except Refused as refusal:
        return BulkItemResult(item.action_id, refusal=refusal)
    return BulkItemResult(item.action_id, decision)
