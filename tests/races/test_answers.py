"""An agent's corrected payload and a decision at once: one comes first, and the other is refused for what it is."""

import pytest

from approvals.actors import Actor, Door
from approvals.errors import AlreadyDecided, StaleRevision, WrongState
from approvals.models import Action, Decision, Execution, Note, Revision
from approvals.services.decisions import notes
from tests import world
from tests.races.test_verdicts import rush
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]
TIMES = 25


def asked(here: World) -> Action:
    action = here.pending()
    notes.ask(actor=Actor(Door.ADMIN, person=here.junior), at=NOON, action_id=action.pk, text="Is the amount right?")
    return action


def answer(here: World, action: Action, amount: int) -> Note:
    payload = action.revision.payload | {"amount": amount}
    return notes.answer(actor=here.as_agent(), at=NOON, action_id=action.pk, text="No.", payload=payload)


def test_what_is_approved_is_what_was_seen(here: World) -> None:
    firsts = set()
    for _ in range(TIMES):
        action = asked(here)
        answered, decided = rush(
            [
                lambda action=action: answer(here, action, 700),
                lambda action=action: world.decide("approve", action, here.junior),
            ]
        )
        found = world.fresh(action)
        if isinstance(decided, Decision):
            assert isinstance(answered, WrongState), answered
            assert (found.state, found.revision.number) == ("approved", 1)
            assert Execution.objects.get(action=action).digest == action.revision.digest
        else:
            assert isinstance(answered, Note), answered
            assert isinstance(decided, StaleRevision), decided
            assert (found.state, found.revision.number) == ("pending", 2)
        firsts.add(found.state)
    assert firsts <= {"approved", "pending"}


def test_one_question_has_one_answer(here: World) -> None:
    action = asked(here)
    given = rush([lambda amount=amount: answer(here, action, amount) for amount in (701, 702, 703)])
    assert sum(isinstance(each, Note) for each in given) == 1, given
    assert Revision.objects.filter(action=action).count() == 2


def test_a_rejection_ends_it_for_both(here: World) -> None:
    action = asked(here)
    world.decide("reject", action, here.junior)
    given = rush([lambda: answer(here, action, 700), lambda: world.decide("approve", action, here.senior)])
    assert {type(each) for each in given} == {WrongState, AlreadyDecided}
