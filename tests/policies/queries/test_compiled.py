"""Compiled queries find what Django finds, with other values in each run."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import CharField, F, Model, PositiveIntegerField, QuerySet
from pytest_django import DjangoAssertNumQueries

from policies.compiled import Compiled, Slot
from policies.models import Version
from tests.policies.versions import TEXT

pytestmark = [pytest.mark.django_db, pytest.mark.vendor_sensitive]
Make = Callable[..., Version]
WITH = ("policy", "drafted_by", "published_by")


def rows(name: Any, number: Any) -> QuerySet[Version]:
    """A version with related rows, of which one is never there, and with something computed."""
    found = Version.objects.select_related(*WITH).annotate(twice=F("number") * 2)
    return found.filter(policy__name=name, number=number)


FOUND: Compiled[Version] = Compiled(lambda: rows(Slot("name", CharField()), Slot("number", PositiveIntegerField())))


def held(row: Model | None) -> dict[str, Any]:
    """All that an instance holds, in its related ones too."""
    assert row is not None
    own = {name: value for name, value in vars(row).items() if name != "_state"}
    related = {name: held(each) if each else None for name, each in row._state.fields_cache.items()}
    return own | related | {"db": row._state.db, "adding": row._state.adding}


class TestACompiledQuery:
    def test_finds_what_django_finds(self, published: Make) -> None:
        published()
        published(TEXT + "missing: escalate\n")
        for number in (1, 2):
            assert held(FOUND.first(name="invoices", number=number)) == held(rows("invoices", number).get())

    def test_finds_nothing_where_there_is_nothing(self) -> None:
        assert FOUND.first(name="invoices", number=1) is None

    def test_reads_what_is_related_in_its_one_statement(
        self, drafted: Make, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        drafted()
        with django_assert_num_queries(1):
            version = FOUND.first(name="invoices", number=1)
            assert version is not None
            assert (version.policy.name, version.published_by) == ("invoices", None)
