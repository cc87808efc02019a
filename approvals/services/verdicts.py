"""What every decision has in common: the click, what is asked of it, and how it is written down. Steps."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from approvals.actors import Actor
from approvals.errors import (
    AlreadyDecided,
    BlockedByPolicy,
    Expired,
    NotAllowed,
    RationaleMissing,
    Refused,
    StaleRevision,
    TierTooLow,
    WrongState,
)
from approvals.models import Action, Decision, Membership, Stage, Text
from approvals.models.texts import TextKind
from approvals.services import judging, ledger, locks, plans, quorum, rights
from approvals.services.ledger import Fact
from approvals.services.revisions import canonical_text
from approvals.states import ActionState, DecisionSource, Tier, Verdict
from policies.engine.canonical import digest as digest_of
from policies.engine.vocabulary import Outcome

MOST_RATIONALE = 5_000


@dataclass(frozen=True, slots=True)
class Click:
    """One attempt to decide: by whom, when, on what was seen, and why."""

    actor: Actor
    at: datetime
    verdict: Verdict
    revision: int
    digest: str
    rationale: str
    reason_code: str


@dataclass(frozen=True, slots=True)
class Case:
    """A locked action with its open stage and the membership that decides."""

    action: Action
    stage: Stage
    member: Membership


def open_case(click: Click, action_id: uuid.UUID) -> Case:
    """Lock the action and ask whether there is anything to decide, and whether this person may see it.

    :raises NotFound: there is none that this person may see.
    :raises AlreadyDecided: somebody, or policy, was first; says who and when.
    :raises WrongState: it was not routed to a person yet.
    :raises Expired: its time is over, whether or not the sweep has said so already.
    """
    action = locks.action(action_id)
    member = rights.membership(click.actor, action)
    stage = plans.current(action)
    if action.state != ActionState.PENDING or stage is None:
        raise _not_open(action)
    if plans.is_over(action, click.actor, click.at, stage):
        raise Expired()
    return Case(action, stage, member)


def objection(click: Click, case: Case) -> Refused | None:
    """Why this click does not count, or None; asked inside the lock."""
    # Escalating asks for more, never for less, so a junior may always do it.
    tier = Tier.JUNIOR if click.verdict == Verdict.ESCALATE else case.stage.tier
    return (
        rights.objection(click.actor, case.action, case.member, tier)
        or _stale(click, case.action)
        or _silent(click, case)
        or _changed_policy(click, case)
        or _twice(click, case)
    )


def refuse(click: Click, case: Case, refusal: Refused) -> Refused:
    """Record a refused click, so that the record keeps who tried; the service returns it."""
    data = {"code": refusal.code, "verdict": str(click.verdict), "revision": click.revision}
    ledger.noted(case.action, Fact(click.actor, click.at, "decision.refused", refusal.message, data))
    return refusal


def write(
    click: Click, case: Case, entry_id: uuid.UUID, *, is_final: bool, round_number: int | None = None
) -> Decision:
    """Write the decision down, bound to the revision and digest that were seen."""
    return Decision.objects.create(
        action=case.action,
        round=round_number or case.action.round,
        stage=case.stage,
        revision=case.action.revision,
        digest=case.action.revision.digest,
        ruling=case.action.ruling,
        verdict=click.verdict,
        source=DecisionSource.PERSON,
        person=click.actor.person,
        tier=case.member.tier,
        door=click.actor.door,
        is_final=is_final,
        is_exception=rights.is_exception(case.member.person, case.action),
        reason_code=click.reason_code[:40],
        rationale=keep_rationale(case.action, click.rationale),
        at=click.at,
        entry_id=entry_id,
    )


def fact(click: Click, case: Case, event: str, said: str) -> Fact:
    """What the history and the ledger say of this decision; the rationale itself stays in the text table."""
    tier = Tier(case.member.tier).label
    reason = f"{said} revision {case.action.revision.number} as {tier} of {case.action.desk}"
    data = {"revision": case.action.revision.number, "digest": case.action.revision.digest}
    return Fact(click.actor, click.at, event, f"{reason} ({click.reason_code})" if click.reason_code else reason, data)


def _not_open(action: Action) -> Refused:
    final = action.decisions.filter(is_final=True).order_by("-at").select_related("person").first()
    if final is None:
        return WrongState(f"The action is {action.get_state_display().lower()}.", state=action.state)
    by = str(final.person or final.get_source_display())
    message = f"{by} {final.get_verdict_display().lower()} this on {final.at:%Y-%m-%d at %H:%M} UTC."
    return AlreadyDecided(message, by=by, at=final.at.isoformat(), verdict=final.verdict, state=action.state)


def _stale(click: Click, action: Action) -> Refused | None:
    if (click.revision, click.digest) == (action.revision.number, action.revision.digest):
        return None
    return StaleRevision(revision=action.revision.number, digest=action.revision.digest)


def _silent(click: Click, case: Case) -> Refused | None:
    if len(click.rationale) > MOST_RATIONALE:
        return RationaleMissing(f"The rationale is longer than {MOST_RATIONALE} characters; shorten it.")
    wants = case.action.ruling is not None and case.action.ruling.content["requires_rationale"]
    return RationaleMissing() if wants and not click.rationale.strip() and click.verdict != Verdict.ESCALATE else None


def _twice(click: Click, case: Case) -> Refused | None:
    if click.verdict != Verdict.APPROVE or case.stage.quorum <= 1:
        return None
    if quorum.has_approved(case.member.person, case.action, case.stage):
        return NotAllowed("You approved this already; another person must add theirs.")
    return None


def _changed_policy(click: Click, case: Case) -> Refused | None:
    """Rule again when the versions in force are no longer those that routed; the stricter ruling wins."""
    action, ruling = case.action, case.action.ruling
    if click.verdict != Verdict.APPROVE or ruling is None:
        return None
    documents = judging.documents_for(action.action_type)
    if [document.digest for document in documents] == [item["digest"] for item in ruling.content["policies"]]:
        return None
    facts = judging.facts_of(action, action.action_type, action.agent, action.revision.payload, click.at)
    judgement, flags = judging.judge(facts, action.action_type, documents)
    judging.record(action, judgement, flags, action.revision.number, click.at)
    if judgement.outcome is Outcome.BLOCK:
        return BlockedByPolicy("Policy has changed and now blocks this action.", rules=list(_rules(action)))
    tier = max(case.stage.tier, plans.TIERS[judgement.tier] if judgement.tier else 0)
    change = Fact(click.actor, click.at, "action.rerouted", "Policy has changed since this was routed")
    plans.raise_tier(action, case.stage, Tier(tier), change)
    ledger.noted(action, change, is_changed=True)
    return TierTooLow("Policy has changed; this now needs a senior reviewer.") if case.member.tier < tier else None


def _rules(action: Action) -> list[str]:
    return list(action.ruling.rules) if action.ruling else []


def keep_rationale(action: Action, rationale: str) -> Text | None:
    """Keep a reason in words where it can be erased; the record names only its digest."""
    if not rationale.strip():
        return None
    content = {"rationale": rationale.strip()}
    canonical_text(content)
    salt = secrets.token_hex(16)
    return Text.objects.create(
        action=action,
        kind=TextKind.RATIONALE,
        content=content,
        salt=salt,
        digest=digest_of({"salt": salt, **content}),
    )
