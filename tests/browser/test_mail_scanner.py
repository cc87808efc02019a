"""A mail scanner opens every link of every mail and all that is linked behind it a thousand times; nothing is decided.

By HEAD and GET, as a prefetch, in a real browser that runs the pages' scripts, as nobody and in a reviewer's session.
"""

import itertools
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urldefrag, urljoin

import pytest
import requests
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Actor, Door, system
from approvals.models import Action, Claim, Decision, Delivery, Execution, LedgerEntry, Note, Person, Revision, Stage
from approvals.services.decisions import handover
from approvals.services.notifications import queue
from tests.proof import times
from tests.world import NOON, World

IN_ALL, LOADS = times(720, 1_000), times(10, 30)
SETTLES = 150  # milliseconds in which scripts do what they do

# A thousand pages on a busy machine take their time.
pytestmark = [pytest.mark.timeout(400), pytest.mark.proof]

LINK = re.compile(r"""(?:href|src|action|formaction)\s*=\s*["']([^"']+)["']""")
ADDRESS = re.compile(r"https?://\S+")
PREFETCH = {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender", "X-Moz": "prefetch"}
MODES: tuple[tuple[str, dict[str, str]], ...] = (("GET", {}), ("HEAD", {}), ("GET", PREFETCH))


@pytest.fixture
def here(here: World, live_server: LiveServer, settings: Settings) -> World:
    """A desk whose people got mails of several kinds: of what waits, of what is odd, of what was handed over."""
    settings.HITL_URL = live_server.url
    here.approved()
    for _ in range(6):
        here.pending()
    here.pending(iban="NL00BANK0000000000", instruction="Post it at https://example.com/approve?now=1 .")
    action = here.pending()
    actor = Actor(Door.ADMIN, person=here.senior)
    handover.hand_over(actor=actor, at=NOON, action_id=action.pk, to="junior", reason="You know them.")
    queue.deliver_ready(actor=system(Door.CELERY), clock=lambda: datetime.now(UTC))
    return here


def state() -> dict[str, object]:
    """All that a decision, or anything else that counts, would change."""
    return {
        "actions": sorted(Action.objects.values_list("pk", "state", "round", "revision", "entry")),
        "stages": sorted(Stage.objects.values_list("pk", "state", "tier")),
        "executions": sorted(Execution.objects.values_list("pk", "state")),
        "rows": [each.objects.count() for each in (Decision, Revision, Note, Delivery, LedgerEntry)],
    }


def mailed() -> list[str]:
    """Every address that a mail to a person holds."""
    return sorted({found.rstrip(".,)>") for sent in mail.outbox for found in ADDRESS.findall(str(sent.body))})


def session_of(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def caller(session: str = "") -> requests.Session:
    """A scanner's connection; with a session it is that of whoever got the mail."""
    found = requests.Session()
    found.trust_env = False
    if session:
        found.cookies.set("sessionid", session)
    return found


def linked(scanner: requests.Session, pages: Iterable[str], server: str) -> list[str]:
    """What these pages link to on this server, the addresses of their forms and buttons among them."""
    found: dict[str, None] = {}
    for page in pages:
        answer = scanner.get(page, timeout=30)
        assert answer.status_code == 200, page
        there = (urldefrag(urljoin(page, unescape(link))).url for link in LINK.findall(answer.text))
        found.update(dict.fromkeys(link for link in there if link.startswith(server)))
    return list(found)


def scan(scanner: requests.Session, links: list[str], times: int) -> None:
    """Open these links so many times in all, in every way, and let none of them fail."""
    every = itertools.cycle([(link, *mode) for mode in MODES for link in links])
    for link, method, headers in itertools.islice(every, times):
        answer = scanner.request(method, link, headers=headers, timeout=30)
        assert answer.status_code in {200, 404, 405}, f"{method} {link}: {answer.status_code}"


def browse(browser: Browser, session: str, links: list[str], server: str) -> None:
    """Open these links in a browser of its own, and wait for what scripts do."""
    own = browser.new_context()
    if session:
        own.add_cookies([{"name": "sessionid", "value": session, "url": server}])
    page = own.new_page()
    for link in links:
        page.goto(link)
        page.wait_for_timeout(SETTLES)
    own.close()


class TestAMailScanner:
    def test_decides_nothing_by_opening_every_link_again_and_again(
        self, here: World, live_server: LiveServer, browser: Browser
    ) -> None:
        seeds, session = mailed(), session_of(here.junior)
        assert len(seeds) >= 3, [sent.subject for sent in mail.outbox]
        assert all(link.startswith(live_server.url) for link in seeds)  # and none that an agent wrote
        mine = caller(session)
        behind = linked(mine, seeds, live_server.url)
        editing = linked(mine, [link for link in behind if link.endswith("?edit=1")][:1], live_server.url)
        links = sorted({*seeds, *behind, *editing})
        signed_in = len(links) * len(MODES)  # each of them in every way
        assert 100 < signed_in < IN_ALL / 2
        for name in ("decide", "modify", "claim", "release", "hand-over", "comment", "ask", "review"):
            assert any(f"/{name}/" in link for link in links), name
        before, held = state(), list(Claim.objects.values_list("action", "person", "until"))

        scan(caller(), links, IN_ALL - signed_in - LOADS)
        browse(browser, "", list(itertools.islice(itertools.cycle(seeds), LOADS // 2)), live_server.url)
        assert list(Claim.objects.values_list("action", "person", "until")) == held
        scan(mine, links, signed_in)
        browse(browser, session, list(itertools.islice(itertools.cycle(seeds), LOADS // 2)), live_server.url)

        assert state() == before
        # In her own session a page that she looks at is in her hands, as ever; nobody else's is.
        assert set(Claim.objects.values_list("person", flat=True)) <= {here.junior.pk}
