"""Delegations as they stand: who decides for whom right now, and what somebody may see of them."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from approvals.authority.visibility import reads_everything
from approvals.models import Delegation, Membership, Person
from approvals.models.delegations import IN_FORCE
from approvals.states import Tier


def held(person: Person, desk: int) -> list[Delegation]:
    """What others lend to this person at a desk right now, the oldest first."""
    rows = Delegation.objects.filter(IN_FORCE, _at(desk), delegate=person)
    return list(rows.select_related("person").order_by("starts_at", "id"))


def ever_held(person: Person, desk: int) -> Delegation | None:
    """The delegation to this person at this desk that ended last, or has not begun; None when there never was one."""
    rows = Delegation.objects.filter(_at(desk), delegate=person)
    return rows.select_related("person").order_by("-ends_at", "-id").first()


def is_between(one: Person, other: Person, desk: int) -> bool:
    """Whether one of the two decides for the other at a desk right now."""
    pair = Q(person=one, delegate=other) | Q(person=other, delegate=one)
    return Delegation.objects.filter(IN_FORCE, _at(desk), pair).exists()


def delegates_of(people: Iterable[int], desk: int) -> list[Delegation]:
    """Who decides for these people at this desk right now."""
    rows = Delegation.objects.filter(IN_FORCE, _at(desk), person__in=list(people))
    return list(rows.select_related("delegate").order_by("starts_at", "id"))


def concerning(person: Person) -> QuerySet[Delegation]:
    """The delegations that a person may see: her own, those to her, and those of the desks where she is a senior."""
    rows = Delegation.objects.select_related("person", "delegate", "desk", "granted_by", "ended_by")
    if reads_everything(person):
        return rows
    desks = led_by(person)
    mine = Q(person=person) | Q(delegate=person)
    return rows.filter(mine | Q(desk__in=desks) | Q(desk__isnull=True, person__memberships__desk__in=desks)).distinct()


def led_by(person: Person) -> QuerySet[Membership, int]:
    """The ids of the desks where this person is a senior."""
    return Membership.objects.filter(person=person, tier=Tier.SENIOR).values_list("desk", flat=True)


def _at(desk: int) -> Q:
    return Q(desk=desk) | Q(desk__isnull=True)
