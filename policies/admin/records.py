"""Read-only pages of policies and their versions."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from policies.admin.editor import page
from policies.admin.editor.draft import judged
from policies.declared_filters import DeclaredFilters
from policies.models import Policy, Version
from policies.related_links import PlainTable, PlainWhereClosed


class ReadOnly:
    """Forbid adding, changing and deleting: a policy changes only by drafting, approving and publishing."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse everybody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse everybody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse everybody."""
        return False


class VersionInline(ReadOnly, PlainTable):
    """The versions of a policy, newest first."""

    model = Version
    fields = ("number", "state", "digest", "drafted_by", "drafted_at", "published_by", "published_at")
    readonly_fields = fields
    ordering = ("-number",)
    show_change_link = True
    extra = 0


@admin.register(Policy)
class PolicyAdmin(ReadOnly, PlainWhereClosed, DeclaredFilters, SimpleHistoryAdmin):
    """A policy with all its versions."""

    list_display = ("title", "name")
    search_fields = ("name", "title")
    inlines = (VersionInline,)


@admin.register(Version)
class VersionAdmin(ReadOnly, PlainWhereClosed, DeclaredFilters, SimpleHistoryAdmin):
    """One version: its text, and who drafted and published it."""

    list_display = ("policy", "number", "state", "digest", "drafted_by", "published_by", "published_at")
    list_filter = ("state", "policy")
    list_select_related = ("policy", "drafted_by", "published_by")
    search_fields = ("policy__name", "policy__title", "digest", "source")
    date_hierarchy = "drafted_at"
    ordering = ("policy__name", "-number")
    history_list_display = ("state", "door")
    readonly_fields = ("shown_tests",)

    @admin.display(description=_("tests"))
    def shown_tests(self, version: Version) -> str:
        """List the version's tests and their results; a version with a failing test cannot be published."""
        found = judged(version.source)
        # An old version may contain what the current engine no longer accepts.
        names = [test.name for test in found.document.tests] if found.document else []
        results = [(name, found.failing.get(place, "")) for place, name in enumerate(names)]
        lines = format_html_join(
            "",
            '<li><span class="{}">{}</span> {}</li>',
            [("result-red", _("fails"), why) if why else ("result-green", _("passes"), name) for name, why in results],
        )
        if found.document is None:
            return gettext("The tests cannot run because this version is no longer valid.")
        if not names:
            return gettext("No tests.")
        refused = gettext("Fix the failing tests before publishing.") if found.failing else ""
        return format_html("<ul>{}</ul>{}", lines, refused)

    def get_urls(self) -> list[URLPattern]:
        """Add the editor's pages before the default ones."""
        guarded = self.admin_site.admin_view
        return [
            path("draft/", guarded(page.draft), name="policies_version_draft"),
            path("draft/check/", guarded(page.check), name="policies_version_check"),
            *super().get_urls(),
        ]
