"""Searching actions finds what the words name, and reads indexes to do so."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from approvals.models import Action
from approvals.queries.record import search
from approvals.text import money
from tests import world
from tests.world import World

SCHEMA = {**world.SCHEMA, "properties": {**world.SCHEMA["properties"], "amount": {"title": "Amount"}}}
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.world(schema=SCHEMA)]


def found(term: str) -> set[object]:
    return set(Action.objects.filter(search.fitting(term)).values_list("pk", flat=True))


class TestATerm:
    @pytest.mark.parametrize(
        "term",
        [
            *("paper mill", "Paper Mi", "INV-4711", "inv-47", "812.50", "paper 812.5", "thread-9", "invoice inv-4711"),
            *("812,50", "812,5", "EUR 812.50", "812,50 eur", "paper 812,50"),
            *("4711", "eur 812,5", "812.50 EUR", "Mill", "mil", "pap mil"),
        ],
    )
    def test_finds(self, here: World, term: str) -> None:
        action = here.pending(amount=812.5, invoice_number="INV-4711", thread="thread-9")
        here.pending(issuer="Other", invoice_number="X-1", amount=3)
        assert found(term) == {action.pk}

    @pytest.mark.parametrize(
        "term",
        [
            "%",
            "_",
            "NV-4711",
            "812.51",
            "\\",
            "1e400",
            "paper other",
            "NaN",
            "USD 812.5",
            "471",
            "ill",
            "' | x",
        ],
    )
    def test_finds_nothing_else(self, here: World, term: str) -> None:
        here.pending(amount=812.5, invoice_number="INV-4711")
        assert found(term) == set()

    @pytest.mark.parametrize("term", ["{decider}", "paper {decider}", "INV-4711 {decider}", "{decider} {decider}"])
    def test_finds_who_decided(self, here: World, term: str) -> None:
        action = here.approved(invoice_number="INV-4711")
        here.pending(invoice_number="INV-4712")
        assert found(term.format(decider=here.junior.username)) == {action.pk}

    @pytest.mark.parametrize("term", ["{decider}", "paper {decider}", "paper mill", "EUR 812.5", "4711"])
    def test_finds_the_same_where_there_is_too_much_to_name(
        self, here: World, monkeypatch: pytest.MonkeyPatch, term: str
    ) -> None:
        monkeypatch.setattr(search, "MAX_NAMED", 1)
        some = [here.approved(invoice_number=f"{prefix}-4711", amount=812.5) for prefix in ("INV", "RE")]
        here.pending(issuer="Other", invoice_number="X-1", amount=3)
        assert found(term.format(decider=here.junior.username)) == {action.pk for action in some}

    @pytest.mark.parametrize("term", ["1.080", "1,080", "1080", "1.080,00", "1,080.00", "1 080", "EUR 1 080,00"])
    def test_finds_an_amount_however_it_is_written(self, here: World, term: str) -> None:
        action = here.pending(amount=1080, issuer="Other")
        assert found(term) == {action.pk}

    @pytest.mark.parametrize(
        "term",
        [
            *("1.234,50", "1,234.50", "1'234.50", "1\u2019234.50", "1 234,50", "1\u00a0234,50", "1\u202f234.50"),
            *("1234.5", "1234,50", "1234.5000", "EUR 1.234,50", "1'234.50 eur", "paper 1234,50"),
        ],
    )
    def test_finds_an_amount_with_groups_and_decimals(self, here: World, term: str) -> None:
        action = here.pending(amount=1234.5)
        here.pending(amount="1234.51")
        here.pending(amount="1.2345")
        here.pending(amount=123450)
        assert found(term) == {action.pk}

    @pytest.mark.parametrize("term", ["20441", "717,97", "717.97", "EUR 717.97", "eur 717,97", "717,97 EUR"])
    def test_finds_the_number_and_the_amount_of_an_invoice(self, here: World, term: str) -> None:
        action = here.pending(amount=717.97, invoice_number="INV-20441")
        here.pending(amount="717.970000000000001", invoice_number="INV-204410")
        assert found(term) == {action.pk}

    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(units=st.integers(100, 10**15 - 1), places=st.integers(0, 9), is_german=st.booleans(), code=st.booleans())
    def test_finds_exactly_the_amount_that_a_page_shows(
        self, here: World, units: int, places: int, is_german: bool, code: bool
    ) -> None:
        amount, last = Decimal(units).scaleb(-places), Decimal(1).scaleb(-places)
        # Fifteen digits and more are rounded by the column.
        assume(len(str(units)) < 15)
        action = here.pending(amount=f"{amount:f}")
        here.pending(amount=f"{amount + last:f}")
        shown = money.said(action, "de" if is_german else "en")
        assert action.pk in found(shown if code else shown.removeprefix("EUR "))
        amounts = Action.objects.filter(pk__in=found(shown)).values_list("amount", flat=True)
        assert amount in amounts
        assert amount + last not in amounts

    def test_is_cut_after_eight_words(self, here: World) -> None:
        assert found("word " * 10_000) == set()

    @pytest.mark.parametrize(
        "term", ["Machine", "machine", "Works", "Legal", "halcyon works", "2026/04", "ann.lee@example"]
    )
    def test_finds_a_word_wherever_it_stands(self, here: World, term: str) -> None:
        action = here.pending(
            issuer="Halcyon Machine-Works (Legal)", invoice_number="A/2026/04", on_behalf_of="ann.lee@example.com"
        )
        here.pending(issuer="Other")
        assert found(term) == {action.pk}


@pytest.mark.postgresql_only
class TestTheIndexes:
    @pytest.mark.parametrize(
        ("term", "index"),
        [
            ("INV-4711", "action_words"),
            ("4711", "action_reference_end"),
            ("EUR 812,50", "action_amount"),
            ("812.5", "action_amount"),
            ("paper mill", "action_words"),
            ("maria", "action_words"),
        ],
    )
    def test_are_read_for_each_place_that_a_word_may_name(
        self, here: World, monkeypatch: pytest.MonkeyPatch, term: str, index: str
    ) -> None:
        # Nothing is few, so that what is asked is there to be explained.
        monkeypatch.setattr(search, "MAX_NAMED", -1)
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
            plan = Action.objects.filter(search.fitting(term)).order_by().explain()
            cursor.execute("RESET enable_seqscan")
        assert index in plan
        assert "Seq Scan" not in plan


def test_a_word_that_is_divided_asks_for_a_few_beginnings(here: World) -> None:
    """However many there are in it: each is a scan of the index."""
    action = here.pending(issuer=" ".join("abcdefghij"))
    term = ".".join("abcdefghij" * 20)
    with CaptureQueriesContext(connection) as caught:
        assert found(term) == ({action.pk} if connection.vendor == "postgresql" else set())
    assert all(each["sql"].count(":*") <= 8 * each["sql"].count("to_tsquery") for each in caught)
