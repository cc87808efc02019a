"""Writing a payload anew while its action waits: the next revision, what policy says of it, who is asked now. Steps.

`foresee` is the question before it: what policy would say of such a revision.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.errors import Expired, NothingChanged, ScopeMissing, UnknownType, WrongState
from approvals.models import Action, Agent, Decision, Person, Revision, Stage
from approvals.models.deliveries import CORRECTED
from approvals.queries.record.plans import plan_of
from approvals.services.decisions import reevaluate
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.payloads import ends, proposal, revisions
from approvals.services.plans import matching, stage_rows
from approvals.services.plans import stages as plan_stages
from approvals.services.policy import evaluate
from approvals.services.safety import halt_gate
from approvals.states import DecisionType, StageState, Tier
from policies.engine.checks.flag import Flag
from policies.engine.evaluation.result import Evaluation, Reason
from policies.engine.values.vocabulary import Route
from policies.engine.values.vocabulary import Tier as PolicyTier
from policies.errors import Refused


@dataclass(frozen=True, slots=True)
class Answered:
    """The revision that an agent's answer brought, what the record says of it, and who is told that it asks them."""

    revision: Revision
    said: str
    data: dict[str, Any]
    told: frozenset[int]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An action as an edit would leave it, and what policy says of it; ``needs_senior`` where no senior was needed."""

    action: Action
    evaluation: Evaluation
    flags: Sequence[Flag]
    needs_senior: bool
    needs_rationale: bool

    @property
    def score(self) -> int:
        """The risk score."""
        return self.evaluation.score or 0

    @property
    def blocks(self) -> list[Reason]:
        """The rules for which the edit would be refused."""
        return blocks_of(self.evaluation)


def foresee(action: Action, payload: dict[str, Any], at: datetime, until: datetime | None = None) -> Foreseen:
    """Evaluate an action as if this were its next revision; writes nothing, and leaves the action as it is.

    :raises Malformed: it may not end then.
    :raises SchemaFault: the payload does not have the type's form.
    :raises TooLarge: it is larger than 128 KiB.
    :raises NothingChanged: it equals the revision before.
    """
    _check(action, payload, until, at)
    edited = copy(action)
    evaluation, flags = _evaluate(edited, payload, at)
    kept = action.evaluation.content if action.evaluation else {}
    return Foreseen(
        action=edited,
        evaluation=evaluation,
        flags=flags,
        needs_senior=evaluation.tier == PolicyTier.SENIOR and (action.required_tier or 0) < Tier.SENIOR,
        # Whoever corrects it answers to both: to what was kept of it, and to what is said of the correction.
        needs_rationale=evaluation.requires_rationale or bool(kept.get("requires_rationale")),
    )


def write_revision(
    action: Action, payload: dict[str, Any], author: Agent | Person, at: datetime, until: datetime | None = None
) -> Evaluation:
    """Write the next revision of a locked action and rule on it; the caller saves the action.

    Without ``until`` it ends when it would have ended before.

    :raises Malformed: it may not end then.
    :raises SchemaFault: the payload does not have the type's form.
    :raises TooLarge: it is larger than 128 KiB.
    :raises NothingChanged: it equals the revision before.
    """
    body = _check(action, payload, until, at)
    number, until = action.revision.number + 1, until or action.revision.until
    revision = revisions.compose(
        action, action.action_type, body, at, author, number, until, action.revision.attachments
    )
    revision.save(force_insert=True)
    action.revision, action.until = revision, until
    evaluation, flags = _evaluate(action, payload, at)
    evaluate.record(action, evaluation, flags, number, at)
    return evaluation


def _check(action: Action, payload: dict[str, Any], until: datetime | None, at: datetime) -> str:
    """The canonical text of a payload that can be the next revision; refuses with what `write_revision` says."""
    revisions.check_schema(action.action_type, payload)
    body = revisions.canonical_text(payload)
    proposal.check_size(body)
    if until is not None and until != action.revision.until:
        ends.check(action.action_type, until, at)
    elif body == action.revision.body:
        raise NothingChanged()
    return body


def _evaluate(action: Action, payload: dict[str, Any], at: datetime) -> tuple[Evaluation, Sequence[Flag]]:
    evaluate.update_extracted_fields(action, payload, at)
    return evaluate.evaluate_revision(action, payload, at)


def blocks_of(evaluation: Evaluation) -> list[Reason]:
    """The reasons for which policy blocks."""
    return [reason for reason in evaluation.reasons if reason.outcome is Route.BLOCK]


def answer_with_revision(action: Action, actor: Actor, at: datetime, payload: dict[str, Any]) -> Answered:
    """Take the payload that an agent corrected when it was asked: everybody decides on the new one, and nobody before.

    What policy asks for beyond the plan is added, and the bar is never lowered; the time that is left does not grow.

    :raises ScopeMissing: the key may not propose this type.
    :raises UnknownType: the type is no longer active.
    :raises Halted: somebody has halted what it belongs to.
    :raises Expired: its time is over.
    :raises WrongState: what was reopened against policy, or a form that is read only, stays as it is.
    :raises SchemaFault: the payload does not have the type's form.
    :raises TooLarge: it is larger than 128 KiB.
    :raises NothingChanged: it equals the revision before.
    :raises BlockedByPolicy: policy blocks it; the action stays as it was.
    """
    rows = plan_stages.unfinished(action)
    if obstacle := _obstacle(action, actor, at, rows):
        raise obstacle
    former, known = action.subject, plan_of(action)
    try:
        evaluation = write_revision(action, payload, action.agent, at)
    except NothingChanged as refusal:
        raise NothingChanged("The payload has not changed. Change it, or leave it out.") from refusal
    if evaluation.outcome is Route.BLOCK:
        sentence = _("Policy blocks the new payload: {reasons} The action is unchanged, and the question stays open.")
        # What it says lets the agent answer otherwise.
        raise reevaluate.blocked(sentence, blocks_of(evaluation), do_not_retry=evaluation.do_not_retry)
    revision = action.revision
    data = {"revision": revision.number, "digest": revision.digest, "evaluation": evaluation.digest}
    said = f"Answered with revision {revision.number}"
    told = _ask_again(action, [rows, known], evaluation, former, Event(actor, at, "information.given", said, data))
    return Answered(revision, said, data, frozenset(told))


def _obstacle(action: Action, actor: Actor, at: datetime, rows: list[Stage]) -> Refused | None:
    kind = action.action_type
    if not kind.is_active:
        return UnknownType(action_type=kind.name)
    if not actor.scopes & {"propose:*", f"propose:{kind.name}"}:
        return ScopeMissing(
            "This key cannot propose “{name}”. Use a key with the propose:{name} scope.",
            said={"name": kind.name},
            scope=f"propose:{kind.name}",
        )
    if plan_stages.is_over(action, actor, at, rows[0] if rows else None):
        return Expired()
    if action.overrides_id is not None:
        return WrongState(
            "This payload is a policy override and cannot be changed. Answer with text only, or propose a new action.",
            state=action.state,
        )
    if kind.schema.get("readOnly"):
        return WrongState(
            "Actions of type “{title}” cannot be edited. Answer with text only.",
            said={"title": kind.title},
            state=action.state,
        )
    return halt_gate.refusal_for(action)


def _ask_again(action: Action, rows: list[list[Stage]], evaluation: Evaluation, former: str, fact: Event) -> set[int]:
    """Whoever approved what was there before is asked again; everybody whom it asks anew is told, and returned."""
    unfinished, known = rows
    asked = unfinished[0]
    before, until = (asked.tier, asked.quorum), asked.due_at
    plan_stages.extend(action, unfinished, matching.missing_steps(evaluation, known), fact)
    is_approved_before = any(row.state == StageState.SATISFIED for row in known)
    if is_approved_before or stage_rows.has_another_owner(action, former, known):
        opened = plan_stages.restart_round_after_edit(action, fact, until=until).open_stage
        is_new = True
    else:
        opened, is_new = asked, (asked.tier, asked.quorum) != before or _is_given(asked)
    if opened is None or not is_new or opened.is_check:
        return set()
    corrected = replace(fact, event=CORRECTED)
    return {notice.person_id for notice in queue.notify(action, opened, corrected, action.revision.number)}


def _is_given(stage: Stage) -> bool:
    """Whether some of the people whom an open stage asks had approved already, and have to do it again."""
    return stage.quorum > 1 and Decision.objects.filter(stage=stage, verdict=DecisionType.APPROVE).exists()
