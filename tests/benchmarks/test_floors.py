from collections.abc import Callable

import pytest
from django.db import connection

from approvals.models import Action, LedgerEntry
from benchmarks import floors, lives, processes, world
from benchmarks.lives import Life
from benchmarks.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the benchmarks run on PostgreSQL"),
]


@pytest.fixture(params=[lives.by_person, lives.by_policy])
def life(request: pytest.FixtureRequest) -> Life:
    begin: Callable[[World], Life] = request.param
    return begin(world.make())


class TestFloor:
    def test_writes_what_the_product_wrote_past_every_guard(self, life: Life) -> None:
        state, entries = life.action.state, LedgerEntry.objects.filter(action=life.action).count()
        for held in (1, 2):
            names = life.names(held)
            with processes.connect() as own:
                for step in life.steps:
                    floors.write(own, step, [step.again(each) for each in names])
            for action in Action.objects.filter(pk__in=life.ids(names)):
                assert (action.state, LedgerEntry.objects.filter(action=action).count()) == (state, entries)
        assert Action.objects.count() == 4
        assert not _is_recording()


def _is_recording() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = 'bench_note'")
        return bool(cursor.fetchall()) or "bench_written" in connection.introspection.table_names()
