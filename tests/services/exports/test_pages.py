"""Pages by key hold every row once, in the order of the list, whatever it is sorted by."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F, QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.models import Export, Person
from approvals.services.exports.pages import Pages
from tests import world
from tests.world import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_sensitive]

COLUMNS = ("total", "rows", "format", "finished_at", "person", "person__username", "requested_at")
TERMS = st.lists(st.tuples(st.sampled_from(COLUMNS), st.booleans()), max_size=3)
MAYBE = st.none() | st.integers(0, 2)
ROWS = st.lists(st.tuples(MAYBE, st.integers(0, 2), st.sampled_from(["csv", "xlsx"]), MAYBE), max_size=9)


def fill(people: list[Person], rows: list[Any]) -> QuerySet[Export]:
    source = str(world.unknown_id())
    Export.objects.bulk_create(
        Export(
            person=people[number % 2], source=source, salt="", format=name, columns=[], grounds=[], touched_at=NOON,
            requested_at=NOON, rows=count, total=total,
            finished_at=None if days is None else NOON + timedelta(days=days, microseconds=7),
        )
        for number, (total, count, name, days) in enumerate(rows)
    )  # fmt: skip
    return Export.objects.filter(source=source)


def read(rows: QuerySet[Any], size: int) -> list[Any]:
    found: list[Any] = []
    cursor = None
    while page := Pages(rows).after(cursor, size):
        found += page
        cursor = Pages(rows).cursor(page[-1])
    return [row.pk for row in found]


@given(rows=ROWS, order=TERMS, size=st.integers(1, 4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_are_the_list(rows: list[Any], order: list[tuple[str, bool]], size: int) -> None:
    # Each case has a source of its own, because no guard lets a row go.
    people = [Person.objects.filter(username=name).first() or world.person(name) for name in ("kim", "ann")]
    found = fill(people, rows).order_by(*(f"-{name}" if is_down else name for name, is_down in order), "-id")
    assert read(found, size) == [row.pk for row in found]


@pytest.mark.parametrize("term", [F("total").asc(nulls_first=True), F("total").desc(nulls_last=True)])
def test_nulls_stand_where_the_order_says(term: Any) -> None:
    people = [world.person("kim"), world.person("ann")]
    found = fill(people, [(each, 0, "csv", None) for each in (None, 2, 1, None, 2)]).order_by(term, "id")
    assert read(found, 2) == [row.pk for row in found]


def test_a_first_column_without_nulls_is_read_from_where_the_last_page_ended() -> None:
    rows = fill([world.person("kim"), world.person("ann")], [(None, 0, "csv", None)] * 3).order_by("-requested_at")
    sql = str(Pages(rows)._rows.filter(Pages(rows)._beyond([NOON.isoformat(), str(world.unknown_id())])).query)
    assert '"requested_at" <=' in sql
