"""How far somebody's authority reaches: the token that they use, their tier, the stakes and their ceiling."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from approvals import conf
from approvals.authority import identity
from approvals.errors import AboveCeiling, NotAllowed, ScopeMissing, TierTooLow
from approvals.models import Action, BreakGlass, Delegation, Membership, Person
from approvals.states import DecisionType, Reversibility, Tier
from approvals.text import money
from policies.errors import Refused

# These only ever ask for more, so no ceiling bounds them.
STOPS = frozenset({DecisionType.ESCALATE, DecisionType.UNDO})

UNKNOWN_AMOUNT = _(
    "The amount is unknown, so it counts as above your ceiling. Enter the amount, or escalate the action."
)
UNKNOWN_WORTH = _(
    "There is no current exchange rate from {currency} to {base}, so the amount counts as above your ceiling. "
    "Escalate the action."
)


@dataclass(frozen=True, slots=True)
class Authority:
    """What somebody may decide of an action: up to which tier, within the stakes and ceilings of which membership.

    ``delegator`` is whose authority it is, where another has lent it; ``glass`` is the emergency that gave it.
    ``token_scopes`` are those of the personal token that is used; None in a session.
    """

    person: Person
    tier: int
    member: Membership | None = None
    delegator: Person | None = None
    lent: Delegation | None = None
    break_glass: BreakGlass | None = None
    token_scopes: frozenset[str] | None = None

    @property
    def needs_lock(self) -> bool:
        """Whether a delegation, or a membership with daily ceilings, is locked for it, which others may wait for."""
        return self.lent is not None or bool(self.member and self.member.daily_ceilings)

    @property
    def people(self) -> list[Person]:
        """Who decides, and for whom, and everybody who counts as one of them: they are one."""
        return identity.closed([self.person] if self.delegator is None else [self.person, self.delegator])


def limit(
    action: Action, authority: Authority, tier: int, verdict: DecisionType = DecisionType.APPROVE
) -> Refused | None:
    """Why this authority does not reach so far, or None: token, tier, stakes, ceiling."""
    if refusal := token_limit(action, authority, tier):
        return refusal
    if authority.tier < tier:
        return TierTooLow(needs=Tier(tier).name.lower())
    member = authority.member
    if member is None:
        # The stage alone gives authority to whom it names without any membership; others review break-glass access.
        return None
    if not member.is_within_stakes(action.action_type.stakes):
        return AboveCeiling(
            "The stakes ({stakes}) are above your limit at this desk. Escalate the action.",
            said={"stakes": action.action_type.get_stakes_display()},
        )
    if not action.action_type.amount_pointer or member.is_within_ceiling(
        action.amount, action.currency, action.amount_base
    ):
        return None
    if action.amount is not None:
        return _above(action, member)
    if verdict is DecisionType.APPROVE and money.shown(action, action.revision.payload) is not None:
        # More than any ceiling can be.
        return AboveCeiling(ceiling=member.ceilings)
    # A correction supplies the amount and is then held to the ceiling; a rejection pays nothing.
    return AboveCeiling(UNKNOWN_AMOUNT, ceiling=member.ceilings) if verdict is DecisionType.APPROVE else None


def _above(action: Action, member: Membership) -> AboveCeiling:
    base = conf.base_currency()
    is_valued = action.amount_base is not None or action.currency in ("", *member.ceilings)
    if base in member.ceilings and not is_valued:
        return AboveCeiling(UNKNOWN_WORTH, said={"currency": action.currency, "base": base}, ceiling=member.ceilings)
    return AboveCeiling(ceiling=member.ceilings)


def token_limit(action: Action, authority: Authority, tier: int) -> Refused | None:
    """Why the personal token that is used does not reach so far; None for one that does, and in a session."""
    if authority.token_scopes is None:
        return None
    if "decide" not in authority.token_scopes:
        return ScopeMissing("This token is read-only. To decide, use a token with the decide scope.", scope="decide")
    if tier >= Tier.SENIOR or action.action_type.reversibility == Reversibility.IRREVERSIBLE:
        return NotAllowed(
            "You cannot use a personal token for irreversible actions or actions for senior reviewers. Sign in to "
            "decide."
        )
    return None
