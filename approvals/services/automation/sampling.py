"""Sampling what ran by itself: a share is drawn when it is let through, and somebody looks afterwards."""

import hashlib
import uuid
from collections.abc import Container
from datetime import datetime

from django.utils.translation import gettext_noop as _

from approvals.actors import Actor, Door
from approvals.authority import conflicts, identity, memberships, powers
from approvals.errors import (
    NotAllowed,
    NotFound,
    NotYourDesk,
    RationaleMissing,
    SelfApproval,
    WrongState,
)
from approvals.models import Action, ActionType, Person, SampleCheck, StandingRule
from approvals.queries.automation import samples
from approvals.queries.automation.standing_rules import SAMPLE_RATE
from approvals.services import locks
from approvals.services.automation import apply
from approvals.services.ledger import entries, refusals
from approvals.services.ledger.entries import Event
from approvals.states import DecisionType, Mode, StandingState
from approvals.text import reasons
from policies.db import service

MAX_NOTE = 500
# In these modes a kind of action may run with nobody looking before, so somebody looks after.
_WATCHED = frozenset({Mode.ON_THE_LOOP, Mode.AUTONOMOUS})
_WRONG = "A spot check found an incorrect action."


def draw(action: Action, rule: StandingRule | None, actor: Actor, at: datetime) -> SampleCheck | None:
    """Keep an action that is being let through for a later check, if it is in the share; a step, free where it is not.

    What a standing rule let through is drawn by the rule's share, what policy did by that of its kind of action.
    """
    kind = action.action_type
    share = rule.sample_rate if rule else _share_of(kind) if action.agent.mode_for(kind) in _WATCHED else 0.0
    if not share or not is_drawn(rule.salt if rule else kind.name, action.pk, share):
        return None
    sample = SampleCheck(action=action, rule=rule, desk=action.desk, drawn_at=at)
    entries.record_row(
        sample, Event(actor, at, "sample.drawn", "Randomly selected for a spot check", _data(sample)), is_new=True
    )
    return sample


def _share_of(kind: ActionType) -> float:
    return SAMPLE_RATE if kind.sample_rate is None else kind.sample_rate


def is_drawn(salt: str, action_id: uuid.UUID, rate: float) -> bool:
    """Whether this action is in the sample: the same answer for ever, and nothing that a proposal says changes it."""
    drawn = hashlib.sha256(f"{salt}:{action_id}".encode()).digest()
    return int.from_bytes(drawn[:8]) < rate * 2**64


@service
def pick(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> SampleCheck:
    """Choose an action that ran by itself to be checked, though it was not drawn.

    :raises NotFound: there is none that this person may see.
    :raises NotAllowed: no person is acting, or comes with a token.
    :raises NotYourDesk: this person reviews elsewhere.
    :raises WrongState: people decided on it, or it is to be checked already.
    """
    if actor.person is None or actor.door is Door.TOKEN:
        raise NotAllowed("Sign in to choose actions for spot checks.")
    action = locks.action(action_id, actor)
    powers.authority_of(actor, action)
    final = action.decisions.filter(is_final=True, round=action.round).select_related("standing_rule").first()
    if final is None or final.source not in samples.ALONE or final.verdict != DecisionType.APPROVE:
        raise WrongState(
            "Spot checks cover only actions that ran automatically. Choose another action.", state=action.state
        )
    if SampleCheck.objects.filter(action=action).exists():
        raise WrongState("This action is already selected for a spot check.", state=action.state)
    sample = SampleCheck(action=action, rule=final.standing_rule, desk=action.desk, drawn_at=at)
    entries.record_row(
        sample, Event(actor, at, "sample.chosen", "Manually selected for a spot check", _data(sample)), is_new=True
    )
    return sample


@service
def check(*, actor: Actor, at: datetime, sample_id: uuid.UUID, is_right: bool, note: str = "") -> SampleCheck:
    """Say whether a drawn action was right; one that was wrong stops the standing rule that let it through.

    :raises NotFound: there is none that this person may see.
    :raises NotAllowed: no person is acting, or comes with a token, or does not review at the desk.
    :raises WrongState: somebody said so before.
    :raises SelfApproval: it is this person's own, or she would call right what her own rule let through.
    :raises RationaleMissing: what was wrong is not said.
    :raises Malformed: the note is too long.
    """
    person = actor.person
    if person is None or not person.is_active or actor.door is Door.TOKEN:
        raise NotAllowed("Sign in to complete a spot check.")
    sample = _locked(person, sample_id)
    if sample.checked_at is not None:
        raise WrongState(
            "{checked_by} completed this spot check on {checked_at:%Y-%m-%d}. Result: {state}.",
            said={
                "checked_by": sample.checked_by,
                "checked_at": sample.checked_at,
                "state": sample.get_state_display(),
            },
        )
    missing = (
        None if is_right else RationaleMissing("Describe what was wrong so that rules and agents can be corrected.")
    )
    said = reasons.checked(note, MAX_NOTE, missing=missing, field="note")
    if is_right and _is_partial(person, sample):
        tried = Event(actor, at, "sample.check_refused", data=_data(sample))
        raise refusals.recorded(SelfApproval(_PARTIAL), tried, sample)
    sample.attribute(person, at, said)
    if is_right:
        sample.pass_()
    else:
        sample.fail()
    entries.record_row(sample, Event(actor, at, "sample.checked", said or "Spot check: correct", _data(sample)))
    if not is_right and sample.rule_id:
        _end(sample.rule_id, actor, at)
    return sample


def may_confirm(person: Person, sample: SampleCheck, own: Container[uuid.UUID]) -> bool:
    """Whether the person may call this one right; ``own`` are the actions among a page that are their own doing."""
    return sample.desk.is_solo or not (_has_made_rule(person, sample) or sample.action_id in own)


def _has_made_rule(person: Person, sample: SampleCheck) -> bool:
    rule = sample.rule
    return rule is not None and not {rule.made_by_id, rule.confirmed_by_id}.isdisjoint(identity.ids(person))


def _locked(person: Person, sample_id: uuid.UUID) -> SampleCheck:
    held = SampleCheck.objects.select_for_update(no_key=True).filter(pk=sample_id)
    if not held.values_list("pk", flat=True).first():
        raise NotFound()
    sample = samples.visible_to(person).filter(pk=sample_id).first()
    if sample is None:
        raise NotFound()
    if memberships.at(person, sample.desk_id, sample.action.client_id) is None:
        raise memberships.left(person) or NotYourDesk()
    return sample


def _is_partial(person: Person, sample: SampleCheck) -> bool:
    """Whether the person would call her own doing right; a firm of one has nobody else."""
    if sample.desk.is_solo:
        return conflicts.is_requester(person, sample.action)
    return _has_made_rule(person, sample) or conflicts.is_own(person, sample.action)


def _end(rule_id: uuid.UUID, actor: Actor, at: datetime) -> None:
    rule = StandingRule.objects.select_for_update(of=("self",), no_key=True).get(pk=rule_id)
    if rule.is_standing:
        apply.end(rule, StandingState.STOPPED, _WRONG, actor, at)


_PARTIAL = _(
    "You cannot check your own action, or an action that your own rule approved. Another reviewer must check it."
)


def _data(sample: SampleCheck) -> dict[str, object]:
    return {
        "row": str(sample.pk),
        "action": str(sample.action_id),
        "rule": str(sample.rule_id) if sample.rule_id else None,
        "state": str(sample.state),
    }
