"""A list of the admin filters by its declared filters only; no other lookup reaches a query."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.db import connection
from django.db.models import Field
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies.declared_filters import NO_FILTERS
from tests import world
from tests.world import World

ADMINS = sorted(admin.site._registry.values(), key=lambda page: page.opts.label)
HOSTILE = "^(([a-z])+.)+[A-Z]([a-z])+$"
LOOKUPS = (
    "",
    "__regex",
    "__iregex",
    "__contains",
    "__startswith",
    "__gt",
    "__in",
    "__range",
    "__lower__regex",
    "__len__gt",
)
OTHERS = (
    "nothing",
    "pk",
    "pk__regex",
    "password",
    "_state",
    "__",
    "a__b__c",
    "Q",
    "or",
    "p__regex",
    "q__regex",
    "e__exact",
)


def undeclared(page: Any) -> Iterator[str]:
    """Lookups of every field, also of the fields of related rows, and names of nothing."""
    yield from OTHERS
    for field in page.model._meta.get_fields():
        yield from (f"{field.name}{lookup}" for lookup in LOOKUPS)
        if field.is_relation and field.related_model:
            inner = field.related_model._meta.get_fields()
            yield from (f"{field.name}__{each.name}{lookup}" for each in inner for lookup in LOOKUPS)


def expected(page: Any, request: Any) -> set[str]:
    """What Django's own filters read, once they are made."""
    found = {f"{page.date_hierarchy}__{part}" for part in ("year", "month", "day")} if page.date_hierarchy else set()
    for declared in page.get_list_filter(request):
        if isinstance(declared, type):
            made: Any = declared(request, {}, page.model, page)
        else:
            path, kind = declared if isinstance(declared, tuple) else (declared, admin.FieldListFilter.create)
            field = admin.utils.get_fields_from_path(page.model, path)[-1]
            made = kind(field, request, {}, page.model, page, field_path=path)
        found |= set(made.expected_parameters())
    return found


@pytest.fixture
def root(here: World) -> Client:
    client = Client()
    client.force_login(world.auditor())
    return client


@pytest.mark.parametrize("page", ADMINS, ids=lambda page: page.opts.label)
class TestEveryList:
    def test_declares_what_its_filters_read_and_nothing_else(self, here: World, page: Any) -> None:
        request = RequestFactory().get("/")
        request.user = here.senior
        known = expected(page, request)
        assert all(page.lookup_allowed(name, "1", request) for name in known)
        # Some of these are a filter's own, such as a date from which a list begins.
        refused = [name for name in undeclared(page) if name not in known]
        assert len(refused) > 50 and not [name for name in refused if page.lookup_allowed(name, HOSTILE, request)]

    def test_answers_with_words_and_asks_no_row(self, root: Client, page: Any) -> None:
        address = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
        texts = [
            each.name for each in page.model._meta.get_fields() if isinstance(each, Field) and not each.is_relation
        ]
        for name in (f"{texts[-1]}__regex", f"{texts[0]}__iregex", "nothing"):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                answer = root.get(address, {name: HOSTILE, "q": "a"})
            assert (answer.status_code, answer["Location"]) == (302, address)
            assert not [query for query in asked.captured_queries if HOSTILE in query["sql"]]
            said = [str(each) for each in get_messages(answer.wsgi_request)]
            assert said[-1:] == [f"This list has no filter named “{name}”. Use one of the available filters."]

    def test_opens_with_what_django_reads_itself(self, root: Client, page: Any) -> None:
        address = reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_changelist")
        for name in NO_FILTERS - {"_to_field"}:
            assert root.get(address, {name: "1"}).status_code == 200
