"""Until when: what a type allows, what is bound to a decision, and what a reviewer may change."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from approvals.errors import Expired, Malformed, NothingChanged
from approvals.models import Revision
from approvals.queries.record import digests
from approvals.services.payloads.proposal import Proposal
from tests import world
from tests.services.ends.given import DAY, ends, run_ready, tomorrow
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0, ends="optional", longest_seconds=7 * 86_400),
]


def propose(here: World, **fields: object) -> Proposal:
    return here.propose(world.now(), **fields)


class TestATypeThatAllowsOne:
    def test_takes_an_end_within_its_longest_duration(self, here: World) -> None:
        until = tomorrow()
        action = propose(here, until=until)
        assert (action.until, action.revision.until) == (until, until)

    @pytest.mark.parametrize(("until", "said"), [
        (-DAY, "in the past"), (8 * DAY, "too late"),
    ])  # fmt: skip
    def test_refuses_one_beyond(self, here: World, until: timedelta, said: str) -> None:
        with pytest.raises(Malformed, match=said) as refusal:
            propose(here, until=world.now() + until)
        assert refusal.value.details["field"] == "until"

    def test_refuses_one_that_some_time_zone_cannot_show(self, here: World) -> None:
        here.set_kind(longest_seconds=None)
        action = here.pending(until=tomorrow())
        for late in (datetime(9999, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=timezone(-DAY / 2))):
            with pytest.raises(Malformed, match="before the year 9999"):
                world.decide("modify", action, here.junior, payload=action.revision.payload, until=late)

    def test_needs_a_time_zone(self, here: World) -> None:
        with pytest.raises(Malformed, match="time zone"):
            propose(here, until=tomorrow().replace(tzinfo=None))

    @pytest.mark.parametrize(("kind", "said"), [
        ({"ends": "never"}, "cannot have an end"),
        ({"connector": "csv"}, "connector “csv” cannot reverse"),
        ({"connector": "", "execution": "agent"}, "executes actions of type"),
    ])  # fmt: skip
    def test_is_the_only_one_that_does(self, here: World, kind: dict[str, str], said: str) -> None:
        here.set_kind(**kind)
        with pytest.raises(Malformed, match=said):
            propose(here, until=tomorrow())

    def test_may_need_one(self, here: World) -> None:
        here.set_kind(ends="required")
        with pytest.raises(Malformed, match="need an end"):
            propose(here)

    def test_sees_the_same_key_with_another_end_as_another_request(self, here: World) -> None:
        first, other = (here.proposal(idempotency_key="one", invoice_number="1", until=at) for at in (None, tomorrow()))
        assert first.request_digest != other.request_digest


class TestADecision:
    def test_is_bound_to_the_end(self, here: World) -> None:
        action = here.pending(until=tomorrow())
        revision = action.revision
        assert digests.digest_now(action, revision) == revision.digest
        revision.until += DAY
        assert digests.digest_now(action, revision) != revision.digest

    def test_of_an_end_that_was_moved_past_it_lets_nothing_run(self, here: World, fake: object) -> None:
        action = here.approved(until=tomorrow())
        world.tamper(
            "UPDATE approvals_revision SET until = NULL WHERE action_id = %s",
            [world.stored(action.pk)],
            "approvals_revision_no_update",
        )
        run_ready()
        assert world.fresh(action).state == "pending"

    def test_may_change_the_end_alone(self, here: World) -> None:
        action = here.pending(until=tomorrow())
        sooner = world.now() + timedelta(hours=1)
        world.decide("modify", action, here.junior, payload=action.revision.payload, until=sooner)
        changed = world.fresh(action)
        assert (changed.state, changed.until, changed.revision.number) == ("modified", sooner, 2)
        run_ready()
        assert ends(action)[0].not_before == sooner

    def test_keeps_the_end_where_it_changes_the_payload(self, here: World) -> None:
        action = here.pending(until=tomorrow())
        world.decide("modify", action, here.junior, payload=action.revision.payload | {"amount": 700})
        assert Revision.objects.get(action=action, number=2).until == action.until

    def test_changes_no_end_beyond_the_longest(self, here: World) -> None:
        action, late = here.pending(until=tomorrow()), world.now() + 30 * DAY
        with pytest.raises(Malformed, match="too late"):
            world.decide("modify", action, here.junior, payload=action.revision.payload, until=late)

    def test_needs_a_change(self, here: World) -> None:
        action = here.pending(until=tomorrow())
        with pytest.raises(NothingChanged):
            world.decide("modify", action, here.junior, payload=action.revision.payload, until=action.until)

    def test_is_refused_after_the_end(self, here: World) -> None:
        action = here.pending(until=tomorrow())
        world.tamper("UPDATE approvals_action SET until = created_at", [])
        with pytest.raises(Expired):
            world.decide("approve", action, here.junior, NOON)
