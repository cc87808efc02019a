"""Who may decide: asked under the lock, at the moment of deciding, by every door. Steps."""

from approvals.actors import Actor, Door
from approvals.errors import (
    AboveCeiling,
    NotAllowed,
    NotFound,
    NotYourDesk,
    Refused,
    ScopeMissing,
    SelfApproval,
    TierTooLow,
)
from approvals.models import Action, ApiKey, Decision, Membership, Person
from approvals.queries.actions import may_see
from approvals.queries.spelling import names_in
from approvals.states import Reversibility, Tier, Verdict

# These only ever ask for more, so no ceiling bounds them.
STOPS = frozenset({Verdict.ESCALATE, Verdict.RECALL})

UNKNOWN_AMOUNT = "Nobody knows the amount, so it counts as above your ceiling; fill it in, or escalate."


def membership(actor: Actor, action: Action) -> Membership:
    """The acting person's membership at the action's desk.

    :raises NotFound: the person may not even see the action.
    :raises NotYourDesk: the person may see it, but reviews elsewhere.
    :raises NotAllowed: no person is acting; no key of an agent ever decides.
    """
    person = actor.person
    if person is None or not person.is_active:
        raise NotAllowed("Only a person decides; sign in, or use a personal token with the scope decide.")
    found = Membership.objects.filter(person=person, desk_id=action.desk_id).first()
    if found is None and (may_see(person, action) or _reviewed_here(person, action)):
        raise NotYourDesk()
    if found is None:
        raise NotFound()
    return found


def _reviewed_here(person: Person, action: Action) -> bool:
    """Whether the person has decided at this desk before: whose role was taken away is told so, and recorded."""
    return Decision.objects.filter(person=person, action__desk_id=action.desk_id).exists()


def objection(
    actor: Actor, action: Action, member: Membership, tier: int, verdict: Verdict = Verdict.APPROVE
) -> Refused | None:
    """Why this member may not give this verdict at this tier, or None; the caller records it."""
    person = member.person
    if verdict in STOPS:
        return _token_objection(actor, action, tier) if actor.door == Door.TOKEN else None
    if action.revision.person_id == person.pk or (is_own(person, action) and not is_exception(person, action)):
        return SelfApproval()
    return limit(actor, action, member, tier, verdict)


def limit(
    actor: Actor, action: Action, member: Membership, tier: int, verdict: Verdict = Verdict.APPROVE
) -> Refused | None:
    """Why this member's power does not reach so far, or None: token, tier, stakes, ceiling."""
    if actor.door == Door.TOKEN and (token := _token_objection(actor, action, tier)):
        return token
    if member.tier < tier:
        return TierTooLow(needs=Tier(tier).name.lower())
    if not member.is_within_stakes(action.action_type.stakes):
        return AboveCeiling(f"{action.action_type.get_stakes_display()} stakes are above what you may decide here.")
    if not action.action_type.amount_pointer or member.is_within_ceiling(action.amount, action.currency):
        return None
    if action.amount is not None:
        return AboveCeiling(ceiling=member.ceilings)
    # A correction supplies the amount and is then held to the ceiling; a rejection pays nothing.
    return AboveCeiling(UNKNOWN_AMOUNT, ceiling=member.ceilings) if verdict is Verdict.APPROVE else None


def is_own(person: Person, action: Action) -> bool:
    """Whether the person asked for the action, owns its agent or holds its key."""
    # The owner of then and of now: handing the agent over must not open its old proposals.
    if person.pk in (action.owner_id, action.agent.owner_id) or is_requester(person, action):
        return True
    return ApiKey.objects.filter(agent_id=action.agent_id, holder=person).exists()


def is_requester(person: Person, action: Action) -> bool:
    """Whether the action is on this person's behalf: by user name, e-mail address, full name or id, however spelled.

    Whoever reopened what policy had blocked asked for it.
    """
    if action.reopened_by_id == person.pk:
        return True
    asked = names_in(action.on_behalf_of)
    own = {person.get_username(), person.email, person.get_full_name(), f"person:{person.pk}"}
    return bool(asked & {plain for name in own for plain in names_in(name)})


def is_exception(person: Person, action: Action) -> bool:
    """Whether only the desk's running solo allows this person to decide; each such decision is recorded as one."""
    return action.desk.is_solo and not is_requester(person, action) and is_own(person, action)


def _token_objection(actor: Actor, action: Action, tier: int) -> Refused | None:
    if "decide" not in actor.scopes:
        return ScopeMissing("This token only reads; deciding needs one with the scope decide.", scope="decide")
    if tier >= Tier.SENIOR or action.action_type.reversibility == Reversibility.IRREVERSIBLE:
        return NotAllowed("Senior and irreversible actions are decided in a session, never with a token.")
    return None
