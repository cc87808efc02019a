"""The large benchmark, tiny: its copies are as many as asked for, and every page that it measures answers."""

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from pytest_django import Settings

from approvals.models import Action, LedgerPosition
from benchmarks.large import copies, pages, people, suite

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the benchmarks run on PostgreSQL"),
]


@pytest.fixture
def company(settings: Settings) -> people.Company:
    settings.HITL_UNDO_SECONDS = 0
    return people.found()


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = ANY(%s)", [[*copies.TABLES]])
        return {name for (name,) in cursor.fetchall()}


def test_copies_whole_actions_and_builds_the_indexes_again(company: people.Company) -> None:
    before = indexes()
    suite.fill(company, 400, 40)
    states = dict(Action.objects.order_by().values_list("state").annotate(Count("pk")))
    # Four were made by the services.
    assert states == {"executed": 322, "rejected": 81, "pending": 41}
    numbers = list(LedgerPosition.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert not Action.objects.exclude(state="pending").filter(decisions=None).exists()
    assert indexes() == before


def test_asks_only_pages_that_answer(company: people.Company) -> None:
    suite.fill(company, 400, 40)
    for page in pages.all_pages(company):
        headers = {name: value for name, value in page.headers.items() if name != "Content-Type"}
        assert Client(headers=headers).get(page.addresses[0]).status_code == 200, page.name
