"""Related rows on pages: a link only for readers who may open what it leads to, yes or no, and fields with names."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, DateTimeField, Field, ForeignKey, Model
from django.forms.models import BaseInlineFormSet
from django.forms.utils import pretty_name
from django.http import HttpRequest
from django.template.defaultfilters import yesno


@dataclass(frozen=True)
class InWords:
    """A column that names the related row without a link, or says yes or no."""

    field: "Field[Any, Any]"
    if_empty: str

    @property
    def __name__(self) -> str:
        return str(self.field.name)

    @property
    def short_description(self) -> Any:
        """The label of the field that it stands for."""
        return self.field.verbose_name

    def __call__(self, row: Model) -> str:
        """The name of the related row, or the answer."""
        held = getattr(row, self.field.name)
        if held is None:
            return self.if_empty
        return str(yesno(held) if isinstance(self.field, BooleanField) else held)


class NamedDateTime(AdminSplitDateTime):
    """A date and a time, each with a name: Django 5.2 only writes words beside them."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The context of both fields."""
        context = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], ("date_label", "time_label"), strict=True):
            part["attrs"]["aria-label"] = context[label]
        return context


class PlainWhereClosed(admin.options.BaseModelAdmin):
    """A read-only page or table with words instead of pictures, and links only where the reader may open them."""

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **given: Any) -> Any:
        """The form field, with names for the parts of a time."""
        if isinstance(db_field, DateTimeField):
            given.setdefault("widget", NamedDateTime)
        return super().formfield_for_dbfield(db_field, request, **given)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields, in words where Django would show a picture or a link that the reader may not follow."""
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
        field = self._field(name)
        is_closed = isinstance(field, ForeignKey) and not self._may_open(request, field.related_model)
        if is_closed or isinstance(field, BooleanField):
            return InWords(field, str(self.get_empty_value_display()))
        return name

    def _field(self, name: Any) -> Any:
        try:
            return self.opts.get_field(name) if isinstance(name, str) else None
        except FieldDoesNotExist:
            return None

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
        """The read-only fields, and those in words among the others."""
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        plain = [name for name in fields if isinstance(name, InWords)]
        return (*super().get_readonly_fields(request, obj), *plain)
