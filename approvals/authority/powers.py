"""Who may decide: asked under the lock, at the moment of deciding, by every door.

`assignees` says whom a stage asks, `limits` how far authority reaches, and `permissions` why it does not suffice. This
module finds the authority by which a person acts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from approvals.actors import Actor, Door
from approvals.authority import assignees, break_glass, delegations, memberships
from approvals.authority.limits import STOPS, Authority, limit
from approvals.authority.permissions import refusal_for
from approvals.authority.visibility import may_see
from approvals.errors import NotAllowed, NotAsked, NotFound, NotYourDesk
from approvals.models import Action, Decision, Person, Stage
from approvals.models.people import active_person
from approvals.states import GRANTS, DecisionType, StageState, Tier


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Who would decide what: at a stage, or at the action's desk; with a token's scopes, or in a session."""

    person: Person
    action: Action
    stage: Stage | None
    verdict: DecisionType
    token_scopes: frozenset[str] | None = None
    may_break_glass: bool = True

    @property
    def desk_id(self) -> int:
        return self.stage.desk_id if self.stage is not None else self.action.desk_id

    @property
    def is_stop(self) -> bool:
        return self.verdict in STOPS


def authority_of(
    actor: Actor, action: Action, stage: Stage | None = None, verdict: DecisionType = DecisionType.APPROVE
) -> Authority:
    """The acting person's authority at a stage of the action; without one, at the action's desk.

    :raises NotFound: the person may not even see the action.
    :raises NotYourDesk: the person may see it, but reviews elsewhere.
    :raises NotAsked: the stage asks a person or a group, and this is somebody else.
    :raises DelegationRefused: the person decided here for another, and does not any more or not yet.
    :raises NotAllowed: no person is acting, or the directory lists them as no longer active.
    """
    person = actor.person
    if person is None or not person.is_active:
        raise NotAllowed("Only a person can decide. Sign in, or use a personal token with the decide scope.")
    token_scopes = actor.scopes if actor.door == Door.TOKEN else None
    attempt = _Attempt(person, action, stage, verdict, token_scopes, may_break_glass=actor.door is Door.ADMIN)
    if authority := _find(attempt):
        return authority
    if lapsed := delegations.lapsed(person, attempt.desk_id, action.client_id):
        raise lapsed
    if not may_see(person, action) and not _reviewed_here(person, action):
        raise NotFound()
    if left := memberships.left(person):
        raise left
    if stage is None or (stage.desk_id == action.desk_id and not stage.asks_somebody):
        raise NotYourDesk()
    raise NotAsked(
        "This stage is assigned to {asked}. A reviewer at {desk} can escalate the action.",
        said={"asked": stage.asked, "desk": action.desk},
    )


def hold(actor: Actor, action: Action, stage: Stage | None, verdict: DecisionType) -> Authority:
    """The same authority, held until the transaction ends: nobody can end its delegation meanwhile.

    :raises DelegationRefused: the delegation has just ended; otherwise as `authority_of`.
    """
    authority = authority_of(actor, action, stage, verdict)
    if authority.lent is not None and (over := delegations.lock(authority.lent)):
        raise over
    return authority


def reviewer(actor: Actor, action: Action) -> Authority:
    """The acting person's authority at the stage that is open, or at the action's desk: who may act on it at all.

    :raises NotFound: the person may not even see the action.
    :raises NotYourDesk: the person may see it, but reviews elsewhere.
    :raises NotAsked: the stage asks a person or a group, and this is somebody else.
    :raises NotAllowed: no person is acting; no key of an agent ever decides.
    """
    stage = Stage.objects.filter(action=action, round=action.round, state=StageState.OPEN).first()
    return authority_of(actor, action, stage, DecisionType.ESCALATE)


def could_decide(person: Person, action: Action, stage: Stage) -> bool:
    """Whether this person could decide a stage if they signed in: approve it as it stands, or correct it."""
    authority = _find(_Attempt(person, action, stage, DecisionType.APPROVE)) if person.is_active else None
    if authority is None:
        return False
    # Who may correct what is there may decide it, though not as it stands.
    verdicts = (DecisionType.APPROVE, DecisionType.MODIFY)
    return any(refusal_for(action, authority, stage.tier, verdict) is None for verdict in verdicts)


def own_authorities(action: Action, stage: Stage) -> list[Authority]:
    """The authority of each person whom a stage asks, in one statement or two; nobody's reach is looked at."""
    if stage.assigned_person:
        named = assignees.people(stage, action.client_id)
        return [authority for person in named if (authority := _own_at(person, action, stage))]
    found: dict[int, Authority] = {}
    for member in assignees.asked_members(stage, action.client_id).select_related("person"):
        # The highest comes first, and is the one by which somebody with several decides.
        found.setdefault(member.person_id, Authority(member.person, member.tier, member))
    return list(found.values())


def _find(attempt: _Attempt) -> Authority | None:
    """The authority by which somebody acts: the first of these that reaches the stage, or else the last there is.

    1. Their own at the stage, by the table in `assignees`.
    2. To stop it or to ask for more, their own at the action's desk, whomever the stage asks.
    3. What others lend them. It comes after their own, so that no lender's approval is used up without need.
    4. Break-glass access. It comes after all that is ordinary, so that only what needed it is recorded as such.
    5. To undo, having approved it: they may take back what they gave, though they left the desk.

    A later one is only looked for where the earlier do not reach, and none of them is one that another has lent on.
    """
    last = None
    for authority in _ways(attempt):
        if _reaches(attempt, authority):
            return authority
        last = authority
    return last


def _ways(attempt: _Attempt) -> Iterator[Authority]:
    for way in (_own, _own_to_stop, _lent, _by_glass, _as_approver):
        if authority := way(attempt):
            yield replace(authority, token_scopes=attempt.token_scopes)


def _reaches(attempt: _Attempt, authority: Authority) -> bool:
    if attempt.stage is None or attempt.is_stop:
        return True
    return limit(attempt.action, authority, attempt.stage.tier, attempt.verdict) is None


def _own(attempt: _Attempt) -> Authority | None:
    return _own_at(attempt.person, attempt.action, attempt.stage)


def _own_to_stop(attempt: _Attempt) -> Authority | None:
    is_stopped_at_desk = attempt.is_stop and attempt.stage is not None
    return _own_at(attempt.person, attempt.action, None) if is_stopped_at_desk else None


def _lent(attempt: _Attempt) -> Authority | None:
    """What others lend the acting person here: the first that suffices, or else the first of all.

    What was lent is not passed on: only a lender's own authority is looked at.
    """
    action, stage = attempt.action, attempt.stage
    if stage is not None and stage.assigned_group:
        return None
    lent = [
        replace(own, person=attempt.person, delegator=each.person, lent=each, token_scopes=attempt.token_scopes)
        for each in delegations.held(attempt.person, attempt.desk_id)
        if (own := _own_at(each.person, action, stage))
    ]
    tier = stage.tier if stage is not None else Tier.JUNIOR
    enough = (each for each in lent if refusal_for(action, each, tier, attempt.verdict) is None)
    return next(enough, lent[0] if lent else None)


def _by_glass(attempt: _Attempt) -> Authority | None:
    """A senior's authority without ceilings, of whoever broke the glass of the desk; in the admin, never on policy."""
    if not attempt.may_break_glass or attempt.action.action_type.connector == "policy":
        return None
    stage = None if attempt.is_stop else attempt.stage
    if stage is not None and (stage.is_check or stage.asks_somebody):
        return None
    glass = break_glass.held(attempt.person, stage.desk_id if stage is not None else attempt.action.desk_id)
    return Authority(attempt.person, Tier.SENIOR, break_glass=glass) if glass else None


def _as_approver(attempt: _Attempt) -> Authority | None:
    """Whoever approved an action may call it back, also without a membership at its desk."""
    action, person = attempt.action, attempt.person
    if attempt.verdict != DecisionType.UNDO:
        return None
    rows = Decision.objects.filter(active_person(), action=action, round=action.round, person=person)
    given = rows.filter(verdict__in=GRANTS).first()
    return Authority(person, given.tier or 0) if given else None


def _own_at(person: Person, action: Action, stage: Stage | None) -> Authority | None:
    """Somebody's own authority at a stage, of whatever tier; without a stage, at the action's desk."""
    if stage is not None and stage.assigned_person:
        if stage.person_id != person.pk:
            return None
        return _named(person, action, stage)
    if stage is not None and (stage.is_check or stage.assigned_group):
        member = assignees.members(stage, action.client_id).filter(person=person).first()
    else:
        member = memberships.at(person, action.desk_id if stage is None else stage.desk_id, action.client_id)
    return Authority(person, member.tier, member) if member else None


def _named(person: Person, action: Action, stage: Stage) -> Authority | None:
    """The authority of somebody whom a stage names: its tier, within their limits at its desk or anywhere else.

    As for a group, their membership at the stage's desk counts, then that at the action's, then their highest one.
    """
    seats = memberships.in_force().filter(memberships.for_client(action.client_id), person=person)
    rows = list(memberships.best_first(seats))
    if not rows and not (memberships.is_active(person) and memberships.is_of_client(person, action.client_id)):
        return None
    near = {action.desk_id: 1, stage.desk_id: 2}
    member = max(rows, key=lambda row: near.get(row.desk_id, 0), default=None)
    is_at_desk = member is not None and member.desk_id == stage.desk_id
    return Authority(person, max(stage.tier, member.tier) if member and is_at_desk else stage.tier, member)


def _reviewed_here(person: Person, action: Action) -> bool:
    """Whether the person has decided at this desk before: whose role was taken away is told so, and recorded."""
    decided = Decision.objects.filter(person=person, action__desk_id=action.desk_id)
    if action.client_id is None:
        return decided.filter(action__client__isnull=True).exists()
    return decided.filter(action__client=action.client_id).exists()
