"""The lines of the inbox: what tells one action from another at a glance, and what became of those that left."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.admin.base import addresses
from approvals.admin.base.model_admin import actor_of, person_of
from approvals.admin.payload_form.schema import name_of
from approvals.authority import visibility
from approvals.display.fragments import named_anomaly, reason_text
from approvals.models import Action, Claim, Decision, Note, Person, PolicyEvaluation
from approvals.queries.directory import colleagues
from approvals.queries.record.related import twins
from approvals.states import ActionState, DecisionType
from approvals.text.risk import risk_band
from approvals.text.unicode import plainly
from policies.engine.values.vocabulary import Route

MAX_ASKED = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One pending action with a short reason."""

    action: Action
    address: str
    what: str
    why: str
    more: int
    band: str
    is_overdue: bool
    holder: str
    handed: Note | None
    twins: int

    @property
    def plain_what(self) -> str:
        """The whole sentence for a tooltip, with its hidden characters as codes."""
        return plainly(visibility.summary(self.action))

    @property
    def plain_why(self) -> str:
        """The whole reason, in the same way."""
        handed = f"{self.handed.words} · " if self.handed else ""
        return plainly(f"{handed}{self.why}")


def of(rows: Sequence[Action], person: Person, now: datetime) -> list[Line]:
    """The rows with their reasons and, if handed over, the handover note."""
    held = {row.pk: claim for row in rows if (claim := getattr(row, "claim", None)) and claim.until > now}
    notes = colleagues.noted(claim.note_id for claim in held.values() if claim.person_id == person.pk)
    waiting = twins.pending_counts(rows)
    return [_line(row, person, now, held.get(row.pk), notes, waiting.get(row.pk, 0)) for row in rows]


def _line(
    action: Action,
    person: Person,
    now: datetime,
    held: Claim | None,
    notes: Mapping[uuid.UUID, Note],
    waiting: int,
) -> Line:
    reasons = _reasons(action, action.evaluation)
    return Line(
        action,
        addresses.review(action.pk),
        visibility.summary_beside_amount(action),
        reasons[0] if reasons else "",
        max(0, len(reasons) - 1),
        risk_band(action.risk)[0],
        action.due_at is not None and action.due_at < now,
        str(held.person) if held and held.is_held_by_another(person, now) else "",
        notes.get(held.note_id) if held and held.note_id else None,
        waiting,
    )


def _reasons(action: Action, evaluation: PolicyEvaluation | None) -> list[str]:
    """Anomalies and missing values first, then the strictest rules."""
    schema = action.action_type.schema
    odd = [named_anomaly(flag, name_of(flag["pointer"], schema)) for flag in action.flags if flag.get("sentence")]
    names = ", ".join(name_of(pointer, schema) for pointer in action.missing)
    missing = [_("Missing: %(fields)s") % {"fields": names}] if names else []
    reasons = evaluation.content["reasons"] if evaluation else []
    strict = sorted(reasons, key=lambda reason: -Route(reason["outcome"]).rank)
    return [*odd, *missing, *(reason_text(reason) for reason in strict if reason["outcome"] != Route.AUTO)]


def left(request: HttpRequest) -> JsonResponse:
    """Why lines of an open inbox are not there any more, in a few words by ID; the page asks about those it misses."""
    asked = set(_ids(request.GET.getlist("id")[:MAX_ASKED]))
    rows = visibility.visible_to(actor_of(request)).select_related("claim__person").filter(pk__in=asked)
    last = Decision.objects.filter(action__in=asked).select_related("person", "delegator").order_by("id")
    decided = {decision.action_id: decision for decision in last if decision.verdict != DecisionType.UNDO}
    said = {str(row.pk): _said(row, decided.get(row.pk), person_of(request)) for row in rows}
    # What merely stands on a later page by now has not left.
    return JsonResponse({key: words for key, words in said.items() if words})


def _said(row: Action, decision: Decision | None, person: Person) -> str:
    claim = getattr(row, "claim", None)
    if row.state == ActionState.PENDING and claim is not None and claim.is_held_by_another(person, timezone.now()):
        return plainly(_("Claimed by %(name)s") % {"name": claim.person})
    if decision is None:
        return "" if row.state == ActionState.PENDING else row.get_state_display()
    what = DecisionType(decision.verdict).label if row.state == ActionState.PENDING else row.get_state_display()
    return plainly(_("%(what)s by %(name)s") % {"what": what, "name": decision.by})


def _ids(texts: Sequence[str]) -> Iterator[uuid.UUID]:
    for text in texts:
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue


def ids_of(texts: Sequence[str]) -> list[Any]:
    """The valid IDs among these texts, each once and in order."""
    return list(dict.fromkeys(_ids(texts)))
