"""Policies and their versions as pages to read."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path
from simple_history.admin import SimpleHistoryAdmin

from policies.admin import drafting
from policies.models import Policy, Version


class ReadOnly:
    """No form adds, changes or deletes a row: a policy changes by being drafted, decided on and published."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds a row here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes a row here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a row here."""
        return False


class VersionInline(ReadOnly, admin.TabularInline):
    """The versions of a policy, newest first."""

    model = Version
    fields = ("number", "state", "digest", "drafted_by", "drafted_at", "published_by", "published_at")
    readonly_fields = fields
    ordering = ("-number",)
    show_change_link = True
    extra = 0


@admin.register(Policy)
class PolicyAdmin(ReadOnly, SimpleHistoryAdmin):
    """A policy with all its versions."""

    list_display = ("title", "name")
    search_fields = ("name", "title")
    inlines = (VersionInline,)


@admin.register(Version)
class VersionAdmin(ReadOnly, SimpleHistoryAdmin):
    """What one version says, who drafted and who published it."""

    list_display = ("policy", "number", "state", "digest", "drafted_by", "published_by", "published_at")
    list_filter = ("state", "policy")
    list_select_related = ("policy", "drafted_by", "published_by")
    search_fields = ("policy__name", "policy__title", "digest", "source")
    date_hierarchy = "drafted_at"
    ordering = ("policy__name", "-number")
    history_list_display = ("state", "door")

    def get_urls(self) -> list[URLPattern]:
        """The editor comes before the stock pages."""
        guarded = self.admin_site.admin_view
        return [
            path("draft/", guarded(drafting.draft), name="policies_version_draft"),
            path("draft/check/", guarded(drafting.check), name="policies_version_check"),
            *super().get_urls(),
        ]
