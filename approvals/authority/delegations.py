"""Delegations as they stand: who decides for whom now, why one gives nothing any more, and who may see them."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from approvals.authority import identity, memberships
from approvals.authority.visibility import reads_everything
from approvals.errors import DelegationRefused
from approvals.models import Delegation, Membership, Person
from approvals.models.delegations import IN_FORCE, at_desk
from approvals.states import Tier
from policies import db

# So long somebody who decided for another is told that it is over, instead of what they lack.
RECENTLY = timedelta(days=60)


def held(person: Person, desk: int) -> list[Delegation]:
    """What others lend to this person at a desk right now, the oldest first."""
    rows = Delegation.objects.filter(IN_FORCE, at_desk(desk), delegate=person)
    return list(rows.select_related("person").order_by("starts_at", "id"))


def ever_held(person: Person, desk: int) -> Delegation | None:
    """The delegation to this person at this desk that ended last, or has not begun; None when there never was one."""
    rows = Delegation.objects.filter(at_desk(desk), delegate=person)
    return rows.select_related("person").order_by("-ends_at", "-id").first()


def is_between(one: Person, other: Person, desk: int) -> bool:
    """Whether one of the two, or who counts as them, decides for the other at a desk right now."""
    mine, theirs = identity.ids(one), identity.ids(other)
    pair = Q(person__in=mine, delegate__in=theirs) | Q(person__in=theirs, delegate__in=mine)
    return Delegation.objects.filter(IN_FORCE, at_desk(desk), pair).exists()


def tie(people: Collection[Person], others: Mapping[int, datetime], desk: int) -> Person | None:
    """One of the others whom a delegation makes one person with these, though each decides with their own authority.

    ``others`` maps each of them to the moment since when a delegation counts, in either direction.
    """
    mine = {person.pk for person in identity.closed(people)}
    if not mine or not others:
        return None
    pair = Q(person__in=mine) & _is_one_of("delegate", others) | _is_one_of("person", others) & Q(delegate__in=mine)
    rows = Delegation.objects.filter(at_desk(desk), pair, starts_at__lte=Now()).select_related("person", "delegate")
    given = list(rows.order_by("starts_at", "id"))
    since = _with_their_ones(others) if given else {}
    for each in given:
        other = each.delegate if each.person_id in mine else each.person
        if other.pk in since and (each.ended_at or each.ends_at) > since[other.pk]:
            return other
    return None


def _is_one_of(field: str, people: Mapping[int, datetime]) -> Q:
    groups = Person.objects.filter(pk__in=people.keys(), counts_as__isnull=False).values("counts_as")
    return Q(**{f"{field}__in": people.keys()}) | Q(**{f"{field}__counts_as__in": groups})


def _with_their_ones(others: Mapping[int, datetime]) -> dict[int, datetime]:
    """The same with everybody who counts as one of them, from the earliest moment of theirs."""
    groups = Person.objects.filter(pk__in=others.keys(), counts_as__isnull=False).values("counts_as")
    tied = Person.objects.filter(counts_as__in=groups).values_list("pk", "counts_as")
    group_of = {person: group for person, group in tied if group is not None}
    since: dict[int, datetime] = {}
    for person, at in others.items():
        if group := group_of.get(person):
            since[group] = min(at, since.get(group, at))
    return {**others, **{person: since[group] for person, group in group_of.items()}}


def lapsed(person: Person, desk: int, client: int | None) -> DelegationRefused | None:
    """Why what was lent to this person at this desk gives nothing now, if it did lately or will.

    Nobody is told anything of a client that the lender has nothing to do with.
    """
    given, now = ever_held(person, desk), db.now()
    if given is None or not memberships.is_of_client(given.person, client):
        return None
    over = given.ended_at or given.ends_at
    if given.starts_at > now and given.ended_at is None:
        return DelegationRefused(
            "Your delegation from {person} starts on {starts_at:%Y-%m-%d %H:%M} UTC. Until then, another reviewer "
            "must decide.",
            said={"person": given.person, "starts_at": given.starts_at},
        )
    if over <= now:
        is_recent = now - over < RECENTLY
        return (
            DelegationRefused(
                "Your delegation from {person} ended on {over:%Y-%m-%d %H:%M} UTC. Ask {person} for a new one.",
                said={"person": given.person, "over": over},
            )
            if is_recent
            else None
        )
    if memberships.has_left(person):
        return DelegationRefused(memberships.LEFT)
    if memberships.at(given.person, desk, client) is not None:
        return None
    if memberships.has_left(given.person):
        return DelegationRefused(
            "The directory lists {person} as inactive, so their delegate cannot decide. Another reviewer must decide.",
            said={"person": given.person},
        )
    if held(given.person, desk):
        return DelegationRefused(
            "{person} has this authority only by delegation, and delegated authority cannot be passed on. Another "
            "reviewer must decide.",
            said={"person": given.person},
        )
    return DelegationRefused(
        "{person} no longer has authority at this desk, so their delegate cannot decide. Another reviewer must decide.",
        said={"person": given.person},
    )


def lock(delegation: Delegation) -> DelegationRefused | None:
    """Hold a delegation until the transaction ends, so that whoever ends it waits; why it is over, or None."""
    rows = Delegation.objects.select_for_update(of=("self",), no_key=True).filter(pk=delegation.pk)
    if rows.filter(starts_at__lte=Now(), ends_at__gt=Now(), ended_at__isnull=True).exists():
        return None
    return DelegationRefused(
        "Your delegation from {delegator} is no longer active. Ask {delegator} for a new one.",
        said={"delegator": delegation.person},
    )


def concerning(person: Person) -> QuerySet[Delegation]:
    """The delegations that a person may see: her own, those to her, and those of whom she leads."""
    rows = Delegation.objects.select_related("person", "delegate", "desk", "granted_by", "ended_by")
    if reads_everything(person):
        return rows
    mine, led = Q(person=person) | Q(delegate=person), led_by(person)
    at_desks = Q(Exists(led.filter(person=OuterRef("person"), desk=OuterRef("desk"))))
    return rows.filter(mine | at_desks | Q(desk__isnull=True, person__in=led.values("person")))


def led_by(person: Person) -> QuerySet[Membership]:
    """The memberships that one of this person's covers: they are a senior at its desk, for its client or every one."""
    senior = Membership.objects.filter(person=person, tier=Tier.SENIOR, desk=OuterRef("desk"))
    of_its_client = Exists(senior.filter(memberships.for_client_of("client")))
    # A membership for every client is covered by nothing less.
    return Membership.objects.filter(
        Exists(senior.filter(covers_clients=True)) | Q(of_its_client, covers_clients=False)
    )
