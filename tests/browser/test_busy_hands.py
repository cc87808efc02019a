"""A hundred mixed actions by fast keys while others decide and edit: no decision on anything but what was shown.

`HITL_BUSY_ACTIONS` is how many, and `HITL_BUSY_SEED` in which order, with what interruptions.
"""

import os
from random import Random
from typing import Any

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import BrowserContext, Error, Page
from pytest_django.live_server_helper import LiveServer

from approvals.actors import Actor, Door
from approvals.models import Action, Decision
from approvals.services.decisions import claims
from policies import db
from policies.errors import Refused
from tests import world
from tests.browser import hundred
from tests.browser.conftest import signed_in
from tests.world import World

COUNT = int(os.environ.get("HITL_BUSY_ACTIONS", "100"))
SEED = int(os.environ.get("HITL_BUSY_SEED", "7"))
# Before each key, what the page in front of the person is about: on a decision page one action, on a page of bulk
# decisions its checked rows. A key that comes within the first moments of a page was not meant for it.
WATCH = """
window.addEventListener('keydown', (event) => {
    if (!event.isTrusted) return;
    const named = (name) => document.querySelector(`[name="${name}"]`)?.value;
    const one = /action\\/([0-9a-f-]{36})\\/review/.exec(location.pathname);
    const seen = one && named('digest') ? [[one[1], named('digest')]]
        : [...document.querySelectorAll('[name=chosen]:checked, [name=also]:checked')]
            .filter((box) => named(`digest:${box.value}`))
            .map((box) => [box.value, named(`digest:${box.value}`)]);
    if (seen.length) window.noteKey({key: event.key, after: performance.now(), seen});
}, true);
"""


def _hit(page: Page, key: str) -> None:
    """A key into whatever is in front, be it a page that just leaves."""
    try:
        page.keyboard.press(key)
    except Error:
        page.wait_for_load_state()


class Others:
    """Colleagues and agents who decide, edit and claim what the person may be looking at."""

    def __init__(self, here: World, random: Random) -> None:
        self.here, self.random, self.touched = here, random, 0

    def interfere(self) -> None:
        """Do one thing to any action that waits."""
        rows = list(Action.objects.filter(state="pending", required_tier=1).select_related("action_type", "revision"))
        if not rows:
            return
        action = self.random.choice(rows)
        verdict = self.random.choice(["approve", "reject", "modify", "claim", "escalate"])
        try:
            if verdict == "claim":
                senior = Actor(Door.ADMIN, person=self.here.senior)
                claims.take(actor=senior, at=db.now(), action_id=action.pk)
            else:
                payload = {"payload": _edited(action)} if verdict == "modify" else {}
                world.decide(verdict, action, self.here.senior, at=db.now(), **payload)
            self.touched += 1
        except Refused:
            # The person was first, or has claimed it.
            return


def _edited(action: Action) -> dict[str, Any]:
    field = next(name for name in ("issuer", "employee", "subject") if name in action.revision.payload)
    payload: dict[str, Any] = action.revision.payload
    return payload | {field: f"{payload[field]} II"}


@pytest.mark.timeout(300)
def test_no_verdict_meets_a_wrong_item(
    context: BrowserContext, transactional_db: None, live_server: LiveServer, complaints: list[str]
) -> None:
    here = hundred.found(world.person("owner"))
    here.junior.groups.add(Group.objects.get(name="Reviewers"))
    random = Random(SEED)
    keys: list[dict[str, Any]] = []
    for _ in range(COUNT):
        here.pending(**random.choice(WISHES)(random))

    def note(key: dict[str, Any]) -> None:
        keys.append(key)

    context.expose_function("noteKey", note)
    context.add_init_script(WATCH)
    page, others = signed_in(context, live_server, here.junior), Others(here, random)
    _work(page, live_server.url, random, others)
    told = {(action, digest) for key in keys for action, digest in key["seen"]}
    made = Decision.objects.filter(person=here.junior)
    assert [row for row in made if (str(row.action_id), row.digest) not in told] == []
    assert _unasked(made, keys) == []
    assert made.count() >= COUNT // 4
    assert others.touched >= COUNT // 10
    complaints.clear()  # the browser notes each refusal as a failed request


WISHES = (
    lambda random: hundred.invoice("Paper Mill", random.randint(110, 400)),
    lambda random: hundred.grant(random.randint(0, 10_000), random.choice(["viewer", "editor"])),
    lambda random: hundred.mail(f"customer{random.randint(0, 10_000)}@example.com"),
)
VERDICTS = {"a": "approve", "r": "reject", "e": "escalate"}
ARMED_AFTER = 400


def _unasked(made: Any, keys: list[dict[str, Any]]) -> list[Decision]:
    """The decisions for which no key was hit on a page that was there long enough to be read."""
    meant = {
        (action, digest, VERDICTS[key["key"]])
        for key in keys
        if key["key"] in VERDICTS and key["after"] >= ARMED_AFTER - 20
        for action, digest in key["seen"]
    }
    return [row for row in made if (str(row.action_id), row.digest, row.verdict) not in meant]


def _work(page: Page, url: str, random: Random, others: Others) -> None:
    """Decide by keys until nothing is left: now one by one, now several at a time, with keys that come too early."""
    page.goto(f"{url}/admin/inbox/")
    left = Action.objects.filter(state="pending", required_tier=1).exclude(claim__person=others.here.senior)
    for _round in range(COUNT):
        if not left.exists():
            return
        if random.random() < 0.5:
            others.interfere()
        if "/inbox/selected/" in page.url or "/review/" in page.url:
            _decide(page, random, others)
        else:
            _choose(page, random)
        if page.locator("[role=alert]").count():
            page.goto(f"{url}/admin/inbox/")


def _choose(page: Page, random: Random) -> None:
    """From the list on: one line, or several that stand together."""
    page.wait_for_timeout(420)
    _hit(page, "j")
    many = random.choice([0, 8, 14])
    if many:
        _hit(page, "x")
        for _ in range(many):
            _hit(page, "Shift+J")
    _hit(page, random.choice("ar") if many else "Enter")
    _hit(page, random.choice("ar"))  # too early for the page that comes
    page.wait_for_load_state()


def _decide(page: Page, random: Random, others: Others) -> None:
    """On a page that decides: mostly wait until it counts, and hit a key once or twice."""
    page.wait_for_timeout(random.choice([0, 100, 430, 430]))
    if random.random() < 0.3:
        others.interfere()
    key = random.choice("aaare")
    for _ in range(random.choice([1, 1, 2, 3])):
        _hit(page, key)
    page.wait_for_load_state()
