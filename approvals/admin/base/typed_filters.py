"""List filters with boxes to type in: amounts, days, and names of rules."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from approvals.text import local_numbers
from policies.engine.values.currencies import CODES
from policies.engine.values.money import MAX_DIGITS


class TypedFilter(admin.ListFilter):
    """A filter with text boxes; `boxes` are (parameter, label). Dates have a box of the browser's own."""

    template = "admin/typed_filter.html"
    boxes: tuple[tuple[str, Any], ...] = ()
    kind = "text"

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
            "boxes": self.filled,
            "kind": self.kind,
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

    @property
    def filled(self) -> list[tuple[str, Any, str]]:
        """Each box with its name, its label and what was typed."""
        return [(name, label, str(self.used_parameters.get(name, ""))) for name, label in self.boxes]

    def typed(self, name: str) -> str:
        """What was typed into a box."""
        return str(self.used_parameters.get(name) or "")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The rows that match the text."""
        raise NotImplementedError(f"{type(self).__name__} says which rows fit.")


class AmountFilter(TypedFilter):
    """Filter by amount range, in one currency or in any."""

    title = _("amount")
    boxes = (
        ("amount_from", pgettext_lazy("amount", "from")),
        ("amount_to", pgettext_lazy("amount", "to")),
        ("currency", _("currency")),
    )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The actions within the range; an invalid bound matches nothing and is explained."""
        for name, lookup in (("amount_from", "amount__gte"), ("amount_to", "amount__lte")):
            if text := self.typed(name):
                bound = self._bound(text)
                queryset = queryset.none() if bound is None else queryset.filter(**{lookup: bound})
        if code := self.typed("currency").upper():
            if code not in CODES:
                self.faults.append(gettext("Enter a currency code, for example EUR."))
                return queryset.none()
            queryset = queryset.filter(currency=code)
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


class PeriodFilter(TypedFilter):
    """Filter by days of the reader's time zone, the last one included."""

    kind = "date"
    field = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of the period; what is no day matches nothing and is explained."""
        (first, _label), (last, _other) = self.boxes
        bounds: dict[str, datetime] = {}
        for name, lookup, days in ((first, "gte", 0), (last, "lt", 1)):
            if text := self.typed(name):
                moment = self._moment(text, days)
                if moment is None:
                    return queryset.none()
                bounds[lookup] = moment
        return self.within(queryset, bounds) if bounds else queryset

    def within(self, queryset: QuerySet[Any], bounds: Mapping[str, datetime]) -> QuerySet[Any]:
        """The rows whose time is within bounds, which are look-ups of a time."""
        return queryset.filter(**{f"{self.field}__{name}": moment for name, moment in bounds.items()})

    def _moment(self, text: str, days: int) -> datetime | None:
        try:
            day = date.fromisoformat(text) + timedelta(days=days)
            return timezone.make_aware(datetime.combine(day, time()))
        except (ValueError, OverflowError):
            self.faults.append(gettext("Enter a date, for example 2026-12-25."))
            return None


class ProposedFilter(PeriodFilter):
    """Filter by the day of the proposal."""

    title = _("proposed")
    field = "created_at"
    boxes = (("proposed_from", pgettext_lazy("date", "from")), ("proposed_to", pgettext_lazy("date", "to")))


class DecidedFilter(PeriodFilter):
    """Filter by the day of the decision."""

    title = _("decided")
    field = "decided_at"
    boxes = (("decided_from", pgettext_lazy("date", "from")), ("decided_to", pgettext_lazy("date", "to")))


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
