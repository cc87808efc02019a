"""The admin site: Django's, with our name, pages and menu."""

import json
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.views import PasswordChangeView
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from approvals import conf
from approvals.admin.account import mailbox, out_of_office, preferences, resume, set_password, tokens
from approvals.admin.account.sign_in import LoginForm, PasswordForm
from approvals.admin.base import hidden
from approvals.admin.base.model_admin import standing_of, waiting_of
from approvals.admin.inbox import bulk, home, lines, page, saved_views, tour
from approvals.admin.intake import start
from approvals.admin.oversight import (
    automatic_runs,
    break_glass,
    connectors,
    corrections,
    halts,
    inventory,
    live,
    restores,
    samples,
    standing_rules,
    tightenings,
)
from approvals.admin.records import exports, groups
from approvals.admin.setup import my_changes, publish_policy
from approvals.admin.setup.guide import help_pages
from approvals.admin.setup.new_kind import connect
from approvals.admin.setup.new_kind import page as new_kind
from approvals.queries.inbox.waiting import MAX_COUNTED

V = TypeVar("V", bound=Callable[..., Any])


class HitlAdminSite(AdminSite):
    """Django's admin with our name and pages."""

    site_header = _("HITL")
    site_title = _("HITL")
    index_title = _("Home")
    login_form = LoginForm
    enable_nav_sidebar = False
    site_url = None

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Add our pages before Django's own."""
        return [
            path("inbox/", self.admin_view(page.show), name="inbox"),
            path("inbox/count/", self.admin_view(page.waiting), name="inbox_count"),
            path("inbox/left/", self.admin_view(lines.left), name="inbox_left"),
            path("inbox/selected/", self.admin_view(bulk.selected), name="inbox_selected"),
            path("inbox/views/", self.admin_view(saved_views.save), name="inbox_save"),
            path("inbox/views/<int:pk>/", self.admin_view(saved_views.change), name="inbox_view"),
            path("inbox/alike/<uuid:pk>/", self.admin_view(bulk.show), name="alike"),
            path("mailbox/", self.admin_view(mailbox.show), name="mailbox"),
            path("corrections/", self.admin_view(corrections.show), name="corrections"),
            path("loop/", self.admin_view(automatic_runs.show), name="loop"),
            path("loop/<uuid:pk>/pick/", self.admin_view(automatic_runs.pick), name="loop_pick"),
            path("live/", self.admin_view(live.show), name="live"),
            path("tour/", self.admin_view(tour.show), name="tour"),
            path("tour/end/", self.admin_view(tour.end), name="tour_end"),
            path("tour/<slug:name>/", self.admin_view(tour.show), name="tour_step"),
            path("inventory/", self.admin_view(inventory.show), name="inventory"),
            path("start/", self.admin_view(start.choose), name="starting"),
            path("start/<str:name>/", self.admin_view(start.start), name="start"),
            path("halts/", self.admin_view(halts.show), name="halts"),
            path("halts/<uuid:pk>/lift/", self.admin_view(halts.lift), name="halt_lift"),
            path("connectors/", self.admin_view(connectors.show), name="connectors"),
            path("connectors/<uuid:pk>/close/", self.admin_view(connectors.close), name="breaker_close"),
            path("restore/", self.admin_view(restores.show), name="restore"),
            path("away/", self.admin_view(out_of_office.show), name="away"),
            path("away/absences/<uuid:pk>/end/", self.admin_view(out_of_office.end_absence), name="absence_end"),
            path(
                "away/delegations/<uuid:pk>/end/", self.admin_view(out_of_office.end_delegation), name="delegation_end"
            ),
            path("break-glass/", self.admin_view(break_glass.show), name="break_glass"),
            path("break-glass/<uuid:pk>/close/", self.admin_view(break_glass.close), name="break_glass_close"),
            path("break-glass/<uuid:pk>/review/", self.admin_view(break_glass.review), name="break_glass_review"),
            path("standing/", self.admin_view(standing_rules.show), name="standing"),
            path("standing/<uuid:pk>/confirm/", self.admin_view(standing_rules.confirm), name="standing_confirm"),
            path("standing/<uuid:pk>/stop/", self.admin_view(standing_rules.stop), name="standing_stop"),
            path("samples/", self.admin_view(samples.show), name="samples"),
            path("samples/<uuid:pk>/check/", self.admin_view(samples.check), name="sample_check"),
            *self._configuration_urls(),
            *self._export_urls(),
            *self._account_urls(),
            *super().get_urls(),
        ]

    def _configuration_urls(self) -> list[URLPattern]:
        return [
            path("help/", self.admin_view(help_pages.show), name="help"),
            path("setup/new-kind/", self.admin_view(new_kind.show), name="new_kind"),
            path("setup/checklist/end/", self.admin_view(help_pages.end_checklist), name="checklist_end"),
            path("setup/connect/<str:name>/", self.admin_view(connect.show), name="connect"),
            path("setup/connect/<str:name>/<int:pk>/", self.admin_view(connect.arrived), name="connect_arrived"),
            path("tightenings/", self.admin_view(tightenings.show), name="tightenings"),
            path("tightenings/<uuid:pk>/review/", self.admin_view(tightenings.decide), name="tightening_review"),
            path("changes/", self.admin_view(my_changes.show), name="my_changes"),
            path("changes/<uuid:pk>/", self.admin_view(my_changes.show_one), name="my_change"),
            path("changes/<uuid:pk>/withdraw/", self.admin_view(my_changes.withdraw), name="my_change_withdraw"),
            path(
                "policies/version/<int:pk>/withdraw/",
                self.admin_view(publish_policy.withdraw),
                name="policy_withdraw",
            ),
            path("policies/version/<int:pk>/ask/", self.admin_view(publish_policy.ask), name="policy_ask"),
        ]

    def _export_urls(self) -> list[URLPattern]:
        return [
            path("exports/", self.admin_view(exports.show), name="exports"),
            path("exports/new/<str:source>/", self.admin_view(exports.ask), name="export_new"),
            path("exports/<uuid:pk>/", self.admin_view(exports.show_one), name="export"),
            path("exports/<uuid:pk>/download/", self.admin_view(exports.download), name="export_download"),
            path("exports/<uuid:pk>/cancel/", self.admin_view(exports.cancel), name="export_cancel"),
        ]

    def _account_urls(self) -> list[URLPattern]:
        return [
            path("preferences/", self.admin_view(preferences.show), name="preferences"),
            path("preferences/notices/", self.admin_view(preferences.wish), name="preferences_notices"),
            path("preferences/address/", self.admin_view(preferences.confirm_address), name="preferences_address"),
            path("tokens/", self.admin_view(tokens.show), name="tokens"),
            path("tokens/<slug:identifier>/revoke/", self.admin_view(tokens.revoke), name="token_revoke"),
            path("set-password/<uidb64>/<token>/", set_password.show, name="set_password"),
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Context for every page header: pending count, current halts, and whether the person can halt."""
        context = super().each_context(request)
        if context["has_permission"]:
            waiting, now = waiting_of(request), standing_of(request)
            context |= {"waiting": waiting, "waits_more": waiting >= MAX_COUNTED, "is_demo": conf.is_demo()}
            context |= {"halts_here": now.halts, "may_halt": now.may_halt, "is_set_up": not now.is_live}
            context |= {"is_restored": now.is_restored, "has_lost": now.has_lost, "has_clients": now.has_clients}
            context["has_records"] = any(self._shows(request, model) for model in self._registry)
        return context

    def _shows(self, request: HttpRequest, model: type[Model]) -> bool:
        """Whether this person finds a model among the records."""
        if model._meta.app_label != "approvals":
            return False
        listed = self._registry[model]
        return listed.has_module_permission(request) and True in listed.get_model_perms(request).values()

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """The apps with their models; made where a page lists them, which most pages do not."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The index of an app; ours is in groups, with a sentence and a count for each list."""
        more: dict[str, Any] = {}
        if app_label == "approvals":
            listed = [model for app in self.get_app_list(request, app_label) for model in app["models"]]
            more = {"groups": groups.of(request, listed)}
        return super().app_index(request, app_label, {**more, **(extra_context or {})})

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The home page with the automation overview."""
        return super().index(request, {**home.context(request), **(extra_context or {})})

    def admin_view(self, view: V, cacheable: bool = False) -> V:
        """Show hidden characters; ask for a sign-in without losing what was typed, where a session has ended."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def called(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if resume.is_lost(request):
                return self.login(resume.as_visit(request), resume.sign_in_context(request))
            answer: HttpResponse = hidden.shown(guarded(request, *args, **kwargs))
            return answer

        return cast(V, called)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The login page, which lists the demo accounts in the demo; what was typed before comes along."""
        kept = {"demo_logins": demo_logins(), "typed_before": request.POST.get(resume.FIELD, "")}
        answer = super().login(request, {**kept, **(extra_context or {})})
        if request.method != "POST" or answer.status_code != 302:
            return answer
        return resume.page(request, self.each_context(request)) or answer

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The password change page, whose form gets the current request."""
        view = PasswordChangeView.as_view(
            form_class=type("AskedPasswordForm", (PasswordForm,), {"request": request}),
            success_url=reverse("admin:password_change_done", current_app=self.name),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        request.current_app = self.name
        return cast(TemplateResponse, view(request))


def demo_logins() -> list[dict[str, Any]]:
    """The demo accounts; empty outside the demo."""
    file = Path(settings.HITL_HOME) / "demo.json"
    if not conf.is_demo() or not file.is_file():
        return []
    try:
        logins = json.loads(file.read_text(encoding="utf-8"))["logins"]
    except (ValueError, KeyError, TypeError):
        # An incomplete file must not stop people from signing in.
        return []
    return [login for login in logins if isinstance(login, dict)]
