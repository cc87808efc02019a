"""API keys: issued by a form that shows the key once, revoked by a button."""

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from approvals import conf
from approvals.admin.base.model_admin import TimelineAdmin, actor_of, person_of
from approvals.admin.setup.new_kind import first_call
from approvals.models import Action, ActionType, Agent, ApiKey
from approvals.services.accounts import api_keys
from policies import db
from policies.errors import Refused

DAYS = (
    (30, gettext_lazy("30 days")),
    (90, gettext_lazy("90 days")),
    (365, gettext_lazy("one year")),
    (0, gettext_lazy("no expiration")),
)


class KeyForm(forms.Form):
    """The form for a new key: its agent, permissions and lifetime."""

    agent = forms.ModelChoiceField(Agent.objects.filter(is_active=True), label=gettext_lazy("Agent"))
    label = forms.CharField(max_length=120, required=False, label=gettext_lazy("Label"))
    propose = forms.MultipleChoiceField(
        label=gettext_lazy("Allowed action types"), widget=forms.CheckboxSelectMultiple, required=False
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Additional permissions"),
        choices=[(scope, scope) for scope in sorted(api_keys.AGENT_SCOPES)],
        initial=[api_keys.READ_OWN],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    days = forms.TypedChoiceField(choices=DAYS, coerce=int, initial=90, label=gettext_lazy("Valid for"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = ActionType.objects.filter(is_active=True)
        choices = [("propose:*", _("all action types")), *((f"propose:{kind.name}", kind.title) for kind in kinds)]
        cast(forms.MultipleChoiceField, self.fields["propose"]).choices = choices

    def wanted(self, at: datetime) -> dict[str, Any]:
        """The form data as the service expects it."""
        data = self.cleaned_data
        return {
            "agent": data["agent"],
            "label": data["label"],
            "scopes": [*data["propose"], *data["scopes"]],
            "expires_at": at + timedelta(days=data["days"]) if data["days"] else None,
        }


@admin.register(ApiKey)
class ApiKeyAdmin(TimelineAdmin):
    """Keys and tokens, without their secrets, which are not stored."""

    list_display = ("identifier", "label", "agent", "person", "holder", "created_at", "expires_at", "revoked_at")
    list_filter = ("agent", "revoked_at")
    list_select_related = ("agent", "person", "holder")
    search_fields = ("identifier", "label", "agent__name", "person__username")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    actions = None
    change_form_template = "admin/approvals/apikey/change_form.html"

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Keys are issued and revoked, never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Keys are revoked, never deleted: the history refers to them."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the revoke URL before Django's own."""
        revoking = path("<int:pk>/revoke/", self.admin_site.admin_view(self.revoke), name="approvals_apikey_revoke")
        return [revoking, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The form that issues a key; only this response ever shows the key."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST or None)
        issued = self._issued(request, form) if request.method == "POST" and form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Issue key"),
            "opts": self.opts,
            "form": form,
            "issued": issued,
            "environment": conf.key_environment(),
            **_first_call(request, issued),
        }
        answer = TemplateResponse(request, "account/new_key.html", context, status=422 if form.errors else 200)
        answer["Cache-Control"] = "no-store"
        return answer

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        """The key, with a button for people who may revoke it."""
        key = options.get("obj")
        may_revoke = key is not None and key.revoked_at is None and api_keys.is_revocable_by(actor_of(request), key)
        return super().render_change_form(
            request, context | {"may_revoke": may_revoke, "calls": _calls(request, key)}, *args, **options
        )

    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revoke a key."""
        return _revoke(request, pk)

    def _issued(self, request: HttpRequest, form: KeyForm) -> api_keys.Issued | None:
        at = db.now()
        try:
            return api_keys.issue(actor=actor_of(request), at=at, **form.wanted(at))
        except Refused as refusal:
            form.add_error(None, refusal.in_words)
            return None


def _first_call(request: HttpRequest, issued: api_keys.Issued | None) -> dict[str, Any]:
    """The command that proposes an example, if the new key can propose one."""
    kind = _proposable(issued.key) if issued else None
    if issued is None or kind is None:
        return {}
    return {"kind": kind, "command": first_call.command(request, kind, issued.plain)}


def _calls(request: HttpRequest, key: ApiKey | None) -> dict[str, Any]:
    """What an agent has proposed since its key was issued; which of its keys it used is not recorded."""
    if key is None or key.agent_id is None:
        return {}
    kind = _proposable(key)
    rows = Action.objects.filter(agent=key.agent_id, created_at__gte=key.created_at).order_by("id")
    moments = rows.values_list("created_at", flat=True)
    return {
        "first": moments.first(),
        "latest": moments.last(),
        "command": first_call.command(request, kind) if kind is not None and key.revoked_at is None else "",
    }


def _proposable(key: ApiKey) -> ActionType | None:
    """The first action type that a key names."""
    names = [scope.removeprefix(api_keys.PROPOSE) for scope in key.scopes if scope.startswith(api_keys.PROPOSE)]
    return ActionType.objects.filter(name__in=names, is_active=True).order_by("name").first()


@require_POST
def _revoke(request: HttpRequest, pk: int) -> HttpResponse:
    if not person_of(request).has_perm("approvals.view_apikey"):
        raise PermissionDenied
    key = get_object_or_404(ApiKey, pk=pk)
    try:
        api_keys.revoke(actor=actor_of(request), at=db.now(), identifier=key.identifier)
        messages.success(request, _("Key revoked."))
    except Refused as refusal:
        messages.error(request, refusal.in_words)
    return HttpResponseRedirect(reverse("admin:approvals_apikey_change", args=[pk]))
