"""Why somebody's authority does not suffice for a decision: they have a part in the action, or it does not reach."""

from collections.abc import Collection

from django.utils.translation import gettext_noop as _

from approvals.authority import conflicts, daily, delegations
from approvals.authority.limits import STOPS, Authority, limit, token_limit
from approvals.errors import SelfApproval, TierTooLow
from approvals.models import Action, Decision, Person, Stage
from approvals.states import DecisionType, StageState
from policies.errors import Refused

AS_ONE = _(
    "You and {other} count as one person because of a password that someone else set. Set your own password with an "
    "emailed link, or let another reviewer decide."
)


def refusal_for(
    action: Action, authority: Authority, tier: int, verdict: DecisionType = DecisionType.APPROVE
) -> Refused | None:
    """Why this authority does not suffice for this verdict at this tier, or None; the caller records it.

    1. What only stops or asks for more is bounded by the token alone.
    2. Who asked for the action does not lend somebody else's authority for it.
    3. Nobody decides who has a part in it, neither for themselves nor for another.
    4. Then the limits: token, tier, stakes, ceiling. Where a tier is missing that a delegation gave, that is told.
    5. To approve it, the daily ceiling. An edit is held to it once its amount is known, and a rejection pays nothing.
    """
    if verdict in STOPS:
        return token_limit(action, authority, tier)
    if _is_lent_by_the_requester(authority, action):
        return SelfApproval("Your delegator requested this action or owns its agent. Another reviewer must decide.")
    if self_approval := _self_approval(action, authority):
        return self_approval
    refusal = limit(action, authority, tier, verdict)
    if refusal is None and verdict is DecisionType.APPROVE:
        return daily.refusal_for(action, authority)
    if isinstance(refusal, TierTooLow) and authority.lent is None:
        desk_id = authority.member.desk_id if authority.member is not None else action.desk_id
        return delegations.lapsed(authority.person, desk_id, action.client_id) or refusal
    return refusal


def editors(action: Action) -> set[int]:
    """The ids of who wrote the revision as it stands, and of whom they wrote it for: the two are one.

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


def _self_approval(action: Action, authority: Authority) -> SelfApproval | None:
    edited_by, people = editors(action), authority.people
    edits = dict.fromkeys(edited_by, action.revision.created_at)
    if edits.keys().isdisjoint(person.pk for person in people):
        desks = {action.desk_id, authority.member.desk_id if authority.member is not None else action.desk_id}
        if editor := next((each for desk in sorted(desks) if (each := delegations.tie(people, edits, desk))), None):
            return SelfApproval(
                "You and {editor}, who edited this action, count as one person because of a delegation. Another "
                "reviewer must decide.",
                said={"editor": editor},
            )
    for person in people:
        # What a firm of one allows, an emergency does not: there is somebody else.
        is_barred_by_glass = authority.break_glass is not None and conflicts.is_own(person, action)
        if person.pk not in edited_by and conflicts.is_eligible(person, action) and not is_barred_by_glass:
            continue
        if person != authority.delegator:
            other = next((each for each in people if _has_part(each, action, edited_by)), person)
            return SelfApproval() if other == authority.person else SelfApproval(AS_ONE, said={"other": other})
        return SelfApproval(
            "{person} cannot decide on this action, so their delegate cannot either. Another reviewer must decide.",
            said={"person": person},
        )
    return None


def _has_part(person: Person, action: Action, edited_by: Collection[int]) -> bool:
    return person.pk in edited_by or conflicts.has_part(person, action)


def _is_lent_by_the_requester(authority: Authority, action: Action) -> bool:
    """Whether a senior lent somebody else's authority, and the action is their own: they would choose who decides."""
    lent = authority.lent
    return (
        lent is not None and lent.granted_by_id != lent.person_id and not conflicts.is_eligible(lent.granted_by, action)
    )
