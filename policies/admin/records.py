"""Policies and their versions as pages to read."""

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
    readonly_fields = ("shown_tests",)

    @admin.display(description=_("tests"))
    def shown_tests(self, version: Version) -> str:
        """Each test that the version carries, and whether it passes; one that fails keeps it from being published."""
        found = judged(version.source)
        # A version from long ago may say what today's judge no longer takes.
        names = [test.name for test in found.document.tests] if found.document else []
        results = [(name, found.failing.get(place, "")) for place, name in enumerate(names)]
        lines = format_html_join(
            "",
            '<li><span class="{}">{}</span> {}</li>',
            [("result-red", _("fails"), why) if why else ("result-green", _("passes"), name) for name, why in results],
        )
        if found.document is None:
            return gettext("They cannot be run: today this text could not be used.")
        if not names:
            return gettext("It carries none.")
        refused = gettext("It cannot be published while one of them fails.") if found.failing else ""
        return format_html("<ul>{}</ul>{}", lines, refused)

    def get_urls(self) -> list[URLPattern]:
        """The editor comes before the stock pages."""
        guarded = self.admin_site.admin_view
        return [
            path("draft/", guarded(page.draft), name="policies_version_draft"),
            path("draft/check/", guarded(page.check), name="policies_version_check"),
            *super().get_urls(),
        ]
