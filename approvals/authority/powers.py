"""Who may decide: asked under the lock, at the moment of deciding, by every door. Steps.

A desk's stage is decided by members of the desk. A stage that names a person gives that person its power, with or
without a membership; one that names a group, those of its people who are reviewers somewhere, with the power that they
have there. Once it is escalated, the seniors of its desk decide. Any reviewer of the action's desk may ask for more.
Power of one's own comes first; where it does not suffice, what others lend, as it is at this moment and never more.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from approvals.actors import Actor, Door
from approvals.authority import break_glass, conflicts, delegations, own_agents
from approvals.authority.visibility import may_see
from approvals.db import database_now
from approvals.errors import (
    AboveCeiling,
    DelegationRefused,
    NotAllowed,
    NotAsked,
    NotFound,
    NotYourDesk,
    Refused,
    ScopeMissing,
    SelfApproval,
    TierTooLow,
)
from approvals.models import Action, BreakGlass, Decision, Delegation, Membership, Person, Stage
from approvals.states import GRANTS, DecisionType, Reversibility, StageState, Tier

# These only ever ask for more, so no ceiling bounds them.
STOPS = frozenset({DecisionType.ESCALATE, DecisionType.UNDO})

# So long somebody who decided for another is told that it is over, instead of what she lacks.
RECENTLY = timedelta(days=60)

UNKNOWN_AMOUNT = _("The amount is unknown, so it counts as above your ceiling. Enter it, or escalate the action.")


@dataclass(frozen=True, slots=True)
class Authority:
    """What somebody may decide of an action: up to which tier, within the stakes and ceilings of which membership.

    ``delegator`` is whose power it is, where another has lent it; ``glass`` is the emergency that gave it.
    """

    person: Person
    tier: int
    member: Membership | None = None
    delegator: Person | None = None
    lent: Delegation | None = None
    break_glass: BreakGlass | None = None

    @property
    def people(self) -> tuple[Person, ...]:
        """Who decides, and for whom: they count as one."""
        return (self.person,) if self.delegator is None else (self.person, self.delegator)


def authority_of(
    actor: Actor, action: Action, stage: Stage | None = None, verdict: DecisionType = DecisionType.APPROVE
) -> Authority:
    """The acting person's power at a stage of the action; without one, at the action's desk.

    :raises NotFound: the person may not even see the action.
    :raises NotYourDesk: the person may see it, but reviews elsewhere.
    :raises NotAsked: the stage asks a person or a group, and this is somebody else.
    :raises DelegationRefused: the person decided here for another, and does not any more or not yet.
    :raises NotAllowed: no person is acting; no key of an agent ever decides.
    """
    person = actor.person
    if person is None or not person.is_active:
        raise NotAllowed("Only a person can decide. Sign in, or use a personal token with the decide scope.")
    found = _power_at(person, action, stage)
    if found is None and stage is not None and verdict in STOPS:
        found = _power_at(person, action, None)
    if found is None or _falls_short(actor, action, found, stage, verdict):
        found = _lent(actor, action, stage, verdict) or found
    if found is None or _falls_short(actor, action, found, stage, verdict):
        found = _by_glass(actor, action, stage, verdict) or found
    if found is None and verdict == DecisionType.UNDO:
        found = _approver(person, action)
    if found is not None:
        return found
    if lapsed := _lapsed(person, stage.desk_id if stage is not None else action.desk_id):
        raise lapsed
    if not may_see(person, action) and not _reviewed_here(person, action):
        raise NotFound()
    if stage is None or (stage.desk_id == action.desk_id and not stage.asks_somebody):
        raise NotYourDesk()
    raise NotAsked(
        "This stage is assigned to {asked}. A reviewer of {desk} can escalate it.",
        said={"asked": stage.asked, "desk": action.desk},
    )


def reviewer(actor: Actor, action: Action) -> Authority:
    """The acting person's power at the stage that is open, or at the action's desk: who may act on it at all.

    :raises NotFound: the person may not even see the action.
    :raises NotYourDesk: the person may see it, but reviews elsewhere.
    :raises NotAsked: the stage asks a person or a group, and this is somebody else.
    :raises NotAllowed: no person is acting; no key of an agent ever decides.
    """
    stage = Stage.objects.filter(action=action, round=action.round, state=StageState.OPEN).first()
    return authority_of(actor, action, stage, DecisionType.ESCALATE)


def _power_at(person: Person, action: Action, stage: Stage | None) -> Authority | None:
    if stage is not None and stage.is_check:
        return None
    if stage is not None and stage.asks_somebody and stage.person_id:
        own = Membership.objects.filter(person=person, desk_id=stage.desk_id).first()
        tier = max(stage.tier, own.tier if own else 0)
        return Authority(person, tier, own) if stage.person_id == person.pk else None
    if stage is not None and stage.asks_somebody:
        member = _of_group(person, stage)
    else:
        desk = stage.desk_id if stage is not None else action.desk_id
        member = Membership.objects.filter(person=person, desk_id=desk).first()
    return Authority(person, member.tier, member) if member else None


def _lent(actor: Actor, action: Action, stage: Stage | None, verdict: DecisionType) -> Authority | None:
    """What others lend the acting person here: the first power that suffices, else the first of all.

    A group's power is its people's own. What was lent is not passed on: only a lender's own power is looked at.
    """
    if actor.person is None or (stage is not None and stage.asks_somebody and stage.person_id is None):
        return None
    found = []
    for given in delegations.held(actor.person, stage.desk_id if stage is not None else action.desk_id):
        if whole := _power_at(given.person, action, stage):
            found.append(replace(whole, person=actor.person, delegator=given.person, lent=given))
    tier = stage.tier if stage is not None else Tier.JUNIOR
    enough = (each for each in found if refusal_for(actor, action, each, tier, verdict) is None)
    return next(enough, found[0] if found else None)


def _lapsed(person: Person, desk: int) -> DelegationRefused | None:
    """Why what was lent to this person at this desk gives nothing now, if it did lately or will."""
    given, now = delegations.ever_held(person, desk), database_now()
    if given is None:
        return None
    over = given.ended_at or given.ends_at
    if given.starts_at > now and given.ended_at is None:
        return DelegationRefused(
            "Your delegation from {person} starts on {starts_at:%Y-%m-%d %H:%M} UTC.",
            said={"person": given.person, "starts_at": given.starts_at},
        )
    if over <= now:
        is_recent = now - over < RECENTLY
        return (
            DelegationRefused(
                "Your delegation from {person} ended on {over:%Y-%m-%d %H:%M} UTC.",
                said={"person": given.person, "over": over},
            )
            if is_recent
            else None
        )
    if given.person.is_active and Membership.objects.filter(person=given.person, desk_id=desk).exists():
        return None
    if delegations.held(given.person, desk):
        return DelegationRefused(
            "{person} has this authority only by delegation, and it cannot be passed on.", said={"person": given.person}
        )
    return DelegationRefused(
        "{person} no longer has authority here, so their delegate cannot decide.", said={"person": given.person}
    )


def lock_delegation(power: Authority) -> DelegationRefused | None:
    """Hold what was lent until the transaction ends, so that whoever takes it back waits; why it is over, or None."""
    if power.lent is None:
        return None
    rows = Delegation.objects.select_for_update(of=("self",)).filter(pk=power.lent.pk)
    if rows.filter(starts_at__lte=Now(), ends_at__gt=Now(), ended_at__isnull=True).exists():
        return None
    return DelegationRefused(
        "Your delegation from {delegator} is no longer active.", said={"delegator": power.delegator}
    )


def _falls_short(actor: Actor, action: Action, found: Authority, stage: Stage | None, verdict: DecisionType) -> bool:
    if stage is None or verdict in STOPS:
        return False
    return limit(actor, action, found, stage.tier, verdict) is not None


def _by_glass(actor: Actor, action: Action, stage: Stage | None, verdict: DecisionType) -> Authority | None:
    """A senior's power without ceilings, of whoever broke the glass of the desk; only in the admin, never on policy."""
    asked = None if verdict in STOPS else stage
    if actor.person is None or actor.door is not Door.ADMIN or action.action_type.connector == "policy":
        return None
    if asked is not None and (asked.is_check or asked.asks_somebody):
        return None
    glass = break_glass.held(actor.person, asked.desk_id if asked else action.desk_id)
    return Authority(actor.person, Tier.SENIOR, break_glass=glass) if glass else None


def _approver(person: Person, action: Action) -> Authority | None:
    """Whoever approved an action may call it back, also without a seat at its desk."""
    given = Decision.objects.filter(action=action, round=action.round, person=person, verdict__in=GRANTS).first()
    return Authority(person, given.tier or 0) if given else None


def _of_group(person: Person, stage: Stage) -> Membership | None:
    """The membership that says what somebody of the group may decide: at the stage's desk, else the highest."""
    if not person.groups.filter(pk=stage.group_id).exists():
        return None
    found = Membership.objects.filter(person=person).order_by("-tier", "pk")
    return next((member for member in found if member.desk_id == stage.desk_id), found.first())


def is_eligible(person: Person, action: Action) -> bool:
    """Whether nothing about the person forbids to decide on this action: self-approval above all."""
    return bool(eligible([person], action))


def eligible(people: Collection[Person], action: Action) -> list[Person]:
    """Those of these people about whom nothing forbids to decide on this action."""
    active = [person for person in people if person.is_active]
    barred = conflicts.requesters(action, active) | _barred_owners(action, active)
    return [person for person in active if person.pk not in barred]


def _barred_owners(action: Action, people: Collection[Person]) -> set[int]:
    """Those who own the action's agent or hold its key; a desk of one lets them decide, if they did not make it so."""
    owners = conflicts.owners(action, people)
    if not owners or not action.desk.is_solo:
        return owners
    now = database_now()
    alone = (each for each in people if each.pk in owners and own_agents.runs_alone(each, action.desk, now))
    return owners - {person.pk for person in alone}


def _reviewed_here(person: Person, action: Action) -> bool:
    """Whether the person has decided at this desk before: whose role was taken away is told so, and recorded."""
    return Decision.objects.filter(person=person, action__desk_id=action.desk_id).exists()


def refusal_for(
    actor: Actor, action: Action, power: Authority, tier: int, verdict: DecisionType = DecisionType.APPROVE
) -> Refused | None:
    """Why this power does not suffice for this verdict at this tier, or None; the caller records it."""
    if verdict in STOPS:
        return _token_objection(actor, action, tier) if actor.door == Door.TOKEN else None
    if _is_lent_by_the_requester(power, action):
        return SelfApproval(
            "The person who granted your delegation requested this action or owns its agent. "
            "Another reviewer must decide it."
        )
    editors = _editors(action)
    for person in power.people:
        # What a firm of one allows, an emergency does not: there is somebody else.
        is_allowed = is_eligible(person, action) and not (power.break_glass is not None and is_own(person, action))
        if person.pk in editors or not is_allowed:
            whose = power.delegator if person == power.delegator else None
            if whose is None:
                return SelfApproval()
            return SelfApproval(
                "{person} cannot decide this action, so their delegate cannot either.", said={"person": whose}
            )
    refusal = limit(actor, action, power, tier, verdict)
    if isinstance(refusal, TierTooLow) and power.lent is None:
        desk = power.member.desk_id if power.member is not None else action.desk_id
        return _lapsed(power.person, desk) or refusal
    return refusal


def _is_lent_by_the_requester(power: Authority, action: Action) -> bool:
    """Whether a senior lent somebody else's power, and the action is her own: she would choose her own judge."""
    if power.lent is None or power.lent.granted_by_id == power.lent.person_id:
        return False
    return not is_eligible(power.lent.granted_by, action)


def _editors(action: Action) -> set[int]:
    """Who wrote the revision as it stands, and for whom where it was for another: the two are one.

    Nobody where the edit itself let the action run and was called back: whoever could do that may do it again. Towards
    a quorum of several, though, an edit of one's own never counts.
    """
    if action.revision.person_id is None:
        return set()
    edits = Decision.objects.filter(action=action, digest=action.revision.digest, verdict=DecisionType.MODIFY)
    several = Stage.objects.filter(action=action, state=StageState.OPEN, quorum__gt=1)
    if edits.filter(is_final=True, round__lt=action.round).exists() and not several.exists():
        return set()
    lent = {lender for lender in edits.values_list("delegator", flat=True) if lender is not None}
    return {action.revision.person_id, *lent}


def limit(
    actor: Actor, action: Action, power: Authority, tier: int, verdict: DecisionType = DecisionType.APPROVE
) -> Refused | None:
    """Why this power does not reach so far, or None: token, tier, stakes, ceiling."""
    if actor.door == Door.TOKEN and (token := _token_objection(actor, action, tier)):
        return token
    if power.tier < tier:
        return TierTooLow(needs=Tier(tier).name.lower())
    member = power.member
    if member is None:
        # Whom a stage names without a membership, the stage alone gives its power.
        return None
    if not member.is_within_stakes(action.action_type.stakes):
        return AboveCeiling(
            "The stakes ({stakes}) are above your limit at this desk. Escalate the action.",
            said={"stakes": action.action_type.get_stakes_display()},
        )
    if not action.action_type.amount_pointer or member.is_within_ceiling(action.amount, action.currency):
        return None
    if action.amount is not None:
        return AboveCeiling(ceiling=member.ceilings)
    # A correction supplies the amount and is then held to the ceiling; a rejection pays nothing.
    return AboveCeiling(UNKNOWN_AMOUNT, ceiling=member.ceilings) if verdict is DecisionType.APPROVE else None


def is_own(person: Person, action: Action) -> bool:
    """Whether the person asked for the action, owns its agent or holds its key."""
    return is_requester(person, action) or bool(conflicts.owners(action, [person]))


def is_requester(person: Person, action: Action) -> bool:
    """Whether the action is on this person's behalf, or reopened by her."""
    return bool(conflicts.requesters(action, [person]))


def is_exception(person: Person, action: Action) -> bool:
    """Whether only the desk's running solo allows this person to decide; each such decision is recorded as one."""
    return action.desk.is_solo and not is_requester(person, action) and is_own(person, action)


def _token_objection(actor: Actor, action: Action, tier: int) -> Refused | None:
    if "decide" not in actor.scopes:
        return ScopeMissing("This token is read-only. Deciding requires the decide scope.", scope="decide")
    if tier >= Tier.SENIOR or action.action_type.reversibility == Reversibility.IRREVERSIBLE:
        return NotAllowed("Personal tokens cannot decide senior or irreversible actions. Sign in to decide.")
    return None
