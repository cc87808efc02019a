"""List filters with choices that need no full scan."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from approvals.admin.base.model_admin import has_clients, person_of
from approvals.authority import memberships, visibility
from approvals.models import ActionType, Decision, Membership, Person
from approvals.queries.directory import clients
from approvals.queries.insight.figures import outcomes
from approvals.queries.record import events
from approvals.states import GRANTED, ActionState
from approvals.text.risk import BANDS
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
    # Who decided stands beside what: policy approves as proposed, too.
    labels: ClassVar[dict[str, Any]] = {
        "any": _("Any decision"),
        "person": _("Decided by people"),
        "approve": _("Approved as proposed"),
        "modify": _("Modified"),
        "reject": _("Rejected by a reviewer"),
        "changed": _("Modified or rejected by a reviewer"),
        "check": _("Approved after an automatic check"),
        "automatic": _("Ran automatically"),
        "policy": _("Approved by policy"),
        "standing_rule": _("Approved by a standing rule"),
        "blocked": _("Blocked automatically"),
        "expire": _("Expired"),
        "stopped": _("Blocked or expired"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The decisions that settle an action, and who or what made them."""
        return list(self.labels.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The actions that stand decided in this way."""
        condition = outcomes.BY_NAME.get(self.value() or "")
        return queryset if condition is None else queryset.filter(outcomes.decided_as(condition))


def colleagues(person: Person) -> QuerySet[Person]:
    """Return who has a membership at a desk and for a client of this person; everybody's for who reads everything."""
    everything = visibility.reads_everything(person)
    seats = Membership.objects.all() if everything else memberships.shared_with(person)
    return Person.objects.filter(pk__in=seats.values("person"))


class ColleagueFilter(admin.RelatedFieldListFilter):
    """Filter by a person, among those whom the reader knows."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: "admin.ModelAdmin[Any]"
    ) -> list[tuple[str, Any]]:
        """Return the colleagues."""
        return [(str(person.pk), str(person)) for person in colleagues(person_of(request)).order_by("username")[:200]]


class DeciderFilter(admin.SimpleListFilter):
    """Filter by who decided, for any decision type."""

    title = _("decided by")
    parameter_name = "decided_by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Colleagues with a membership; search finds former members."""
        people = colleagues(person_of(request)).order_by("username")[:200]
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
    column = "client"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """The clients, by name."""
        return [(str(client.pk), str(client)) for client in clients.seen_by(person_of(request))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The rows of the chosen client."""
        value = self.value() or ""
        return queryset.filter(**{self.column: int(value)}) if _DIGITS.fullmatch(value) else queryset


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
