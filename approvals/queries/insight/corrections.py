"""Reviewers' corrections, field by field, for agents to learn from."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from approvals.actors import Actor
from approvals.authority.visibility import visible_to
from approvals.models import Decision, Revision
from approvals.queries.insight.figures import outcomes
from approvals.states import DecisionType
from approvals.text.json_diff import ABSENT, Change, between

# What nobody can undo any more. A rejected action goes on only because the rejection was undone.
COUNTED = (
    outcomes.CHANGED
    & (Q(final_at__isnull=True) | Q(final_at__lte=Now()))
    & ~Q(verdict=DecisionType.REJECT, round__lt=F("action__round"))
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One change by one decision; the pointer is empty for a rejection."""

    decision: Decision
    change: Change


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A page of corrections, newest first, the decisions that made them, and the one to continue from.

    A decision that changed only when an effect ends made no correction.
    """

    rows: list[Correction]
    next: uuid.UUID | None
    decisions: Sequence[Decision] = ()


def page(actor: Actor, *, before: uuid.UUID | None = None, size: int = 50, **filters: Any) -> CorrectionPage:
    """Return the corrections of the next `size` decisions that the actor may see and nobody can undo any more.

    `filters` are ORM lookups on the decision.
    """
    decisions = list(_decisions(actor, before).filter(**filters)[: size + 1])
    has_more = len(decisions) > size
    decisions = decisions[:size]
    rows = list(_corrections(decisions))
    return CorrectionPage(rows, decisions[-1].pk if has_more else None, decisions)


def _decisions(actor: Actor, before: uuid.UUID | None) -> QuerySet[Decision]:
    rows = Decision.objects.filter(COUNTED, action__in=visible_to(actor))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    rows = rows.select_related("action__action_type", "action__agent", "revision", "rationale", "person")
    return rows.order_by("-pk")


def _corrections(decisions: Sequence[Decision]) -> Iterator[Correction]:
    edited = [item.action_id for item in decisions if item.verdict == DecisionType.MODIFY]
    versions = {(row.action_id, row.number): row for row in Revision.objects.filter(action__in=edited)}
    for decision in decisions:
        if decision.verdict == DecisionType.REJECT:
            yield Correction(decision, Change("", ABSENT, ABSENT))
            continue
        former = versions[decision.action_id, decision.revision.number - 1]
        for change in between(former.payload, decision.revision.payload):
            yield Correction(decision, change)
