"""Deciding for somebody in the admin: offered where it counts, refused with its own sentence where it does not."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from approvals.actors import Actor, Door
from approvals.models import Action, Delegation, LedgerEntry
from approvals.services.accounts import delegations
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address, press, show
from tests.delegating import DAY, NOW, lend
from tests.world import World


def end(given: Delegation) -> None:
    delegations.end(actor=Actor(Door.ADMIN, person=given.person), at=NOW, delegation_id=given.pk)


class TestADelegate:
    def test_finds_it_decides_it_and_is_named_with_whom_it_was_for(self, here: World, big: Action) -> None:
        friend = world.person("friend")
        client = signed_in(friend, "Reviewers")
        assert client.get(address(big)).status_code == 404
        lend(here.senior, friend)
        assert "Paper Mill" in client.get(reverse("admin:inbox")).content.decode()
        assert press(client, big, "approve").status_code == 302
        for page in (show(client, world.fresh(big)), client.get(address(big, "history")).content.decode()):
            assert "friend on behalf of senior" in page

    @pytest.mark.parametrize(
        ("make", "sentence"),
        [
            (lambda here: end(lend(here.senior, here.junior)), "Your delegation from senior ended on"),
            (lambda here: lend(here.senior, here.junior, starts_at=NOW + DAY, ends_at=NOW + 2 * DAY), "starts on"),
        ],
        ids=["over", "not begun"],
    )
    def test_is_told_why_it_does_not_count(
        self, here: World, junior: Client, big: Action, make: Any, sentence: str
    ) -> None:
        make(here)
        assert sentence in press(junior, big, "approve").content.decode()
        assert LedgerEntry.objects.filter(action=big, event="decision.refused").count() == 1
        assert world.fresh(big).state == "pending"

    def test_is_not_who_proposed_it_nor_for_who_did(self, here: World, junior: Client, big: Action) -> None:
        asked = here.pending(amount=9000, on_behalf_of="senior")
        lend(here.senior, here.junior)
        assert "senior cannot decide on this action" in press(junior, asked, "approve").content.decode()
        lend(here.senior, here.owner)
        owner = signed_in(here.owner, "Reviewers")
        assert "own its agent" in press(owner, big, "approve").content.decode()

    def test_passes_nothing_on(self, here: World, junior: Client, big: Action) -> None:
        friend = world.person("friend")
        lend(here.senior, friend)
        theirs = signed_in(friend, "Reviewers")
        form = {"form": "delegation", "delegation-person": friend.pk, "delegation-delegate": here.junior.pk}
        more = {"delegation-ends_at": f"{NOW + DAY:%Y-%m-%dT%H:%M}"}
        assert "cannot be passed on" in theirs.post(reverse("admin:away"), form | more).content.decode()
        assert LedgerEntry.objects.filter(event="delegation.refused").count() == 1


class TestAWarning:
    def test_stands_where_others_read_it_and_not_before_whoever_may_decide(
        self, here: World, junior: Client, superuser: Client
    ) -> None:
        for person in (here.junior, here.senior):
            form = {
                "form": "absence",
                "absence-person": person.pk,
                "absence-ends_at": f"{NOW + 9 * DAY:%Y-%m-%dT%H:%M}",
            }
            signed_in(person, "Reviewers").post(reverse("admin:away"), form)
        action = here.pending(datetime.now(UTC))
        inbox, said = reverse("admin:inbox"), "No authorized reviewer is on duty before"
        for page in (show(superuser, action), superuser.get(f"{inbox}?view=all").content.decode()):
            assert said in page
        for page in (show(junior, action), junior.get(inbox).content.decode()):
            assert said not in page
