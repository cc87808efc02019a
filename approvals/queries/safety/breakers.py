"""Circuit breakers: which hold a connector back, who may close them, and who is told."""

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from approvals.models import Breaker, FlowLimit, Person
from approvals.models.flow import FAILURES, PAUSE, BreakerState

CLOSE = "approvals.change_breaker"
HOLDING = ~Q(state=BreakerState.CLOSED)
MAX_SHOWN = 50


def holding() -> QuerySet[Breaker]:
    """Return the breakers that hold something back, in the order of their connectors."""
    return Breaker.objects.filter(HOLDING).order_by("connector", "host")


def limit_of(connector: str, host: str) -> FlowLimit:
    """Return the limit of a connector and host, with the values that hold where nobody set one."""
    rows = {row.host: row for row in FlowLimit.objects.filter(connector=connector, host__in=["", host])}
    unset = FlowLimit(connector=connector, host=host, breaker_failures=FAILURES, breaker_pause=PAUSE)
    return rows.get(host) or rows.get("") or unset


def told(owners: Iterable[int]) -> list[Person]:
    """Return who is told of an opening: these owners, or without any those who may close it."""
    able = Person.objects.filter(is_active=True).exclude(email="").order_by("pk")
    found = list(able.filter(pk__in=list(owners)))
    if found:
        return found
    app_label, codename = CLOSE.split(".")
    given = Permission.objects.filter(content_type__app_label=app_label, codename=codename)
    may = Q(is_superuser=True) | Q(user_permissions__in=given) | Q(groups__permissions__in=given)
    return list(able.filter(pk__in=Person.objects.filter(may).values("pk")))


def may_close(person: Person) -> bool:
    """Return whether the person can close circuit breakers."""
    return person.has_perm(CLOSE)


def shown_to(person: Person) -> list[Breaker]:
    """Return the open breakers for the people who can close them; sends no statement for others."""
    return list(holding()[:MAX_SHOWN]) if may_close(person) else []
