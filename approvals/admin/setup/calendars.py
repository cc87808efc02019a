"""Calendars: a desk's time zone, working hours and holidays."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from approvals.admin.base.ledger_admin import KeptAdmin
from approvals.admin.base.model_admin import actor_of
from approvals.models import Calendar, Holiday, Hours
from approvals.services.catalog import rows
from policies.related_links import NamedTable

MAX_PASTED = 400
MAX_NAME_LENGTH = 120


class CalendarForm(forms.ModelForm):
    """A calendar form with a text field for pasting holidays."""

    pasted = forms.CharField(
        label=gettext_lazy("Add holidays"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60, "class": "code"}),
        help_text=gettext_lazy(
            "Enter one holiday per line: a date, a comma, and a name. For example: 2026-12-25, Christmas Day"
        ),
    )

    def clean_pasted(self) -> dict[date, str]:
        """The holidays by date."""
        found = dict(_holidays(self.cleaned_data["pasted"]))
        if len(found) > MAX_PASTED:
            raise ValidationError(
                _("You can add at most %(most)d holidays. Remove some lines."), params={"most": MAX_PASTED}
            )
        return found


def _holidays(text: str) -> Iterator[tuple[date, str]]:
    for number, row in enumerate(csv.reader(text.splitlines(), skipinitialspace=True), 1):
        if not any(cell.strip() for cell in row):
            continue
        try:
            on = date.fromisoformat(row[0].strip())
        except ValueError as error:
            wrong = _("Line %(number)d must start with a date, for example 2026-12-25.")
            raise ValidationError(wrong, params={"number": number}) from error
        name = ", ".join(cell.strip() for cell in row[1:])
        if len(name) > MAX_NAME_LENGTH:
            raise ValidationError(
                _("The name on line %(number)d is too long. Shorten the name."), params={"number": number}
            )
        yield on, name


class HoursInline(NamedTable):
    """The weekly working hours."""

    model = Hours
    extra = 5
    fields = ("weekday", "begins", "ends")


class HolidayInline(NamedTable):
    """The holidays of a desk."""

    model = Holiday
    extra = 0
    fields = ("on", "name")


@admin.register(Calendar)
class CalendarAdmin(KeptAdmin):
    """Working calendars; changes apply to stages that open later."""

    form = CalendarForm
    list_display = ("desk", "time_zone")
    list_select_related = ("desk",)
    search_fields = ("desk__name", "time_zone")
    inlines = (HoursInline, HolidayInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A calendar cannot move to another desk."""
        return ("desk",) if obj else ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the related rows and add new pasted holidays, each with a ledger entry."""
        super().save_related(request, form, formsets, change)
        pasted: dict[date, str] = form.cleaned_data.get("pasted") or {}
        calendar = form.instance
        known = set(calendar.holidays.filter(on__in=pasted).values_list("on", flat=True))
        for on, name in sorted(pasted.items()):
            if on not in known:
                rows.save(Holiday(calendar=calendar, on=on, name=name), actor_of(request), (), is_new=True)
