"""A proposal may name its parent: what it may name, and what is kept of it."""

import pytest
from django.db import IntegrityError, transaction

from approvals.errors import KeyReused, Malformed, WrongState
from approvals.guards.actions import ORPHAN
from approvals.ids import uuid7
from approvals.models import Action, Agent, LedgerEntry
from approvals.models.actions import MAX_DEPTH
from approvals.services.intake import propose
from tests import world
from tests.world import NOON, World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.vendor_sensitive,
    pytest.mark.usefixtures("fake"),
    pytest.mark.world(connector="fake", undo_seconds=0),
]


def stranger(here: World) -> World:
    """The same world, with another agent."""
    other = Agent.objects.create(name="other-bot", title="Other bot", owner=here.owner)
    return World(here.owner, here.junior, here.senior, here.desk, here.kind, other)


class TestAParent:
    def test_is_kept_with_its_child_and_in_the_entry_of_it(self, here: World) -> None:
        parent = here.propose()
        child = world.fresh(here.propose(parent=parent.pk))
        assert (child.parent_id, child.depth, parent.depth) == (parent.pk, 1, 0)
        created = LedgerEntry.objects.get(action=child, event="action.proposed")
        assert str(parent.pk) in created.data

    def test_is_in_the_history_of_its_child(self, here: World) -> None:
        parent = here.propose()
        assert here.propose(parent=parent.pk).history.get().parent_id == parent.pk  # type: ignore[attr-defined]

    def test_that_is_unknown_is_refused(self, here: World) -> None:
        with pytest.raises(Malformed) as refusal:
            here.propose(parent=uuid7())
        assert refusal.value.details["field"] == "parent"

    def test_of_another_agent_is_refused_like_an_unknown_one(self, here: World) -> None:
        theirs = stranger(here).propose()
        with pytest.raises(Malformed) as refusal:
            here.propose(parent=theirs.pk)
        with pytest.raises(Malformed) as unknown:
            here.propose(parent=uuid7())
        assert refusal.value.message == unknown.value.message

    def test_that_ended_without_effect_is_refused(self, here: World) -> None:
        parent = here.propose()
        world.withdraw(here, parent)
        with pytest.raises(WrongState) as refusal:
            here.propose(parent=parent.pk)
        assert refusal.value.details["parent_state"] == "withdrawn"

    def test_has_at_most_ten_levels_below_it(self, here: World) -> None:
        last = here.propose()
        for _ in range(MAX_DEPTH):
            last = here.propose(parent=last.pk)
        assert last.depth == MAX_DEPTH
        with pytest.raises(Malformed):
            here.propose(parent=last.pk)

    def test_that_ended_still_answers_the_same_request(self, here: World) -> None:
        parent = here.propose()
        proposal = here.proposal(parent=parent.pk)
        first = world.send(here, proposal).action
        world.withdraw(here, parent)
        again = world.send(here, proposal)
        assert again.is_replay and again.action.pk == first.pk

    def test_belongs_to_the_request(self, here: World) -> None:
        parent = here.propose()
        world.send(here, here.proposal(idempotency_key="one", parent=parent.pk, invoice_number="1"))
        with pytest.raises(KeyReused):
            world.send(here, here.proposal(idempotency_key="one", invoice_number="1"))

    def test_refuses_only_its_own_item_of_a_batch(self, here: World) -> None:
        parent = here.propose()
        items = [here.proposal(parent=parent.pk), here.proposal(parent=uuid7()), here.proposal()]
        results = propose.propose_many(actor=here.as_agent(), at=NOON, proposals=items)
        assert [result.refusal is None for result in results] == [True, False, True]

    def test_is_asked_about_in_a_preview(self, here: World) -> None:
        with pytest.raises(Malformed):
            propose.preview(actor=here.as_agent(), at=NOON, proposal=here.proposal(parent=uuid7()))


class TestTheDatabase:
    def test_keeps_a_parent(self, here: World) -> None:
        child = here.propose(parent=here.propose().pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.filter(pk=child.pk).update(parent=None, depth=0)

    def test_adopts_nobody(self, here: World) -> None:
        parent, action = here.propose(), here.propose()
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.filter(pk=action.pk).update(parent=parent, depth=1)

    @pytest.mark.parametrize("depth", [0, 2, MAX_DEPTH + 1])
    def test_wants_a_child_right_below_its_parent(self, here: World, depth: int) -> None:
        parent = here.propose()
        assert ORPHAN in why_refused(here.propose(), parent=parent, depth=depth)

    def test_wants_a_parent_of_the_same_agent(self, here: World) -> None:
        theirs = stranger(here).propose()
        assert ORPHAN in why_refused(here.propose(), parent=theirs, depth=1)

    def test_wants_nobody_below_no_parent(self, here: World) -> None:
        assert "action_depth_below_parent" in why_refused(here.propose(), parent=None, depth=1)


def why_refused(action: Action, **fields: object) -> str:
    """Why the database takes no other row like this one, from somebody who writes to it past HITL."""
    row = Action.objects.get(pk=action.pk)
    for name, value in (fields | {"idempotency_key": "x"}).items():
        setattr(row, name, value)
    row.id, row.entry_id, row.revision_id = uuid7(), uuid7(), uuid7()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Action.objects.bulk_create([row])
    return str(refusal.value)
