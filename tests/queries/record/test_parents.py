"""The clock asks about parents, and not about each of their children."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from approvals.models import Action
from approvals.queries.record.related import parents
from approvals.services.execution.results import release
from tests import world
from tests.services.execution.families import run
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]
CHILDREN = 20


class TestWhatIsAsked:
    def test_finds_parents_in_order_among_others_that_wait(self, here: World) -> None:
        made = [here.pending() for _ in range(4)]
        for parent in made:
            for _ in range(2):
                here.approved(parent=parent.pk)
        for parent in made[::2]:
            world.withdraw(here, parent)
        assert list(parents.failed_above()) == made[::2]
        children = Action.objects.filter(parent__in=made[::2]).order_by("parent_id", "id")
        assert list(parents.orphans()) == list(children)

    def test_finds_the_executions_of_a_parent_that_was_executed(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(release, "AT_ONCE", 0)
        first, parent = here.pending(), here.approved()
        children = [here.approved(parent=parent.pk) for _ in range(2)]
        here.approved(parent=first.pk)
        run()
        assert list(parents.executed_above()) == [parent]
        assert [each.action_id for each in parents.overdue()] == [each.pk for each in children]

    def test_is_nothing_where_nothing_waits(self, here: World) -> None:
        here.approved()
        assert list(parents.orphans()) == list(parents.overdue()) == []

    @pytest.mark.postgresql_only
    @pytest.mark.parametrize("ask", [parents.failed_above, parents.executed_above])
    def test_costs_the_same_however_many_children_wait(self, here: World, ask: Callable[[], QuerySet[Action]]) -> None:
        parent = here.pending()
        for _ in range(CHILDREN):
            here.approved(parent=parent.pk)
        assert rows_read(ask()) < 6 < CHILDREN


def rows_read(rows: QuerySet[Any, Any]) -> float:
    """How many rows a statement reads of those that wait, where it may neither sort them nor walk their whole table.

    How the parents themselves are read, of which few are left, is the planner's choice, and differs with the table.
    """
    # A setting that is local ends with its transaction.
    with transaction.atomic(), connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = json.loads(rows.explain(analyze=True, format="json"))[0]["Plan"]
    scans = [node for node in nodes(plan) if node.get("Alias", "").startswith("w")]
    assert scans
    removed = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return sum(
        (node["Actual Rows"] + sum(node.get(name, 0) for name in removed)) * node["Actual Loops"] for node in scans
    )


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)
