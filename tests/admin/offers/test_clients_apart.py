"""Two clients of one firm: through no door do the people of one meet a word, a number or an ID of the other."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from approvals.authority.visibility import may_see
from approvals.models import Decision, Delivery, Execution, LedgerEntry, Revision, SampleCheck, Stage, StandingRule
from tests import books as two_clients
from tests.admin.offers.walk import Walk, rolled_back
from tests.api import caller
from tests.books import NORTH, SOUTH, WORDS, Books

pytestmark = pytest.mark.django_db
ROLES = ("junior", "senior", "delegate")
OTHER = {NORTH: SOUTH, SOUTH: NORTH}
FIRST = (
    *("", "inbox/", "inbox/?view=all", "inbox/?view=beyond", "inbox/?view=uncertain", "inbox/count/", "mailbox/"),
    *("corrections/", "loop/", "live/", "inventory/", "start/", "halts/", "connectors/", "away/", "break-glass/"),
    *("standing/", "samples/", "changes/", "tightenings/", "preferences/", "tokens/", "restore/", "tour/"),
)
LISTS = ("actions/", "queue/", "events/", "corrections/", "standing_rules/", "halts/", "action_types/", "me/")
# What is stored of an action, and its pages in the admin.
RECORDS = (Decision, Revision, Stage, Execution, SampleCheck, LedgerEntry)
OF_ACTION = (
    *("review", "decide", "decide_twins", "modify", "undo", "end", "cancel", "always", "override", "resolve"),
    *("comment", "ask", "next", "claim", "release", "reverse", "hand_over", "csv", "history", "change"),
)
VERBS = (
    *("approve", "reject", "modify", "escalate", "undo", "end", "cancel", "request_info", "claim", "release"),
    *("hand_over", "override", "resolve"),
)


@pytest.fixture(scope="module")
def books(outside: None) -> Books:
    """The books of both, made once."""
    found = two_clients.make()
    two_clients.fill(found)
    return found


def browser(books: Books, name: str) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(books.people[name])
    return client


def secrets(books: Books, key: str) -> list[str]:
    """Every word, number and ID that belongs to a client."""
    actions = books.actions(key)
    rules = StandingRule.objects.filter(client=books.clients[key])
    return [*WORDS[key], *(str(row.pk) for row in (*actions, *rules))]


def leaked(text: str, words: list[str]) -> list[str]:
    """Which of these a text holds."""
    lowered = text.lower()
    return [word for word in words if word.lower() in lowered]


def addresses(books: Books, key: str) -> Iterator[str]:
    """Each page of an action, and of what is stored of one, each of another action of a client."""
    actions = books.actions(key)
    for place, name in enumerate(OF_ACTION):
        yield reverse(f"admin:approvals_action_{name}", args=[actions[place % len(actions)].pk])
    yield reverse("admin:alike", args=[actions[-1].pk])
    kept: list[Any] = [model._default_manager.filter(action__in=actions).last() for model in RECORDS]
    for row in (*kept, StandingRule.objects.get(client=books.clients[key])):
        yield from (f"/admin/approvals/{row._meta.model_name}/{row.pk}/{page}/" for page in ("change", "history"))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("key", OTHER)
class TestAPersonOfOneClient:
    def test_meets_nothing_of_the_other_on_any_page(self, books: Books, key: str, role: str) -> None:
        words, own = secrets(books, OTHER[key]), 0
        walk = Walk(browser(books, f"{key} {role}"))
        found = {}
        for address, text in walk.pages([f"/admin/{each}" for each in FIRST]):
            own += bool(leaked(text, list(WORDS[key])))
            if met := leaked(text, words):
                found[address] = met
        assert not found
        # The walk is no walk past everything.
        assert own > 10

    def test_finds_none_of_its_pages_by_their_addresses(self, books: Books, key: str, role: str) -> None:
        client, words = browser(books, f"{key} {role}"), secrets(books, OTHER[key])
        for address in addresses(books, OTHER[key]):
            for answer in _answers(client, address):
                assert _is_closed(answer), (address, answer.status_code)
                assert not leaked(_without_address(answer, address), words), address

    def test_is_told_nothing_of_it_by_rest(self, books: Books, key: str, role: str) -> None:
        client, words = browser(books, f"{key} {role}"), secrets(books, OTHER[key])
        for path in LISTS:
            answer = client.get(caller.BASE + path, {"limit": 200} if path != "me/" and path != "action_types/" else {})
            assert answer.status_code == 200, (path, answer.content)
            assert not leaked(answer.content.decode(), words), path
        for action in books.actions(OTHER[key]):
            for path in ("", "timeline/"):
                assert client.get(f"{caller.BASE}actions/{action.pk}/{path}").status_code == 404

    def test_decides_nothing_of_it_by_rest(self, books: Books, key: str, role: str) -> None:
        person = books.people[f"{key} {role}"]
        bearer = caller.as_token(person, "read", "decide")
        for action in books.actions(OTHER[key])[:6]:
            seen = {"revision": 1, "digest": "0" * 64, "target_digest": "0" * 64, "rationale": "Mine."}
            bodies = {
                "modify": seen | {"payload": {}},
                "escalate": seen,
                "approve": seen,
                "reject": {name: value for name, value in seen.items() if name != "target_digest"},
                "request_info": {"text": "What?"},
                "hand_over": {"to": person.username, "reason": "Mine."},
                "override": {"reason": "Mine."},
                "resolve": {"resolution": "happened", "rationale": "Mine."},
                "claim": {},
                "release": {},
            }
            for verb in VERBS:
                with rolled_back():
                    answer = bearer.post(f"actions/{action.pk}/{verb}/", bodies.get(verb, {"rationale": "Mine."}))
                assert answer.status_code in (403, 404), (verb, answer.content)
                if answer.status_code == 403:
                    # The door is shut before anybody looks at the action.
                    assert str(action.pk) not in answer.content.decode()


class TestNotices:
    def test_go_to_nobody_who_may_not_see_the_action(self, books: Books) -> None:
        rows = list(Delivery.objects.filter(action__client__isnull=False).select_related("person", "action"))
        assert rows
        assert [row.pk for row in rows if not may_see(row.person, row.action)] == []  # type: ignore[arg-type]


class TestAPersonOfNoClient:
    @pytest.mark.parametrize("name", ["junior", "senior"])
    def test_meets_neither(self, books: Books, name: str) -> None:
        words = [*secrets(books, NORTH), *secrets(books, SOUTH)]
        walk = Walk(browser(books, name))
        pages = walk.pages([f"/admin/{each}" for each in FIRST])
        assert {address: met for address, text in pages if (met := leaked(text, words))} == {}


class TestAPersonOfEveryClient:
    def test_meets_both(self, books: Books) -> None:
        client = browser(books, "partner")
        text = client.get("/admin/inbox/").content.decode()
        assert leaked(text, ["nordlicht"])
        assert leaked(text, ["sudwind"])
        chosen = client.get("/admin/inbox/", {"client": books.clients[NORTH].pk}).content.decode()
        assert leaked(chosen, ["nordlicht"])
        assert not leaked(chosen, ["sudwind"])


def _answers(client: Client, address: str) -> list[Any]:
    """What a visit and a press of a button lead to."""
    with rolled_back():
        return [client.get(address, follow=True), client.post(address, {"reason": "Mine."}, follow=True)]


def _is_closed(answer: Any) -> bool:
    """Whether it leads nowhere: not found, not allowed, or back to where everybody begins."""
    chain = [target for target, _status in getattr(answer, "redirect_chain", ())]
    is_sent_away = chain[-1:] == ["/admin/"] or (answer.status_code == 302 and "/action/" not in answer["Location"])
    return answer.status_code in (403, 404, 405) or is_sent_away


def _without_address(answer: HttpResponse, address: str) -> str:
    """What it says but for the ID that was asked for."""
    text = answer.content.decode()
    for part in (address, *address.split("/")):
        text = text.replace(part, "") if len(part) > 30 else text
    return text
