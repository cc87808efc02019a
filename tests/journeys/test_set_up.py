"""A new administrator sets up an action type with nothing but the pages, and decides on its first action."""

import html
import json
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from approvals.actors import Door, system
from approvals.models import Action, ActionType, Agent, ApiKey, Decision, Desk, LedgerEntry, Person
from approvals.services import routing
from policies import db
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)
NEW_KIND = "/admin/setup/new-kind/"
MOST_PAGES, MOST_INPUTS = 8, 25
QUOTE = {
    "customer": "Harbor Lights Ltd",
    "quote_number": "Q-2041",
    "total": "2480.00",
    "currency": "EUR",
    "valid_until": "2026-12-31",
}


class Visitor:
    """Somebody in a browser without scripts, who sends the form of a page as it is, with what they change in it."""

    def __init__(self, person: Person) -> None:
        self.client = Client()
        self.client.force_login(person)
        self.pages: list[str] = []
        self.inputs = 0
        self.page = ""

    def open(self, address: str) -> str:
        """Follow a link, and those that the server answers with."""
        answer = self.client.get(address, follow=True)
        return self._see(answer, address)

    def send(self, address: str, **changes: Any) -> str:
        """Send the page's form with these fields changed; a button is no input."""
        buttons = {name: changes.pop(name) for name in ("go", "verdict") if name in changes}
        self.inputs += len(changes)
        answer = self.client.post(address, fields(self.page) | changes | buttons, follow=True)
        return self._see(answer, address)

    def _see(self, answer: HttpResponse, address: str) -> str:
        self.page = answer.content.decode()
        assert answer.status_code == 200, problems(self.page)
        step = re.search(r'data-step="(\w+)"', self.page)
        self.pages.append(step[1] if step else answer.redirect_chain[-1][0] if answer.redirect_chain else address)
        return self.page


def problems(page: str) -> list[str]:
    return re.findall(r'class="(?:errorlist[^"]*|alert alert-error[^"]*)"[^>]*>(.*?)</(?:ul|p|div)>', page, re.DOTALL)


def fields(page: str) -> dict[str, Any]:
    """What the browser would send of the page's last form but one's own changes."""
    found: dict[str, Any] = {}
    form = max(re.findall(r"<form\b.*?</form>", page, re.DOTALL), key=len)
    for tag in re.findall(r"<input\b[^>]*>", form):
        at = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if at.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in at and at.get("type") != "submit":
            found[at["name"]] = html.unescape(at.get("value", "on" if at.get("type") == "checkbox" else ""))
    for name, text in re.findall(r'<textarea[^>]*\bname="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    return found


@pytest.fixture
def founder() -> Person:
    """Whoever has just installed HITL, as `createsuperuser` makes them."""
    return world.person("founder", is_superuser=True)


@pytest.fixture
def visitor(founder: Person) -> Visitor:
    return Visitor(founder)


def create(visitor: Visitor, **policy: Any) -> str:
    """Through the five pages, with an example of one's own."""
    visitor.open(NEW_KIND)
    visitor.send(NEW_KIND, title="Send a quote", source=json.dumps(QUOTE))
    visitor.send(NEW_KIND)
    visitor.send(NEW_KIND, undo="reversible", outside="yes", harm="medium", desk_name="Sales", reviewer="alone")
    visitor.send(NEW_KIND, **policy)
    return visitor.send(NEW_KIND, go="create")


def run_command(page: str) -> HttpResponse:
    """Run the command that the page shows, as a shell would."""
    command = html.unescape(re.search(r'id="command"[^>]*>(.*?)</pre>', page, re.DOTALL)[1])  # type: ignore[index]
    headers = dict(re.findall(r'-H "([^:]+): ([^"]+)"', command))
    body = re.search(r"-d '(.*)'$", command, re.DOTALL)[1].replace("'\\''", "'")  # type: ignore[index]
    address = re.search(r'"http://[^/]+([^"]+)"', command)[1]  # type: ignore[index]
    return Client().post(address, body, content_type="application/json", headers=headers)


def test_takes_few_pages_and_inputs_to_the_first_decision(visitor: Visitor) -> None:
    create(visitor, card="amount", runs="500", reviewer="5000")
    page = visitor.send("/admin/setup/connect/send_a_quote/")
    assert run_command(page).status_code == 201
    action = Action.objects.get()
    routing.route(actor=system(Door.CELERY), at=db.now(), action_id=action.pk)
    visitor.open(f"/admin/setup/connect/send_a_quote/?agent={action.agent_id}")
    decision = f"/admin/approvals/action/{action.pk}/review/"
    assert f'href="{decision}"' in visitor.page
    # The same page, which has only become a link.
    visitor.pages.pop()
    visitor.open(decision)
    visitor.send(f"/admin/approvals/action/{action.pk}/decide/", verdict="approve")
    visitor.pages.pop()
    assert Decision.objects.get().person == Person.objects.get(username="founder")
    assert len(visitor.pages) <= MOST_PAGES, visitor.pages
    assert visitor.inputs <= MOST_INPUTS


class TestWhatComesOfIt:
    def test_is_an_action_type_with_its_policy_desk_and_owner(self, visitor: Visitor, founder: Person) -> None:
        create(visitor, card="amount", runs="500", reviewer="5000")
        kind = ActionType.objects.get(name="send_a_quote")
        assert (kind.title, kind.desk.slug, kind.owner, kind.mode) == ("Send a quote", "sales", founder, "on_the_loop")
        assert (kind.amount_pointer, kind.currency_pointer, kind.policy) == ("/total", "/currency", "send_a_quote")

    def test_is_recorded_as_made_alone(self, visitor: Visitor) -> None:
        create(visitor, card="ask")
        assert LedgerEntry.objects.filter(event="setup.policy.published").count() == 1

    def test_is_an_agent_that_may_do_nothing_else(self, visitor: Visitor) -> None:
        create(visitor, card="ask")
        visitor.send("/admin/setup/connect/send_a_quote/")
        assert Agent.objects.get().name == "agent-for-send-a-quote"
        assert [scope for scope in ApiKey.objects.get().scopes if scope.startswith("propose:")] == [
            "propose:send_a_quote"
        ]


class TestTheDryRun:
    def test_says_what_becomes_of_the_example(self, visitor: Visitor) -> None:
        visitor.open(NEW_KIND)
        visitor.send(NEW_KIND, card="invoice")
        visitor.send(NEW_KIND)
        visitor.send(NEW_KIND, desk_name="Finance", reviewer="alone")
        visitor.send(NEW_KIND, runs="500", reviewer="5000")
        assert "outcome-review" in visitor.page and "What will happen" in visitor.page

    def test_shows_why_and_where_the_amount_stands(self, visitor: Visitor) -> None:
        self.test_says_what_becomes_of_the_example(visitor)
        page = visitor.page[visitor.page.index("preview-title") :]
        assert 'class="rung rung-review"' in page and 'class="reasons"' in page
        assert "is above EUR 500.00." in page and 'class="tone-1"' in page

    @pytest.mark.parametrize(("amount", "outcome"), [("100", "auto"), ("700", "review"), ("9000", "escalate")])
    def test_answers_what_if(self, visitor: Visitor, amount: str, outcome: str) -> None:
        visitor.open(NEW_KIND)
        visitor.send(NEW_KIND, card="invoice")
        visitor.send(NEW_KIND)
        visitor.send(NEW_KIND, desk_name="Finance", reviewer="alone")
        visitor.send(NEW_KIND, runs="500", reviewer="5000")
        visitor.send(NEW_KIND, amount=amount, go="try")
        said = re.search(r'class="tried-outcome".*?outcome-(\w+)', visitor.page, re.DOTALL)
        assert said and said[1] == outcome

    def test_saves_nothing(self, visitor: Visitor) -> None:
        self.test_says_what_becomes_of_the_example(visitor)
        assert not ActionType.objects.filter(desk__slug="finance").exists() and not Desk.objects.filter(slug="finance")


class TestGoingBack:
    def test_shows_what_was_typed_there(self, visitor: Visitor) -> None:
        visitor.open(NEW_KIND)
        visitor.send(NEW_KIND, title="Send a quote", source=json.dumps(QUOTE))
        visitor.send(NEW_KIND, go="back", **{"title-0": "Buyer"})
        assert 'value="Send a quote"' in visitor.page
        visitor.send(NEW_KIND)
        assert 'value="Buyer"' in visitor.page

    def test_forgets_what_was_said_of_other_fields(self, visitor: Visitor) -> None:
        visitor.open(NEW_KIND)
        visitor.send(NEW_KIND, title="Send a quote", source=json.dumps(QUOTE))
        visitor.send(NEW_KIND, go="back", **{"title-0": "Buyer"})
        visitor.send(NEW_KIND, source='{"ticket": "T-1"}')
        assert 'value="Ticket"' in visitor.page
