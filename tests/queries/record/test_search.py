"""Searching actions finds what the words name, and reads indexes to do so."""

import pytest
from django.db import connection

from approvals.models import Action
from approvals.queries.record import search
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def found(term: str) -> set[object]:
    return set(Action.objects.filter(search.fitting(term)).values_list("pk", flat=True))


class TestATerm:
    @pytest.mark.parametrize(
        "term",
        ["paper mill", "Paper Mi", "INV-4711", "inv-47", "812.50", "paper 812.5", "thread-9", "invoice inv-4711"],
    )
    def test_finds(self, here: World, term: str) -> None:
        action = here.pending(amount=812.5, invoice_number="INV-4711", thread="thread-9")
        here.pending(issuer="Other", invoice_number="X-1", amount=3)
        assert found(term) == {action.pk}

    @pytest.mark.parametrize("term", ["%", "_", "NV-4711", "812.51", "\\", "1e400", "paper other", "NaN"])
    def test_finds_nothing_else(self, here: World, term: str) -> None:
        here.pending(amount=812.5, invoice_number="INV-4711")
        assert found(term) == set()

    def test_is_cut_after_eight_words(self, here: World) -> None:
        assert found("word " * 10_000) == set()


@pytest.mark.postgresql_only
class TestTheIndexes:
    @pytest.mark.parametrize(
        ("term", "index"),
        [
            ("INV-4711", "action_reference_start"),
            ("INV-4711", "action_subject_start"),
            ("812.5", "action_amount"),
            ("paper mill", "action_subject_start"),
            ("maria", "action_behalf_start"),
        ],
    )
    def test_are_read_for_each_place_that_a_word_may_name(self, here: World, term: str, index: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
            plan = Action.objects.filter(search.fitting(term)).order_by().explain()
            cursor.execute("RESET enable_seqscan")
        assert index in plan
        assert "Seq Scan" not in plan
