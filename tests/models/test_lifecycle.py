"""The lifecycle as one table: every state against every transition."""

import pytest
from django_fsm import TransitionNotAllowed
from hypothesis import given
from hypothesis import strategies as st

from approvals.models import Action
from approvals.states import LEGAL, ActionState

S = ActionState
TRANSITIONS = {
    "queue": ({S.PROPOSED}, S.PENDING),
    "approve": ({S.PROPOSED, S.PENDING}, S.APPROVED),
    "modify": ({S.PENDING}, S.MODIFIED),
    "reject": ({S.PROPOSED, S.PENDING}, S.REJECTED),
    "expire": ({S.PROPOSED, S.PENDING, S.APPROVED, S.MODIFIED}, S.EXPIRED),
    "withdraw": ({S.PROPOSED, S.PENDING, S.APPROVED, S.MODIFIED}, S.WITHDRAWN),
    "return_to_review": ({S.APPROVED, S.MODIFIED, S.REJECTED}, S.PENDING),
    "dispatch": ({S.APPROVED, S.MODIFIED}, S.EXECUTING),
    "retry": ({S.FAILED, S.UNCERTAIN}, S.EXECUTING),
    "succeed": ({S.EXECUTING, S.UNCERTAIN}, S.EXECUTED),
    "fail": ({S.APPROVED, S.MODIFIED, S.EXECUTING, S.UNCERTAIN}, S.FAILED),
    "doubt": ({S.EXECUTING}, S.UNCERTAIN),
}


@pytest.mark.parametrize("name", TRANSITIONS)
@pytest.mark.parametrize("state", S.values)
def test_a_transition_is_possible_exactly_where_the_table_says(state: str, name: str) -> None:
    sources, target = TRANSITIONS[name]
    action = Action(state=state)
    if state in sources:
        getattr(action, name)()
        assert action.state == target
    else:
        with pytest.raises(TransitionNotAllowed):
            getattr(action, name)()
        assert action.state == state


def test_the_transitions_are_the_legal_pairs_and_no_others() -> None:
    made = {(source, target) for sources, target in TRANSITIONS.values() for source in sources}
    assert made == {(source, target) for source, targets in LEGAL.items() for target in targets}


def test_the_table_names_every_transition_of_the_model() -> None:
    assert {each.name for each in Action().get_all_state_transitions()} == set(TRANSITIONS)


@given(st.lists(st.sampled_from(sorted(TRANSITIONS)), max_size=40))
def test_no_walk_leaves_the_legal_pairs(names: list[str]) -> None:
    action = Action(state=S.PROPOSED)
    for name in names:
        before = action.state
        try:
            getattr(action, name)()
        except TransitionNotAllowed:
            assert action.state == before
        else:
            assert action.state in LEGAL[before]
