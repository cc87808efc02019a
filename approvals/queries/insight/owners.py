"""Who is responsible for an action type: its owner, overriders and notified people."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.db.models import BigIntegerField, Q, QuerySet, prefetch_related_objects

from approvals.authority import memberships
from approvals.models import ActionType, Membership, Person
from approvals.states import Tier
from policies.compiled import Compiled, Slot

OVERRIDE = "override_policy"
COMPLIANCE = "Compliance"
ANSWERING = ("responsible", "owner", "overriders", "confidence_person", "confidence_group", "edge_case_owner")


@dataclass(frozen=True, slots=True)
class Accountability:
    """The responsible people by name; empty values fall back to the desk."""

    owner: str
    responsible: str
    overriders: tuple[str, ...]
    low_confidence: float | None
    told_of_doubt: tuple[str, ...]
    told_of_edge_cases: str


def of(kind: ActionType) -> Accountability:
    """Return who is responsible for this action type; whom it names is read here, if it names anybody."""
    named = [name for name in ANSWERING if getattr(kind, f"{name}_id") is not None]
    # Together with an action, they are so many tables that the plan takes longer than all the rest.
    whole = ActionType.objects.select_related(*named).get(pk=kind.pk) if named else kind
    return told(whole, _with_groups(_ABLE_AT_DESK.all(desk=kind.desk_id)))


def told(kind: ActionType, able: Iterable[Membership]) -> Accountability:
    """Return who is responsible, from an action type and overriders that were already read."""
    tier = Tier(kind.edge_case_tier).label if kind.edge_case_tier else ""
    doubt = (kind.confidence_person, kind.confidence_group)
    return Accountability(
        owner=str(kind.owner or ""),
        responsible=str(kind.responsible or ""),
        overriders=tuple(dict.fromkeys(str(member.person) for member in able if _is_among(member, kind))),
        low_confidence=kind.low_confidence,
        told_of_doubt=tuple(str(each) for each in doubt if each is not None),
        told_of_edge_cases=str(kind.edge_case_owner or tier),
    )


def told_of_changes(owners: Iterable[int]) -> list[Person]:
    """Return who is notified of changes to an action type: its owner and the compliance officers."""
    wanted = Q(pk__in=list(owners)) | Q(groups__name=COMPLIANCE)
    found = Person.objects.filter(wanted, is_active=True).exclude(email="")
    return list(Person.objects.filter(pk__in=found.values("pk")).order_by("pk"))


def able_by_desk() -> dict[int, list[Membership]]:
    """Return the senior reviewers who may override policy, by desk."""
    found: dict[int, list[Membership]] = {}
    for member in _with_groups(list(_able())):
        found.setdefault(member.desk_id, []).append(member)
    return found


def _able() -> QuerySet[Membership]:
    permission = Permission.objects.filter(content_type__app_label="approvals", codename=OVERRIDE)
    may = Person.objects.filter(Q(groups__permissions__in=permission) | Q(user_permissions__in=permission))
    seniors = memberships.in_force().filter(tier__gte=Tier.SENIOR, person__in=may.values("pk"))
    return seniors.select_related("person").order_by("person__username")


_ABLE_AT_DESK: Compiled[Membership] = Compiled(lambda: _able().filter(desk_id=Slot("desk", BigIntegerField())))


def _with_groups(members: list[Membership]) -> list[Membership]:
    """Return the same with the groups of their people, read in one statement."""
    prefetch_related_objects(members, "person__groups")
    return members


def _is_among(member: Membership, kind: ActionType) -> bool:
    groups = {group.pk for group in member.person.groups.all()}
    return kind.overriders_id is None or kind.overriders_id in groups
