"""What comes next: after a decision, after a question, and past what one leaves for later."""

from django.test import Client

from approvals.actors import Actor, Door
from approvals.models import Action, Claim, LedgerEntry
from approvals.services.decisions import notes
from tests import plans as given
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address, press
from tests.world import World


def after(client: Client, action: Action) -> str:
    """Where approving this leads, without what goes along."""
    return press(client, action, "approve")["Location"].split("?")[0]


def leave(client: Client, action: Action) -> str:
    answer = client.post(address(action, "next"))
    assert answer.status_code == 302
    return str(answer["Location"])


class TestTheNextItem:
    def test_is_not_one_that_waits_for_the_agent(self, here: World, junior: Client) -> None:
        asked, first, second = here.pending(), here.pending(), here.pending()
        junior.post(address(asked, "ask"), {"text": "Which order?"})
        assert after(junior, first) == address(second)

    def test_is_not_one_that_a_colleague_has_in_hand(self, here: World, junior: Client) -> None:
        held, first, second = here.pending(), here.pending(), here.pending()
        signed_in(here.senior, "Reviewers").post(address(held, "claim"))
        assert after(junior, first) == address(second)

    def test_is_one_that_this_person_has_in_hand(self, here: World, junior: Client) -> None:
        mine, first = here.pending(), here.pending()
        junior.post(address(mine, "claim"))
        assert after(junior, first) == address(mine)

    def test_is_one_of_which_the_agent_changed_what_this_person_had_approved(self, here: World, junior: Client) -> None:
        given.follow(here, given.PAIR)
        changed, other = here.pending(), here.pending()
        press(junior, changed, "approve")
        senior = Actor(Door.ADMIN, person=here.senior)
        notes.ask(actor=senior, at=world.NOON, action_id=changed.pk, text="Is the amount right?")
        payload = changed.revision.payload | {"amount": 700}
        notes.answer(actor=here.as_agent(), at=world.NOON, action_id=changed.pk, text="No.", payload=payload)
        assert after(junior, other) == address(changed)


class TestLeavingOne:
    def test_goes_on_and_does_not_come_back_to_it(self, here: World, junior: Client) -> None:
        left, first, second = here.pending(), here.pending(), here.pending()
        assert leave(junior, left) == address(first)
        assert after(junior, first) == address(second)
        assert after(junior, second) == "/admin/inbox/"

    def test_begins_anew_after_the_last(self, here: World, junior: Client) -> None:
        first, second = here.pending(), here.pending()
        assert leave(junior, first) == address(second)
        assert leave(junior, second) == "/admin/inbox/"
        assert leave(junior, second) == address(first)

    def test_changes_nothing_of_it(self, here: World, junior: Client) -> None:
        action = here.pending()
        leave(junior, action)
        assert world.fresh(action).state == "pending"
        assert LedgerEntry.objects.latest("id").event == "action.routed"

    def test_is_not_for_who_may_not_see_it(self, here: World) -> None:
        stranger = signed_in(world.person("stranger"), "Reviewers")
        assert stranger.post(address(here.pending(), "next")).status_code == 404

    def test_gives_it_out_of_hand(self, here: World, junior: Client) -> None:
        action = here.pending()
        junior.post(address(action, "claim"))
        leave(junior, action)
        assert not Claim.objects.exists()

    def test_keeps_what_a_colleague_handed_over(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        junior.post(address(action, "hand_over"), {"to": "senior", "reason": "You know them."})
        leave(senior, action)
        assert Claim.objects.get().person == here.senior

    def test_is_nothing_that_a_mere_visit_does(self, here: World, junior: Client) -> None:
        action, first = here.pending(), here.pending()
        assert junior.get(address(action, "next"))["Location"] == address(action)
        assert after(junior, first) == address(action)
