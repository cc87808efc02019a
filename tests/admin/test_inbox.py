"""The inbox: what waits for me and nothing else, most urgent first."""

import pytest
from django.test import Client

from approvals.admin import inbox
from approvals.models import Desk, Membership
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
        monkeypatch.setattr(inbox, "SIZE", 2)
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
