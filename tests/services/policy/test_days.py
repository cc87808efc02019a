"""What day it is, is asked at the desk: for a date in a payload, an exchange rate, an owner and a shift."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from approvals.actors import Door, system
from approvals.models import Calendar, Duty, ExchangeRate, SubjectOwner
from approvals.queries.directory import assignee_resolver
from approvals.services.directory import import_sheet
from approvals.text import normalize
from tests import world
from tests.world import NOON, SCHEMA, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
ZONES = ("Pacific/Kiritimati", "Europe/Berlin", "UTC", "America/New_York", "Pacific/Pago_Pago")
DATED: dict[str, Any] = {
    **SCHEMA,
    "properties": {
        **SCHEMA["properties"],
        "date": {"type": "string", "x-expect": {"kind": "date", "not_future": True}},
    },
}


@pytest.fixture(params=ZONES)
def here(here: World, request: pytest.FixtureRequest) -> World:
    here.set_kind(schema=DATED)
    Calendar.objects.create(desk=here.desk, time_zone=request.param)
    return here


def day_at(here: World, at: datetime) -> Any:
    return at.astimezone(ZoneInfo(Calendar.objects.get(desk=here.desk).time_zone)).date()


@pytest.mark.parametrize("hour", [0, 5, 11, 13, 23])
@pytest.mark.parametrize("days", [-1, 0, 1, 2])
def test_a_date_is_in_the_future_by_the_day_of_the_desk(here: World, hour: int, days: int) -> None:
    at = datetime.combine(NOON.date(), time(hour, 30), UTC)
    day = NOON.date() + timedelta(days=days)
    flags = [flag["code"] for flag in here.pending(at, date=day.isoformat()).flags]
    assert ("date_in_future" in flags) == (day > day_at(here, at))


@pytest.mark.parametrize("hour", [0, 11, 23])
def test_a_rate_is_that_of_the_day_of_the_desk(here: World, hour: int) -> None:
    at = datetime.combine(NOON.date(), time(hour, 30), UTC)
    for days in range(-3, 3):
        day = NOON.date() + timedelta(days=days)
        ExchangeRate.objects.create(currency="USD", valid_from=day, rate=Decimal(10 + days))
    action = here.pending(at, amount=100, currency="USD")
    assert action.amount_base == 100 * (10 + (day_at(here, at) - NOON.date()).days)


def test_an_owner_is_that_of_the_day_of_the_desk(here: World) -> None:
    now = datetime.now(UTC)
    for person, begins in ((here.junior, -1), (here.senior, 0)):
        began = day_at(here, now) + timedelta(days=begins)
        SubjectOwner.objects.create(
            subject="Paper Mill", spelled=normalize.subject("Paper Mill"), owner=person, from_on=began
        )
    found = assignee_resolver.resolve("owner", here.pending(), lambda person: True)
    assert found.person == here.senior


def test_a_shift_is_written_in_the_hours_of_the_desk(here: World) -> None:
    sheet = "desk,person,from,until\nfinance,junior,2026-03-02T08:00,2026-03-02T17:00\n"
    import_sheet.import_sheet(actor=system(Door.COMMAND), at=NOON, sheet="duty", content=sheet.encode())
    zone = ZoneInfo(Calendar.objects.get(desk=here.desk).time_zone)
    assert Duty.objects.get().starts_at == datetime(2026, 3, 2, 8, tzinfo=zone)


def test_a_desk_without_a_calendar_counts_as_the_installation_does(settings: Settings) -> None:
    settings.TIME_ZONE = "Pacific/Kiritimati"
    here = world.make(schema=DATED)
    at = datetime.combine(NOON.date(), time(12, 30), UTC)
    flags = here.pending(at, date=(NOON.date() + timedelta(days=1)).isoformat()).flags
    assert "date_in_future" not in [flag["code"] for flag in flags]
