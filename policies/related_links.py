"""Related rows on pages: a link only for readers who may open what it leads to, and fields with names."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model
from django.forms.models import BaseInlineFormSet
from django.forms.utils import pretty_name
from django.http import HttpRequest


@dataclass(frozen=True)
class PlainName:
    """A column that names the related row without a link."""

    field: ForeignKey[Any, Any]
    if_empty: str

    @property
    def __name__(self) -> str:
        return str(self.field.name)

    @property
    def short_description(self) -> Any:
        """The label of the field that it stands for."""
        return self.field.verbose_name

    def __call__(self, row: Model) -> str:
        """The name of the related row."""
        related = getattr(row, self.field.name)
        return self.if_empty if related is None else str(related)


class PlainWhereClosed(admin.options.BaseModelAdmin):
    """A read-only page or table whose related rows are links only where the reader may open them."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields, with a plain name in the place of each link that the reader may not follow."""
        found = super().get_fieldsets(request, obj)
        match = request.resolver_match
        # A page of the history makes a form of its own, in which every field must be a field.
        is_page = match is not None and str(match.url_name).endswith("_change")
        if not is_page or obj is None or self.has_change_permission(request, obj):
            return found
        return [
            (title, {**options, "fields": [self._opened(request, name) for name in options["fields"]]})
            for title, options in found
        ]

    def _opened(self, request: HttpRequest, name: Any) -> Any:
        if isinstance(name, list | tuple):
            return [self._opened(request, each) for each in name]
        field = self._related(name)
        if field is None or self._may_open(request, field.related_model):
            return name
        return PlainName(field, str(self.get_empty_value_display()))

    def _related(self, name: Any) -> ForeignKey[Any, Any] | None:
        try:
            field = self.opts.get_field(name) if isinstance(name, str) else None
        except FieldDoesNotExist:
            return None
        return field if isinstance(field, ForeignKey) else None

    def _may_open(self, request: HttpRequest, model: Any) -> bool:
        page = self.admin_site._registry.get(model)
        return page is None or page.has_view_permission(request)


class NamedFields(BaseInlineFormSet):
    """Rows whose fields say what they are: in a table, only the head of the column would."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Add a row's own fields, and name all of them."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            # A list with links beside it is wrapped.
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", field.label or pretty_name(name))


class NamedTable(admin.TabularInline):
    """A table of related rows with a name at each field."""

    formset = NamedFields


class PlainTable(PlainWhereClosed, NamedTable):
    """A table of related rows; Django leaves out of its forms only what is named as read-only."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The read-only fields, and the plain names among the others."""
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        plain = [name for name in fields if isinstance(name, PlainName)]
        return (*super().get_readonly_fields(request, obj), *plain)
