"""Parents and children on the decision page, for those who may see them."""

import pytest
from django.test import Client

from approvals.models import Action, ActionType, Desk, Membership
from approvals.queries.record.related import parents
from approvals.states import Tier
from tests import world
from tests.admin.pages import address, show
from tests.services.execution.families import run, settle
from tests.world import World, fresh

WAITS = "This action runs only after its parent is executed."
LOST = "The parent ended without effect, so this action will never run."
ABOVE = "Actions that run only after this one is executed:"


class TestThePage:
    def test_links_both_ways(self, here: World, junior: Client) -> None:
        parent = here.pending()
        child = here.pending(parent=parent.pk)
        below, above = show(junior, child), show(junior, parent)
        assert address(parent) in below and WAITS in below and ABOVE not in below
        assert address(child) in above and ABOVE in above and WAITS not in above

    def test_of_an_action_alone_says_nothing(self, here: World, junior: Client) -> None:
        page = show(junior, here.pending())
        assert WAITS not in page and ABOVE not in page and "Parent action:" not in page

    def test_says_that_a_child_will_never_run(self, here: World, junior: Client) -> None:
        here.set_kind(undo_seconds=0)
        parent = here.pending()
        child = here.pending(parent=parent.pk)
        world.decide("reject", parent, here.junior, rationale="No.")
        page = show(junior, child)
        assert LOST in page and WAITS not in page

    @pytest.mark.parametrize(
        ("becomes", "said"),
        [
            ("pending", "you cannot see it; it is not executed yet"),
            ("executed", "you cannot see it; it was executed"),
            ("withdrawn", "you cannot see it; it ended without effect"),
        ],
    )
    def test_says_of_a_parent_at_another_desk_only_what_comes_of_it(
        self, here: World, junior: Client, becomes: str, said: str
    ) -> None:
        parent = elsewhere(here)
        ActionType.objects.update(undo_seconds=0)
        child = here.pending(parent=parent.pk)
        if becomes == "executed":
            world.decide("approve", parent, here.senior)
            run()
        if becomes == "withdrawn":
            world.withdraw(here, parent)
        assert fresh(parent).state == becomes
        page = show(junior, child)
        assert said in page and page.count("you cannot see it") == 1
        assert str(parent.pk) not in page and f'class="badge state-{becomes}"' not in family_of(page)

    def test_hides_children_at_another_desk(self, here: World, junior: Client) -> None:
        parent = here.pending()
        child = elsewhere(here, parent=parent.pk)
        page = show(junior, parent)
        assert address(child) not in page and "and others that are not listed here" in page

    def test_lists_a_few_of_many_children(self, here: World, junior: Client, monkeypatch: object) -> None:
        monkeypatch.setattr(parents, "SHOWN", 2)  # type: ignore[attr-defined]
        parent = here.pending()
        made = [here.propose(parent=parent.pk) for _ in range(3)]
        page = show(junior, parent)
        assert [address(each) in page for each in made] == [False, True, True]
        assert "and others that are not listed here" in page


class TestTheHistory:
    def test_says_why_a_child_ended_in_the_readers_language(self, here: World, junior: Client) -> None:
        here.set_kind(undo_seconds=0)
        parent = here.pending()
        child = here.pending(parent=parent.pk)
        world.decide("reject", parent, here.junior, rationale="No.")
        settle()
        page = junior.get(address(child, "history")).content.decode()
        assert f"Not executed because its parent {parent.pk} was rejected" in page
        here.junior.language = "de"
        here.junior.save()
        page = junior.get(address(child, "history")).content.decode()
        assert f"weil der übergeordnete Vorgang {parent.pk} abgelehnt wurde" in page


def family_of(page: str) -> str:
    """What the page says of parents and children."""
    return page.split('alert-note family">')[1].split("</div>")[0]


def elsewhere(here: World, **changes: object) -> Action:
    """An action of the same agent at a desk of others."""
    desk = Desk.objects.create(slug="ledger", name="Ledger")
    Membership.objects.create(person=here.senior, desk=desk, tier=Tier.SENIOR)
    kind = ActionType.objects.get(pk=here.kind.pk)
    other = world.invoice_type(desk, name="ledger.post", title="Post to ledger")
    assert other.pk != kind.pk
    return here.pending(action_type=other.name, **changes)
