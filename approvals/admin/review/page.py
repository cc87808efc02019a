"""The review page: one action on one screen; viewing it never decides anything."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, UUIDField
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from approvals.actors import Actor
from approvals.admin.base.model_admin import actor_of, person_of, seats_of
from approvals.admin.payload_form.fields import MAX_INPUTS, Field, Mark, joined, marks_of, paths
from approvals.admin.payload_form.layout import Reading
from approvals.admin.payload_form.schema import name_of
from approvals.admin.review import claims, ending, note_lines, reversal, today, twins, why
from approvals.admin.review import plan as plan_panel
from approvals.admin.review.documents import panel
from approvals.admin.review.lookups import fetched_for
from approvals.authority import visibility
from approvals.authority.limits import Authority
from approvals.errors import NotFound, RationaleMissing
from approvals.models import Action, Decision, Execution, Stage, Text
from approvals.models.texts import TextKind
from approvals.queries.insight import anomalies, owners, precedents, reason_codes
from approvals.queries.record import timeline
from approvals.queries.record.plans import plan_of
from approvals.queries.record.related import overrides, parents
from approvals.services.automation import standing_rules
from approvals.services.decisions import offers, undo
from approvals.services.execution import readmission, resolve, schedule
from approvals.services.intake import override
from approvals.services.payloads import expectations, targets
from approvals.services.safety import flow
from approvals.states import OPEN, ActionState, DecisionType, StageState
from approvals.text.unicode import plainly
from policies.compiled import Compiled, CompiledValues, Slot
from policies.errors import Refused

RESOLUTIONS = (
    ("happened", gettext_lazy("Mark as executed")),
    ("did_not_happen", gettext_lazy("Mark as not executed")),
    ("compensate", gettext_lazy("Mark as executed and reversed")),
)
RESOLUTIONS_OF_END = (
    ("happened", gettext_lazy("Mark as ended")),
    ("did_not_happen", gettext_lazy("Mark as still in effect")),
)
# The decision types of the page's buttons; an edit gets its reason on the confirmation page.
ON_THE_PAGE = (DecisionType.APPROVE, DecisionType.REJECT, DecisionType.ESCALATE)
# The maximum number of anomalies listed beside the form; the form marks all of them.
MAX_NAMED = 12
_ACTION = Slot("action", UUIDField())
_PROPOSAL: Compiled[Text] = Compiled(
    lambda: Text.objects.filter(action=_ACTION, kind=TextKind.PROPOSAL).order_by("id")[:1]
)
_OF_IT = Exists(Decision.objects.filter(action=OuterRef("pk"))), Exists(Action.objects.filter(parent=OuterRef("pk")))
# Whether there are any decisions on the action, and any children of it.
_ANY = CompiledValues(lambda: Action.objects.filter(pk=_ACTION).order_by().values_list(*_OF_IT))


@dataclass
class Draft:
    """The reviewer's input and the refusal, so that nothing typed is lost."""

    rationale: str = ""
    reason_code: str = ""
    comment: str = ""
    question: str = ""
    is_asking: bool = False
    refusal: Refused | None = None
    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    is_editing: bool = False
    opened: tuple[str, ...] = ()
    # The IDs of the duplicates that were ticked; None before anybody could tick one.
    twins: tuple[str, ...] | None = None


def page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The review page of an action this person can see."""
    return show(request, seen(request, pk), Draft(is_editing=request.GET.get("edit") == "1"))


def seen(request: HttpRequest, pk: uuid.UUID) -> Action:
    """The action, or a 404 response if this person cannot see it."""
    try:
        return visibility.get_visible(actor_of(request), pk, also=("desk__calendar",), seats=seats_of(request))
    except NotFound as refusal:
        raise Http404(refusal.message) from refusal


def show(request: HttpRequest, action: Action, draft: Draft, status: int = 200) -> HttpResponse:
    """Render the page with the current input and refusal."""
    actor = actor_of(request)
    now = today.of(action, timezone.now())
    plan = plan_of(action)
    stage = next((each for each in plan if each.state == StageState.OPEN), None)
    offered = offers.of(actor, timezone.now(), action, plan)
    draft.is_editing = draft.is_editing and offered.may_modify
    # A reviewer who is assigned only this action must not see other actions of the desk.
    sees_desk = _sits_at_desk(offered.power, action) or visibility.sees_desk(person_of(request), action)
    near = precedents.near(action) if sees_desk else []
    notes = note_lines.lines(action, person_of(request))
    told, papers = _documented(request, action)
    context = {
        **admin.site.each_context(request),
        "title": plainly(visibility.summary(action)),
        "action": action,
        "kind": action.action_type,
        "revision": action.revision,
        **_effect(action),
        "evaluation": action.evaluation.content if action.evaluation else None,
        "stage": stage,
        "position": plan.index(stage) + 1 if stage else 0,
        "draft": draft,
        **_payload(action, draft, [*now.marks, *_unlike_before(action, near)], papers),
        "fetched": fetched_for(action),
        **told,
        **why.shown(action, near),
        "precedents": precedents.similar(action, near),
        "record": precedents.record(action) if sees_desk else None,
        "objection": offered.approve,
        "offered": offered,
        "may_decide": offered.may_decide,
        "may_escalate": offered.may_escalate,
        "today": now,
        "accountability": owners.of(action.action_type),
        **_reopening(actor, action),
        **ending.context_of(request, action, action.action_type),
        **_aftermath(request, action, plan, stage),
        "reasons": _reasons(action),
        "notes": notes,
        **claims.shown(request, action, timezone.now(), [line.note for line in notes]),
    }
    context |= _bar(context, draft)
    return TemplateResponse(request, "review/page.html", context, status=status)


def _bar(context: Mapping[str, Any], draft: Draft) -> dict[str, Any]:
    """What stands in the bar, if there is one: nothing of a colleague's, and nothing under a form."""
    question = next((line.note for line in context["notes"] if line.note.is_open), None)
    is_free = not context["holder"] and not (draft.is_editing and context["is_editable"])
    return {
        "halted": context["offered"].halt,
        "has_bar": is_free and (context["may_decide"] or context["may_escalate"]),
        "question": question,
        "may_ask": question is None and context["action"].agent.person_id is None,
        "is_reason_open": draft.rationale
        or draft.reason_code
        or getattr(draft.refusal, "code", "") == RationaleMissing.code,
    }


def _effect(action: Action) -> dict[str, Any]:
    """How the action will be executed, and what was sent for it before a restore."""
    return {
        "target": schedule.target_digest(action.action_type),
        "preview": targets.preview(action) if action.state in OPEN else [],
        # Asked only where anything was lost.
        "lost": partial(readmission.lost_of, action),
    }


def _unlike_before(action: Action, near: Sequence[Action]) -> Iterator[tuple[str, str, str]]:
    schema = expectations.schema_of(action.action_type)
    return anomalies.sentences(action, schema, precedents.of_subject(action, near))


def _reasons(action: Action) -> list[reason_codes.Reason]:
    evaluation = action.evaluation.content if action.evaluation else None
    return reason_codes.offered(action.action_type, evaluation, ON_THE_PAGE)


def _payload(
    action: Action, draft: Draft, unusual: Iterable[tuple[str, str, str]], papers: panel.Papers
) -> dict[str, Any]:
    """The payload for the page: fields, anomalies, unknown fields, and long texts."""
    fields = fields_of(action, draft, unusual, papers)
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
        "general_marks": _general_marks(action, every, papers),
        "is_editable": sum(field.is_leaf for field in every) <= MAX_INPUTS,
    }


def fields_of(
    action: Action,
    draft: Draft,
    unusual: Iterable[tuple[str, str, str]] = (),
    papers: panel.Papers = panel.NONE,
) -> tuple[Field, ...]:
    """The payload's fields with marks for missing, unusual and invalid values, and with their sources in documents."""
    marks = marks_of(action.missing, action.flags)
    for pointer, code, sentence in unusual:
        marks[pointer] = list(joined(marks.get(pointer, ()), [Mark("unusual", sentence, code)]))
    for pointer, missing in papers.marks.items():
        marks[pointer] = list(joined(marks.get(pointer, ()), missing))
    for pointer, sentence in draft.faults.items():
        marks.setdefault(pointer, []).append(Mark("fault", sentence))
    kind = action.action_type
    reading = Reading(
        kind.written_schema,
        marks,
        kind.amount_pointer,
        draft.typed,
        kind.currency_pointer,
        draft.is_editing,
        papers.by_pointer,
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
    text = _PROPOSAL.first(action=action.pk)
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


def _documented(request: HttpRequest, action: Action) -> tuple[dict[str, Any], panel.Papers]:
    """The agent's text and evidence, and the documents that the evidence points into."""
    words = words_of(action)
    papers = panel.of(request, action, words["evidence"])
    words["evidence"] = panel.with_sources(words["evidence"], papers)
    return {"words": words, "papers": papers.papers}, papers


def _sits_at_desk(power: Authority | None, action: Action) -> bool:
    """Whether the authority comes from a membership of the action's desk."""
    return power is not None and power.member is not None and power.member.desk_id == action.desk_id


def _general_marks(action: Action, fields: list[Field], papers: panel.Papers) -> list[Mark]:
    """Marks for missing or unusual values without a field of their own."""
    places, schema = {field.pointer for field in fields}, action.action_type.schema
    found = marks_of(action.missing, action.flags)
    for pointer, missing in papers.marks.items():
        found[pointer] = list(joined(found.get(pointer, ()), missing))
    return [
        mark
        for pointer, marks in found.items()
        if pointer not in places
        for mark in _named(marks, name_of(pointer, schema) if pointer else "")
    ]


def _named(marks: Sequence[Mark], name: str) -> list[Mark]:
    return [Mark(mark.level, f"{name}: {mark.sentence}" if name else mark.sentence) for mark in marks]


def _aftermath(request: HttpRequest, action: Action, plan: list[Stage], stage: Stage | None) -> dict[str, Any]:
    """What happened after the decision on this action and on the previous one."""
    execution, now = _execution(action), timezone.now()
    is_decided, has_children = _ANY.all(action=action.pk)[0]
    decisions = _decisions(action) if is_decided else []
    return {
        "family": parents.of(action, actor_of(request), has_children=has_children),
        "execution": execution,
        "held_back": flow.held_back(action, execution) if execution else "",
        # Decisions in the current stage so far, such as the first of two approvals.
        "given": [decision for decision in decisions if stage and decision.stage_id == stage.pk],
        "plan": plan_panel.steps(plan, decisions),
        "is_planned": len(plan) > 1 or any(stage.asks_somebody or stage.note for stage in plan),
        "headline": timeline.headline(action, decisions) if action.state != ActionState.PROPOSED else "",
        **_undoing(request, action, now, decisions),
        "former": former(request),
        "never_always": standing_rules.never(action, action.evaluation) if action.state == ActionState.PENDING else (),
        "resolutions": _resolutions(action) if resolve.is_open_to(actor_of(request), action) else (),
        "ending": ending.shown(actor_of(request), action),
        "canceling": ending.canceling(actor_of(request), action, execution),
        "now": now,
    }


def _resolutions(action: Action) -> tuple[tuple[str, Any], ...]:
    return RESOLUTIONS if action.state == ActionState.UNCERTAIN else RESOLUTIONS_OF_END


def _decisions(action: Action) -> list[Decision]:
    """The decisions on the action, with all that is shown of them."""
    return list(Decision.objects.filter(action=action).select_related("stage", *timeline.DECIDED_WITH))


def _execution(action: Action) -> Execution | None:
    """The execution of the action; None before it is decided."""
    if action.state in OPEN:
        return None
    rows = flow.with_touched(Execution.objects.filter(action=action, round=action.round, end_number=0))
    return rows.order_by("-id").first()


def former(request: HttpRequest) -> dict[str, Any] | None:
    """The action decided just before, with the option to undo it."""
    try:
        action = visibility.get_visible(actor_of(request), uuid.UUID(request.GET.get("done", "")))
    except (ValueError, NotFound):
        return None
    told = _undoing(request, action, timezone.now())
    # Where a reason is needed, the action's own page asks for it.
    may_undo = told["may_undo"] and not told["undo_wants_reason"]
    return {"action": action, "may_undo": may_undo, "execution": _execution(action)}


def _reopening(actor: Actor, action: Action) -> dict[str, Any]:
    """Template context for overrides, reversals and twins of this action."""
    found = overrides.of(action)
    told = {"override": found, "may_override": override.is_open_to(actor, action)}
    return told | reversal.shown(actor, action) | twins.shown(actor, action)


def _undoing(
    request: HttpRequest, action: Action, now: datetime, decisions: Sequence[Decision] | None = None
) -> dict[str, Any]:
    """Whether this person may undo the last decision on the action, and whether they need a reason."""
    offer = undo.offer(actor_of(request), action, now, decisions)
    return {"may_undo": offer is not None, "undo_wants_reason": offer is not None and offer.wants_reason}
