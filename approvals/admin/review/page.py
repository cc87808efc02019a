"""The review page: one action on one screen; viewing it never decides anything."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from approvals.actors import Actor
from approvals.admin.base.model_admin import actor_of, person_of
from approvals.admin.payload_form.fields import MAX_INPUTS, Field, Mark, marks_of, paths
from approvals.admin.payload_form.layout import Reading
from approvals.admin.review import claims, note_lines, reversal
from approvals.admin.review import plan as plan_panel
from approvals.admin.review.lookups import fetched_for
from approvals.authority import permissions, powers, visibility
from approvals.authority.limits import Authority
from approvals.errors import NotFound
from approvals.models import Action, Decision, Execution, Stage, Text
from approvals.models.texts import TextKind
from approvals.queries.insight import anomalies, owners, precedents, reason_codes
from approvals.queries.record import overrides, timeline
from approvals.queries.record.plans import plan_of
from approvals.queries.safety import halts
from approvals.services.automation import standing_rules
from approvals.services.execution import schedule
from approvals.services.intake import override
from approvals.states import GRANTED, OPEN, ActionState, DecisionType, ExecutionState, StageState, Tier
from approvals.text.unicode import plainly
from policies.errors import Refused

RESOLUTIONS = (
    ("happened", gettext_lazy("Mark as executed")),
    ("did_not_happen", gettext_lazy("Mark as not executed")),
    ("compensate", gettext_lazy("Mark as executed and reversed")),
)
# The decision types of the page's buttons; an edit gets its reason on the confirmation page.
ON_THE_PAGE = (DecisionType.APPROVE, DecisionType.REJECT, DecisionType.ESCALATE)
# The maximum number of anomalies listed beside the form; the form marks all of them.
MAX_NAMED = 12


@dataclass
class Draft:
    """The reviewer's input and the refusal, so that nothing typed is lost."""

    rationale: str = ""
    reason_code: str = ""
    comment: str = ""
    refusal: Refused | None = None
    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    is_editing: bool = False


def page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The review page of an action this person can see."""
    action = seen(request, pk)
    return show(request, action, Draft(is_editing=request.GET.get("edit") == "1"))


def seen(request: HttpRequest, pk: uuid.UUID) -> Action:
    """The action, or a 404 response if this person cannot see it."""
    try:
        return visibility.get_visible(actor_of(request), pk, also=owners.NAMED)
    except NotFound as refusal:
        raise Http404(refusal.message) from refusal


def show(request: HttpRequest, action: Action, draft: Draft, status: int = 200) -> HttpResponse:
    """Render the page with the current input and refusal."""
    actor = actor_of(request)
    plan = plan_of(action)
    stage = next((each for each in plan if each.state == StageState.OPEN), None)
    is_open = stage is not None and not stage.is_check and action.state == ActionState.PENDING
    power, objection = right_to(actor, action, stage)
    may_decide = is_open and (objection is None or right_to(actor, action, stage, DecisionType.MODIFY)[1] is None)
    draft.is_editing = draft.is_editing and may_decide and not action.action_type.schema.get("readOnly")
    # A reviewer who is assigned only this action must not see other actions of the desk.
    sees_desk = _sits_at_desk(power, action) or visibility.sees_desk(person_of(request), action)
    near = precedents.near(action) if sees_desk else []
    notes = note_lines.lines(action, person_of(request))
    head = admin.site.each_context(request)
    context = {
        **head,
        "halted": next((halt for halt in head["halts_here"] if halts.covers(halt, action)), None) if is_open else None,
        "title": plainly(visibility.summary(action)),
        "action": action,
        "kind": action.action_type,
        "revision": action.revision,
        "target": schedule.target_digest(action.action_type),
        "evaluation": action.evaluation.content if action.evaluation else None,
        "stage": stage,
        "position": plan.index(stage) + 1 if stage else 0,
        "draft": draft,
        **_payload(action, draft, fields_of(action, draft, _unlike_before(action, near))),
        "fetched": fetched_for(action),
        "words": words_of(action),
        "precedents": precedents.similar(action, near),
        "record": precedents.record(action) if sees_desk else None,
        "objection": objection,
        "may_decide": may_decide,
        "may_approve": is_open and objection is None,
        "may_escalate": _may_escalate(actor, action, stage, power),
        "accountability": owners.of(action.action_type),
        **_reopening(actor, action),
        **_aftermath(request, action, plan, stage),
        "reasons": _reasons(action),
        "notes": notes,
        **claims.shown(request, action, timezone.now(), [line.note for line in notes]),
    }
    return TemplateResponse(request, "review/page.html", context, status=status)


def _unlike_before(action: Action, near: Sequence[Action]) -> Iterator[tuple[str, str]]:
    return anomalies.sentences(action, precedents.of_subject(action, near))


def _reasons(action: Action) -> list[reason_codes.Reason]:
    evaluation = action.evaluation.content if action.evaluation else None
    return reason_codes.offered(action.action_type, evaluation, ON_THE_PAGE)


def _payload(action: Action, draft: Draft, fields: tuple[Field, ...]) -> dict[str, Any]:
    """The payload for the page: fields, anomalies, unknown fields, and long texts."""
    every = walk(fields)
    names = paths(fields)
    return {
        "fields": [field for field in fields if is_shown(field, draft.is_editing)],
        "absent": [field for field in fields if not is_shown(field, draft.is_editing)],
        "most_named": f":{MAX_NAMED}",
        "oddities": [(names[field.pointer], field, mark) for field in every for mark in field.marks],
        "strangers": [field for field in every if field.is_beyond_schema and not field.is_absent],
        "bulks": [field for field in every if field.kind == "bulk"],
        "must_open": [field for field in every if field.must_open],
        "general_marks": _general_marks(action, every),
        "is_editable": sum(field.is_leaf for field in every) <= MAX_INPUTS,
    }


def fields_of(action: Action, draft: Draft, unusual: Iterable[tuple[str, str]] = ()) -> tuple[Field, ...]:
    """The payload's fields with marks for missing, unusual and invalid values."""
    marks = marks_of(action.missing, action.flags)
    for pointer, sentence in unusual:
        marks.setdefault(pointer, []).append(Mark("unusual", sentence))
    for pointer, sentence in draft.faults.items():
        marks.setdefault(pointer, []).append(Mark("fault", sentence))
    kind = action.action_type
    reading = Reading(
        kind.written_schema, marks, kind.amount_pointer, draft.typed, kind.currency_pointer, draft.is_editing
    )
    return reading.fields(action.revision.payload)


def walk(fields: tuple[Field, ...]) -> list[Field]:
    """All fields, including nested ones."""
    return [inner for field in fields for inner in field.walk()]


def is_shown(field: Field, is_editing: bool) -> bool:
    """Whether a field gets its own line; absent fields only if missing, required or edited."""
    return is_editing or not field.is_absent or bool(field.marks) or field.is_required


def words_of(action: Action) -> dict[str, Any]:
    """The agent's text and evidence, ordered as the action type asks."""
    text = Text.objects.filter(action=action, kind=TextKind.PROPOSAL).order_by("id").first()
    content = text.content if text else {}
    first = list(action.action_type.reviewer_sees)
    evidence = sorted(
        content.get("evidence", []),
        key=lambda item: first.index(item.get("label")) if item.get("label") in first else len(first),
    )
    return {
        "instruction": content.get("instruction", ""),
        "reasoning": content.get("reasoning", ""),
        "evidence": evidence,
    }


def right_to(
    actor: Actor, action: Action, stage: Stage | None, verdict: DecisionType = DecisionType.APPROVE
) -> tuple[Authority | None, Refused | None]:
    """This person's authority here and any refusal; the service checks again on submit."""
    if stage is None or stage.is_check or action.state != ActionState.PENDING:
        return None, None
    try:
        power = powers.authority_of(actor, action, stage, verdict)
    except Refused as refusal:
        return None, refusal
    return power, permissions.refusal_for(action, power, stage.tier, verdict)


def _sits_at_desk(power: Authority | None, action: Action) -> bool:
    """Whether the authority comes from a membership of the action's desk."""
    return power is not None and power.member is not None and power.member.desk_id == action.desk_id


def _may_escalate(actor: Actor, action: Action, stage: Stage | None, power: Authority | None) -> bool:
    if stage is None or stage.is_check or action.state != ActionState.PENDING:
        return False
    if stage.tier >= Tier.SENIOR and not stage.asks_somebody:
        return False
    # People with their own or delegated authority at the stage can undo it there, too.
    return (power is not None and power.break_glass is None) or right_to(actor, action, stage, DecisionType.ESCALATE)[
        1
    ] is None


def _general_marks(action: Action, fields: list[Field]) -> list[Mark]:
    """Marks for missing or unusual values without a field of their own."""
    places = {field.pointer for field in fields}
    return [
        mark
        for pointer, marks in marks_of(action.missing, action.flags).items()
        if pointer not in places
        for mark in ([Mark(mark.level, f"{pointer} {mark.sentence}".strip()) for mark in marks])
    ]


def _aftermath(request: HttpRequest, action: Action, plan: list[Stage], stage: Stage | None) -> dict[str, Any]:
    """What happened after the decision on this action and on the previous one."""
    execution = _execution(action)
    decisions = list(Decision.objects.filter(action=action).select_related(*timeline.DECIDED_WITH))
    return {
        "execution": execution,
        # Decisions in the current stage so far, such as the first of two approvals.
        "given": [decision for decision in decisions if stage and decision.stage_id == stage.pk],
        "plan": plan_panel.steps(plan, decisions),
        "is_planned": len(plan) > 1 or any(stage.asks_somebody or stage.note for stage in plan),
        "headline": timeline.headline(action, decisions) if action.state != ActionState.PROPOSED else "",
        "may_undo": _may_undo(action, execution) and not _objection_to_undo(request, action),
        "former": former(request),
        "never_always": standing_rules.never(action, action.evaluation) if action.state == ActionState.PENDING else (),
        "resolutions": RESOLUTIONS if action.state == ActionState.UNCERTAIN else (),
        "now": timezone.now(),
    }


def _execution(action: Action) -> Execution | None:
    """The execution of the action; None before it is decided."""
    if action.state in OPEN:
        return None
    return Execution.objects.filter(action=action, round=action.round).order_by("-id").first()


def former(request: HttpRequest) -> dict[str, Any] | None:
    """The action decided just before, with the option to undo it."""
    try:
        action = visibility.get_visible(actor_of(request), uuid.UUID(request.GET.get("done", "")))
    except (ValueError, NotFound):
        return None
    execution = _execution(action)
    may_undo = _may_undo(action, execution) and not _objection_to_undo(request, action)
    return {"action": action, "may_undo": may_undo, "execution": execution}


def _reopening(actor: Actor, action: Action) -> dict[str, Any]:
    """Template context for overrides and reversals of this action."""
    found = overrides.of(action)
    told = {"override": found, "may_override": override.is_open_to(actor, action)}
    return told | reversal.shown(actor, action)


def _may_undo(action: Action, execution: Execution | None) -> bool:
    is_waiting = execution is not None and execution.state == ExecutionState.READY
    return action.state in GRANTED and is_waiting


def _objection_to_undo(request: HttpRequest, action: Action) -> bool:
    try:
        powers.authority_of(actor_of(request), action, None, DecisionType.UNDO)
    except Refused:
        return True
    return False
