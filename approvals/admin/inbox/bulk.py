"""Bulk decisions: similar or selected actions as tables, on a page whose rows are all that it can decide."""

import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.admin.base.model_admin import actor_of, person_of, reach_of, seats_of, standing_of
from approvals.admin.inbox import lines, tables
from approvals.admin.inbox.tables import Table
from approvals.admin.review import page
from approvals.admin.review.decide import Unopened
from approvals.authority import visibility
from approvals.authority.visibility import summary
from approvals.display.fragments import in_a_sentence
from approvals.errors import Malformed
from approvals.models import Action
from approvals.queries.directory import colleagues
from approvals.queries.inbox import order
from approvals.queries.inbox import waiting as inbox
from approvals.queries.safety import halts
from approvals.services.decisions import bulk
from approvals.services.decisions.bulk import BulkItemResult, ReviewedItem
from approvals.services.execution import readmission
from approvals.states import ActionState, DecisionType
from policies import db
from policies.errors import Refused

HAND_OVER = "hand_over"
WISHES = (DecisionType.APPROVE, DecisionType.REJECT, DecisionType.ESCALATE, HAND_OVER)
MAX_SELECTED = 50
# Of so many groups colleagues are looked for; each takes a few statements.
MAX_KINDS = 4


@dataclass(frozen=True, slots=True)
class Apart:
    """An action that is not decided with the others, and why; who is asked about it can still pass it on."""

    action: Action
    why: str
    may_pass_on: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of bulk decisions shows, and whether more actions were selected than have a place on it."""

    tables: Sequence[Table]
    apart: Sequence[Apart] = ()
    is_cut: bool = False

    @property
    def rows(self) -> list[Action]:
        """The actions in the tables."""
        return [row.action for table in self.tables for row in table.rows]


Show = Callable[[], Shown]


def show(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show pending actions similar to one on GET and decide them on POST."""
    first = page.seen(request, pk)

    def found() -> Shown:
        rows = _alike(request, first)
        return Shown([tables.table(rows)] if rows else [])

    if request.method == "POST":
        return _decide(request, found)
    shown = found()
    if len(shown.rows) < 2:
        messages.info(request, _("There are no similar actions for a bulk decision. Decide on this action separately."))
        return HttpResponseRedirect(reverse("admin:approvals_action_review", args=[first.pk]))
    return _page(request, shown)


def selected(request: HttpRequest) -> HttpResponse:
    """Show the selected actions on GET and decide them on POST; a single one has its own page."""
    every = lines.ids_of((request.POST.getlist("shown") or request.GET.getlist("chosen"))[: MAX_SELECTED + 1])
    ids = every[:MAX_SELECTED]
    found = partial(_selected, request, ids, has_more=len(every) > len(ids))
    if request.method == "POST":
        return _decide(request, found)
    if len(ids) == 1:
        return HttpResponseRedirect(_address_of_one(ids[0], request.GET.get("wish", "")))
    shown = found()
    if not shown.tables and not shown.apart:
        messages.info(request, _("Select actions in the inbox first."))
        return HttpResponseRedirect(reverse("admin:inbox"))
    return _page(request, shown)


def _address_of_one(pk: uuid.UUID, wish: str) -> str:
    name = "approvals_action_hand_over" if wish == HAND_OVER else "approvals_action_review"
    return reverse(f"admin:{name}", args=[pk])


def _page(request: HttpRequest, shown: Shown, refusal: Refused | None = None, status: int = 200) -> HttpResponse:
    wish = request.POST.get("wish", request.GET.get("wish", ""))
    halted = [str(halt) for table in shown.tables if (halt := halts.on(table.first))]
    context = {
        **admin.site.each_context(request),
        "title": _("Bulk decision"),
        "shown": shown,
        "wish": wish if wish in WISHES else DecisionType.APPROVE,
        "halted": sorted(set(halted)),
        # One that is halted is refused by name; with all of them, there is nothing to approve.
        "may_approve": len(halted) < len(shown.tables),
        "refusal": refusal,
        "is_passing_on": refusal is None and wish in (DecisionType.ESCALATE, HAND_OVER),
        "kept": [*request.POST.getlist("chosen"), *request.POST.getlist("also")] if refusal else None,
        "opened": request.POST.getlist("opened"),
        "given": request.POST,
        "rationale": request.POST.get("rationale", ""),
        "colleagues": _colleagues(request, shown) if wish == HAND_OVER else [],
        "most": bulk.MAX,
    }
    return TemplateResponse(request, "inbox/bulk.html", context, status=status)


def _alike(request: HttpRequest, first: Action) -> list[Action]:
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
    lost = _lost(request, alike)
    return tables.fitting(first, bulk.as_evaluated([row for row in alike if row.pk not in lost]))


def _selected(request: HttpRequest, ids: Sequence[uuid.UUID], *, has_more: bool) -> Shown:
    """The selected actions: those of this person as tables as far as they fit, and the others with the reason."""
    person, reach = person_of(request), reach_of(request)
    if not ids:
        return Shown([])
    found = inbox.with_evaluations(inbox.page(reach, size=MAX_SELECTED, pk__in=ids).rows)
    rows, is_cut = found[: bulk.MAX], has_more or len(found) > bulk.MAX
    within = inbox.page(reach, ~order.beyond(person, seats_of(request)), size=bulk.MAX, pk__in=[row.pk for row in rows])
    able = {row.pk for row in order.parted(person, within.rows)[0]}
    free = {row.pk for row in order.free(person, rows, timezone.now())}
    mine = [row for row in rows if row.pk in able & free]
    why = _alone(request, mine)
    sorted_out, unfit = tables.parted([row for row in mine if row.pk not in why])
    why |= unfit
    apart = [Apart(row, _why(row, free), row.pk in free) for row in rows if row not in mine]
    apart += [Apart(row, why[row.pk], True) for row in mine if row.pk in why]
    return Shown(sorted_out, [*apart, *_elsewhere(request, set(ids) - {row.pk for row in found})], is_cut)


def _alone(request: HttpRequest, rows: Sequence[Action]) -> dict[uuid.UUID, str]:
    """Why some actions are decided on their own page, whatever their values are, by ID."""
    seats, person = seats_of(request), person_of(request)
    # A table leaves out what is unlike the past of its subject, which the desk alone may know.
    strange = [row for row in rows if not seats.cover(row) and not visibility.reads_everything(person)]
    found = {row.pk: _("You cannot see the other actions of its desk.") for row in strange}
    return found | dict.fromkeys(_lost(request, rows), _("HITL already executed this action before a restore."))


def _lost(request: HttpRequest, rows: Sequence[Action]) -> set[uuid.UUID]:
    """Those of the actions that were executed before the database was restored; their pages say so."""
    return {row.pk for row in rows if readmission.lost_of(row)} if standing_of(request).has_lost else set()


def _why(row: Action, free: set[uuid.UUID]) -> str:
    if row.pk in free:
        return _("You cannot decide on this action.")
    claim = getattr(row, "claim", None)
    if claim is not None and claim.until > timezone.now():
        return _("%(name)s has claimed this action.") % {"name": claim.person}
    return _("The time to decide is over.")


def _elsewhere(request: HttpRequest, ids: set[uuid.UUID]) -> Iterator[Apart]:
    """Those of the selected actions that do not wait for this person."""
    for row in _seen_among(request, ids):
        if row.state == ActionState.PENDING:
            yield Apart(row, _("You cannot decide on this action."), False)
        else:
            said = _("This action is not pending any more. Its state is “%(state)s”.")
            yield Apart(row, said % {"state": row.get_state_display()}, False)


def _seen_among(request: HttpRequest, ids: Collection[uuid.UUID]) -> list[Action]:
    """Those of these few actions that this person may see, with what names them; at most one statement."""
    found = visibility.visible_among(actor_of(request), ids, ("action_type", "revision", "client"))
    return sorted(found.values(), key=lambda row: row.pk)


def _colleagues(request: HttpRequest, shown: Shown) -> list[colleagues.Colleague]:
    """Those who can decide the first of each group of similar actions; of each action it is asked again."""
    firsts = [table.first for table in shown.tables] + [each.action for each in shown.apart if each.may_pass_on]
    kinds = list({(row.action_type_id, row.desk_id, row.client_id): row for row in firsts}.values())[:MAX_KINDS]
    found = [colleagues.colleagues(row, person_of(request)) for row in kinds]
    common = set.intersection(*({each.person.pk for each in people} for people in found)) if found else set()
    return [each for each in found[0] if each.person.pk in common] if found else []


def _decide(request: HttpRequest, show: Show) -> HttpResponse:
    wish = request.POST.get("verdict", "")
    names = request.POST.getlist("chosen")
    if wish in (DecisionType.ESCALATE, HAND_OVER):
        names += request.POST.getlist("also")
    try:
        items = [_seen(request, name) for name in names]
        if wish not in WISHES or not items:
            raise ValueError(wish)
    except ValueError:
        said = _("Select at least one action, then choose Approve or Reject.")
        return _page(request, show(), Malformed(said), 422)
    try:
        answers = _answers(request, wish, items)
    except Refused as refusal:
        return _page(request, show(), refusal, 422)
    shared = _of_all(answers)
    if shared is not None and (shown := show()).rows:
        return _page(request, shown, shared, 422)
    _say(request, wish, answers)
    return HttpResponseRedirect(reverse("admin:inbox"))


def _answers(request: HttpRequest, wish: str, items: Sequence[ReviewedItem]) -> list[BulkItemResult]:
    door: dict[str, Any] = {"actor": actor_of(request), "clock": db.now}
    rationale = request.POST.get("rationale", "")
    if wish == HAND_OVER:
        return bulk.hand_over(**door, items=items, to=request.POST.get("to", ""), reason=rationale)
    if wish == DecisionType.ESCALATE:
        return bulk.escalate(**door, items=items, rationale=rationale)
    closed = _unopened(request, items) if wish == DecisionType.APPROVE else set()
    left = [item for item in items if item.action_id not in closed]
    said = Unopened(_("Some tables are collapsed. Open each table before approving."))
    answers = [BulkItemResult(key, refusal=said) for key in closed]
    if not left:
        return answers
    return [
        *bulk.decide(**door, verdict=DecisionType(wish), items=left, rationale=rationale, is_mixed=True),
        *answers,
    ]


def _unopened(request: HttpRequest, items: Sequence[ReviewedItem]) -> set[uuid.UUID]:
    """Those of the actions whose tables of several lines were not opened."""
    opened = set(request.POST.getlist("opened"))
    asked = [item.action_id for item in items if str(item.action_id) not in opened]
    rows = visibility.visible_to(actor_of(request)).select_related("action_type", "revision").filter(pk__in=asked)
    return tables.folded(rows) if asked else set()


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


def _say(request: HttpRequest, wish: str, answers: Sequence[BulkItemResult]) -> None:
    count = sum(1 for answer in answers if answer.refusal is None)
    if count:
        messages.success(request, _done(wish, count) % {"count": count})
    refused = {answer.action_id: answer.refusal for answer in answers if answer.refusal}
    for row in _seen_among(request, refused):
        said = _("Not decided: %(what)s. %(why)s")
        messages.warning(request, in_a_sentence(said, what=summary(row), why=refused[row.pk].in_words))


def _done(wish: str, count: int) -> str:
    if wish == DecisionType.APPROVE:
        return ngettext("%(count)d approved.", "%(count)d approved.", count)
    if wish == DecisionType.REJECT:
        return ngettext("%(count)d rejected.", "%(count)d rejected.", count)
    if wish == DecisionType.ESCALATE:
        return ngettext("%(count)d escalated.", "%(count)d escalated.", count)
    return ngettext("%(count)d handed over.", "%(count)d handed over.", count)
