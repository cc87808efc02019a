"""How much somebody has let run in the last 24 hours, and whether their daily ceilings hold one more.

    what                                    counts while
 1  an approval, or an edit that satisfied  its round and revision are those of the action, which was not rejected,
    its stage                               withdrawn or left to expire: so none that was undone in time
 2  the same                                anything was dispatched by it, whatever became of the action since
 3  what a standing rule let run            always, for its creator and for whoever confirmed it

Each action counts once, with its amount of now. All accounts that count as one person count together, and so does what
a delegate approves for them. Only amounts that are known are counted; an unknown one is above every daily ceiling.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Abs, Now
from django.utils.translation import gettext_noop as _

from approvals.authority import identity
from approvals.authority.limits import UNKNOWN_AMOUNT, Authority
from approvals.errors import AboveCeiling
from approvals.models import Action, Decision, Execution, Membership, Person, StandingUse
from approvals.states import ActionState, DecisionType, StageState

DAY = timedelta(hours=24)
ABOVE = _(
    "This action and your approvals in the last 24 hours exceed your daily ceiling at this desk. Escalate the "
    "action, or approve it later."
)
_CAME_TO_NOTHING = (ActionState.REJECTED, ActionState.EXPIRED, ActionState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Spent:
    """What was let run: the sum of each currency, and what all of it is worth in the base currency."""

    amounts: dict[str, Decimal]
    worth: Decimal = Decimal(0)


def refusal_for(action: Action, authority: Authority) -> AboveCeiling | None:
    """Why this authority's daily ceilings do not hold the action, or None; no statement where there are none."""
    member = authority.member
    if member is None or not member.daily_ceilings or not action.action_type.amount_pointer:
        return None
    if action.amount is None:
        return AboveCeiling(UNKNOWN_AMOUNT, ceiling=member.daily_ceilings)
    person = authority.delegator or authority.person
    if holds(member, person, action.amount, action.currency, action.amount_base, besides=action):
        return None
    return AboveCeiling(ABOVE, ceiling=member.daily_ceilings)


def holds(
    member: Membership,
    person: Person,
    amount: Decimal,
    currency: str,
    worth: Decimal | None,
    *,
    besides: Action | None = None,
) -> bool:
    """Whether a membership's daily ceilings hold an amount next to what its person let run already."""
    if not member.daily_ceilings:
        return True
    spent = of(member, person, besides)
    total = abs(amount) + spent.amounts.get(currency, Decimal(0))
    return member.is_within_daily(total, currency, None if worth is None else abs(worth) + spent.worth)


def lock(members: QuerySet[Membership]) -> list[tuple[int, uuid.UUID | None]]:
    """Hold these memberships, so that of two approvals at once the second sees the first; each with its last entry."""
    held = members.select_for_update(of=("self",), no_key=True)
    return list(held.order_by("pk").values_list("pk", "entry"))


def lock_for(authority: Authority) -> bool:
    """Hold the bounded membership by which somebody decides, and those of the accounts that count as theirs.

    Returns whether it is as it was read: whoever was changing it has been waited for.
    """
    member = authority.member
    if member is None or not member.daily_ceilings:
        return True
    people = identity.ids(authority.delegator or authority.person)
    held = lock(Membership.objects.filter(person__in=people, desk=member.desk_id))
    return (member.pk, member.entry_id) in held


def of(member: Membership, person: Person, besides: Action | None = None) -> Spent:
    """What a person let run at a membership's desk in the last 24 hours, in one statement."""
    # By the database's clock, within the statement.
    people, since = identity.ids(person), Now() - DAY
    rows = Action.objects.filter(pk__in=_approved(people, member, since).union(_run(people, member, since)))
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    sums = rows.order_by().values("currency").annotate(total=Sum(Abs("amount")), worth=Sum(Abs("amount_base")))
    found = list(sums)
    amounts = {row["currency"]: row["total"] for row in found if row["total"] is not None}
    return Spent(amounts, sum((row["worth"] or Decimal(0) for row in found), Decimal(0)))


def _approved(people: list[int], member: Membership, since: object) -> QuerySet[Decision, object]:
    theirs = Q(person__in=people, delegator__isnull=True) | Q(delegator__in=people)
    # A stage that asks a person or a group may be decided by a membership elsewhere, so it counts at each.
    here = Q(stage__desk=member.desk_id) | Q(stage__group__isnull=False) | Q(stage__person__isnull=False)
    stands = Q(round=F("action__round"), digest=F("action__revision__digest")) & ~Q(action__state__in=_CAME_TO_NOTHING)
    sent = Exists(
        Execution.objects.filter(action=OuterRef("action"), round=OuterRef("round"), dispatched_at__isnull=False)
    )
    here &= _for_client(member, "action__client")
    # An edit that was not enough for its stage lets nothing run.
    counts = Q(verdict=DecisionType.APPROVE) | Q(verdict=DecisionType.MODIFY, stage__state=StageState.SATISFIED)
    rows = Decision.objects.filter(theirs, here, counts, at__gt=since)
    return rows.filter(stands | sent).order_by().values("action")


def _for_client(member: Membership, client: str) -> Q:
    if member.covers_clients:
        return Q()
    return Q(**{f"{client}__isnull": True} if member.client_id is None else {client: member.client_id})


def _run(people: list[int], member: Membership, since: object) -> QuerySet[StandingUse, object]:
    theirs = Q(rule__made_by__in=people) | Q(rule__confirmed_by__in=people)
    here = _for_client(member, "action__client") & Q(rule__action_type__desk=member.desk_id)
    rows = StandingUse.objects.filter(theirs, here, at__gt=since)
    return rows.order_by().values("action")
