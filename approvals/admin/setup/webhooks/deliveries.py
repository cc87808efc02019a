"""Deliveries to webhooks: what was sent where, each attempt with its answer, and a button that sends one again."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from approvals.admin.base.filters import EventFilter
from approvals.admin.base.model_admin import TimelineAdmin, actor_of, person_of
from approvals.display.fragments import inert, moment
from approvals.models import WebhookAttempt, WebhookDelivery
from approvals.models.webhooks import WebhookDeliveryState
from approvals.services.webhooks import again
from policies import db
from policies.errors import Refused
from policies.related_links import PlainTable

_OVER = (WebhookDeliveryState.SENT, WebhookDeliveryState.DEAD)


class AttemptInline(PlainTable):
    """The attempts at a delivery, in order."""

    model = WebhookAttempt
    extra = 0
    can_delete = False
    fields = readonly_fields = ("number", "at", "milliseconds", "status", "shown_error", "shown_answer")

    def has_add_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        """Attempts cannot be added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        """Attempts cannot be changed here."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: WebhookDelivery | None = None) -> bool:
        """Attempts are shown to those who see the delivery."""
        return person_of(request).has_perm("approvals.view_webhookdelivery")

    @admin.display(description=gettext_lazy("error"))
    def shown_error(self, attempt: WebhookAttempt) -> str:
        """Why it was not accepted, as plain text."""
        return inert(attempt.error)

    @admin.display(description=gettext_lazy("answer"))
    def shown_answer(self, attempt: WebhookAttempt) -> str:
        """The beginning of the answer, as plain text."""
        return inert(attempt.answer)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(TimelineAdmin):
    """Deliveries, newest first; of their actions only the IDs."""

    list_display = ("event", "webhook", "sequence", "state", "attempts", "created_at", "shown_next")
    export_also = ("settled_at",)
    list_filter = ("state", "webhook", EventFilter)
    list_select_related = ("webhook", "position")
    date_hierarchy = "created_at"
    is_dated_by_key = True
    ordering = ("-id",)
    actions = ("send_selected_again",)
    inlines = (AttemptInline,)
    fields = (
        *("webhook", "event", "state", "sequence", "position", "action_id", "message_id", "attempts"),
        *("created_at", "not_before", "settled_at"),
    )
    readonly_fields = ("position", "action_id", "message_id")
    change_form_template = "admin/approvals/webhookdelivery/change_form.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse everybody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse everybody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse everybody."""
        return False

    @admin.display(description=gettext_lazy("next attempt"), ordering="not_before")
    def shown_next(self, delivery: WebhookDelivery) -> str:
        """When it is sent next; nothing once that is over."""
        return moment(delivery.not_before) if delivery.state == WebhookDeliveryState.READY else ""

    def get_urls(self) -> list[URLPattern]:
        """Add the button's address before Django's own."""
        again_view = self.admin_site.admin_view(self.send_again)
        return [path("<uuid:pk>/again/", again_view, name="approvals_webhookdelivery_again"), *super().get_urls()]

    def may_select(self, request: HttpRequest) -> bool:
        """Offer to send again to those who may."""
        return may_send(request)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        """The delivery, with a button for people who may send it again."""
        delivery = options.get("obj")
        may = delivery is not None and delivery.state in _OVER and may_send(request)
        return super().render_change_form(request, context | {"may_send": may}, *args, **options)

    def send_again(self, request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
        """Send one again."""
        return _send_again(request, pk)

    @admin.action(description=gettext_lazy("Send again"))
    def send_selected_again(self, request: HttpRequest, rows: QuerySet[WebhookDelivery]) -> None:
        """Send those that were sent or failed again."""
        _queue(request, list(rows.values_list("pk", flat=True)[: again.MAX_TOGETHER + 1]))

    @admin.display(description=gettext_lazy("action"))
    def action_id(self, delivery: WebhookDelivery) -> str:
        """The ID of the action; who may not see the action reads no more of it here."""
        return str(delivery.action_id or "")

    @admin.display(description=gettext_lazy("message ID"))
    def message_id(self, delivery: WebhookDelivery) -> str:
        """What the receiver knows it by."""
        return delivery.message_id

    @admin.display(description=gettext_lazy("position"))
    def position(self, delivery: WebhookDelivery) -> str:
        """The position of the event."""
        return str(delivery.position_id)


def may_send(request: HttpRequest) -> bool:
    """Whether the signed-in person may send deliveries again."""
    return person_of(request).has_perm("approvals.change_webhook")


@require_POST
def _send_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    if not person_of(request).has_perm("approvals.view_webhookdelivery"):
        raise PermissionDenied
    _queue(request, [pk])
    return HttpResponseRedirect(reverse("admin:approvals_webhookdelivery_change", args=[pk]))


def _queue(request: HttpRequest, ids: list[uuid.UUID]) -> None:
    try:
        number = again.send_again(actor=actor_of(request), at=db.now(), delivery_ids=ids)
        said = ngettext("%(number)d delivery queued.", "%(number)d deliveries queued.", number)
        messages.success(request, said % {"number": number})
    except Refused as refusal:
        messages.error(request, refusal.in_words)
