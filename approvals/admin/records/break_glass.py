"""Break-glass grants as read-only records."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from approvals.admin.base.model_admin import RecordAdmin, person_of
from approvals.authority import break_glass as break_glass_access
from approvals.display.fragments import inert
from approvals.models import BreakGlass


@admin.register(BreakGlass)
class BreakGlassAdmin(RecordAdmin):
    """All break-glass grants, including reviewed ones."""

    list_display = ("person", "desk", "shown_reason", "opened_at", "expires_at", "closed_at", "finding", "reviewed_by")
    list_filter = ("desk", "finding")
    date_hierarchy = "opened_at"
    ordering = ("-id",)
    search_help_text = gettext_lazy("Words from a reason or a username")
    search_fields = ("reason", "note", "person__username", "reviewed_by__username")
    fields = (
        *("person", "desk", "shown_reason", "opened_at", "expires_at", "closed_at"),
        *("finding", "reviewed_by", "reviewed_at", "shown_note"),
    )
    readonly_fields = ("shown_reason", "shown_note")

    def get_queryset(self, request: HttpRequest) -> Any:
        """The grants this person can see."""
        return break_glass_access.visible_to(person_of(request)).order_by("-id")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """The grants whose text or people match the search term."""
        return super(RecordAdmin, self).get_search_results(request, queryset, search_term)

    @admin.display(description=gettext_lazy("reason"))
    def shown_reason(self, glass: BreakGlass) -> str:
        """The reason as plain text."""
        return inert(glass.reason)

    @admin.display(description=gettext_lazy("review note"))
    def shown_note(self, glass: BreakGlass) -> str:
        """The review note as plain text."""
        return inert(glass.note)
