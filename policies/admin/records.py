"""Read-only pages of policies and their versions."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Model, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from policies.admin import reading_page
from policies.admin.editor import page
from policies.admin.editor.draft import judged
from policies.declared_filters import DeclaredFilters
from policies.models import Policy, Version
from policies.models.policy import VersionState
from policies.related_links import PlainWhereClosed

MAX_DRAFTS = 5
_CURRENT = Version.objects.exclude(state=VersionState.RETIRED).defer("source").order_by("-number")


class ReadOnly:
    """Forbid adding, changing and deleting: a policy changes only by drafting, approving and publishing."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may see policies sees their versions, and the reverse: both are read on one page."""
        return request.user.has_perm("policies.view_policy") or request.user.has_perm("policies.view_version")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse everybody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse everybody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse everybody."""
        return False


@admin.register(Policy)
class PolicyAdmin(ReadOnly, PlainWhereClosed, DeclaredFilters, SimpleHistoryAdmin):
    """A policy as one readable page."""

    list_display = ("title", "shown_about", "shown_in_force", "shown_drafts")
    search_fields = ("name", "title")
    ordering = ("title",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        """The policies, each with its versions in force and in draft."""
        rows: QuerySet[Policy] = super().get_queryset(request)
        match = request.resolver_match
        if match is None or not str(match.url_name).endswith("_changelist"):
            return rows
        return rows.prefetch_related(Prefetch("versions", _CURRENT, to_attr="current"))

    @admin.display(description=_("description"))
    def shown_about(self, policy: Any) -> str:
        """The description of the version in force, or else of the newest draft."""
        found = [version for version in policy.current if version.state == VersionState.PUBLISHED] or policy.current
        return str(json.loads(found[0].canonical).get("about", "")) if found else ""

    @admin.display(description=_("in force"))
    def shown_in_force(self, policy: Any) -> str:
        """The version in force."""
        numbers = (version.number for version in policy.current if version.state == VersionState.PUBLISHED)
        number = next(numbers, None)
        return gettext("Version %(number)s") % {"number": number} if number else gettext("None in force")

    @admin.display(description=_("drafts"))
    def shown_drafts(self, policy: Any) -> str:
        """The numbers of the drafts."""
        found = [str(version.number) for version in policy.current if version.state == VersionState.DRAFT]
        return ", ".join(found[:MAX_DRAFTS])

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the policy, by default the version in force."""
        policy = self.get_object(request, unquote(object_id))
        if request.method != "GET" or policy is None or not self.has_view_permission(request, policy):
            return super().change_view(request, object_id, form_url, extra_context)
        typed = request.GET.get("version", "")
        return reading_page.show(request, policy, int(typed) if typed.isdecimal() and len(typed) < 10 else None)


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

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the version as its policy's page does."""
        version = self.get_object(request, unquote(object_id))
        if request.method != "GET" or version is None or not self.has_view_permission(request, version):
            return super().change_view(request, object_id, form_url, extra_context)
        return reading_page.show(request, version.policy, version.number, tests=self.shown_tests(version))

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
