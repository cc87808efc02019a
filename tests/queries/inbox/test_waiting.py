"""What waits, page by page: each action once and in order, whatever ties, and at the same cost for many desks."""

import pytest
from pytest_django import DjangoAssertNumQueries

from approvals.authority import assignees
from approvals.models import Action, Desk, Membership
from approvals.queries.inbox import waiting as inbox
from approvals.states import Tier
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


@pytest.fixture
def waiting(here: World) -> list[Action]:
    """Actions for two tiers, many of the same risk, some due at the same moment."""
    return [here.pending(amount=amount) for amount in (812, 900, 900, 9000, 813, 9100, 900)]


class TestPaging:
    @pytest.mark.parametrize("size", [1, 2, 3])
    def test_shows_each_once_and_in_the_order_of_one_long_page(
        self, here: World, waiting: list[Action], size: int
    ) -> None:
        whole = inbox.page(here.senior)
        found, mark = [], None
        while True:
            part = inbox.page(here.senior, after=mark, size=size)
            found += part.rows
            mark = part.next
            if mark is None:
                break
        assert [row.pk for row in found] == [row.pk for row in whole.rows]
        assert {row.pk for row in found} == {row.pk for row in waiting}

    def test_counts_what_it_shows(self, here: World, waiting: list[Action]) -> None:
        assert inbox.count(here.senior) == len(waiting) == len(inbox.page(here.senior).rows)


class TestAPage:
    def test_costs_as_much_at_many_desks(
        self, here: World, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        here.pending()
        for number in range(5):
            desk = Desk.objects.create(slug=f"desk-{number}", name=f"Desk {number}")
            Membership.objects.create(person=here.junior, desk=desk, tier=Tier.SENIOR)
        reach = assignees.reach(here.junior)
        with django_assert_max_num_queries(2):
            assert len(inbox.page(reach).rows) == inbox.count(reach) == 1
