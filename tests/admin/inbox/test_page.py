"""The inbox: what waits for me and nothing else, most urgent first."""

import re
from uuid import UUID

import pytest
from django.test import Client

from approvals.admin.inbox import page as inbox_page
from approvals.models import Action, Desk, Membership
from approvals.queries.inbox import tallies, waiting
from approvals.states import Tier
from tests import world
from tests.admin.conftest import signed_in
from tests.admin.pages import address
from tests.world import World


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/admin/inbox/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


class TestTheInbox:
    def test_lists_what_waits_for_me_with_the_reason(self, here: World, junior: Client) -> None:
        action = here.pending(invoice_number="F")
        text = page(junior)
        assert address(action) in text
        assert "too short" in text
        assert "EUR 717.97" in text

    def test_names_missing_fields_by_their_titles(self, here: World, junior: Client) -> None:
        here.pending(payload={"issuer": "Mill", "currency": "EUR"})
        assert "Missing: Amount, Invoice number" in page(junior)

    def test_leaves_out_what_only_a_senior_decides(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending(amount=9000)
        assert address(action) not in page(junior)
        assert address(action) in page(senior)

    def test_leaves_out_other_desks(self, here: World) -> None:
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        action = here.pending()
        assert address(action) not in page(signed_in(stranger))

    def test_puts_the_riskier_first(self, here: World, junior: Client) -> None:
        usual = here.pending()
        odd = here.pending(iban="NL00BANK0000000000")
        text = page(junior)
        assert text.index(address(odd)) < text.index(address(usual))

    @pytest.mark.parametrize(
        ("query", "is_there"),
        [
            ("?risk=low", True),
            ("?risk=high", False),
            ("?risk=nonsense", True),
            ("?kind=999999", False),
            ("?kind=x&agent=y&desk=z", True),
            ("?due=overdue", False),
            ("?after=nonsense", True),
            (f"?after={10**30},,{UUID(int=0)}", True),
            (f"?after=-{10**30},,{UUID(int=0)}", False),
            (f"?after=1,0001-01-01T00:00%2B14:00,{UUID(int=0)}", True),
        ],
    )
    def test_filters_and_ignores_what_it_does_not_understand(
        self, here: World, junior: Client, query: str, is_there: bool
    ) -> None:
        action = here.pending()
        assert (address(action) in page(junior, query)) is is_there

    def test_turns_pages_without_losing_or_repeating_a_line(
        self, here: World, junior: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(inbox_page, "SIZE", 2)
        actions = [here.pending() for _ in range(5)]
        found, query = [], ""
        for _ in range(3):
            answer = junior.get(f"/admin/inbox/{query}")
            found += [line.action.pk for line in answer.context["lines"]]
            query = f"?{answer.context['next']}"
        assert sorted(found) == sorted(action.pk for action in actions)
        assert query == "?"

    def test_shows_what_nothing_has_judged(self, here: World, junior: Client) -> None:
        action = here.propose(world.soon(-3600 * 24))
        assert address(action) in page(junior)

    def test_shows_nobody_elses_unjudged_actions(self, here: World) -> None:
        action = here.propose(world.soon(-3600 * 24))
        assert address(action) not in page(signed_in(world.person("stranger")))


class TestTheTabs:
    def test_count_what_each_view_holds(self, here: World, junior: Client) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "1000.00"})
        mine, _free, asked = [here.pending() for _ in range(3)]
        here.pending(amount=4_000)
        junior.post(address(mine, "claim"))
        junior.post(address(asked, "ask"), {"text": "Which order?"})
        counts = {str(tab.words): tab.count for tab in junior.get("/admin/inbox/").context["tabs"]}
        assert counts["Pending"] == 4
        assert counts["Claimed by you"] + counts["Unclaimed"] == 4
        assert (counts["Waiting for agent"], counts["For other reviewers"], counts["Overdue"]) == (1, 1, 0)

    def test_are_lower_bounds_once_there_is_more(
        self, here: World, junior: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in (tallies, waiting):
            monkeypatch.setattr(module, "MAX_COUNTED", 2)
        mine, *_ = [here.pending() for _ in range(4)]
        junior.post(address(mine, "claim"))
        tabs = {str(tab.words): tab for tab in junior.get("/admin/inbox/").context["tabs"]}
        assert (tabs["Pending"].count, tabs["Pending"].is_cut) == (2, True)
        assert (tabs["Claimed by you"].count, tabs["Claimed by you"].is_cut) == (1, False)

    def test_keep_the_filters(self, here: World, junior: Client) -> None:
        tabs = junior.get("/admin/inbox/?risk=low").context["tabs"]
        assert all("risk=low" in tab.query for tab in tabs)


class TestALineThatLeft:
    def said(self, client: Client, *actions: Action) -> dict[str, str]:
        found: dict[str, str] = client.get("/admin/inbox/left/", {"id": [action.pk for action in actions]}).json()
        return found

    def test_says_who_decided(self, here: World, junior: Client) -> None:
        action = here.pending()
        world.decide("approve", action, here.senior)
        assert self.said(junior, action) == {str(action.pk): "Approved by senior"}

    def test_says_who_claimed_it(self, here: World, junior: Client, senior: Client) -> None:
        action = here.pending()
        senior.post(address(action, "claim"))
        assert self.said(junior, action) == {str(action.pk): "Claimed by senior"}

    def test_that_still_waits_is_not_named(self, here: World, junior: Client) -> None:
        assert self.said(junior, here.pending()) == {}

    def test_tells_a_stranger_nothing(self, here: World) -> None:
        action = here.pending()
        world.decide("approve", action, here.senior)
        assert self.said(signed_in(world.person("stranger"), "Reviewers"), action) == {}


class TestTheCount:
    def test_is_what_waits_for_me(self, here: World, junior: Client) -> None:
        here.pending()
        here.pending(amount=9000)
        assert junior.get("/admin/inbox/count/").json() == {"waiting": 1, "shown": "1"}


class TestAView:
    def test_of_what_is_in_my_hands_leaves_out_the_rest(self, here: World, junior: Client) -> None:
        mine, other = here.pending(), here.pending()
        junior.post(address(mine, "claim"))
        text = page(junior, "?view=mine")
        assert address(mine) in text
        assert address(other) not in text

    def test_of_what_waits_for_its_agent_has_open_questions_alone(self, here: World, junior: Client) -> None:
        asked, other = here.pending(), here.pending()
        junior.post(address(asked, "ask"), {"text": "Which order?"})
        text = page(junior, "?view=asked")
        assert address(asked) in text
        assert address(other) not in text

    def test_of_all_that_waits_has_what_only_seniors_decide(self, here: World, junior: Client) -> None:
        action = here.pending(amount=9000)
        assert address(action) in page(junior, "?view=all")

    def test_of_all_that_waits_turns_pages(self, here: World, junior: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inbox_page, "SIZE", 2)
        actions = [here.pending(amount=9000) for _ in range(3)]
        first = junior.get("/admin/inbox/?view=all")
        second = junior.get(f"/admin/inbox/?{first.context['next']}")
        found = [line.action.pk for answer in (first, second) for line in answer.context["lines"]]
        assert sorted(found) == sorted(action.pk for action in actions)

    @pytest.mark.parametrize("view", ["overdue", "uncertain", "mine", "asked", "all", "nonsense"])
    def test_that_has_nothing_says_so(self, here: World, junior: Client, view: str) -> None:
        assert "line-link" not in page(junior, f"?view={view}")

    def test_shows_nothing_of_other_desks(self, here: World) -> None:
        stranger = world.person("stranger")
        Membership.objects.create(person=stranger, desk=Desk.objects.create(slug="it", name="IT"), tier=Tier.SENIOR)
        action = here.pending()
        assert address(action) not in page(signed_in(stranger, "Reviewers"), "?view=all")


class TestWhatOnlyOthersDecide:
    def test_comes_last_in_a_group_of_its_own(self, here: World, junior: Client) -> None:
        Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "1000.00"})
        high = here.pending(amount=4_000, iban="NL00BANK0000000000")
        own, low = here.pending(on_behalf_of="junior"), here.pending()
        text = page(junior)
        places = [text.index(each) for each in (address(low), 'id="beyond-senior"', address(high), 'id="beyond-other"')]
        assert [*places, text.index(address(own))] == sorted([*places, text.index(address(own))])
        assert re.search(r"Needs a senior reviewer:\s+1\s", text)
        assert address(high) in page(junior, "?view=beyond")
        assert address(low) not in page(junior, "?view=beyond")

    def test_is_no_group_for_whoever_has_no_limits(self, here: World, senior: Client) -> None:
        here.pending(amount=4_000)
        assert "beyond-" not in page(senior)

    def test_the_age_of_the_oldest_is_said(self, here: World, junior: Client) -> None:
        here.pending()
        assert "The oldest action has been waiting for" in page(junior)
        assert "The oldest action has been waiting for" in junior.get("/admin/").text
