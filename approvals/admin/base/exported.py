"""Lists of the admin that can be exported: their rows as the list shows them, and their columns with plain values."""

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, IGNORED_PARAMS, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.core.exceptions import FieldDoesNotExist, SuspiciousOperation
from django.db.models import DateTimeField, Field, ForeignKey, Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.html import strip_tags
from django.utils.translation import gettext

from approvals.errors import Malformed
from approvals.models import Person
from approvals.services.exports.lists import Cell, Coded, Column
from policies.engine.values.canonical import canonical_bytes

# What of an address is not about which rows there are, and in which order.
NOT_ROWS = frozenset({*IGNORED_PARAMS, PAGE_VAR, ERROR_FLAG, ALL_VAR}) - {ORDER_VAR, SEARCH_VAR}
MAX_TOLD = 100


class ExportedAdmin(admin.ModelAdmin):
    """A model whose list can be exported.

    Without ``export_columns`` the columns are those of the list and ``export_also``, which are fields or properties.
    """

    export_columns: tuple[Column, ...] = ()
    export_also: tuple[str, ...] = ()
    # What stands for a method that writes HTML.
    export_values: ClassVar[Mapping[str, Callable[[Any], Cell]]] = {}

    def get_export_columns(self, request: HttpRequest) -> tuple[Column, ...]:
        """The columns that are declared for whoever asks."""
        return self.export_columns

    def prepare_export(self, rows: Sequence[Any]) -> None:
        """Read what the columns of these rows need, in a fixed number of statements."""


class ListOf:
    """A list of the admin as a service exports it."""

    def __init__(self, shown: ExportedAdmin) -> None:
        self._shown = shown

    def is_open_to(self, person: Person) -> bool:
        """Whether this person may open the list."""
        return self._shown.has_view_or_change_permission(_visit(person, ""))

    def columns(self, person: Person) -> Sequence[Column]:
        """The columns that this person's list has, each once."""
        visit = _visit(person, "")
        given = self._shown.get_export_columns(visit)
        return given or list({each.name: each for each in _columns(self._shown, visit)}.values())

    def rows(self, person: Person, query: str) -> QuerySet[Any]:
        """The rows of the list at this address, by Django's own list: no filter, order or search can differ."""
        visit = _visit(person, query)
        if not self._shown.has_view_or_change_permission(visit):
            nothing: QuerySet[Any] = self._shown.model._default_manager.none()
            return nothing
        try:
            found: QuerySet[Any] = self._shown.get_changelist_instance(visit).queryset
        except (IncorrectLookupParameters, DisallowedModelAdminLookup, SuspiciousOperation) as error:
            raise Malformed("The list does not have one of these filters. Open the list, and export again.") from error
        return found

    def prepare(self, rows: Sequence[Any]) -> None:
        """Read what the columns of these rows need."""
        self._shown.prepare_export(rows)

    def filters(self, query: str) -> Mapping[str, str]:
        """The filters of an address, without what was searched for."""
        given = QueryDict(query)
        told = (name for name in given if name not in NOT_ROWS | {SEARCH_VAR})
        return {name[:MAX_TOLD]: str(given[name])[:MAX_TOLD] for name in told}


def address_of_rows(query: QueryDict) -> str:
    """What of an address says which rows there are and in which order."""
    kept = query.copy()
    for name in NOT_ROWS & set(kept):
        del kept[name]
    return kept.urlencode()


def _visit(person: Person, query: str) -> HttpRequest:
    """A person's visit of the list, for the methods of Django's admin that ask for one."""
    visit = HttpRequest()
    visit.method, visit.user, visit.GET = "GET", person, QueryDict(query)
    return visit


def _columns(shown: ExportedAdmin, visit: HttpRequest) -> Iterator[Column]:
    key = shown.opts.pk
    yield _of_field(key, "id", key.verbose_name)
    if action := _field(shown.model, "action"):
        label = gettext("%(name)s (ID)") % {"name": action.verbose_name}
        yield Column("action_id", label, lambda row: plain(getattr(row, action.attname)))
    for name in shown.get_list_display(visit):
        if isinstance(name, str) and name != "__str__":
            yield _column(shown, name)
    for name in shown.export_also:
        yield _column(shown, name, is_default=False)


def _column(shown: ExportedAdmin, name: str, is_default: bool = True) -> Column:
    """One column of a list: a field, what stands for one, or what a method of the list shows."""
    made = getattr(shown, name, None)
    field = _field(shown.model, name) or _field(shown.model, str(getattr(made, "admin_order_field", "") or ""))
    label = label_for_field(name, shown.model, shown)
    if name in shown.export_values:
        return Column(name, label, shown.export_values[name], is_default)
    if field is not None:
        return _of_field(field, field.name, label, is_default)
    return Column(name.removeprefix("shown_"), label, _method(shown, name), is_default)


def _field(model: type[Model], name: str) -> "Field[Any, Any] | None":
    try:
        found = model._meta.get_field(name) if name else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) and not found.many_to_many else None


def _of_field(field: "Field[Any, Any]", name: str, label: Any, is_default: bool = True) -> Column:
    return Column(name, label, value_of(field), is_default, isinstance(field, DateTimeField))


def value_of(field: "Field[Any, Any]") -> Callable[[Any], Cell]:
    """The plain value of a field: of a choice its code with its words, of a related row its name."""
    words = dict(field.flatchoices)
    if words:
        return lambda row: _coded(getattr(row, field.attname), words)
    if isinstance(field, ForeignKey):
        return lambda row: None if getattr(row, field.attname) is None else str(getattr(row, field.name))
    return lambda row: plain(getattr(row, field.attname))


def _coded(code: Any, words: Mapping[Any, Any]) -> Cell:
    return None if code is None else Coded(str(code), str(words.get(code, code)))


def plain(value: Any) -> Cell:
    """A value that a cell can hold; what has parts is canonical JSON."""
    if value is None or isinstance(value, str | bool | int | float | Decimal | date):
        return value
    if isinstance(value, list | dict):
        return canonical_bytes(value).decode()
    return str(value)


def _method(shown: ExportedAdmin, name: str) -> Callable[[Any], Cell]:
    method = getattr(shown, name, None)
    if method is None:
        return lambda row: plain(_called(getattr(row, name)))

    def text(row: Any) -> Cell:
        found = method(row)
        return html.unescape(strip_tags(found)) if isinstance(found, str) else plain(found)

    return text


def _called(value: Any) -> Any:
    return value() if callable(value) else value
