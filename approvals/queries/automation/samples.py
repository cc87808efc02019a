"""Spot checks: which a person may see, which are open, and how many found errors."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from approvals.authority import memberships
from approvals.authority.visibility import reads_everything
from approvals.models import Action, Decision, Membership, Person, SampleCheck
from approvals.states import DecisionSource, DecisionType, SampleState

WITH = (
    "action__action_type",
    "action__agent",
    "action__desk",
    "action__revision",
    "desk",
    "checked_by",
    "rule__made_by",
)
# Who lets something run without asking anybody.
ALONE = (DecisionSource.POLICY, DecisionSource.STANDING_RULE)
CHECKED = Q(state__in=[SampleState.OK, SampleState.WRONG])


def may_be_picked(action: Action) -> bool:
    """Return whether the action ran automatically and has no spot check yet."""
    alone = Decision.objects.filter(action=action, round=action.round, is_final=True, source__in=ALONE)
    return alone.filter(verdict=DecisionType.APPROVE, action__sample__isnull=True).exists()


def visible_to(person: Person) -> QuerySet[SampleCheck]:
    """Return the spot checks of a person's desks, or all for people who may read everything."""
    rows = SampleCheck.objects.select_related(*WITH, "rule__confirmed_by")
    return rows if reads_everything(person) else rows.filter(at_own_desks(person))


def waiting(person: Person) -> QuerySet[SampleCheck]:
    """Return the open spot checks of a person's own desks, oldest first."""
    rows = SampleCheck.objects.filter(at_own_desks(person), state=SampleState.OPEN)
    return rows.select_related(*WITH, "rule__confirmed_by").order_by("id")


def checked(person: Person, since: datetime, until: datetime, client: int | None = None) -> int:
    """Count the actions that ran automatically in a period and were spot-checked since, at the person's desks.

    Only those of a client, if one is given.
    """
    rows = _at_own_desks(person).filter(CHECKED, drawn_at__gte=since, drawn_at__lt=until)
    return (rows if client is None else rows.filter(action__client=client)).count()


def at_own_desks(person: Person) -> Q:
    """Return the condition that a spot check is at a desk of the person, and for a client of theirs."""
    return memberships.of_seats(Membership.objects.filter(person=person), client="action__client")


def found(person: Person | None, since: datetime, until: datetime) -> dict[Any, tuple[int, int]]:
    """Return how many spot checks at the person's desks were done in a period and found errors, by action type."""
    if person is None:
        return {}
    rows = _at_own_desks(person).filter(CHECKED, checked_at__gte=since, checked_at__lt=until).order_by()
    counted = rows.values("action__action_type").annotate(
        checked=Count("pk"), wrong=Count("pk", filter=Q(state=SampleState.WRONG))
    )
    return {
        kind: (checked, wrong)
        for kind, checked, wrong in counted.values_list("action__action_type", "checked", "wrong")
    }


def _at_own_desks(person: Person) -> QuerySet[SampleCheck]:
    rows = SampleCheck.objects.all()
    return rows if reads_everything(person) else rows.filter(at_own_desks(person))
