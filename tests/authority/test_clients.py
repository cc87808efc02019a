"""Whose memberships see, list and decide on which client's actions: one rule, by every way in which it is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from approvals.actors import Actor, Door
from approvals.authority import assignees, memberships, visibility
from approvals.errors import NotFound
from approvals.models import Action, Client, Membership, Person, Stage
from approvals.queries.inbox import waiting
from approvals.states import Tier
from tests import world
from tests.admin.offers.walk import rolled_back
from tests.books import NORTH, SOUTH
from tests.world import World

pytestmark = pytest.mark.django_db
NONE, ALL = "none", "all"
BOOKS = (NONE, NORTH, SOUTH)
SEATS = st.dictionaries(
    st.tuples(st.sampled_from(["finance", "law"]), st.sampled_from([*BOOKS, ALL])),
    st.sampled_from([Tier.JUNIOR, Tier.SENIOR]),
    max_size=5,
    # A membership without a client and one for every client are the same row.
).filter(lambda seats: not any((desk, NONE) in seats and (desk, ALL) in seats for desk in ("finance", "law")))


@dataclass
class Firm:
    """Two desks with actions of two clients and of none, for either tier, and somebody without any membership."""

    clients: dict[str, Client]
    actions: dict[tuple[str, str, int], Action]
    person: Person
    here: World

    def seat(self, seats: dict[tuple[str, str], Tier]) -> None:
        """Give the person these memberships."""
        desks = {action.desk.slug: action.desk for action in self.actions.values()}
        for (desk, books), tier in seats.items():
            Membership.objects.create(
                person=self.person,
                desk=desks[desk],
                client=self.clients.get(books),
                covers_clients=books == ALL,
                tier=tier,
            )


@pytest.fixture(scope="module")
def firm(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Firm]:
    """The firm, made once."""
    with django_db_blocker.unblock(), rolled_back():
        here = world.make()
        clients = {key: Client.objects.create(key=key, name=key.title()) for key in (NORTH, SOUTH)}
        law = world.Desk.objects.create(slug="law", name="Law")
        Membership.objects.create(person=here.senior, desk=law, tier=Tier.SENIOR)
        kinds = {"finance": here.kind, "law": world.invoice_type(law, name="law.post", title="Law")}
        amounts = {Tier.JUNIOR: 700, Tier.SENIOR: 9_000}
        actions = {}
        for (desk, kind), books, tier in product(kinds.items(), BOOKS, amounts):
            told = {"client": books if books != NONE else "", "amount": amounts[tier]}
            actions[desk, books, int(tier)] = World(**(vars(here) | {"kind": kind})).pending(**told)
        yield Firm(clients, actions, world.person("somebody"), here)


def tiers_of(seats: dict[tuple[str, str], Tier], desk: str, books: str) -> list[Tier]:
    """The tiers of the memberships that are for this desk and client: the rule in one line."""
    return [tier for (at, of), tier in seats.items() if at == desk and of in (books, ALL)]


@settings(max_examples=40, deadline=None)
@given(SEATS)
def test_whoever_asks_is_told_the_same(firm: Firm, seats: dict[tuple[str, str], Tier]) -> None:
    with rolled_back():
        firm.seat(seats)
        person, actor = firm.person, Actor(Door.ADMIN, person=firm.person)
        held = {key: tiers_of(seats, *key[:2]) for key in firm.actions}
        seen = {action.pk for key, action in firm.actions.items() if held[key]}
        mine = {action.pk for key, action in firm.actions.items() if max(held[key], default=0) >= key[2]}
        # Lists, one by one, and some of many.
        assert set(visibility.visible_to(actor).values_list("pk", flat=True)) == seen
        ids = [action.pk for action in firm.actions.values()]
        assert set(visibility.visible_among(actor, ids, ())) == seen
        own = memberships.seats_now(person)
        for key, action in firm.actions.items():
            for given_seats in (None, own):
                assert _is_found(actor, action, given_seats) == (action.pk in seen), key
            assert visibility.sees_desk(person, action) == (action.pk in seen)
            member = memberships.at(person, action.desk_id, action.client_id)
            assert (member.tier if member else 0) == max(held[key], default=0)
            stage = Stage.objects.get(action=action)
            assert (person in assignees.people(stage, action.client_id)) == (action.pk in mine)
        # What waits: each once, and counted as often.
        listed = [row.pk for row in waiting.page(person, size=100).rows]
        assert sorted(listed) == sorted(mine)
        assert waiting.count(person) == len(mine)
        assert waiting.oldest(person) == min(
            (a.created_at for a in firm.actions.values() if a.pk in mine), default=None
        )


def _is_found(actor: Actor, action: Action, seats: memberships.Seats | None) -> bool:
    try:
        return visibility.get_visible(actor, action.pk, seats=seats).pk == action.pk
    except NotFound:
        return False
