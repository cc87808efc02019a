"""Webhooks: the list with what waits and what failed, the form, and the page that issues a secret."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.admin.base.ledger_admin import KeptAdmin
from approvals.admin.base.model_admin import actor_of, has_clients, person_of
from approvals.admin.setup.webhooks.events_field import EventsField
from approvals.display.fragments import moment
from approvals.models import Person, Webhook
from approvals.queries.record import webhooks
from approvals.services.webhooks import issuing, sending
from policies import db
from policies.errors import Refused

DAYS = (
    (1, gettext_lazy("one day")),
    (7, gettext_lazy("7 days")),
    (0, gettext_lazy("It ends immediately")),
)


class WebhookForm(forms.ModelForm):
    """A webhook whose address HITL may call, owned by the signed-in person or by whom it was before."""

    asker: Person
    events = EventsField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "owner" in self.fields:
            owners = [self.asker.pk, *([self.instance.owner_id] if self.instance.pk else [])]
            field: Any = self.fields["owner"]
            field.queryset = Person.objects.filter(pk__in=owners)
            field.initial = self.asker.pk
            field.empty_label = None

    def clean_url(self) -> str:
        """An address that an outgoing call may have; the one of now stays, so that it can be deactivated."""
        url = str(self.cleaned_data["url"]).strip()
        if "url" in self.changed_data and (fault := sending.fault_of(url)):
            raise forms.ValidationError(fault)
        return url


class SecretForm(forms.Form):
    """How long the former secret stays valid."""

    days = forms.TypedChoiceField(
        choices=DAYS, coerce=int, initial=1, label=gettext_lazy("The former secret stays valid for")
    )


@admin.register(Webhook)
class WebhookAdmin(KeptAdmin):
    """Where events are sent."""

    form = WebhookForm
    fields = ("name", "url", "owner", "events", "action_type", "agent", "client", "is_active")
    list_display = ("name", "url", "owner", "shown_state", "shown_waiting", "shown_failed")
    list_filter = ("is_active",)
    list_select_related = ("owner", "cursor")
    search_fields = ("name", "url", "owner__username", "owner__last_name")
    change_form_template = "admin/approvals/webhook/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        """The webhooks with how many of their deliveries wait, and how many failed."""
        return webhooks.with_counts(super().get_queryset(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields; the client only where there is any."""
        return tuple(name for name in self.fields if name != "client" or has_clients(request))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form with the signed-in person set."""
        options["form"] = type("AskedWebhookForm", (self.form,), {"asker": person_of(request)})
        return super().get_form(request, obj, change, **options)

    def get_urls(self) -> list[URLPattern]:
        """Add the page of the secret before Django's own."""
        secret = path("<int:pk>/secret/", self.admin_site.admin_view(self.secret), name="approvals_webhook_secret")
        return [secret, *super().get_urls()]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Webhooks are deactivated, never deleted: their deliveries refer to them."""
        return False

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        """The webhook with its secret and its deliveries."""
        webhook = options.get("obj")
        more: dict[str, Any] = {"may_issue": webhook is not None and self.has_change_permission(request, webhook)}
        if webhook is not None:
            more |= {"state": self.shown_state(webhook), "cursor": getattr(webhook, "cursor", None)}
        return super().render_change_form(request, context | more, *args, **options)

    def secret(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page that issues a secret; only its answer ever shows it."""
        webhook = get_object_or_404(Webhook, pk=pk)
        if not self.has_change_permission(request, webhook):
            raise PermissionDenied
        form = SecretForm(request.POST if request.method == "POST" else None)
        issued = _issued(request, form, webhook) if request.method == "POST" else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Issue secret"),
            "subtitle": str(webhook),
            "opts": self.opts,
            "original": webhook,
            "form": form,
            "issued": issued,
        }
        is_refused = request.method == "POST" and issued is None
        answer = TemplateResponse(request, "setup/webhook_secret.html", context, status=422 if is_refused else 200)
        answer["Cache-Control"] = "no-store"
        return answer

    @admin.display(description=gettext_lazy("state"))
    def shown_state(self, webhook: Webhook) -> str:
        """Whether it sends, and else why not."""
        cursor = getattr(webhook, "cursor", None)
        if not webhook.is_active or not webhook.owner.is_active:
            return _("Inactive")
        if cursor is None:
            return _("Without a secret")
        if cursor.retry_at is not None:
            return _("Fails; next attempt: %(when)s") % {"when": moment(cursor.retry_at)}
        return _("Active")

    @admin.display(description=gettext_lazy("queued deliveries"))
    def shown_waiting(self, webhook: Any) -> int:
        """How many deliveries wait."""
        return int(webhook.waiting)

    @admin.display(description=gettext_lazy("failed deliveries"))
    def shown_failed(self, webhook: Any) -> int:
        """How many deliveries were given up."""
        return int(webhook.failed)


def _issued(request: HttpRequest, form: SecretForm, webhook: Webhook) -> issuing.Issued | None:
    if webhook.nonce and not form.is_valid():
        return None
    days = form.cleaned_data["days"] if webhook.nonce else 0
    try:
        return issuing.issue(actor=actor_of(request), at=db.now(), webhook_id=webhook.pk, overlap=timedelta(days=days))
    except Refused as refusal:
        form.add_error(None, refusal.in_words)
        return None
