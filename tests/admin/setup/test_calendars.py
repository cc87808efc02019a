"""Calendars in the admin: every row with its history and entry, and holidays that are pasted."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.models import Calendar, Holiday, Hours, LedgerEntry
from tests.world import World


def send(client: Client, here: World, **changes: Any) -> HttpResponse:
    rows = {
        "hours-TOTAL_FORMS": "1", "hours-INITIAL_FORMS": "0", "hours-0-weekday": "0",
        "hours-0-begins": "08:00", "hours-0-ends": "18:00",
        "holidays-TOTAL_FORMS": "1", "holidays-INITIAL_FORMS": "0",
        "holidays-0-on": "2026-12-25", "holidays-0-name": "Christmas Day",
    }  # fmt: skip
    form = {"desk": str(here.desk.pk), "time_zone": "Europe/Berlin", "pasted": ""} | rows | changes
    return client.post(reverse("admin:approvals_calendar_add"), form)


class TestACalendar:
    def test_is_kept_row_by_row(self, here: World, superuser: Client) -> None:
        assert send(superuser, here).status_code == 302
        calendar = Calendar.objects.get(desk=here.desk)
        assert [str(row) for row in (*calendar.hours.all(), *calendar.holidays.all())] == [
            "Monday, 08:00 – 18:00",
            "2026-12-25 Christmas Day",
        ]
        events = {"setup.calendar.added", "setup.hours.added", "setup.holiday.added"}
        assert set(LedgerEntry.objects.filter(event__in=events).values_list("event", flat=True)) == events
        assert Hours.history.count() == Holiday.history.count() == 1

    def test_takes_pasted_holidays_once_each(self, here: World, superuser: Client) -> None:
        pasted = "2026-12-25, Christmas Day\n\n2027-01-01, New Year's Day\n2027-01-06\n2027-01-06, Epiphany"
        assert send(superuser, here, pasted=pasted).status_code == 302
        found = Holiday.objects.values_list("name", flat=True)
        assert list(found) == ["Christmas Day", "New Year's Day", "Epiphany"]

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"pasted": "25.12.2026, Christmas"}, "Line 1 must start with a date"),
            ({"pasted": "2026-12-25, " + "x" * 200}, "The name on line 1 is too long"),
            ({"time_zone": "Berlin"}, "Berlin is not a known time zone"),
            ({"hours-0-ends": "07:00"}, "The end must be after the start"),
        ],
    )
    def test_says_what_is_wrong(self, here: World, superuser: Client, changes: dict[str, str], sentence: str) -> None:
        assert sentence in send(superuser, here, **changes).content.decode()
        assert not Calendar.objects.exists()

    def test_is_kept_by_whoever_has_the_permission(self, here: World, senior: Client) -> None:
        assert send(senior, here).status_code == 403
