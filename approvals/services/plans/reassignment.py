"""A stage whose people are gone asks others within a second or so, and says why.

    what is so of an open stage                                    why
 1  the person it names is deactivated, here or in the directory   nobody signs in as them
 2  that person has left its desk since it opened                  so has their authority
 3  that person may no longer decide on the action                 they own its agent by now, for example
 4  the amount or the stakes are above what that person may decide  their limits or the action have changed
 5  that person is out of office until after it is due             and nobody decides for them
 6  its group, or another desk than the action's, has too few      it could never have its quorum

Its step is resolved again, as when its round began; where that finds nobody, the seniors of the action's desk decide.
The clock looks every second, because people change by many doors: the admin, an import, the directory.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from approvals.actors import Actor
from approvals.authority import assignees, conflicts, limits, memberships, powers
from approvals.authority.limits import Authority
from approvals.models import Absence, Action, Membership, Person, Stage
from approvals.models.people import active_person
from approvals.queries.directory import duty
from approvals.services import locks, sweeps
from approvals.services.ledger import entries
from approvals.services.ledger.entries import Event
from approvals.services.notifications import queue
from approvals.services.plans import stages
from approvals.states import ActionState, DecisionType, StageState, Tier
from policies import db
from policies.db import errand, service

EVENT = "stage.reassigned"
# More actions than this name nobody in practice; the oldest are looked at.
MAX_NAMED = 1_000
# What tells how many people an open stage could ask.
_KIND = ("assigned_group", "stages__desk", "stages__tier", "stages__quorum", "client")


@errand
def reassign_due(*, actor: Actor, clock: Callable[[], datetime], limit: int = 100) -> int:
    """Reassign up to ``limit`` stages whose people are gone, each in its own transaction; return how many."""

    def settle(action_id: uuid.UUID) -> bool:
        return reassign(actor=actor, at=clock(), action_id=action_id)

    found = dict.fromkeys(action_id for rows in _suspects() for action_id in rows[:limit])
    return sweeps.for_each("reassignment", list(found)[:limit], settle).done


@service
def reassign(*, actor: Actor, at: datetime, action_id: uuid.UUID) -> bool:
    """Ask others where the people of the open stage are gone; return whether they were.

    :raises NotFound: there is no such action, or somebody holds it.
    """
    action = locks.action(action_id, skip=True)
    stage = stages.current(action) if action.state == ActionState.PENDING else None
    return stage is not None and ask_others(action, stage, actor, at) is not None


def ask_others(action: Action, stage: Stage, actor: Actor, at: datetime) -> Stage | None:
    """Replace the open stage where its people are gone, and return the stage that asks others; a step.

    None where they are there, or where the desk has nobody else to ask.
    """
    why = why_gone(action, stage)
    if not why or not _has_others(action):
        return None
    fact = Event(actor, at, EVENT, f"Reassigned: {why}", {"round": action.round, "stage": str(stage.pk)})
    following = stages.replace_open(action, stage, why, fact)
    entries.record_event(action, fact, is_changed=True)
    queue.notify(action, following, fact)
    return following


def why_gone(action: Action, stage: Stage) -> str:
    """Why nobody whom the open stage asks could decide it, in a sentence; nothing where somebody could."""
    if stage.state != StageState.OPEN or stage.is_check:
        return ""
    if stage.assigned_person and stage.person is not None:
        return _why_person(action, stage, stage.person)
    if not stage.assigned_group and not stage.is_other_desk:
        # There is nobody else to ask: the seniors of the action's desk are among those whom it asks.
        return ""
    able = conflicts.eligible(assignees.people(stage, action.client_id), action)
    if len(able) >= stage.quorum:
        return ""
    count, needed = len(able), stage.quorum
    return f"{stage.asked} has {count} active reviewers who can decide at this stage. Approvals needed: {needed}."


def _why_person(action: Action, stage: Stage, person: Person) -> str:
    if not person.is_active:
        return f"{person} is deactivated."
    if memberships.has_left(person):
        return f"{person} is no longer active in the directory."
    if not conflicts.is_eligible(person, action):
        return f"{person} can no longer decide on this action."
    if not memberships.is_of_client(person, action.client_id):
        return f"{person} no longer has a membership for {action.client}."
    if beyond := _why_beyond(stage, action, person):
        return beyond
    if _has_left(stage, person):
        return f"{person} is no longer a member of {stage.desk}."
    until = _away_until(stage, person)
    return (
        f"{person} is out of office until {until:%Y-%m-%d %H:%M} UTC, but the stage is due before then."
        if until
        else ""
    )


def _why_beyond(stage: Stage, action: Action, person: Person) -> str:
    """Why the person's own authority does not reach so far; an amount that nobody knows is for them to fill in."""
    own = powers.own_authorities(action, stage)
    refusals = [limits.limit(action, each, stage.tier, DecisionType.MODIFY) for each in own]
    is_beyond = any(refusals) and all(refusals)
    return f"The action is above the ceiling or maximum stakes of {person}." if is_beyond else ""


def _has_left(stage: Stage, person: Person) -> bool:
    if Membership.objects.filter(person=person, desk=stage.desk_id).exists():
        return False
    left = Membership.history.filter(person_id=person.pk, desk_id=stage.desk_id, history_type="-")
    return bool(left.filter(history_date__gte=stage.opened_at).exists())


def _away_until(stage: Stage, person: Person) -> datetime | None:
    """Until when a person is away who would miss the due time of the stage, where nobody decides for them."""
    now, due_at = db.now(), stage.due_at
    spans = duty.away([person.pk], now).get(person.pk, [])
    until = max((ends for starts, ends in spans if starts <= now), default=None)
    if until is None or due_at is None or until < due_at or due_at <= now:
        return None
    delegates = [each.delegate_id for each in assignees.delegations_at(stage, [person])]
    return until if duty.absent_now(delegates).issuperset(delegates) else None


def _has_others(action: Action) -> bool:
    seats = memberships.in_force().filter(memberships.for_client(action.client_id), desk=action.desk_id)
    return seats.filter(tier__gte=Tier.SENIOR).exists()


def _own_for(action: Action, seats: Iterable[Membership]) -> Authority | None:
    own = next((seat for seat in seats if seat.covers(action.client_id)), None)
    return None if own is None else Authority(own.person, Tier.SENIOR, own)


def _suspects() -> Iterator[list[uuid.UUID]]:
    """The pending actions of which an open stage may have lost its people, by look-ups of small indexes."""
    pending = Action.objects.filter(state=ActionState.PENDING).order_by("id").values_list("pk", flat=True)
    named = pending.filter(assigned_person__isnull=False)
    changed = Membership.history.filter(person_id=OuterRef("assigned_person"), history_date__gte=OuterRef("created_at"))
    left = changed.filter(history_type="-")
    away = Absence.objects.filter(
        person=OuterRef("assigned_person"), ended_at__isnull=True, starts_at__lte=Now(), ends_at__gte=OuterRef("due_at")
    )
    yield list(named.filter(~active_person("assigned_person") | Q(assigned_person=F("agent__owner"))))
    yield list(named.filter(Exists(left) | Exists(away)))
    # A membership can be for another client since.
    yield list(named.filter(Exists(changed), client__isnull=False))
    yield _beyond()
    elsewhere = Q(assigned_desk__isnull=False) & ~Q(assigned_desk=F("desk"))
    asked = pending.filter(Q(assigned_group__isnull=False) | elsewhere, stages__state=StageState.OPEN)
    kinds = asked.order_by().values_list(*_KIND).distinct()
    for group, desk, tier, quorum, client in kinds:
        people = assignees.people(Stage(group_id=group, desk_id=desk, tier=tier), client)
        if len(people) < quorum:
            yield list(asked.filter(**dict(zip(_KIND, (group, desk, tier, quorum, client), strict=True))))


def _beyond() -> list[uuid.UUID]:
    """The pending actions above what the person whom they ask may decide at their desk; two statements."""
    rows = Action.objects.filter(state=ActionState.PENDING, assigned_person__isnull=False).order_by("id")
    asked = list(rows.select_related("action_type")[:MAX_NAMED])
    seats = Membership.objects.filter(person__in={row.assigned_person_id for row in asked}).select_related("person")
    known: dict[tuple[int | None, int], list[Membership]] = defaultdict(list)
    for seat in memberships.best_first(seats):
        known[seat.person_id, seat.desk_id].append(seat)
    found = ((row, _own_for(row, known[row.assigned_person_id, row.desk_id])) for row in asked)
    return [
        row.pk
        for row, own in found
        if own is not None and limits.limit(row, own, Tier.JUNIOR, DecisionType.MODIFY) is not None
    ]
