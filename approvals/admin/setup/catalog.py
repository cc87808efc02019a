"""The catalog: action types, agents and exchange rates."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import JSONField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext

from approvals.admin.base.columns import inactive
from approvals.admin.base.ledger_admin import KeptAdmin
from approvals.admin.base.model_admin import has_clients, person_of
from approvals.admin.setup import action_type_layout
from approvals.admin.setup.new_kind import connect
from approvals.admin.setup.reason_field import ReasonsField
from approvals.authority import memberships, visibility
from approvals.models import ActionType, Agent, ExchangeRate, Person
from approvals.services.catalog import own_agents, rows
from approvals.services.catalog.kinds import connectors
from approvals.services.policy import form_faults, type_names
from policies.engine.document.parse import HOUSE
from policies.engine.values.vocabulary import DATA_CLASSES, DOMAINS
from policies.queries import in_force

_WHY = "hitl_why"
MAX_LISTED = 30


class Indented(json.JSONEncoder):
    """JSON with line breaks for editing."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **(options | {"indent": 2, "ensure_ascii": False}))


class AskedForm(forms.ModelForm):
    """A form that gives `asker`, the signed-in person, no authority over their own agent."""

    asker: Person

    def _post_clean(self) -> None:
        """Fill the row and run the checks that need the whole row."""
        super()._post_clean()  # type: ignore[misc]
        refusal = None if self.errors else own_agents.refusal_for(self.instance, self.asker)
        if refusal is not None:
            self.add_error(None, refusal.in_words)


class ActionTypeForm(AskedForm):
    """An action type that must be valid to evaluate, show and execute."""

    reasons = ReasonsField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if isinstance(field, forms.JSONField):
                field.encoder = Indented
                # Read the old value from the database, because a hidden form field can be forged.
                field.show_hidden_initial = False
                field.widget.attrs["rows"] = 16 if name == "schema" else 4
        self.initial["schema"] = self.instance.written_schema
        if "description" in self.fields:
            self.fields["description"].widget.attrs["rows"] = 3
        self._list_what_is_allowed()

    def _list_what_is_allowed(self) -> None:
        """Say at each field what it may name."""
        if "domain" in self.fields:
            usual = [(name, name) for name in ("", *DOMAINS)]
            self.fields["domain"].widget = forms.Select(choices=usual)
        for name, known_names in (("policy", self._policies()), ("connector", connectors.offered())):
            if name in self.fields:
                now = getattr(self.instance, name)
                choices = [(each, each) for each in sorted({*known_names, *([now] if now else [])})]
                self.fields[name].widget = forms.Select(choices=[("", "---------"), *choices])
        if "data_classes" in self.fields:
            self.fields["data_classes"].help_text = gettext("Allowed values: %(names)s.") % {
                "names": ", ".join(DATA_CLASSES)
            }
        known = type_names.listed(self.instance.schema)[:MAX_LISTED]
        said = gettext("Fields: %(names)s.") % {"names": ", ".join(known)}
        for name in (*type_names.POINTERS, "automation_requires") if known else ():
            if name in self.fields:
                usual_help = self.fields[name].help_text
                self.fields[name].help_text = format_lazy("{} {}", usual_help, said)

    def _policies(self) -> list[str]:
        """The policies in force."""
        return [name for name in in_force.numbers() if name != HOUSE]

    def clean(self) -> dict[str, Any]:
        """Refuse invalid action types, with each error at its field."""
        data = super().clean() or {}
        for name, faults in form_faults.of(data):
            for fault in faults:
                self.add_error(name, fault)
        if isinstance(data.get("schema"), dict):
            # Key order does not change the schema, but it changes the form.
            self.instance.write_schema(data["schema"])
        return data


class AgentForm(AskedForm):
    """An agent form; owners see the fields that grant authority but cannot change them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in set(own_agents.withheld(self.instance, self.asker)) & set(self.fields):
            # Browsers do not send disabled fields; if one is sent anyway, refuse it instead of ignoring it.
            self.fields[name].disabled = self.add_prefix(name) not in self.data


def _fields(request: HttpRequest, names: Iterable[Any]) -> tuple[Any, ...]:
    """These fields, without the client where there are no clients."""
    # What stands for a link that the reader may not follow has the name of its field, too.
    return tuple(name for name in names if getattr(name, "__name__", name) != "client" or has_clients(request))


class OfClients(KeptAdmin):
    """Rows that can belong to a client: who only reads them reads none of clients that are not theirs."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows that the person may know of."""
        rows = super().get_queryset(request)
        return rows if self.knows_all(request) else rows.filter(memberships.of_clients(person_of(request)))

    def knows_all(self, request: HttpRequest) -> bool:
        """Whether the person may know of every row."""
        is_open = not has_clients(request) or self.has_change_permission(request)
        return is_open or visibility.reads_everything(person_of(request))


class AskedAdmin(KeptAdmin):
    """Rows that define agents' rights; owners see them and why they cannot change them."""

    change_form_template = "admin/asked_form.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """The form with the signed-in person set."""
        options["form"] = type("AskedForm", (self.form,), {"asker": person_of(request)})
        return super().get_form(request, obj, change, **options)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> HttpResponse:
        """The page with the sentence that says why it is read-only."""
        return super().render_change_form(
            request, context | {"why": self.why(request, options["obj"])}, *args, **options
        )

    def why(self, request: HttpRequest, obj: Any) -> str:
        """Why this person cannot change the row, or parts of it; empty if they can."""
        raise NotImplementedError


@admin.register(ActionType)
class ActionTypeAdmin(OfClients, AskedAdmin):
    """Action types: their effects, stakes, reviewers and execution."""

    form = ActionTypeForm
    change_form_template = "admin/approvals/actiontype/change_form.html"
    shown_inactive = inactive
    list_display = ("title", "name", "desk", "reversibility", "stakes", "mode", "policy", "execution", "shown_inactive")
    list_filter = ("desk", "reversibility", "stakes", "mode", "execution", "is_active")
    list_select_related = ("desk",)
    search_fields = ("name", "title", "description")
    readonly_fields = ("version",)
    formfield_overrides = {JSONField: {"widget": forms.Textarea(attrs={"class": "code", "cols": 80, "rows": 4})}}
    fieldsets = action_type_layout.FIELDSETS

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields; the client only where there is any."""
        found = super().get_fieldsets(request, obj)
        return [(title, {**parts, "fields": _fields(request, parts["fields"])}) for title, parts in found]

    def why(self, request: HttpRequest, obj: ActionType | None) -> str:
        """Why this person cannot change it: their own agent can propose it."""
        kept: dict[int, str] = vars(request).setdefault(_WHY, {})
        if obj is not None and obj.pk not in kept:
            refusal = own_agents.refusal_for(obj, person_of(request))
            kept[obj.pk] = refusal.in_words if refusal is not None else ""
        return kept[obj.pk] if obj is not None else ""

    def has_change_permission(self, request: HttpRequest, obj: ActionType | None = None) -> bool:
        """People can change action types that none of their own agents can propose."""
        return super().has_change_permission(request, obj) and not self.why(request, obj)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form; a refused change returns its sentence on the page."""
        if request.method == "POST" and object_id and super().has_change_permission(request):
            found = self.get_object(request, unquote(object_id))
            if why := self.why(request, found):
                raise PermissionDenied(why)
        more = {"may_connect": connect.is_open_to(person_of(request))} if object_id else {}
        return super().changeform_view(request, object_id, form_url, more | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: ActionType, form: Any, change: bool) -> None:
        """Save the action type; earlier proposals keep the number of their schema."""
        if change and "schema" in form.changed_data:
            obj.version = rows.next_version(obj)
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Action types are deactivated, never deleted: the history refers to them."""
        return False


@admin.register(Agent)
class AgentAdmin(OfClients, AskedAdmin):
    """The agents and who is accountable for them."""

    form = AgentForm
    shown_inactive = inactive
    fields = ("name", "title", "owner", "client", "version", "is_active", "mode")
    list_display = ("title", "name", "owner", "mode", "version", "shown_inactive")
    list_filter = ("is_active", "mode")
    list_select_related = ("owner",)
    search_fields = ("name", "title", "owner__username", "owner__last_name")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields; the client only where there is any."""
        return _fields(request, self.fields)

    def why(self, request: HttpRequest, obj: Agent | None) -> str:
        """Why this person can change only the name, title and version: the agent is theirs."""
        if obj is None or not own_agents.withheld(obj, person_of(request)):
            return ""
        return own_agents.of_own_agent(obj).in_words

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Agents are deactivated, never deleted: the history refers to them."""
        return False


@admin.register(ExchangeRate)
class ExchangeRateAdmin(AskedAdmin):
    """Exchange rates, each valid from a day on."""

    form = AskedForm
    list_display = ("currency", "valid_from", "rate")
    list_filter = ("currency",)
    date_hierarchy = "valid_from"

    def why(self, request: HttpRequest, obj: ExchangeRate | None) -> str:
        """Why this person cannot set rates: their agent can propose amounts; checked once for all."""
        kept: dict[int, str] = vars(request).setdefault(_WHY, {})
        if 0 not in kept:
            refusal = own_agents.refusal_for(obj or ExchangeRate(), person_of(request))
            kept[0] = refusal.in_words if refusal is not None else ""
        return kept[0]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deleting a rate makes an older one valid, so it needs the same check; not for the menu."""
        return super().has_delete_permission(request, obj) and (obj is None or not self.why(request, obj))
