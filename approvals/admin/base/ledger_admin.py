"""Base for catalog forms: every change writes a history row and a ledger entry, or waits for a second person."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.admin.base.model_admin import TimelineAdmin, actor_of
from approvals.models.recorded import Recorded
from approvals.services.catalog import gathering, rows
from approvals.services.catalog.gathering import ConfigurationChange, WaitsForApproval
from approvals.services.configuration import request as configuration
from policies import db
from policies.declared_filters import DeclaredFilters
from policies.errors import Refused

_REFUSAL = "hitl_refusal"


class _Refused(forms.ModelForm):
    """A form whose row the service refused to save."""

    refusal: Refused

    def full_clean(self) -> None:
        """Check the form, and say why it was refused."""
        super().full_clean()
        self.add_error(None, self.refusal.in_words)


class WaitingAdmin(DeclaredFilters):
    """A model whose changes wait for a second person where they loosen the gate."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the form; if the service refused to save it, again with what was typed and the refusal."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            return self._saved(request, object_id, form_url, extra_context)
        except Refused as refusal:
            vars(request)[_REFUSAL] = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Delete the row, or ask that it be deleted."""
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        return self._removed(request, lambda: super(WaitingAdmin, self).delete_view(request, object_id, extra_context))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; what its actions delete is one change."""
        if request.method != "POST":
            return super().changelist_view(request, extra_context)
        return self._removed(request, lambda: super(WaitingAdmin, self).changelist_view(request, extra_context))

    def _saved(self, request: HttpRequest, object_id: str | None, form_url: str, extra: Any) -> HttpResponse:
        try:
            with gathering.one_change():
                return super().changeform_view(request, object_id, form_url, extra)
        except WaitsForApproval as waiting:
            return ask(request, waiting.change)

    def _removed(self, request: HttpRequest, remove: Callable[[], HttpResponse]) -> HttpResponse:
        """Remove rows as one change; what the service refuses is said on the list."""
        try:
            with gathering.one_change():
                return remove()
        except WaitsForApproval as waiting:
            return self._asked(request, waiting.change)
        except Refused as refusal:
            return self._told(request, refusal)

    def _asked(self, request: HttpRequest, change: ConfigurationChange) -> HttpResponse:
        try:
            return ask(request, change)
        except Refused as refusal:
            return self._told(request, refusal)

    def _told(self, request: HttpRequest, refusal: Refused) -> HttpResponse:
        messages.error(request, refusal.in_words)
        return HttpResponseRedirect(self._list())

    def _list(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")


def ask(request: HttpRequest, change: ConfigurationChange) -> HttpResponse:
    """Ask that a change be made which was rolled back, and lead to the request.

    :raises Refused: it cannot be asked for; says why.
    """
    # What the form said of its success is not so.
    list(messages.get_messages(request))
    action = configuration.request(actor=actor_of(request), at=db.now(), change=change)
    messages.success(request, _("Approval requested. Nothing changes until a second person approves the change."))
    return HttpResponseRedirect(reverse("admin:my_change", args=[action.pk]))


class KeptAdmin(WaitingAdmin, TimelineAdmin):
    """A catalog model together with the rows edited on its page."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form; once the service has refused to save it, one that says so instead of being saved."""
        form = super().get_form(request, obj, change=change, **options)
        refusal: Refused | None = vars(request).get(_REFUSAL)
        return form if refusal is None else type("RefusedForm", (_Refused, form), {"refusal": refusal})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row with its history and ledger entry."""
        rows.save(obj, actor_of(request), form.changed_data, is_new=not change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save, add and remove related rows, each with its own history and ledger entry."""
        formset.save(commit=False)
        for row in formset.deleted_objects:
            rows.delete(row, actor_of(request))
        for row, fields in formset.changed_objects:
            rows.save(row, actor_of(request), fields)
        for row in formset.new_objects:
            rows.save(row, actor_of(request), (), is_new=True)

    def delete_model(self, request: HttpRequest, obj: Recorded) -> None:
        """Delete the row; its history stays."""
        rows.delete(obj, actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any] | Iterable[Recorded]) -> None:
        """Delete each selected row separately, so that each gets a ledger entry."""
        for row in queryset:
            rows.delete(row, actor_of(request))
