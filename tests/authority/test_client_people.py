"""Who comes to see a client's actions without a membership of their own, and who does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from approvals.actors import Actor, Door
from approvals.authority import break_glass, memberships, visibility
from approvals.authority.delegations import concerning
from approvals.errors import NotAllowed
from approvals.models import Delegation, Person
from approvals.queries.directory import employees
from approvals.queries.insight import inventory
from approvals.services.accounts import absences, delegations
from approvals.services.safety import break_glass as emergencies
from tests import books as two_clients
from tests import world
from tests.books import NORTH, SOUTH, Books
from tests.world import NOON

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
        assert employees.responsible_for(client, lambda _person: True).person == who

    def test_is_nobody_whom_a_forged_row_names(self, books: Books) -> None:
        client, who = books.clients[NORTH], world.person("responsible")
        world.tamper("UPDATE approvals_client SET responsible_id = %s WHERE id = %s", [who.pk, client.pk])
        client.refresh_from_db()
        assert client.responsible == who
        assert not memberships.is_of_client(who, client.pk)
        assert employees.responsible_for(client, lambda _person: True).person is None


class TestWhoLeads:
    """A senior for one client at a desk is no senior of the colleagues for another."""

    def lent(self, books: Books, **more: Any) -> Delegation:
        who, now = books.people[f"{SOUTH} senior"], datetime.now(UTC)
        return delegations.grant(
            actor=Actor(Door.ADMIN, person=who),
            at=now,
            person=who,
            delegate=books.people["junior"],
            ends_at=now + timedelta(days=1),
            **more,
        )

    @pytest.mark.parametrize(("leader", "leads"), [(f"{NORTH} senior", False), ("senior", False), ("partner", True)])
    def test_sees_and_ends_delegations_and_absences(self, books: Books, leader: str, leads: bool) -> None:
        who, south = books.people[leader], books.people[f"{SOUTH} senior"]
        for given in (self.lent(books), self.lent(books, desk=books.here.desk)):
            assert concerning(who).filter(pk=given.pk).exists() is leads
            assert delegations.may_end(who, given) is leads
        assert absences.may_enter(who, south) is leads

    def test_is_of_the_same_client(self, books: Books) -> None:
        senior, junior = books.people[f"{NORTH} senior"], books.people[f"{NORTH} junior"]
        assert absences.may_enter(senior, junior) and not absences.may_enter(junior, senior)

    def test_of_every_client_is_led_by_nobody_for_less(self, books: Books) -> None:
        for leader in ("senior", f"{NORTH} senior"):
            assert not absences.may_enter(books.people[leader], books.people["partner"])

    def test_is_offered_nobody_else(self, books: Books) -> None:
        browser = Browser()
        browser.force_login(books.people[f"{NORTH} senior"])
        form = browser.get("/admin/away/").context["absence_form"]
        assert {who.username for who in form.fields["person"].queryset} == {"no-senior", "no-junior"}


class TestWhomSomebodyKnows:
    @pytest.mark.parametrize("address", ["action/", "decision/"])
    def test_is_named_in_filters(self, books: Books, address: str) -> None:
        world.decide("approve", books.here.pending(**books.told(NORTH)), books.people["partner"])
        browser = Browser()
        browser.force_login(books.people[f"{NORTH} junior"])
        text = browser.get(f"/admin/approvals/{address}").text
        assert "no-senior" in text and "partner" in text
        assert "so-senior" not in text

    def test_is_named_in_the_inventory(self, books: Books) -> None:
        reader, now = Actor(Door.ADMIN, person=books.people[f"{NORTH} junior"]), datetime.now(UTC)
        (line,) = inventory.lines(reader, now - timedelta(days=1), now)
        assert {"no-senior", "partner"} <= set(line.seniors)
        assert "so-senior" not in line.seniors

    @pytest.mark.django_db(transaction=True)
    def test_learns_of_an_emergency_for_every_client(self, books: Books) -> None:
        helper = books.people[f"{SOUTH} junior"]
        helper.groups.add(Group.objects.get(name="Break-glass"))
        glass = emergencies.start(
            actor=Actor(Door.ADMIN, person=Person.objects.get(pk=helper.pk)),
            at=NOON,
            desk=books.here.desk.slug,
            reason="Southgate is in trouble.",
            password="secret",
        )
        seen = {name: break_glass.visible_to(who).filter(pk=glass.pk).exists() for name, who in books.people.items()}
        assert not seen[f"{NORTH} junior"]
        assert seen[f"{SOUTH} junior"] and seen["junior"] and seen["partner"] and seen[f"{NORTH} senior"]
