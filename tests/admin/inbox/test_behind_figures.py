"""Each figure leads to a list with as many rows as it says, for every reader and wherever their days begin."""

import html
import random
import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from approvals.actors import Actor, Door, system
from approvals.admin.base.exported import ListOf
from approvals.models import Action, Agent, Desk, Membership, Person, SampleCheck
from approvals.models import Client as Books
from approvals.queries.automation import samples
from approvals.queries.insight.figures import analytics, trends
from approvals.services.automation import sampling
from approvals.services.deadlines import overdue
from approvals.services.decisions import undo
from approvals.states import Tier
from tests import delegating, world
from tests.admin.conftest import signed_in
from tests.world import World, fresh

DAY = timedelta(days=1)
MORE = 10
# The most that a life takes: twelve hours to the first decision, and two more decisions.
LONGEST = timedelta(hours=28)
SAID = re.compile(r"\(Show ([0-9]+) (action|spot check)s?\)")
LINK = re.compile(r'<a href="([^"]+)"([^>]*)>(.*?)</a>', re.DOTALL)
LISTS = {"action": ListOf(admin.site._registry[Action]), "samplecheck": ListOf(admin.site._registry[SampleCheck])}  # type: ignore[arg-type]
LIVES = (
    *("automatic", "checked", "wrong", "approved", "modified", "rejected", "escalated", "escalated then approved"),
    *("approved then undone", "undone then modified", "modified then withdrawn", "expired", "blocked", "pending"),
)
BLOCKS = """
rules:
  - {name: banned, when: 'payload.issuer == "Shady Ltd"', outcome: block, says: "Nobody pays Shady Ltd."}
"""


def for_every_client(person: Person) -> None:
    """Let the person's membership be for every client."""
    seat = Membership.objects.get(person=person)
    seat.covers_clients = True
    seat.save()


class Past:
    """A world in which much happened at random moments, many of them beside midnight where the reader is."""

    def __init__(self, here: World, zone: str, seed: int) -> None:
        self.here, self.zone, self.random = here, ZoneInfo(zone), random.Random(seed)
        # At one moment, so that a policy, whose check may take long, is published once.
        world.publish(world.POLICY + BLOCKS, "invoices", here.owner, here.senior)
        here.set_kind(sample_rate=1.0, undo_seconds=0)
        self.books = [Books.objects.create(key=key, name=key.title(), currency="EUR") for key in ("north", "south")]
        self.desk = Desk.objects.create(slug="it", name="IT")
        for_every_client(here.senior)
        Membership.objects.create(person=here.senior, desk=self.desk, tier=Tier.SENIOR)
        other = world.invoice_type(self.desk, name="invoice.it", title="Post invoice", sample_rate=0.5, undo_seconds=0)
        agent = Agent.objects.create(name="it-bot", title="Invoice bot", owner=here.owner)
        self.worlds = [here, World(**(vars(here) | {"kind": other, "agent": agent, "desk": self.desk}))]

    def happens(self, count: int) -> None:
        lives = [*LIVES, *self.random.choices(LIVES, k=count - len(LIVES))]
        for life in lives:
            self._live(life, self._moment())

    def _moment(self) -> datetime:
        """A moment of the last weeks: mostly of these days, and often a second from midnight."""
        today = timezone.now().astimezone(self.zone).date()
        back = self.random.choice([1, 2, 5, 6, 7, 8, 28, 29, 30, 31, 60, 88, 89, 90, 91])
        midnight = datetime.combine(today - back * DAY, time(), self.zone)
        found = midnight + self.random.choice([timedelta(seconds=-1), timedelta(0), timedelta(hours=13)])
        # Whatever follows must be over, at any hour of the reader's day: figures end now, and lists with their day.
        return found if found + LONGEST < timezone.now() else found - DAY

    def _live(self, life: str, at: datetime) -> None:
        here = self.random.choice(self.worlds)
        of_client = self.random.choice([None, "north", "south"]) if here.desk == self.here.desk else None
        told: dict[str, Any] = {"client": of_client} if of_client else {}
        later = at + self.random.choice([timedelta(seconds=1), timedelta(hours=3), timedelta(hours=12)])
        if life in ("automatic", "checked", "wrong"):
            self._check(here.auto(at, **told), life, later)
            return
        amounts = {"expired": 9_000}
        # What nobody decided within two days.
        at -= 7 * DAY if life == "expired" else timedelta(0)
        shady = {"issuer": "Shady Ltd"} if life == "blocked" else {}
        action = here.pending(at, **told, **shady, **({"amount": amounts[life]} if life in amounts else {}))
        steps = {
            "approved": ["approve"], "modified": ["modify"], "rejected": ["reject"], "escalated": ["escalate"],
            "escalated then approved": ["escalate", "approve"], "approved then undone": ["approve", "undo"],
            "undone then modified": ["approve", "undo", "modify"], "modified then withdrawn": ["modify", "withdraw"],
            "expired": ["expire"],
        }  # fmt: skip
        for place, step in enumerate(steps.get(life, [])):
            self._step(here, fresh(action), step, later + place * timedelta(hours=8))

    def _step(self, here: World, action: Action, step: str, at: datetime) -> None:
        if step == "undo":
            undo.undo(actor=Actor(Door.ADMIN, person=here.senior), at=at, action_id=action.pk, rationale="Too early.")
        elif step == "withdraw":
            world.withdraw(here, action, at)
        elif step == "expire":
            assert overdue.lapse(actor=system(Door.CLOCK), at=at, action_id=action.pk)
        else:
            edits = {"payload": action.revision.payload | {"account": 4400}} if step == "modify" else {}
            world.decide(step, action, here.senior, at, **edits)

    def _check(self, action: Action, life: str, at: datetime) -> None:
        sample = SampleCheck.objects.filter(action=action).first()
        if sample is None or life == "automatic":
            return
        actor = Actor(Door.ADMIN, person=self.here.senior)
        sampling.check(actor=actor, at=at, sample_id=sample.pk, is_right=life == "checked", note="Seen.")


@pytest.fixture
def past(request: pytest.FixtureRequest, here: World) -> Past:
    zone, seed = request.param
    found = Past(here, zone, seed)
    found.happens(28)
    return found


def auditor(past: Past) -> Client:
    return signed_in(world.person("audit", time_zone=str(past.zone)), "Compliance")


def of_both_desks(past: Past) -> Client:
    Person.objects.filter(pk=past.here.senior.pk).update(time_zone=str(past.zone))
    return signed_in(Person.objects.get(pk=past.here.senior.pk), "Reviewers")


def of_one_client(past: Past) -> Client:
    partial = world.person("partial", time_zone=str(past.zone))
    Membership.objects.create(person=partial, desk=past.here.desk, client=past.books[0], tier=Tier.SENIOR)
    return signed_in(partial, "Reviewers")


def delegate(past: Past) -> Client:
    """Somebody of one desk, to whom a colleague lends what they see at the other."""
    found = world.person("delegate", time_zone=str(past.zone))
    Membership.objects.create(person=found, desk=past.desk, tier=Tier.JUNIOR)
    delegating.lend(past.here.senior, found)
    return signed_in(found, "Reviewers")


EAST, WEST = "Pacific/Kiritimati", "America/Los_Angeles"
# Both sides of the date line, so that one of them has another day than UTC at any moment.
CASES = [
    ((EAST, 1), [auditor, of_one_client]),
    ((WEST, 2), [of_both_desks, delegate]),
]


def links(page: str) -> dict[str, int]:
    """The address and the number of each link that says how many rows it opens."""
    found: dict[str, int] = {}
    for address, attributes, text in LINK.findall(page):
        if said := SAID.search(f"{attributes} {text}"):
            assert found.setdefault(html.unescape(address), int(said[1])) == int(said[1])
    return found


def rows_behind(person: Person, address: str) -> int:
    """How many rows the list of the admin has there, by Django's own list."""
    parts = urlsplit(address)
    name = parts.path.rstrip("/").rpartition("/")[2]
    with timezone.override(person.time_zone):
        return LISTS[name].rows(person, parts.query).count()


def pages(client: Client) -> Iterator[str]:
    books = Books.objects.values_list("pk", flat=True)
    queries = ["?days=90", f"?days=7&client={books[0]}"]
    yield from (client.get(f"/admin/{query}").content.decode() for query in queries)
    yield client.get(reverse("admin:inventory")).content.decode()
    yield client.get(f"{reverse('admin:corrections')}?days=90").content.decode()


def some_of(found: dict[str, int], chance: random.Random) -> list[str]:
    """One address of each kind, and some more at random: a page has hundreds."""
    kinds: dict[tuple[str, ...], str] = {}
    for each in chance.sample(list(found), len(found)):
        pairs = parse_qsl(urlsplit(each).query)
        kinds.setdefault((*(name for name, _value in pairs), dict(pairs).get("decided_as", "")), each)
    return [*kinds.values(), *chance.sample(list(found), min(len(found), MORE))]


@pytest.mark.parametrize(("past", "readers"), CASES, indirect=["past"], ids=["east", "west"])
def test_every_figure_is_the_length_of_its_list(past: Past, readers: list[Callable[[Past], Client]]) -> None:
    for reader in readers:
        client = reader(past)
        person = Person.objects.get(pk=client.session["_auth_user_id"])
        found: dict[str, int] = {}
        for page in pages(client):
            found |= links(page)
        asked = {each: rows_behind(person, each) for each in some_of(found, past.random)}
        assert asked == {each: found[each] for each in asked}, reader.__name__


def test_every_kind_of_figure_leads_somewhere(here: World) -> None:
    past = Past(here, WEST, 3)
    past.happens(len(LIVES))
    found = [each for page in pages(of_both_desks(past)) for each in links(page)]
    seen = {pair for each in found for pair in parse_qsl(urlsplit(each).query)}
    named = {name for name, _value in seen}
    assert {"decided_from", "escalated_from", "modified_from", "rejected_from", "drawn_from", "checked_from"} <= named
    assert {"waited", "waits_at", "desks", "client", "agent__id__exact", "action_type__id__exact"} <= named
    assert {value for name, value in seen if name == "decided_as"} == {
        *("any", "automatic", "person", "modify", "reject", "changed")
    }


class TestALink:
    def test_opens_the_list_with_what_it_says(self, here: World, senior: Client) -> None:
        here.approved()
        here.auto()
        page = senior.get("/admin/").content.decode()
        first = timezone.now().date() - 29 * DAY
        address = next(each for each in links(page) if f"decided_as=automatic&decided_from={first}" in each)
        shown = senior.get(address)
        assert shown.context["cl"].result_count == links(page)[address] == 1
        assert '<option value="automatic" selected' in shown.content.decode()

    def test_is_not_there_where_only_a_part_is_counted(
        self, here: World, senior: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(2):
            here.auto()
        monkeypatch.setattr(analytics, "MAX", 1)
        monkeypatch.setattr(trends, "MAX_PER_WEEK", 0)
        page = senior.get("/admin/").content.decode()
        assert "Based on the latest" in page and not links(page)

    def test_is_not_there_where_there_is_nothing(self, senior: Client) -> None:
        assert not links(senior.get("/admin/").content.decode())

    def test_of_a_plot_is_also_in_its_text_for_the_keyboard(self, here: World, senior: Client) -> None:
        here.auto()
        page = senior.get("/admin/").content.decode()
        pointed = {html.unescape(each) for each in re.findall(r'<a href="([^"]+)" tabindex="-1"', page)}
        reached = {html.unescape(each) for each, more, _text in LINK.findall(page) if "tabindex" not in more}
        assert pointed and pointed <= reached


class TestTheShares:
    def picture(self, here: World) -> analytics.Picture:
        actor = Actor(Door.ADMIN, person=here.senior)
        return analytics.picture(actor, world.NOON - DAY, world.NOON + DAY)

    def test_count_an_action_once_that_was_decided_twice(self, here: World) -> None:
        action = here.approved()
        undo.undo(actor=Actor(Door.ADMIN, person=here.junior), at=world.soon(5), action_id=action.pk)
        assert self.picture(here).overall.total == 0
        world.decide("approve", fresh(action), here.junior, world.soon(9))
        assert (self.picture(here).overall.total, self.picture(here).overall.approved) == (1, 1)

    def test_have_no_more_escalated_than_reviewers_had_before_them(self, here: World) -> None:
        world.decide("escalate", here.pending(), here.junior)
        overall = self.picture(here).overall
        assert (overall.by_people, overall.escalated, overall.escalation_rate) == (0, 1, 1.0)

    def test_take_two_agents_of_one_title_for_two(self, here: World) -> None:
        twin = Agent.objects.create(name="other-bot", title=here.agent.title, owner=here.owner)
        here.auto()
        World(**(vars(here) | {"agent": twin})).auto()
        assert [(row.name, row.total) for row in self.picture(here).by_agent] == [("Invoice bot", 1)] * 2

    def test_count_the_checked_of_the_chosen_client_alone(self, here: World) -> None:
        here.set_kind(sample_rate=1.0)
        Books.objects.create(key="north", name="North", currency="EUR")
        actor = Actor(Door.ADMIN, person=here.senior)
        for_every_client(here.senior)
        for told in ({}, {"client": "north"}):
            sample = SampleCheck.objects.get(action=here.auto(**told))
            sampling.check(actor=actor, at=world.soon(1), sample_id=sample.pk, is_right=True)
        period = (here.senior, world.NOON - DAY, world.NOON + DAY)
        assert (samples.checked(*period), samples.checked(*period, client=Books.objects.get().pk)) == (2, 1)
