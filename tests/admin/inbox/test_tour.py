"""The tour: an example of which nothing is real, offered to whoever is new."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from approvals.actors import Actor, Door
from approvals.admin.inbox.tour import SAID, STEPS
from approvals.models import Action, Decision, LedgerEntry
from tests import world
from tests.admin.conftest import signed_in
from tests.world import World

OFFER = "Take a five-minute tour"


def home(client: Client) -> str:
    return client.get(reverse("admin:index")).content.decode()


class TestTheOffer:
    def test_is_made_to_who_never_decided(self, here: World, junior: Client) -> None:
        assert OFFER in home(junior)

    def test_is_not_made_to_who_has_decided(self, here: World, junior: Client) -> None:
        world.decide("approve", here.pending(), here.junior)
        assert OFFER not in home(junior)

    def test_is_over_once_it_was_declined_or_taken(self, here: World, junior: Client) -> None:
        answer = junior.post(reverse("admin:tour_end"))
        assert answer["Location"] == reverse("admin:inbox")
        assert OFFER not in home(junior)
        entry = LedgerEntry.objects.latest("id")
        assert (entry.event, entry.actor) == ("person.changed", Actor(Door.ADMIN, person=here.junior).pseudonym)
        junior.post(reverse("admin:tour_end"))
        assert LedgerEntry.objects.latest("id") == entry

    def test_ends_by_a_post_alone(self, here: World, junior: Client) -> None:
        assert junior.get(reverse("admin:tour_end")).status_code == 405
        assert OFFER in home(junior)


class TestTheSteps:
    @pytest.mark.parametrize("name", STEPS)
    def test_are_shown_and_record_nothing(self, here: World, junior: Client, name: str) -> None:
        before = LedgerEntry.objects.count()
        for query in ("", *(f"?said={said}" for said in SAID.get(name, ()))):
            page = junior.get(reverse("admin:tour_step", args=[name]) + query).content.decode()
            assert str(STEPS[name]) in unescape(page)
        assert (LedgerEntry.objects.count(), Decision.objects.count(), Action.objects.count()) == (before, 0, 0)

    def test_say_what_a_key_would_have_done(self, here: World, junior: Client) -> None:
        page = junior.get(reverse("admin:tour_step", args=["values"]) + "?said=approve").content.decode()
        assert "an account that this supplier has never used" in page
        assert "Differs from the last 6 actions for Paper Mill" in page

    def test_that_are_none_are_not_there(self, here: World, junior: Client) -> None:
        assert junior.get(reverse("admin:tour_step", args=["nowhere"])).status_code == 404

    def test_ask_for_a_login(self, here: World) -> None:
        assert "/login/" in Client().get(reverse("admin:tour"))["Location"]

    def test_can_be_taken_by_who_only_reads(self, here: World) -> None:
        reader = signed_in(world.person("reader"), "Compliance")
        assert reader.get(reverse("admin:tour")).status_code == 200
