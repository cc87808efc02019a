"""The catalog in the admin: kinds of action, agents and exchange rates, kept by staff who have the permission."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import JSONField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from approvals.admin.reading import TimelineAdmin
from approvals.models import ActionType, Agent, ExchangeRate


class Indented(json.JSONEncoder):
    """JSON with line breaks, so that people can read it in a form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **(options | {"indent": 2, "ensure_ascii": False}))


class ActionTypeForm(forms.ModelForm):
    """An action type whose schema is a schema, and whose version rises when the schema changes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if isinstance(field, forms.JSONField):
                field.encoder = Indented
                field.widget.attrs["rows"] = 16 if name == "schema" else 4

    def clean_schema(self) -> dict[str, Any]:
        """The schema, if it is one."""
        schema = self.cleaned_data["schema"]
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            raise ValidationError(
                _("This is no JSON Schema (2020-12): %(fault)s"), params={"fault": error.message}
            ) from error
        return dict(schema)

    def save(self, commit: bool = True) -> ActionType:
        """Save it; what was proposed under another schema keeps the number of that one."""
        if self.instance.pk and "schema" in self.changed_data:
            self.instance.version += 1
        saved: ActionType = super().save(commit)
        return saved


@admin.register(ActionType)
class ActionTypeAdmin(TimelineAdmin):
    """What each kind of action touches, how much is at stake, who decides and how it is carried out."""

    form = ActionTypeForm
    list_display = ("title", "name", "desk", "reversibility", "stakes", "mode", "policy", "execution", "is_active")
    list_filter = ("desk", "reversibility", "stakes", "mode", "execution", "is_active")
    list_select_related = ("desk",)
    search_fields = ("name", "title", "description")
    readonly_fields = ("version",)
    formfield_overrides = {JSONField: {"widget": forms.Textarea(attrs={"class": "code", "cols": 80, "rows": 4})}}
    fieldsets = (
        (None, {"fields": ("name", "title", "description", "is_active", "desk", "responsible", "policy", "mode")}),
        (
            _("What is at stake"),
            {"fields": ("reversibility", "stakes", "has_external_impact", "data_classes", "domain")},
        ),
        (
            _("Its form"),
            {
                "fields": (
                    "schema",
                    "version",
                    "summary",
                    "amount_pointer",
                    "currency_pointer",
                    "subject_pointer",
                    "reference_pointer",
                    "automation_requires",
                    "reviewer_sees",
                )
            },
        ),
        (_("Carrying it out"), {"fields": ("execution", "connector", "target", "undo_seconds", "valid_seconds")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A kind of action is deactivated, never deleted: the record names it."""
        return False


@admin.register(Agent)
class AgentAdmin(TimelineAdmin):
    """The programs that propose, and who answers for them."""

    list_display = ("title", "name", "owner", "version", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("owner",)
    search_fields = ("name", "title", "owner__username", "owner__last_name")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An agent is deactivated, never deleted: the record names it."""
        return False


@admin.register(ExchangeRate)
class ExchangeRateAdmin(TimelineAdmin):
    """What currencies were worth, from a day on."""

    list_display = ("currency", "on", "rate")
    list_filter = ("currency",)
    date_hierarchy = "on"
