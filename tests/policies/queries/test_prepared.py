"""Statements whose plans PostgreSQL keeps: they find and write what Django does, whatever the values are."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.models import Beat
from policies import writes
from policies.compiled import Compiled, CompiledValues, Slot
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_sensitive]
AT = datetime(2026, 1, 1, tzinfo=UTC)
EARLY, LATE = (AT.replace(year=year, tzinfo=None) for year in (1900, 2999))
BEAT: Compiled[Beat] = Compiled(lambda: Beat.objects.filter(name=Slot("name", models.CharField())))
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
many = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


def plans() -> int:
    """How many plans of one statement this connection keeps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FROM \"approvals_beat\"%'")
        return int(cursor.fetchone()[0])


class TestAStatement:
    @pytest.mark.postgresql_only
    def test_is_planned_once_for_all_values(self) -> None:
        for place in range(5):
            BEAT.all(name=f"beat {place}")
        assert plans() == 1

    @pytest.mark.postgresql_only
    def test_is_planned_anew_for_each_value_if_it_says_so(self) -> None:
        found = Compiled(lambda: Beat.objects.filter(name=Slot("name", models.CharField())), is_planned_anew=True)
        beats = [Beat(name=f"beat {place}", at=AT) for place in range(5)]
        writes.insert(beats)
        before = plans()
        assert [found.all(name=beat.name) for beat in beats] == [[beat] for beat in beats]
        assert plans() == before

    @many
    @given(texts)
    def test_finds_what_a_slot_asks_for(self, name: str) -> None:
        writes.insert([Beat(name=name, at=AT)], pass_over=True)
        assert [row.name for row in BEAT.all(name=name)] == [name]

    @many
    @given(texts)
    def test_finds_what_a_constant_asks_for(self, name: str) -> None:
        writes.insert([Beat(name=name, at=AT)], pass_over=True)
        found = CompiledValues(lambda: Beat.objects.filter(name=name, at__gte=Slot("at", models.DateTimeField())))
        assert len(found.all(at=AT)) == 1

    @many
    @given(st.sets(texts | st.sampled_from(["NULL", "{}", '"', "\\", ","]), min_size=2))
    def test_writes_many_texts_as_they_are(self, names: set[str]) -> None:
        Beat.objects.all().delete()
        writes.insert([Beat(name=name, at=AT) for name in names])
        assert set(Beat.objects.values_list("name", flat=True)) == names

    @many
    @given(st.datetimes(EARLY, LATE, timezones=st.timezones()))
    def test_writes_a_moment_as_it_is(self, at: datetime) -> None:
        Beat.objects.all().delete()
        writes.insert([Beat(name="beat", at=at)])
        assert Beat.objects.get().at == at.astimezone(UTC)


def test_the_values_of_each_row_are_those_that_django_writes(here: World) -> None:
    here.approved()
    here.auto()
    seen = 0
    for model in apps.get_app_config("approvals").get_models():
        for row in model._base_manager.all()[:20]:
            assert list(map(str, writes.values_of(row, is_new=False))) == list(map(str, values(row)))
            seen += 1
    assert seen > 20


def values(row: Any) -> list[Any]:
    """What Django would write for a row."""
    fields = row._meta.concrete_fields
    return [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
