"""Who can give somebody a permission or a membership that they lack, by name; and which roles hold a permission."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from approvals.models import Person
from approvals.models.people import active_person

# A page names a few to ask, and is no list of everybody with power.
MAX_NAMED = 3


@dataclass(frozen=True, slots=True)
class Givers:
    """The people to ask, at most three, and the names of at most three roles that hold what is missing."""

    people: tuple[Person, ...]
    roles: tuple[str, ...] = ()


def of_permission(name: str, asker: Person) -> Givers:
    """Who gives a permission, such as ``approvals.add_halt``: superusers, since groups are theirs."""
    app, _dot, codename = name.partition(".")
    holding = Group.objects.filter(permissions__content_type__app_label=app, permissions__codename=codename)
    roles = tuple(holding.order_by("name").values_list("name", flat=True).distinct()[:MAX_NAMED])
    return Givers(of_superusers(asker).people, roles)


def of_superusers(asker: Person) -> Givers:
    """The superusers who can act."""
    return Givers(_named(Person.objects.filter(is_superuser=True), asker))


def of_memberships(asker: Person) -> Givers:
    """Who can make somebody a member of a desk."""
    able = {"content_type__app_label": "approvals", "codename": "add_membership"}
    given = Q(**{f"groups__permissions__{part}": value for part, value in able.items()})
    own = Q(**{f"user_permissions__{part}": value for part, value in able.items()})
    return Givers(_named(Person.objects.filter(Q(is_superuser=True) | given | own), asker))


def _named(people: QuerySet[Person], asker: Person) -> tuple[Person, ...]:
    """The first few of those who can sign in, without the person who asks."""
    able = Person.objects.filter(active_person(""), pk__in=people.values("pk"), is_staff=True).exclude(pk=asker.pk)
    return tuple(able.order_by("last_name", "first_name", "username")[:MAX_NAMED])
