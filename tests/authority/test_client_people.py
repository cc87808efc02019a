"""Who comes to see a client's actions without a membership of their own, and who does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from approvals.actors import Actor, Door
from approvals.authority import memberships, visibility
from approvals.errors import NotAllowed
from approvals.services.accounts import delegations
from tests import books as two_clients
from tests import world
from tests.books import NORTH, SOUTH, Books

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(db: None) -> Books:
    """Both clients, with nothing to decide."""
    return two_clients.make()


class TestADelegation:
    def test_by_a_senior_is_for_colleagues_whose_clients_they_have(self, books: Books) -> None:
        people, now = books.people, datetime.now(UTC)
        lent: dict[str, Any] = {"delegate": people[f"{NORTH} junior"], "desk": books.here.desk}
        lent["ends_at"] = now + timedelta(days=1)
        with pytest.raises(NotAllowed):
            delegations.grant(
                actor=Actor(Door.ADMIN, person=people[f"{NORTH} senior"]),
                at=now,
                person=people[f"{SOUTH} senior"],
                **lent,
            )
        given = delegations.grant(
            actor=Actor(Door.ADMIN, person=people["partner"]), at=now, person=people[f"{SOUTH} senior"], **lent
        )
        assert given.desk == books.here.desk

    def test_gives_the_clients_of_the_delegator(self, books: Books) -> None:
        action = books.here.pending(**books.told(NORTH))
        assert visibility.may_see(books.people[f"{NORTH} delegate"], action)
        assert not visibility.may_see(books.people[f"{SOUTH} delegate"], action)


class TestWhoIsNamed:
    def test_is_responsible_without_a_membership(self, books: Books) -> None:
        client, who = books.clients[NORTH], world.person("responsible")
        assert not memberships.is_of_client(who, client.pk)
        client.responsible = who
        client.save()
        assert memberships.is_of_client(who, client.pk)
        assert not memberships.is_of_client(who, books.clients[SOUTH].pk)
