"""List filters that figures lead to; most are there only while an address has them, so that forms stay short."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.admin.base.filters import ClientFilter
from approvals.admin.base.model_admin import person_of, reach_of
from approvals.admin.base.typed_filters import PeriodFilter
from approvals.authority import memberships, visibility
from approvals.display.fragments import duration
from approvals.models import Decision, Desk, Membership
from approvals.queries.insight import corrections
from approvals.queries.insight.figures import analytics, outcomes
from approvals.states import ActionState

_DIGITS = re.compile(r"[0-9]{1,18}")
_FROM, _TO = pgettext_lazy("date", "from"), pgettext_lazy("date", "to")


class OwnDesksFilter(admin.SimpleListFilter):
    """Only what the reader's own memberships are for: lists also show what a colleague lends them or asks them."""

    title = _("desks")
    parameter_name = "desks"
    YOURS = "yours"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The choice of the address, if it has one."""
        return [(self.YOURS, _("Your own"))] if self.value() == self.YOURS else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The actions of these desks, for the clients of the memberships."""
        if self.value() != self.YOURS:
            return queryset
        return queryset.filter(memberships.of_seats(Membership.objects.filter(person=person_of(request))))


class WaitsAtFilter(admin.SimpleListFilter):
    """What waits for somebody at a desk, as far as it can wait for the reader."""

    title = _("pending at")
    parameter_name = "waits_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The desk of the address, if it has one."""
        desk = self._desk()
        return [] if desk is None else [(str(row.pk), str(row)) for row in Desk.objects.filter(pk=desk)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The pending actions that ask the desk; of those, what the reader could be asked, or everything."""
        desk = self._desk()
        if desk is None:
            return queryset
        waiting = queryset.filter(state=ActionState.PENDING, assigned_desk=desk)
        if visibility.reads_everything(person_of(request)):
            return waiting
        runs = [Q(**run) for run in reach_of(request) if run.get("assigned_desk") == desk]
        return waiting.filter(reduce(or_, runs)) if runs else queryset.none()

    def _desk(self) -> int | None:
        value = self.value() or ""
        return int(value) if _DIGITS.fullmatch(value) else None


class WaitedFilter(admin.SimpleListFilter):
    """How long it took from the proposal to the decision, in the steps of the home page."""

    title = _("time to decision")
    parameter_name = "waited"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The step of the address, if it has one."""
        place = self._place()
        return [] if place is None else [(str(place), step_labels()[place])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The actions that took longer than the step before, and no longer than this one."""
        place = self._place()
        if place is None:
            return queryset
        rows: QuerySet[Any] = queryset.annotate(waited=analytics.waited(F("decided_at"), F("created_at")))
        if place:
            rows = rows.filter(waited__gt=analytics.STEPS[place - 1])
        return rows.filter(waited__lte=analytics.STEPS[place]) if place < len(analytics.STEPS) else rows

    def _place(self) -> int | None:
        value = self.value() or ""
        return int(value) if value in {str(place) for place in range(len(analytics.STEPS) + 1)} else None


def step_labels() -> list[Any]:
    """How long decisions took, in words; the last has no end."""
    return [*(f"≤ {duration(step)}" for step in analytics.STEPS), _("longer")]


class _OfAddress(PeriodFilter):
    """A period that is there only while an address has it."""

    def has_output(self) -> bool:
        """Whether the address has it."""
        return any(self.used_parameters.values())


class _ReviewedFilter(_OfAddress):
    """Filter by the days on which a reviewer did something with an action, whatever came of it."""

    condition = Q()

    def within(self, queryset: QuerySet[Any], bounds: Mapping[str, datetime]) -> QuerySet[Any]:
        """The actions with such a decision in the period."""
        found = Decision.objects.filter(self.condition, action=OuterRef("pk"))
        return queryset.filter(Exists(found.filter(**{f"at__{name}": moment for name, moment in bounds.items()})))


class EscalatedFilter(_ReviewedFilter):
    """Filter by the day on which a reviewer escalated an action."""

    title = _("escalated by a reviewer")
    condition = outcomes.ESCALATED
    boxes = (("escalated_from", _FROM), ("escalated_to", _TO))


class ModifiedFilter(_ReviewedFilter):
    """Filter by the day on which a reviewer modified an action, for another decision or as the final one."""

    title = _("modified by a reviewer")
    condition = corrections.COUNTED & outcomes.MODIFIED
    boxes = (("modified_from", _FROM), ("modified_to", _TO))


class RejectedFilter(_ReviewedFilter):
    """Filter by the day on which a reviewer rejected an action, once they cannot undo it any more."""

    title = _("rejected by a reviewer")
    condition = corrections.COUNTED & outcomes.REJECTED
    boxes = (("rejected_from", _FROM), ("rejected_to", _TO))


class DrawnFilter(_OfAddress):
    """Filter spot checks by the day on which their actions were selected."""

    title = _("selected")
    field = "drawn_at"
    boxes = (("drawn_from", _FROM), ("drawn_to", _TO))


class CheckedFilter(_OfAddress):
    """Filter spot checks by the day on which somebody did them."""

    title = _("checked")
    field = "checked_at"
    boxes = (("checked_from", _FROM), ("checked_to", _TO))


class ClientOfActionFilter(ClientFilter):
    """Filter what belongs to an action by the action's client."""

    column = "action__client"
