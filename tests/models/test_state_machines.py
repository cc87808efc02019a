"""Every row that has a lifecycle moves by its model's transitions, and by no pair that is not declared."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django_fsm import FSMField, TransitionNotAllowed

from approvals import guards
from approvals.models import Action, Delivery, Execution, Stage
from approvals.models.deliveries import DeliveryState
from approvals.states import EXECUTION_LEGAL, LEGAL_PAIRS, ExecutionState, StageState
from policies.guards.versions import LEGAL
from policies.models import Version
from tests.world import NOON

EXECUTION_PAIRS = {(source, target) for source, targets in EXECUTION_LEGAL.items() for target in targets}


def pairs(model: type[models.Model]) -> set[tuple[str, str]]:
    """The pairs of states that the transitions of a model lead through."""
    return {(str(each.source), str(each.target)) for each in model().get_all_state_transitions()}  # type: ignore[attr-defined]


def changing() -> list[type[models.Model]]:
    """The models with a state whose rows may change."""
    every = [*apps.get_app_config("approvals").get_models(), *apps.get_app_config("policies").get_models()]
    stated = [model for model in every if "state" in {field.name for field in model._meta.fields}]
    return [model for model in stated if model._meta.db_table not in guards.APPEND_ONLY and not _is_history(model)]


def _is_history(model: type[models.Model]) -> bool:
    return hasattr(model, "history_type")


@pytest.mark.parametrize(
    ("model", "declared"), [(Action, set(LEGAL_PAIRS)), (Execution, EXECUTION_PAIRS), (Version, set(LEGAL))]
)
def test_the_transitions_are_the_pairs_that_the_database_lets_pass(model: type[models.Model], declared: Any) -> None:
    assert pairs(model) == {(str(source), str(target)) for source, target in declared}


@pytest.mark.parametrize("model", changing())
def test_a_state_that_changes_belongs_to_a_state_machine(model: type[models.Model]) -> None:
    assert isinstance(model._meta.get_field("state"), FSMField)
    assert pairs(model)


@pytest.mark.parametrize("state", [StageState.WAITING, StageState.SATISFIED, StageState.REFUSED, StageState.EXPIRED])
def test_only_an_open_stage_is_satisfied(state: StageState) -> None:
    stage = Stage(state=state)
    with pytest.raises(TransitionNotAllowed):
        stage.satisfy()
    assert stage.state == state


def test_an_open_stage_does_not_open_again() -> None:
    with pytest.raises(TransitionNotAllowed):
        Stage(state=StageState.OPEN).open(NOON, None)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.DROPPED])
def test_a_delivery_that_is_over_is_not_sent(state: DeliveryState) -> None:
    with pytest.raises(TransitionNotAllowed):
        Delivery(state=state).keep(NOON)


def test_an_execution_that_runs_is_not_called_back() -> None:
    execution = Execution(state=ExecutionState.READY)
    execution.start(NOON, NOON + timedelta(minutes=1))
    with pytest.raises(TransitionNotAllowed):
        execution.cancel(NOON)
    assert (execution.state, execution.finished_at) == (ExecutionState.RUNNING, None)
