"""“All modified in November above EUR 1,000” is a file after at most four clicks, each on what a served page offers.

Typing is no click. To press Enter in a form would spare one, and is not counted on.
"""

import csv
import io
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from django.http import HttpResponse
from django.test import Client

from approvals.models import Action
from tests import world
from tests.admin.offers.html import Form, Page
from tests.admin.offers.walk import values_of
from tests.world import NOON, World

MOST = 4
BEFORE = NOON.replace(day=1) - timedelta(days=1)


class Hands:
    """Somebody at a browser, whose clicks are counted."""

    def __init__(self, client: Client) -> None:
        self.client, self.clicks, self.address = client, 0, "/admin/"
        self.answer: HttpResponse = client.get(self.address)
        self.typed: dict[str, str] = {}

    @property
    def page(self) -> Page:
        return Page(self.address, self.answer.content.decode())

    def follow(self, words: str) -> None:
        """Click the first link that says this."""
        self._goes(next(href for href, text in self.page.links if text.startswith(words)), "get", {})

    def type(self, **boxes: str) -> None:
        """Type into boxes."""
        self.typed |= boxes

    def press(self, words: str) -> None:
        """Click the button that says this, of the form in which it was typed."""
        (form,) = (each for each in self.page.forms.values() if self._is_meant(each, words))
        sent: dict[str, Any] = values_of(form) | {name: [value] for name, value in self.typed.items()}
        self.typed = {}
        self._goes(form.action or self.address, form.method, sent)

    def _is_meant(self, form: Form, words: str) -> bool:
        names = {field.name for field in form.fields}
        return words in {text for *_rest, text in form.buttons} and set(self.typed) <= names

    def _goes(self, address: str, method: str, sent: dict[str, Any]) -> None:
        self.clicks += 1
        self.address = urljoin(self.address, address)
        answer: Any = getattr(self.client, method)(self.address, sent or None, follow=True)
        self.address = answer.request["PATH_INFO"] + "?" + answer.request["QUERY_STRING"]
        self.answer = answer


@pytest.fixture
def wanted(here: World) -> Action:
    """The one that is wanted, among those that another day, amount, currency or decision leaves out."""

    def modified(at: Any = BEFORE, **changes: Any) -> Action:
        action = here.pending(at, **changes)
        world.decide("modify", action, here.senior, at, payload=action.revision.payload | {"account": 4400})
        return action

    modified(NOON.replace(day=1), amount=1_200)
    modified(amount=999)
    modified(amount=1_200, currency="USD")
    here.approved(BEFORE, amount=1_200)
    return modified(amount=1_000.5)


def file_of(hands: Hands) -> list[str]:
    assert "attachment" in hands.answer["Content-Disposition"]
    return [row["id"] for row in csv.DictReader(io.StringIO(hands.answer.content.decode()))]


def month() -> dict[str, str]:
    last: date = BEFORE.date()
    return {"decided_from": f"{last.replace(day=1)}", "decided_to": f"{last}"}


class TestAMonthAsAFile:
    def test_by_the_list_of_actions(self, wanted: Action, compliance: Client) -> None:
        """The final decision is chosen by typing its first letters, as a list of choices takes them."""
        hands = Hands(compliance)
        hands.follow("Actions")
        hands.type(decided_as="modify", amount_from="1000", currency="EUR", **month())
        hands.press("Filter")
        hands.follow("Export")
        hands.press("Export")
        assert file_of(hands) == [str(wanted.pk)]
        assert hands.clicks <= MOST

    def test_by_the_figure_of_the_home_page(self, wanted: Action, here: World, compliance: Client) -> None:
        """The figure leads to what is modified, so that nothing is chosen at all."""
        hands = Hands(compliance)
        share = next(text for href, text in hands.page.links if "decided_as=modify" in href)
        hands.follow(share)
        hands.type(amount_from="1000", currency="EUR", **month())
        hands.press("Filter")
        hands.follow("Export")
        hands.press("Export")
        assert file_of(hands) == [str(wanted.pk)]
        assert hands.clicks <= MOST

    def test_is_one_click_less_once_the_search_is_saved(self, wanted: Action, compliance: Client) -> None:
        query = "&".join(f"{name}={value}" for name, value in month().items())
        compliance.post("/admin/approvals/action/views/", {"name": "Month", "query": f"decided_as=modify&{query}"})
        hands = Hands(compliance)
        hands.follow("Actions")
        hands.follow("Month")
        assert {row.currency for row in hands.answer.context["cl"].result_list} == {"EUR", "USD"}
        hands.follow("Export")
        hands.press("Export")
        assert len(file_of(hands)) == 3
        assert hands.clicks <= MOST
