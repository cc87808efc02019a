"""Lists of the admin filter only by what they declare; Django's own also accept a regular expression for any field."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ERROR_FLAG, IGNORED_PARAMS, PAGE_VAR
from django.db.models import BooleanField, DateField
from django.db.models.fields.related import RelatedField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

# Search, order, page and the like, which Django reads itself.
NO_FILTERS = frozenset({*IGNORED_PARAMS, PAGE_VAR, ERROR_FLAG})
MAX_SHOWN = 60


class DeclaredFilters(admin.ModelAdmin):
    """A model whose list refuses every parameter that is not one of its filters."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Return whether a parameter belongs to a declared filter."""
        declared = self.get_list_filter(request) if request is not None else self.list_filter
        return lookup in self._dates() or any(lookup in self._parameters(each) for each in declared)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list; an undeclared filter leads to the whole list, with a message, and reaches no query."""
        for name in request.GET:
            if name not in NO_FILTERS and not self.lookup_allowed(name, request.GET[name], request):
                shown = name if len(name) <= MAX_SHOWN else f"{name[:MAX_SHOWN]}…"
                messages.error(
                    request,
                    gettext("This list has no filter named “%(name)s”. Use one of the available filters.")
                    % {"name": shown},
                )
                return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)

    def _dates(self) -> Iterator[str]:
        if self.date_hierarchy:
            yield from (f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day"))

    def _parameters(self, declared: Any) -> Iterator[str]:
        if isinstance(declared, type):
            boxes = getattr(declared, "boxes", None)
            yield from (name for name, _label in boxes) if boxes else [str(getattr(declared, "parameter_name", ""))]
            return
        path, kind = declared if isinstance(declared, list | tuple) else (declared, None)
        field = get_fields_from_path(self.model, path)[-1]
        if kind is admin.EmptyFieldListFilter:
            yield f"{path}__isempty"
            return
        yield f"{path}__isnull"
        if isinstance(field, RelatedField):
            yield f"{path}__{field.target_field.name}__exact"
        elif isinstance(field, DateField):
            yield from (f"{path}__gte", f"{path}__lt")
        else:
            # A field without choices is filtered by all its values, without a lookup.
            yield f"{path}__exact" if field.flatchoices or isinstance(field, BooleanField) else path
