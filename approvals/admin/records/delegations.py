"""Delegations and absences as read-only records, with their history."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.model_admin import RecordAdmin, person_of
from approvals.authority import delegations
from approvals.authority.visibility import reads_everything
from approvals.display.fragments import inert
from approvals.models import Absence, Delegation


class PeriodAdmin(RecordAdmin):
    """Records with a person and a period, searched by user name."""

    date_hierarchy = "starts_at"
    ordering = ("-starts_at",)
    search_help_text = _("Enter a username.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The rows whose people match the search term."""
        return super(RecordAdmin, self).get_search_results(request, queryset, search_term)


@admin.register(Delegation)
class DelegationAdmin(PeriodAdmin):
    """Delegations, past and current."""

    list_display = ("delegate", "person", "desk", "starts_at", "ends_at", "granted_by", "ended_at")
    list_filter = ("desk", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("delegate", "person", "desk", "granted_by")
    search_fields = ("person__username", "delegate__username")
    fields = (
        "delegate",
        "person",
        "desk",
        "starts_at",
        "ends_at",
        "shown_reason",
        "granted_by",
        "granted_at",
        "ended_by",
        "ended_at",
    )
    readonly_fields = ("shown_reason",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delegation]:
        """The delegations this person can see."""
        return delegations.concerning(person_of(request)).order_by("-starts_at")

    @admin.display(description=_("reason"))
    def shown_reason(self, given: Delegation) -> str:
        """The reason as plain text."""
        return inert(given.reason)


@admin.register(Absence)
class AbsenceAdmin(PeriodAdmin):
    """Absences, past and current."""

    list_display = ("person", "starts_at", "ends_at", "entered_by", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    list_select_related = ("person", "entered_by")
    search_fields = ("person__username",)
    fields = ("person", "starts_at", "ends_at", "entered_by", "entered_at", "ended_by", "ended_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Absence]:
        """Own absences and those of people whom the person leads; auditors see all."""
        rows, person = Absence.objects.select_related("person", "entered_by").order_by("-starts_at"), person_of(request)
        if reads_everything(person):
            return rows
        return rows.filter(Q(person=person) | Q(person__in=delegations.led_by(person).values("person")))
