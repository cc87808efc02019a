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
from approvals.states import DecisionSource, DecisionType
from approvals.text.json_diff import ABSENT, Change, between


@dataclass(frozen=True, slots=True)
class Correction:
    """One change by one decision; the pointer is empty for a rejection."""

    decision: Decision
    change: Change


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A page of corrections, newest first, and the decision to continue from."""

    rows: list[Correction]
    next: uuid.UUID | None


def page(actor: Actor, *, before: uuid.UUID | None = None, size: int = 50, **filters: Any) -> CorrectionPage:
    """Return the corrections of the next `size` decisions that the actor may see and nobody can undo any more.

    `filters` are ORM lookups on the decision.
    """
    decisions = list(_decisions(actor, before).filter(**filters)[: size + 1])
    has_more = len(decisions) > size
    decisions = decisions[:size]
    rows = list(_corrections(decisions))
    return CorrectionPage(rows, decisions[-1].pk if has_more else None)


def _decisions(actor: Actor, before: uuid.UUID | None) -> QuerySet[Decision]:
    rows = Decision.objects.filter(
        action__in=visible_to(actor),
        source=DecisionSource.PERSON,
        verdict__in=[DecisionType.MODIFY, DecisionType.REJECT],
    ).filter(Q(final_at__isnull=True) | Q(final_at__lte=Now()))
    # A rejected action goes on only because the rejection was undone.
    rows = rows.exclude(verdict=DecisionType.REJECT, round__lt=F("action__round"))
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
