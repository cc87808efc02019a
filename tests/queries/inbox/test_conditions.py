"""Conditions of one shape share a statement, each with its own values; what is no plain value has no shape."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, Q

from approvals.authority import assignees
from approvals.models import Action, Note
from approvals.queries.inbox import conditions
from approvals.queries.inbox import waiting as inbox
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def above(most: Decimal, *kinds: str) -> Q:
    """A condition such as that of a ceiling."""
    within = Q(currency="EUR", amount__gte=-most, amount__lte=most)
    return Q(amount__isnull=False) & (~within | Q(action_type__stakes__in=kinds))


class TestAShape:
    def test_is_the_same_for_other_values(self) -> None:
        some: dict[str, Any] = {}
        others: dict[str, Any] = {}
        assert conditions.shape_of(above(Decimal(5)), some) == conditions.shape_of(above(Decimal(70)), others)
        assert sorted(map(str, others.values())) == ["-70", "70", "EUR"] and some != others

    def test_differs_with_what_is_asked(self) -> None:
        shapes = [conditions.shape_of(each, {}) for each in (Q(risk=1), ~Q(risk=1), Q(risk__lt=1), Q(risk="1"))]
        assert len(set(shapes)) == len(shapes)

    @pytest.mark.parametrize("asked", [Q(pk__in=Action.objects.all()), Q(due_at__lt=NOW)])
    def test_is_none_of_a_statement_or_a_moment(self, asked: Q) -> None:
        assert conditions.shape_of(Q(risk=1) & asked, {}) is None

    def test_is_none_of_an_expression(self) -> None:
        assert conditions.shape_of(Q(Exists(Note.objects.filter(action=OuterRef("pk")))), {}) is None


class TestWhatIsFound:
    def test_fits_the_values_of_each_run(self, here: World) -> None:
        small, large = here.pending(amount=900), here.pending(amount=2500)
        reach = assignees.reach(here.senior)
        for most, wanted in ((1000, [large]), (3000, []), (100, [small, large]), (1000, [large])):
            limit = above(Decimal(most))
            found = inbox.page(reach, limit).rows
            assert {row.pk for row in found} == {row.pk for row in wanted}
            assert inbox.count(reach, limit) == len(wanted)
            assert inbox.count(reach, ~limit) == 2 - len(wanted)
