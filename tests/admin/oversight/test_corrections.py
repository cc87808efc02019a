"""The page of what reviewers changed and refused."""

from django.test import Client
from django.urls import reverse

from approvals.models import Desk, Membership
from approvals.states import Tier
from tests import world
from tests.admin.conftest import signed_in
from tests.world import NOON, World


def corrected(here: World, **values: object) -> None:
    action = here.pending()
    world.decide("modify", action, here.junior, payload=action.revision.payload | values)


def show(client: Client, query: str = "") -> str:
    answer = client.get(reverse("admin:corrections") + query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestThePage:
    def test_counts_changes_by_field(self, here: World, junior: Client) -> None:
        corrected(here, account=4400)
        corrected(here, account=4500)
        corrected(here, issuer="Paper Mill Ltd", account=4400)
        page = junior.get(reverse("admin:corrections")).context["pupils"][0][0]
        assert [(lesson.pointer, lesson.count) for lesson in page.fields] == [("/account", 3), ("/issuer", 1)]
        assert (page.modified, page.rejected) == (3, 0)

    def test_takes_lines_of_a_table_as_one_field(self, here: World, junior: Client) -> None:
        action = here.pending(lines=[{"name": "a", "price": 1}, {"name": "b", "price": 2}])
        lines = [{"name": "a", "price": 3}, {"name": "b", "price": 4}]
        world.decide("modify", action, here.junior, payload=action.revision.payload | {"lines": lines})
        (lesson,) = junior.get(reverse("admin:corrections")).context["pupils"][0][0].fields
        assert (lesson.pointer, lesson.count) == ("/lines/*/price", 2)

    def test_names_refusals_with_their_reasons(self, here: World, junior: Client) -> None:
        here.set_kind(undo_seconds=0)
        world.decide("reject", here.pending(), here.junior, rationale="Paid <already>.", reason_code="duplicate")
        page = show(junior)
        assert "Paid &lt;already&gt;." in page
        assert "<bdi>duplicate</bdi> 1" in page

    def test_shows_nothing_of_other_desks(self, here: World) -> None:
        corrected(here, account=4400)
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        assert "/account" not in show(signed_in(stranger, "Reviewers"))

    def test_filters_by_agent_and_kind(self, here: World, junior: Client) -> None:
        corrected(here, account=4400)
        assert "/account" in show(junior, f"?agent={here.agent.name}&kind={here.kind.name}&days=7")
        assert "/account" not in show(junior, "?agent=nobody")
        assert "/account" not in show(junior, "?agent=%00&kind=nothing")

    def test_tells_when_it_was(self, here: World, junior: Client) -> None:
        corrected(here, account=4400)
        assert f"{NOON:%Y}" in show(junior) or "ago" in show(junior)
