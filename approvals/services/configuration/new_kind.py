"""Setting up a new kind of action with its policy and desk: at once during the set-up, and later by requests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_noop as _

from approvals.actors import Actor
from approvals.errors import NotAllowed, WrongState
from approvals.models import ActionType, Desk, Membership
from approvals.queries.safety import installation
from approvals.services.catalog import rows
from approvals.services.configuration import first_policies
from policies.db import service

LIVE = _("The set-up is over, so a second person decides on this. Open the page again and request approval.")


@dataclass(frozen=True, slots=True)
class NewKind:
    """Rows that are not saved yet: an action type, its desk and the desk's first member where both are new.

    ``policy`` is the text of the action type's policy; it is empty where one in force is used.
    """

    kind: ActionType
    desk: Desk
    member: Membership | None = None
    policy: str = ""


@service
def set_up(*, actor: Actor, at: datetime, wanted: NewKind) -> ActionType:
    """Save a new kind of action and put its policy in force, by one person, as long as the installation is set up.

    The policy is recorded as published by its author alone.

    :raises WrongState: the set-up is over, so a second person must decide.
    :raises NotAllowed: no person acts, or an agent of theirs can propose actions of this name.
    :raises PolicyFault: the policy is invalid.
    """
    if actor.person is None:
        raise NotAllowed("Only a person can set up an action type. Sign in to the admin.")
    if installation.is_live():
        raise WrongState(LIVE, state="live")
    if wanted.policy:
        first_policies.publish_alone(
            actor=actor, at=at, name=wanted.kind.policy, source=wanted.policy, reason=_reason(wanted)
        )
    return add(actor=actor, wanted=wanted)


@service
def draft_policy(*, actor: Actor, at: datetime, wanted: NewKind) -> Any:
    """Save the policy of a new kind of action as a draft, whose publication a second person decides on.

    :raises NotAllowed: no person acts.
    :raises PolicyFault: the policy is invalid.
    """
    return first_policies.draft(
        actor=actor, at=at, name=wanted.kind.policy, source=wanted.policy, reason=_reason(wanted)
    )


def add(*, actor: Actor, wanted: NewKind) -> ActionType:
    """Save the rows in their order, as one change of `gathering.one_change` or inside a service; a step.

    :raises NotAllowed: it gives the acting person power over an agent.
    """
    if wanted.desk._state.adding:
        _save(wanted.desk, actor)
        if wanted.member is not None:
            wanted.member.desk = wanted.desk
            _save(wanted.member, actor)
    wanted.kind.desk = wanted.desk
    _save(wanted.kind, actor)
    return wanted.kind


def _reason(wanted: NewKind) -> str:
    return f"For the new action type {wanted.kind.name}."


def _save(row: Model, actor: Actor) -> None:
    rows.save(row, actor, [], is_new=True)  # type: ignore[arg-type]
