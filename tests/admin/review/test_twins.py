"""Actions with the same document number know each other, and one approval can reject the others."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from approvals.actors import Actor, Door
from approvals.models import Action, ActionType, Decision, Desk
from approvals.queries.record.related import twins
from tests import world
from tests.admin.pages import address, press, seen, show
from tests.world import World, fresh

NUMBER = "INV-77001"


@pytest.fixture
def pair(here: World) -> tuple[Action, Action]:
    """Two pending actions with one number, spelled in two ways."""
    return here.pending(invoice_number=NUMBER), here.pending(invoice_number="inv 077001")


def ticked(*actions: Action) -> list[str]:
    """The values of the twins' check boxes as shown."""
    return [f"{action.pk}:{action.revision.number}:{action.revision.digest}" for action in actions]


def approve_one(client: Client, action: Action, *others: Action) -> str:
    """Approve one, reject the others, and return the next page's text."""
    answer = client.post(
        address(action, "decide_twins"), seen(action) | {"opened": [], "twin": ticked(*others)}, follow=True
    )
    return answer.content.decode()


class TestTwins:
    def test_are_linked_both_ways(self, pair: tuple[Action, Action], junior: Client) -> None:
        first, second = pair
        assert f'href="{address(second)}"' in show(junior, first)
        assert f'href="{address(first)}"' in show(junior, second)

    def test_say_how_the_other_was_decided(self, here: World, pair: tuple[Action, Action], senior: Client) -> None:
        world.decide("reject", pair[0], here.junior, rationale="Paid already.")
        page = " ".join(show(senior, pair[1]).split())
        assert "Rejected: junior" in page or "Reject: junior" in page

    def test_are_named_after_deciding_one(self, pair: tuple[Action, Action], junior: Client) -> None:
        press(junior, pair[0], "approve")
        page = junior.get("/admin/inbox/").content.decode()
        assert "1 duplicate is still pending:" in page
        assert f'href="{address(pair[1])}"' in page

    def test_are_counted_in_the_inbox(self, pair: tuple[Action, Action], junior: Client) -> None:
        assert junior.get("/admin/inbox/").content.decode().count("1 duplicate pending") == len(pair)

    def test_without_a_number_are_identical_payloads(self, here: World, junior: Client) -> None:
        first, second = (here.pending(payload={"issuer": "Mill", "amount": 717.97, "currency": "EUR"}) for _ in "12")
        page = show(junior, second)
        assert "Identical actions" in page
        assert f'href="{address(first)}"' in page
        assert "An identical action was proposed recently or is still open." in page
        assert junior.get("/admin/inbox/").content.decode().count("1 duplicate pending") == 2
        approve_one(junior, second, first)
        assert fresh(first).state == "rejected"

    def test_at_another_desk_are_counted_without_details(
        self, here: World, pair: tuple[Action, Action], junior: Client
    ) -> None:
        other = Desk.objects.create(slug="it", name="IT")
        ActionType.objects.filter(pk=here.kind.pk).update(desk=other)
        here.kind.refresh_from_db()
        elsewhere = here.pending(invoice_number=NUMBER)
        page = show(junior, pair[0])
        assert "1 duplicate is at another desk." in page
        assert str(elsewhere.pk) not in page


class TestApprovingOne:
    def test_rejects_the_others_as_duplicates(self, here: World, pair: tuple[Action, Action], junior: Client) -> None:
        page = approve_one(junior, *pair)
        assert [fresh(each).state for each in pair] == ["approved", "rejected"]
        decision = Decision.objects.get(action=pair[1])
        assert decision.reason.startswith("Duplicate of ")
        assert str(pair[0].pk) in decision.reason
        assert decision.person == here.junior
        assert "1 duplicate rejected." in page

    def test_names_each_that_is_refused(self, here: World, pair: tuple[Action, Action], junior: Client) -> None:
        big = here.pending(invoice_number=NUMBER, amount=9000)
        page = approve_one(junior, *pair, big)
        assert [fresh(each).state for each in (*pair, big)] == ["approved", "rejected", "pending"]
        assert "Not rejected:" in page

    def test_offers_only_those_that_the_reader_may_reject(
        self, here: World, pair: tuple[Action, Action], junior: Client
    ) -> None:
        big = here.pending(invoice_number=NUMBER, amount=9000)
        page = show(junior, pair[0])
        assert ticked(pair[1])[0] in page
        assert ticked(big)[0] not in page

    def test_refuses_another_number(self, here: World, pair: tuple[Action, Action], junior: Client) -> None:
        stranger = here.pending(invoice_number="OTHER-1")
        approve_one(junior, pair[0], stranger)
        assert {fresh(each).state for each in (pair[0], stranger)} == {"pending"}

    def test_rejects_nothing_while_the_approval_only_counts(self, here: World, junior: Client) -> None:
        world.publish(
            world.POLICY.replace("who: responsible, quorum: 1", "who: desk, quorum: 2"),
            "invoices",
            here.owner,
            here.senior,
        )
        first, second = (here.pending(invoice_number=NUMBER) for _ in "12")
        page = approve_one(junior, first, second)
        assert {fresh(each).state for each in (first, second)} == {"pending"}
        assert "Reject the duplicates once it is approved." in page

    def test_rejects_nothing_when_the_approval_is_refused(
        self, here: World, pair: tuple[Action, Action], junior: Client
    ) -> None:
        big = here.pending(invoice_number=NUMBER, amount=9000)
        approve_one(junior, big, *pair)
        assert {fresh(each).state for each in (*pair, big)} == {"pending"}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    separators=st.lists(st.sampled_from(["", "-", " ", "/", "."]), min_size=2, max_size=2),
    zeros=st.integers(0, 3),
    is_lower=st.booleans(),
    digits=st.integers(1, 10**9),
)
def test_every_spelling_finds_its_twin_both_ways(
    here: World, separators: list[str], zeros: int, is_lower: bool, digits: int
) -> None:
    other = f"RE{separators[0]}{'0' * zeros}{digits}{separators[1]}"
    first = here.pending(invoice_number=f"RE-{digits}")
    second = here.pending(invoice_number=other.lower() if is_lower else other)
    junior = Actor(Door.ADMIN, person=here.junior)
    assert second.pk in {twin.action.pk for twin in twins.of(first, junior).waiting}
    assert first.pk in {twin.action.pk for twin in twins.of(second, junior).waiting}
