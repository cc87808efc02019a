"""On the loop: watching what runs by itself."""

from django.test import Client
from django.urls import reverse

from approvals.models import Desk, LedgerEntry, Membership, SampleCheck
from approvals.states import Tier
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address
from tests.world import World, fresh


def page(client: Client, query: str = "") -> str:
    answer = client.get(reverse("admin:loop") + query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestThePage:
    def test_lists_what_ran_by_itself_and_nothing_else(self, here: World, junior: Client) -> None:
        alone, asked = here.auto(), here.approved()
        text = page(junior)
        assert address(alone) in text
        assert address(asked) not in text

    def test_shows_nothing_of_other_desks(self, here: World) -> None:
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        action = here.auto()
        assert address(action) not in page(signed_in(stranger, "Reviewers"))

    def test_filters_by_agent_and_kind(self, here: World, junior: Client) -> None:
        action = here.auto()
        assert address(action) in page(junior, f"?agent={here.agent.name}&kind={here.kind.name}")
        assert address(action) not in page(junior, "?agent=somebody-else")

    def test_calls_back_what_was_not_sent(self, here: World, junior: Client) -> None:
        action = here.auto()
        assert "Undo</button>" in page(junior)
        junior.post(address(action, "undo"))
        assert fresh(action).state == "pending"


class TestPicking:
    def test_puts_an_action_among_the_samples(self, here: World, junior: Client) -> None:
        action = here.auto()
        answer = junior.post(reverse("admin:loop_pick", args=[action.pk]), follow=True)
        assert "Post invoice" in answer.content.decode()
        assert SampleCheck.objects.get().action == action
        assert LedgerEntry.objects.filter(event="sample.chosen").count() == 1
        assert "awaiting spot check" in page(junior)

    def test_happens_once(self, here: World, junior: Client) -> None:
        action = here.auto()
        for _ in range(2):
            junior.post(reverse("admin:loop_pick", args=[action.pk]))
        assert SampleCheck.objects.count() == 1

    def test_is_for_what_ran_by_itself(self, here: World, junior: Client) -> None:
        answer = junior.post(reverse("admin:loop_pick", args=[here.approved().pk]), follow=True)
        assert "only actions that ran automatically" in answer.content.decode()

    def test_is_for_reviewers_of_the_desk(self, here: World, superuser: Client, junior: Client) -> None:
        action = here.auto()
        superuser.post(reverse("admin:loop_pick", args=[action.pk]))
        assert junior.get(reverse("admin:loop_pick", args=[action.pk])).status_code == 405
        assert not SampleCheck.objects.exists()
