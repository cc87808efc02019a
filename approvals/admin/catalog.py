"""The catalog in the admin: kinds of action, agents and exchange rates, kept by staff who have the permission."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import JSONField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from approvals.admin.forms.reasons import ReasonsField
from approvals.admin.keeping import KeptAdmin
from approvals.models import ActionType, Agent, ExchangeRate
from approvals.services import catalog, inspecting, wanted

POINTERS = ("amount_pointer", "currency_pointer", "subject_pointer", "reference_pointer")


class Indented(json.JSONEncoder):
    """JSON with line breaks, so that people can read it in a form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **(options | {"indent": 2, "ensure_ascii": False}))


class ActionTypeForm(forms.ModelForm):
    """An action type that can be judged, shown and carried out as it stands."""

    reasons = ReasonsField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if isinstance(field, forms.JSONField):
                field.encoder = Indented
                # What it was comes from the database; a hidden copy in the page could be made to say anything.
                field.show_hidden_initial = False
                field.widget.attrs["rows"] = 16 if name == "schema" else 4
        self.initial["schema"] = self.instance.written_schema

    def clean(self) -> dict[str, Any]:
        """Refuse what could not be judged, shown or carried out, each fault at its field."""
        data = super().clean() or {}
        for name, faults in _faults(data):
            for fault in faults:
                self.add_error(name, fault)
        if isinstance(data.get("schema"), dict):
            # Keys in another order make no other schema, but another form.
            self.instance.write_schema(data["schema"])
        return data


def _faults(data: dict[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    """Fields with what is wrong about each; a field that was refused already is not in ``data``."""
    if "schema" in data:
        yield "schema", inspecting.faults_of_schema(data["schema"])
    if "automation_requires" in data:
        yield "automation_requires", inspecting.faults_of_pointers(data["automation_requires"] or [])
    for name in POINTERS:
        yield name, inspecting.faults_of_pointers([data[name]] if data.get(name) else [])
    yield "summary", inspecting.faults_of_summary(data.get("summary", ""))
    yield "policy", inspecting.faults_of_policy(data.get("policy", ""))
    yield "lookups", wanted.faults_of(data.get("lookups"))
    yield "compensated_by", inspecting.faults_of_compensation(data)
    yield from inspecting.faults_of_answering(data)
    if {"execution", "connector", "target"} <= set(data):
        yield "target", inspecting.faults_of_sending(data["execution"], data["connector"], data["target"])


@admin.register(ActionType)
class ActionTypeAdmin(KeptAdmin):
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
            {"fields": ("reversibility", "compensated_by", "stakes", "has_external_impact", "data_classes", "domain")},
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
                    "reasons",
                )
            },
        ),
        (_("What is looked up first"), {"fields": ("lookups",)}),
        (_("What may run by itself"), {"fields": ("standing_people", "sample_rate")}),
        (
            _("Who answers for it"),
            {
                "fields": (
                    *("owner", "overriders", "low_confidence", "confidence_person", "confidence_group"),
                    *("edge_person", "edge_tier"),
                )
            },
        ),
        (_("Carrying it out"), {"fields": ("execution", "connector", "target", "undo_seconds", "valid_seconds")}),
    )

    def save_model(self, request: HttpRequest, obj: ActionType, form: Any, change: bool) -> None:
        """Save it; what was proposed under another schema keeps the number of that one."""
        if change and "schema" in form.changed_data:
            obj.version = catalog.next_version(obj)
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A kind of action is deactivated, never deleted: the record names it."""
        return False


@admin.register(Agent)
class AgentAdmin(KeptAdmin):
    """The programs that propose, and who answers for them."""

    list_display = ("title", "name", "owner", "mode", "version", "is_active")
    list_filter = ("is_active", "mode")
    list_select_related = ("owner",)
    search_fields = ("name", "title", "owner__username", "owner__last_name")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An agent is deactivated, never deleted: the record names it."""
        return False


@admin.register(ExchangeRate)
class ExchangeRateAdmin(KeptAdmin):
    """What currencies were worth, from a day on."""

    list_display = ("currency", "on", "rate")
    list_filter = ("currency",)
    date_hierarchy = "on"
