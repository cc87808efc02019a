"""Serialization of actions for the API."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import translation

from approvals import conf
from approvals.actors import Actor
from approvals.api.serializers.fields import moment, path_to
from approvals.models import Action, Attachment, Decision, Execution, Note, PolicyEvaluation, Revision, Stage
from approvals.queries.record import digests
from approvals.queries.record.actions import Record
from approvals.queries.record.related import twins
from approvals.queries.record.related.twins import Twin
from approvals.services.payloads import targets
from approvals.states import GRANTS, OPEN, DecisionSource, DecisionType, ExecutionMode, ExecutionState, Tier
from approvals.text import money
from approvals.text.json_diff import ABSENT, Change
from policies.engine.checks.flag import Flag
from policies.engine.evaluation.result import Evaluation, Requirement
from policies.lab.requirements import in_words


def of(record: Record) -> dict[str, Any]:
    """Return the whole action."""
    action, decision = record.action, record.decision
    return {
        "id": str(action.pk),
        "state": str(action.state),
        "action_type": action.action_type.name,
        "agent": action.agent.name,
        "client": action.client.key if action.client is not None else None,
        "instruction": record.words.get("instruction", ""),
        "reasoning": record.words.get("reasoning", ""),
        "confidence": action.confidence,
        "evidence": record.words.get("evidence", []),
        "attachments": [attachment_of(place.attachment) for place in record.places],
        "on_behalf_of": action.on_behalf_of,
        "subject": action.subject,
        "thread": action.thread,
        "revision": _revision(record),
        "changes": [change_of(item) for item in record.changes],
        "missing": action.missing,
        "flags": flags_of(action.flags, record.duplicates),
        "duplicates": [duplicate_of(twin) for twin in record.duplicates],
        "warnings": action.warnings or [],
        "evaluation": _with_denial(
            routing_of(action.evaluation, [_stage(stage, record) for stage in record.plan]), decision
        ),
        "question": _question(record.question) if record.question else None,
        "decision": _decision(decision, record) if decision else None,
        "execution": execution_of(action, record.execution, record.parent),
        "until": moment(action.until),
        "is_live": action.is_live,
        "end": _end(record.end) if record.end else None,
        "created_at": moment(action.created_at),
        "decided_at": moment(action.decided_at),
        "executed_at": moment(action.executed_at),
        "expires_at": moment(action.expires_at),
        "reopens": str(action.overrides_id) if action.overrides_id else None,
        "reopened_as": str(record.overridden_as) if record.overridden_as else None,
        "reverses": str(action.reverses_id) if action.reverses_id else None,
        "reversed_by": str(record.reversed_by) if record.reversed_by else None,
        "parent": str(record.parent) if record.parent else None,
        "links": links_of(action),
    }


def attachment_of(file: Attachment) -> dict[str, Any]:
    """Return what is known of a file, without its digest, which only those who name the file are told."""
    return {
        "id": str(file.pk),
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "erased_at": moment(file.erased_at),
    }


def links_of(action: Action) -> dict[str, str | None]:
    """Return the paths of the action, and the URL of its page for people; null marks what does not exist yet."""
    return {
        "self": path_to(f"actions/{action.pk}/"),
        "review": f"{conf.site_url()}/admin/approvals/action/{action.pk}/review/",
        "timeline": path_to(f"actions/{action.pk}/timeline/"),
        "receipt": None,
    }


def change_of(change: Change) -> dict[str, Any]:
    """Return one changed field; an absent value is null."""
    before, after = (None if value is ABSENT else value for value in (change.before, change.after))
    return {"pointer": change.pointer, "from": before, "to": after}


def flags_of(flags: Iterable[Mapping[str, Any]], duplicates: Sequence[Twin]) -> list[dict[str, Any]]:
    """Return flags in English, each with the action that it speaks of, if the caller may see it."""
    other = duplicate_of(duplicates[0]) if duplicates else None
    # What pages need to translate the sentence stays here.
    told = ({name: value for name, value in flag.items() if name != "said"} for flag in flags)
    return [{**flag, "other": other if twins.is_flagged([flag]) else None} for flag in told]


def unsaved_flags_of(flags: Iterable[Flag], action: Action, actor: Actor) -> list[dict[str, Any]]:
    """Return the flags of an unsaved evaluation in the same format."""
    told = [flag.as_json() for flag in flags]
    return flags_of(told, twins.of(action, actor).seen if twins.is_flagged(told) else ())


def duplicate_of(twin: Twin) -> dict[str, Any]:
    """Return another action with the same document number, and how it was decided."""
    action, decision = twin.action, twin.decision
    return {
        "id": str(action.pk),
        "state": str(action.state),
        "amount": money_of(action),
        "created_at": moment(action.created_at),
        "decision": _verdict(decision, action) if decision else None,
        "links": links_of(action),
    }


def money_of(action: Action) -> dict[str, str] | None:
    """Return the exact amount with its currency."""
    amount = money.shown(action, action.revision.payload)
    return None if amount is None else {"amount": money.as_written(amount), "currency": action.currency}


def routing_of(policy_evaluation: PolicyEvaluation | None, plan: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the evaluation, its rules, and the requirements for running automatically."""
    if policy_evaluation is None:
        return None
    return _routing(policy_evaluation.content, plan)


def judgement_of(evaluation: Evaluation) -> dict[str, Any]:
    """Return an unsaved evaluation in the same format, with an empty plan."""
    return _routing(evaluation.as_json(), [])


def _routing(content: Mapping[str, Any], plan: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "outcome": content["outcome"],
        "tier": content["tier"],
        "score": content["score"],
        "reasons": [{name: reason[name] for name in ("rule", "text", "outcome")} for reason in content["reasons"]],
        "policy": ", ".join(f"{item['name']} v{item['version']}" for item in content["policies"]),
        "plan": plan,
        "requirements": [{**item, "text": in_words(Requirement(**item))} for item in content["requirements"]],
        "do_not_retry": content["do_not_retry"],
    }


def _with_denial(routing: dict[str, Any] | None, decision: Decision | None) -> dict[str, Any] | None:
    """Set `do_not_retry` for a standing denial, which the evaluation cannot know."""
    is_denied = (
        decision is not None and decision.verdict == DecisionType.REJECT and decision.standing_rule_id is not None
    )
    return routing | {"do_not_retry": True} if routing and is_denied else routing


def _revision(record: Record) -> dict[str, Any]:
    revision = record.action.revision
    written = next((item for item in record.revisions if item.pk == revision.pk), None)
    return {
        "number": revision.number,
        "digest": revision.digest,
        "payload": revision.payload,
        "author": _author(record.action, written),
    }


def revision_of(action: Action, revision: Revision) -> dict[str, Any]:
    """Return a revision with everything that its digest covers."""
    return {
        "number": revision.number,
        "digest": revision.digest,
        "payload": revision.payload,
        "author": _author(action, revision),
        "created_at": moment(revision.created_at),
        "bound": digests.bound_to(action, revision),
    }


def _author(action: Action, revision: Revision | None) -> str:
    return str(revision.person) if revision is not None and revision.person else action.agent.name


def _stage(stage: Stage, record: Record) -> dict[str, Any]:
    given = [item for item in record.decisions if item.stage_id == stage.pk and item.verdict in GRANTS and item.person]
    return {
        "name": stage.name,
        "kind": "check" if stage.is_check else "people",
        "tier": None if stage.is_check else tier_name(stage.tier),
        "assignee": "" if stage.is_check else stage.asked if stage.asks_somebody else stage.desk.slug,
        "note": stage.note or "",
        "quorum": stage.quorum,
        "approvals": len(given),
        "due_at": moment(stage.due_at),
        "reminded_at": moment(stage.reminded_at),
        "is_escalated": stage.is_escalated,
        "state": str(stage.state),
    }


def _decision(decision: Decision, record: Record) -> dict[str, Any]:
    policy_evaluation, by = record.action.evaluation, str(decision.person or decision.source)
    if decision.source == DecisionSource.POLICY and policy_evaluation is not None:
        by = policy_evaluation.policy
    elif decision.source == DecisionSource.CHECK and decision.verdict in GRANTS:
        # A check grants only what people decided before it.
        by = ", ".join(record.approvers)
    return {
        "verdict": decision.verdict,
        "by": by,
        "for": str(decision.delegator) if decision.delegator else None,
        "source": decision.source,
        "at": moment(decision.at),
        "final_at": moment(decision.final_at) if decision.final_at else None,
        "rationale": decision.reason,
        "reason_code": decision.reason_code,
    }


def _verdict(decision: Decision, action: Action) -> dict[str, Any]:
    evaluation, is_policys = action.evaluation, decision.source == DecisionSource.POLICY
    return {
        "verdict": decision.verdict,
        "by": evaluation.policy if is_policys and evaluation else decision.by,
        "source": decision.source,
        "at": moment(decision.at),
    }


def _question(note: Note) -> dict[str, Any]:
    return {"text": note.words, "by": str(note.author), "at": moment(note.at)}


def execution_of(action: Action, execution: Execution | None, parent: UUID | None = None) -> dict[str, Any] | None:
    """Return the execution, planned for an open action and None if it never ran; `parent` is one that is named."""
    if execution is None:
        return _unborn(action) if action.state in OPEN else None
    if execution.state == ExecutionState.CANCELED:
        return None
    return {
        "mode": execution.mode,
        "state": execution.state,
        "waits_for": str(parent) if parent is not None and _is_waiting(execution) else None,
        "attempts": execution.attempts,
        "result": execution.result,
        "error": execution.error or None,
        "cancel_asked_at": moment(execution.cancel_asked_at),
        "target": _target(action, execution),
        "redeemable_at": _redeemable_at(execution),
        "valid_until": moment(execution.expires_at),
    }


def _is_waiting(execution: Execution) -> bool:
    # What was sent or called back waits no more, whatever its row still says.
    return execution.state == ExecutionState.READY and execution.waits_for_id is not None


def _redeemable_at(execution: Execution) -> str | None:
    # Nobody knows when a parent will be executed.
    is_known = execution.mode == ExecutionMode.AGENT and not _is_waiting(execution)
    return moment(execution.not_before) if is_known else None


def _end(end: Execution) -> dict[str, Any]:
    return {
        "state": str(end.state),
        "at": moment(end.not_before),
        "is_early": end.is_early,
        "finished_at": moment(end.finished_at),
        "error": end.error or None,
    }


def _unborn(action: Action) -> dict[str, Any]:
    mode = str(action.action_type.execution)
    unset = dict.fromkeys(("waits_for", "result", "error", "cancel_asked_at", "redeemable_at", "valid_until"))
    return {"mode": mode, "state": None, "attempts": 0, **unset, "target": _target(action)}


def _target(action: Action, execution: Execution | None = None) -> dict[str, Any]:
    target = targets.of(action, execution)
    # What was decided on is in the revision; a preview is for those who still decide.
    with translation.override("en"):
        preview = targets.preview(action) if execution is None else []
    return {"connector": target.connector, "summary": target.summary, "preview": preview, "digest": target.digest}


def tier_name(tier: int) -> str:
    """Return the API name of a tier."""
    return Tier(tier).name.lower()
