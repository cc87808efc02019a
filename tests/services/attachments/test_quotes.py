"""A quote that is not on its page is an anomaly; it is looked for before routing, outside transactions."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from approvals.actors import Door, system
from approvals.errors import StoreAway
from approvals.models import Action, LookupResult
from approvals.services.decisions import checks
from approvals.services.policy.lookups import fetching, quotes
from approvals.storage import contents
from policies import db
from tests import attaching, world
from tests.world import World

WORKER = system(Door.CELERY)
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("store"),
]


def quoting(here: World, quote: str, page: int = 1, **changes: Any) -> Action:
    """An action over an amount that policy lets run, with a quote of its document, after it was looked for."""
    file = attaching.attachment(here)
    item = {"label": "Boxes", "field": "/amount", "attachment": str(file.pk), "page": page, "quote": quote}
    action = here.propose(db.now(), amount=20.5, attachments=[file.pk], evidence=[item], **changes)
    assert action.next_lookup_at is not None
    checks.run_due(actor=WORKER, clock=db.now)
    return here.route(action)


def codes(action: Action) -> list[str]:
    return [flag["code"] for flag in action.flags]


class TestAQuote:
    def test_on_its_page_lets_policy_approve(self, here: World) -> None:
        action = quoting(here, "20 boxes")
        assert (action.state, codes(action)) == ("approved", [])

    def test_that_is_not_on_its_page_goes_to_a_person(self, here: World) -> None:
        action = quoting(here, "21 boxes")
        assert (action.state, codes(action)) == ("pending", [quotes.CODE])
        (flag,) = action.flags
        assert flag["pointer"] == "/amount"
        assert "Boxes" in flag["sentence"]

    def test_past_the_last_page_goes_to_a_person(self, here: World) -> None:
        assert codes(quoting(here, "20 boxes", page=9)) == [quotes.CODE]

    def test_of_missing_bytes_goes_to_a_person(self, here: World, store: Path) -> None:
        file = attaching.attachment(here)
        (store / file.sha256[:2] / file.sha256).unlink()
        item = {"label": "Boxes", "attachment": str(file.pk), "page": 1, "quote": "20 boxes"}
        action = here.propose(db.now(), amount=20.5, attachments=[file.pk], evidence=[item])
        checks.run_due(actor=WORKER, clock=db.now)
        assert codes(here.route(action)) == [quotes.CODE]

    def test_that_there_was_no_time_for_goes_to_a_person(self, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quotes, "MAX_SECONDS", -1.0)
        monkeypatch.setattr(contents, "open_bytes", None)
        action = quoting(here, "20 boxes")
        assert (action.state, codes(action)) == ("pending", [quotes.CODE])

    def test_is_asked_for_again_while_the_store_does_not_answer(
        self, here: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(_file: object) -> bytes:
            raise StoreAway()

        monkeypatch.setattr(contents, "open_bytes", away)
        file = attaching.attachment(here)
        item = {"label": "Boxes", "attachment": str(file.pk), "page": 1, "quote": "30 boxes"}
        action = here.propose(db.now(), amount=20.5, attachments=[file.pk], evidence=[item])
        checks.run_due(actor=WORKER, clock=db.now)
        assert world.fresh(action).next_lookup_at is not None
        for _each in fetching.WAITS:
            Action.objects.update(next_lookup_at=db.now())
            checks.run_due(actor=WORKER, clock=db.now)
        assert LookupResult.objects.filter(name=quotes.NAME, state="unreachable").count() == 3
        assert codes(here.route(world.fresh(action))) == [quotes.CODE]


class TestAnActionWithoutQuotes:
    def test_is_routed_without_a_lookup(self, here: World) -> None:
        file = attaching.attachment(here)
        assert here.propose(attachments=[file.pk]).next_lookup_at is None

    def test_without_attachments_costs_no_statement(self, here: World) -> None:
        action = world.fresh(here.propose())
        assert action.revision
        with CaptureQueriesContext(connection) as asked:
            assert (list(quotes.wanted(action)), list(quotes.flags(action))) == ([], [])
        assert len(asked) == 0
