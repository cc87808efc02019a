"""Base for catalog forms: every change writes a history row and a ledger entry."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from approvals.admin.base.model_admin import TimelineAdmin, actor_of
from approvals.services.catalog import rows
from policies.errors import Refused

_REFUSAL = "hitl_refusal"


class _Refused(forms.ModelForm):
    """A form whose row the service refused to save."""

    refusal: Refused

    def full_clean(self) -> None:
        """Check the form, and say why it was refused."""
        super().full_clean()
        self.add_error(None, self.refusal.in_words)


class KeptAdmin(TimelineAdmin):
    """A catalog model together with the rows edited on its page."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the form; if the service refused to save it, again with what was typed and the refusal."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            vars(request)[_REFUSAL] = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

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

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete the row; its history stays."""
        rows.delete(obj, actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any] | Iterable[Model]) -> None:
        """Delete each selected row separately, so that each gets a ledger entry."""
        for row in queryset:
            rows.delete(row, actor_of(request))
