"""How far an installation is set up: what somebody who begins must still do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Q, QuerySet

from approvals.models import ActionType, ApiKey, Decision, Delivery, Person
from approvals.models.action_types import BUILT_IN
from policies.queries import in_force

ADMINISTRATORS = "Administrators"
_SENT = "sent"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is there already; each field is one line of the checklist."""

    people: bool
    kind: bool
    policy: bool
    agent: bool
    decision: bool
    administrator: bool
    mail: bool


def progress(person: Person) -> Progress:
    """Return what is there already; two statements, and one more for the policies."""
    kinds = ActionType.objects.filter(is_active=True).exclude(name__in=BUILT_IN)
    names = list(kinds.values_list("policy", flat=True).distinct()[:200])
    wanted = {f"has_{name}": Exists(rows) for name, rows in _rows(person)}
    found = Person.objects.filter(pk=person.pk).annotate(**wanted).values(*wanted).get()
    return Progress(
        kind=bool(names),
        policy=bool(in_force.numbers(names)),
        **{name: bool(found[f"has_{name}"]) for name in ("people", "agent", "decision", "administrator", "mail")},
    )


def _rows(person: Person) -> Iterator[tuple[str, QuerySet[Any]]]:
    others = Person.objects.filter(is_active=True, is_staff=True).exclude(pk=person.pk).order_by()
    yield "people", others
    yield "administrator", others.filter(Q(is_superuser=True) | Q(groups__name=ADMINISTRATORS))
    yield "agent", ApiKey.objects.filter(agent__isnull=False, revoked_at__isnull=True).order_by()
    yield "decision", Decision.objects.filter(person__isnull=False).order_by()
    yield "mail", Delivery.objects.filter(state=_SENT).order_by()
