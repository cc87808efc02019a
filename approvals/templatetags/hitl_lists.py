"""List display: a date hierarchy without a full scan, and a capped count."""

import calendar
from datetime import date, datetime
from typing import Any

from django import template
from django.contrib.admin.views.main import ALL_VAR, PAGE_VAR, SEARCH_VAR, ChangeList
from django.db.models import Max, Min, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

register = template.Library()
MAX_YEARS = 30


@register.filter
def is_cut(cl: ChangeList) -> bool:
    """Whether the count was capped, so that there may be more rows."""
    return cl.result_count >= getattr(cl.paginator, "most_counted", float("inf"))


@register.filter
def export_url(cl: ChangeList) -> str:
    """The address that exports the rows of a list as it is now; empty if the list cannot be exported."""
    if cl.is_popup or not hasattr(cl.model_admin, "prepare_export"):
        return ""
    return reverse("admin:export_new", args=[cl.opts.label_lower]) + cl.get_query_string(remove=[PAGE_VAR, ALL_VAR])


@register.filter
def is_narrowed(cl: ChangeList) -> bool:
    """Whether a search or a filter leaves rows out."""
    return bool(cl.query) or any(value not in ("", [""]) for value in cl.get_filters_params().values())


@register.inclusion_tag("admin/filters_above.html")
def filters_above(cl: ChangeList) -> dict[str, Any]:
    """One form with all filters of a list, which keeps its search; dates are of the reader's zone."""
    return {
        "fields": [_as_field(spec) for spec in cl.filter_specs],
        "kept": [(SEARCH_VAR, cl.query)] if cl.query else [],
        "is_narrowed": is_narrowed(cl),
        "zone": timezone.get_current_timezone_name(),
    }


def _as_field(spec: Any) -> dict[str, Any]:
    """A filter as boxes to type in or as one choice."""
    if hasattr(spec, "filled"):
        boxes = [{"name": name, "label": label, "value": value} for name, label, value in spec.filled]
        return {"title": spec.title, "boxes": boxes, "kind": spec.kind, "faults": spec.faults}
    if hasattr(spec, "parameter_name"):
        name, chosen = spec.parameter_name, spec.value()
    else:
        name, chosen = spec.lookup_kwarg, spec.lookup_val
        chosen = chosen[-1] if isinstance(chosen, list) and chosen else chosen
    chosen = str(chosen or "")
    options = [(str(value), label, str(value) == chosen) for value, label in spec.lookup_choices]
    return {"title": spec.title, "name": name, "options": options, "is_set": any(item[2] for item in options)}


@register.inclusion_tag("admin/dates.html")
def dates(cl: ChangeList) -> dict[str, Any]:
    """Years, months and days to choose from, between the first and last row.

    Django scans all rows to skip empty days; this uses an index for the first and last.
    """
    name = str(cl.date_hierarchy)
    year, month, day = (_chosen(cl, f"{name}__{part}") for part in ("year", "month", "day"))
    label = _("By date")
    if year and month and day:
        choices = [{"title": date_format(date(year, month, day), "MONTH_DAY_FORMAT")}]
        return {"label": label, "choices": choices, "back": _back(cl, name, year=year, month=month)}
    if year and month:
        count = calendar.monthrange(year, month)[1]
        return {
            "label": label,
            "choices": [
                _choice(cl, name, str(number), year=year, month=month, day=number) for number in range(1, count + 1)
            ],
            "back": _back(cl, name, year=year),
        }
    if year:
        months = [date(year, number, 1) for number in range(1, 13)]
        choices = [_choice(cl, name, date_format(first, "N"), year=year, month=first.month) for first in months]
        return {"label": label, "choices": choices, "back": _back(cl, name)}
    return {"label": label, "choices": _years(cl, name), "back": None}


def _years(cl: ChangeList, name: str) -> list[dict[str, Any]]:
    ends = _by_key(cl, name) if getattr(cl.model_admin, "is_dated_by_key", False) else _by_date(cl, name)
    first, last = (_year(ends.get(end)) for end in ("first", "last"))
    if first is None or last is None:
        return []
    return [_choice(cl, name, str(year), year=year) for year in range(max(first, last - MAX_YEARS), last + 1)]


def _by_date(cl: ChangeList, name: str) -> dict[str, Any]:
    return cl.model._default_manager.aggregate(first=Min(name), last=Max(name))


def _by_key(cl: ChangeList, name: str) -> dict[str, Any]:
    """The dates of the first and the last key, for a table whose dates have no index and rise with its keys."""
    rows = cl.model._default_manager.values(name)
    first, last = (Subquery(rows.order_by(order)[:1]) for order in ("pk", "-pk"))
    return next(iter(rows.order_by().values(first=first, last=last)[:1]), {})


def _year(value: date | datetime | None) -> int | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).year
    return value.year if value else None


def _chosen(cl: ChangeList, name: str) -> int | None:
    value = cl.params.get(name)
    text = str(value[-1] if isinstance(value, list) else value or "")
    return int(text) if text.isdecimal() and 0 < int(text) < 9999 else None


def _choice(cl: ChangeList, name: str, title: str, **parts: int) -> dict[str, Any]:
    link = cl.get_query_string({f"{name}__{part}": value for part, value in parts.items()}, [f"{name}__"])
    return {"title": title, "link": link}


def _back(cl: ChangeList, name: str, **parts: int) -> dict[str, Any]:
    title = _("All dates") if not parts else str(parts["year"])
    if "month" in parts:
        title = date_format(date(parts["year"], parts["month"], 1), "YEAR_MONTH_FORMAT")
    return _choice(cl, name, title, **parts)
