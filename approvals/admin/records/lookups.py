"""Lookup results as read-only records."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.columns import short_digest
from approvals.admin.base.model_admin import RecordAdmin
from approvals.display.fragments import inert, tree
from approvals.models import LookupResult


@admin.register(LookupResult)
class FetchedAdmin(RecordAdmin):
    """Lookup results for actions, including failed attempts."""

    shown_digest = short_digest("digest", _("digest"))
    list_display = ("sentence", "name", "state", "source", "fetched_at", "shown_digest")
    list_filter = ("state", "name")
    list_select_related = ("action__action_type", "action__revision", "text")
    date_hierarchy = "fetched_at"
    ordering = ("-id",)
    fields = ("action", "stage", "name", "state", "source", "asked_with", "came", "fetched_at", "digest", "entry")
    readonly_fields = ("asked_with", "came")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows with their texts loaded."""
        return super().get_queryset(request).select_related("text")

    @admin.display(description=_("query"))
    def asked_with(self, row: LookupResult) -> str:
        """The request sent to the source."""
        return inert(row.asked)

    @admin.display(description=_("result"))
    def came(self, row: LookupResult) -> str:
        """The result as names and values, or the error."""
        return inert(row.error) if row.error else tree(row.value)
