"""List filters: choices that need no full scan, and filters with text boxes."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.model_admin import has_clients, person_of
from approvals.authority import memberships, visibility
from approvals.models import ActionType, Decision, Person
from approvals.queries.directory import clients
from approvals.queries.record import events
from approvals.states import GRANTED, ActionState, DecisionType
from approvals.text import local_numbers
from approvals.text.risk import BANDS
from policies.engine.values.money import MAX_DIGITS
from policies.engine.values.vocabulary import Route

_DIGITS = re.compile(r"[0-9]{1,18}")


class RiskFilter(admin.SimpleListFilter):
    """Filter by risk band: low, elevated or high."""

    title = _("risk")
    parameter_name = "band"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The risk bands."""
        return [("low", _("Low")), ("elevated", _("Elevated")), ("high", _("High"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The rows in the chosen band."""
        band = BANDS.get(self.value() or "")
        return queryset.filter(risk__range=band) if band else queryset


class StateFilter(admin.SimpleListFilter):
    """Filter by where an action stands; what was approved and is not executed yet is one choice."""

    title = _("state")
    parameter_name = "state__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The states, without those that pass in a moment."""
        granted = ("granted", _("Approved, not executed yet"))
        return [*((state.value, state.label) for state in ActionState if state not in GRANTED), granted]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The rows in the chosen state."""
        value = self.value() or ""
        if value == "granted":
            return queryset.filter(state__in=GRANTED)
        return queryset.filter(state=value) if value in ActionState.values else queryset


class VerdictFilter(admin.SimpleListFilter):
    """Filter by the final decision, whatever became of the action since."""

    title = _("final decision")
    parameter_name = "decided_as"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The decisions that settle an action."""
        return [
            (DecisionType.APPROVE.value, _("Approved")),
            (DecisionType.MODIFY.value, _("Modified")),
            (DecisionType.REJECT.value, _("Rejected")),
            (DecisionType.EXPIRE.value, _("Expired")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The actions whose last final decision was this."""
        value = self.value() or ""
        if value not in DecisionType.values:
            return queryset
        final = Decision.objects.filter(action=OuterRef("pk"), round=OuterRef("round"), is_final=True, verdict=value)
        return queryset.filter(Exists(final))


class DeciderFilter(admin.SimpleListFilter):
    """Filter by who decided, for any decision type."""

    title = _("decided by")
    parameter_name = "decided_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """People with a membership; search finds former members."""
        people = Person.objects.filter(memberships__isnull=False).distinct().order_by("username")[:200]
        return [("policy", _("Policy")), *((str(person.pk), str(person)) for person in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The actions decided by this person or by policy."""
        value = self.value() or ""
        decisions = Decision.objects.filter(action=OuterRef("pk"))
        if value == "policy":
            return queryset.filter(Exists(decisions.filter(source="policy")))
        return queryset.filter(Exists(decisions.filter(person=int(value)))) if _DIGITS.fullmatch(value) else queryset


class OverrideFilter(admin.SimpleListFilter):
    """Filter by policy override: the blocked originals or the override requests."""

    title = _("policy override")
    parameter_name = "override"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The two choices."""
        return [("anew", _("Override requests")), ("blocked", _("Blocked, then overridden"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The rows for the chosen side."""
        if self.value() == "anew":
            return queryset.filter(overrides__isnull=False)
        return queryset.filter(overridden_as__isnull=False).distinct() if self.value() == "blocked" else queryset


class ClientFilter(admin.SimpleListFilter):
    """Filter by one of the clients whose actions the person sees; only where there are clients."""

    title = _("client")
    parameter_name = "client"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The clients, by name."""
        return [(str(client.pk), str(client)) for client in clients.seen_by(person_of(request))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The rows of the chosen client."""
        value = self.value() or ""
        return queryset.filter(client=int(value)) if _DIGITS.fullmatch(value) else queryset


class KnownFilter(admin.RelatedFieldListFilter):
    """Filter by an action type or agent, without those of clients that are not the person's."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        """The rows that the person may know of."""
        found: list[Any] = super().field_choices(field, request, model_admin)
        person = person_of(request)
        if not has_clients(request) or visibility.reads_everything(person):
            return found
        known = field.remote_field.model.objects.filter(memberships.of_clients(person))
        keys = set(known.values_list("pk", flat=True))
        return [(key, label) for key, label in found if key in keys]


class _OwnValueFilter(admin.SimpleListFilter):
    """Filter by a column whose values are known elsewhere: to find them, every row would be read."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The rows with the chosen value."""
        value = self.value()
        return queryset.filter(**{str(self.parameter_name): value}) if value in dict(self.lookup_choices) else queryset


class EventFilter(_OwnValueFilter):
    """Filter by an event that the ledger holds."""

    title = _("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The events, by name."""
        return [(name, name) for name in events.names()]


class RouteFilter(_OwnValueFilter):
    """Filter by the route that an evaluation chose."""

    title = _("route")
    parameter_name = "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The routes."""
        return [(route.value, route.value) for route in Route]


class ConnectorFilter(_OwnValueFilter):
    """Filter by a connector that an action type names."""

    title = _("connector")
    parameter_name = "connector"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The connectors, by name."""
        named = ActionType.objects.exclude(connector="").order_by("connector").values_list("connector", flat=True)
        return [(name, name) for name in dict.fromkeys(named)]


class NumberFilter(_OwnValueFilter):
    """Filter by the number of a revision, as far as they usually go."""

    title = _("number")
    parameter_name = "number"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The first numbers."""
        return [(str(number), str(number)) for number in range(1, 10)]


class TypedFilter(admin.ListFilter):
    """A filter with text boxes; `boxes` are (parameter, label)."""

    template = "admin/typed_filter.html"
    boxes: tuple[tuple[str, Any], ...] = ()

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.faults: list[str] = []
        for name, _label in self.boxes:
            if name in params:
                self.used_parameters[name] = str(params.pop(name)[-1]).replace("\x00", "").strip()

    def has_output(self) -> bool:
        """Always show this filter."""
        return True

    def expected_parameters(self) -> list[str | None]:
        """The names of its text boxes."""
        return [name for name, _label in self.boxes]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """One form that keeps all other active filters."""
        kept = changelist.get_filters_params()
        yield {
            "boxes": [(name, label, self.used_parameters.get(name, "")) for name, label in self.boxes],
            "faults": self.faults,
            "kept": [
                (name, item)
                for name, value in kept.items()
                if name not in self.expected_parameters()
                for item in (value if isinstance(value, list) else [value])
            ],
            "clear": changelist.get_query_string(remove=[name for name, _label in self.boxes]),
            "is_set": any(self.used_parameters.values()),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The rows that match the text."""
        raise NotImplementedError(f"{type(self).__name__} says which rows fit.")


class AmountFilter(TypedFilter):
    """Filter by amount range, in any currency."""

    title = _("amount")
    boxes = (("amount_from", pgettext_lazy("amount", "from")), ("amount_to", pgettext_lazy("amount", "to")))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The actions within the range; an invalid bound matches nothing and is explained."""
        for name, lookup in (("amount_from", "amount__gte"), ("amount_to", "amount__lte")):
            if text := self.used_parameters.get(name):
                bound = self._bound(str(text))
                queryset = queryset.none() if bound is None else queryset.filter(**{lookup: bound})
        return queryset

    def _bound(self, text: str) -> Decimal | None:
        try:
            bound = Decimal(local_numbers.typed(text, ""))
        except local_numbers.Unreadable as fault:
            self.faults.append(str(fault))
            return None
        if bound.adjusted() < MAX_DIGITS:
            return bound
        self.faults.append(gettext("This number is too large. Enter a smaller number."))
        return None


class RuleFilter(TypedFilter):
    """Filter by a matched policy rule or by policy, using part of its name."""

    title = _("rule or policy")
    boxes = (("rule", _("name")),)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The actions whose current evaluation names the rule."""
        text = str(self.used_parameters.get("rule") or "")
        if not text:
            return queryset
        return queryset.filter(evaluation__rules__icontains=text) | queryset.filter(evaluation__policy__icontains=text)
