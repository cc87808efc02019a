"""Bulk decisions: a table of similar actions with shared and differing values."""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.admin.base.model_admin import actor_of, person_of, reach_of, seats_of
from approvals.admin.payload_form.fields import Field
from approvals.admin.payload_form.layout import Reading
from approvals.admin.review import page
from approvals.admin.review.page import Draft
from approvals.authority import visibility
from approvals.authority.visibility import summary
from approvals.display.fragments import in_a_sentence
from approvals.errors import Malformed
from approvals.models import Action, ActionType, Person
from approvals.queries.inbox import order
from approvals.queries.inbox import waiting as inbox
from approvals.queries.insight import anomalies, precedents
from approvals.queries.safety import halts
from approvals.services.decisions import bulk
from approvals.services.decisions.bulk import BulkItemResult, ReviewedItem
from approvals.services.execution import schedule
from approvals.services.payloads import expectations
from approvals.states import DecisionType
from approvals.text import json_diff
from policies import db
from policies.errors import Refused

MIN = 3
MAX_FIELDS = 12
MAX_VALUE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Group:
    """A group of similar actions in the inbox: the first action and their count."""

    first: Action
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """One action of a bulk decision: its differing values and its execution target."""

    action: Action
    cells: list[Field]
    target: str


@dataclass(frozen=True, slots=True)
class Table:
    """The bulk table: shared values, differing columns, and one row per action."""

    same: list[Field]
    columns: list[str]
    rows: list[Row]


def groups(person: Person, actions: Sequence[Action]) -> list[Group]:
    """The groups that can be decided in bulk, largest first: counted as the page shows them."""
    found: dict[Any, list[Action]] = {}
    for action in order.free(person, actions, timezone.now()):
        # Whoever is asked by name may not see what else the desk holds.
        if action.assigned_desk_id == action.desk_id and not bulk.alone(action):
            found.setdefault(bulk.duplicate_fingerprint(action), []).append(action)
    current = bulk.as_evaluated([row for rows in found.values() if len(rows) >= MIN for row in rows])
    kept = {row.pk for row in current}
    large = [_fitting(rows[0], [row for row in rows if row.pk in kept]) for rows in found.values()]
    offered = [Group(rows[0], len(rows)) for rows in large if len(rows) >= MIN]
    return sorted(offered, key=lambda group: -group.count)


def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show similar pending actions on GET and decide them on POST."""
    first = page.seen(request, pk)
    if request.method == "POST":
        return _decide(request, first)
    return _page(request, first)


def _page(request: HttpRequest, first: Action, refusal: Refused | None = None, status: int = 200) -> HttpResponse:
    table = _table(_alike(request, first))
    if len(table.rows) < 2 and refusal is None:
        messages.info(request, _("There are no similar actions for a bulk decision. Decide on this action separately."))
        return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[first.pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Bulk decision"),
        "first": first,
        "halted": halts.on(first),
        "table": table,
        "refusal": refusal,
        "kept": request.POST.getlist("chosen") if refusal else None,
        "rationale": request.POST.get("rationale", ""),
        "most": bulk.MAX,
    }
    return TemplateResponse(request, "inbox/bulk.html", context, status=status)


def _alike(request: HttpRequest, first: Action) -> list[tuple[Action, list[Field]]]:
    """Pending actions similar to this one whose whole payload fits in a table row."""
    person = person_of(request)
    if bulk.alone(first) or not visibility.sees_desk(person, first):
        return []
    filters: dict[str, Any] = {"action_type_id": first.action_type_id, "agent_id": first.agent_id}
    filters |= {"client__isnull": True} if first.client_id is None else {"client_id": first.client_id}
    found = inbox.page(reach_of(request), ~order.beyond(person, seats_of(request)), size=inbox.MAX_ALIKE, **filters)
    mine = order.free(person, order.parted(person, found.rows)[0], timezone.now())
    alike = [
        row
        for row in inbox.with_evaluations(mine)
        if not bulk.alone(row) and bulk.duplicate_fingerprint(row) == bulk.duplicate_fingerprint(first)
    ]
    return [(row, list(page.fields_of(row, Draft()))) for row in _fitting(first, bulk.as_evaluated(alike))]


def _fitting(first: Action, alike: Sequence[Action]) -> list[Action]:
    """Those of similar actions whose whole payload fits in a table row of the same columns, and is not unusual."""
    if not alike:
        return []
    shape_of = _shapes(first.action_type)
    # All rows share the same columns; actions with other fields are reviewed separately.
    columns, _is_small = shape_of(next((row for row in alike if row.pk == first.pk), alike[0]))
    fitting = [row for row in alike if shape_of(row) == (columns, True)]
    past = precedents.of_subjects(fitting) if len(fitting) > 1 else {}
    schema = expectations.schema_of(first.action_type)
    plain = (row for row in fitting if not _is_unusual(row, schema, past.get(row.normalized_subject, ())))
    # No more are read than the page shows.
    return list(islice(plain, bulk.MAX))


def _is_unusual(row: Action, schema: Mapping[str, Any], past: Sequence[Action]) -> bool:
    return any(True for _sentence in anomalies.sentences(row, schema, past))


def _shapes(kind: ActionType) -> Callable[[Action], tuple[tuple[str, ...], bool]]:
    schema = json.dumps(kind.written_schema)
    return lambda row: _shape(row.revision.body, schema, kind.amount_pointer, kind.currency_pointer)


@lru_cache(maxsize=4096)
def _shape(body: str, schema: str, amount: str, currency: str) -> tuple[tuple[str, ...], bool]:
    """The fields of a payload without flags, and whether they fit in a table row; a revision never changes."""
    fields = Reading(json.loads(schema), {}, amount, currency=currency).fields(json.loads(body))
    return tuple(_places(fields)), _fits(fields)


def _places(fields: Iterable[Field]) -> list[str]:
    return [field.pointer for field in fields]


def _fits(fields: Sequence[Field]) -> bool:
    """Whether a table row can show the whole payload: few, short values without anomalies."""
    given = [field for field in fields if not field.is_absent]
    return len(given) <= MAX_FIELDS and all(map(_is_told, given))


def _is_told(field: Field) -> bool:
    """Whether a cell shows the whole value; long text fields with short values count too."""
    is_plain = field.is_simple or (field.kind == "long" and not field.marks and "\n" not in field.text)
    return field.is_leaf and is_plain and not field.is_beyond_schema and len(field.text) <= MAX_VALUE_LENGTH


def _table(rows: Sequence[tuple[Action, list[Field]]]) -> Table:
    columns = list(zip(*(fields for _action, fields in rows), strict=True))
    is_same = [all(json_diff.is_same(field.value, column[0].value) for field in column) for column in columns]
    same = [column[0] for column, alike in zip(columns, is_same, strict=True) if alike and not column[0].is_absent]
    labels = [column[0].label for column, alike in zip(columns, is_same, strict=True) if not alike]
    lines = []
    for action, fields in rows:
        cells = [field for field, alike in zip(fields, is_same, strict=True) if not alike]
        lines.append(Row(action, cells, schedule.target_digest(action.action_type)))
    return Table(same, labels, lines)


def _decide(request: HttpRequest, first: Action) -> HttpResponse:
    try:
        verdict = DecisionType(request.POST.get("verdict", ""))
        items = [_seen(request, name) for name in request.POST.getlist("chosen")]
    except ValueError:
        return _page(request, first, Malformed(_("Select at least one action, then choose Approve or Reject.")), 422)
    try:
        answers = bulk.decide(
            actor=actor_of(request),
            clock=db.now,
            verdict=verdict,
            items=items,
            rationale=request.POST.get("rationale", ""),
        )
    except Refused as refusal:
        return _page(request, first, refusal, 422)
    shared = _of_all(answers)
    if shared is not None and len(_table(_alike(request, first)).rows) > 1:
        return _page(request, first, shared, 422)
    _say(request, verdict, answers)
    return HttpResponseRedirect(reverse("admin:inbox"))


def _of_all(answers: Sequence[BulkItemResult]) -> Refused | None:
    """The one reason for which every action was refused, or None."""
    refusals = [answer.refusal for answer in answers]
    words = {refusal.in_words if refusal else "" for refusal in refusals}
    return refusals[0] if len(words) == 1 else None


def _seen(request: HttpRequest, name: str) -> ReviewedItem:
    return ReviewedItem(
        uuid.UUID(name),
        int(request.POST.get(f"revision:{name}", "0")[:6]),
        request.POST.get(f"digest:{name}", ""),
        request.POST.get(f"target:{name}", ""),
    )


def _say(request: HttpRequest, verdict: DecisionType, answers: Sequence[BulkItemResult]) -> None:
    done = [answer for answer in answers if answer.decision]
    if done and verdict == DecisionType.APPROVE:
        said = ngettext("%(count)d approved.", "%(count)d approved.", len(done))
        messages.success(request, said % {"count": len(done)})
    elif done:
        said = ngettext("%(count)d rejected.", "%(count)d rejected.", len(done))
        messages.success(request, said % {"count": len(done)})
    for answer in answers:
        if answer.refusal:
            what = summary(page.seen(request, answer.action_id))
            said = _("Not decided: %(what)s. %(why)s")
            messages.warning(request, in_a_sentence(said, what=what, why=answer.refusal.in_words))
