"""Configuration changes that a person asked for, wherever they have memberships."""

from django.db.models import QuerySet

from approvals.models import Action, Person
from approvals.models.action_types import CONFIGURATION


def by(person: Person) -> QuerySet[Action]:
    """What this person asked for, newest first."""
    rows = Action.objects.filter(action_type__name=CONFIGURATION, agent__person=person)
    return rows.select_related("action_type", "agent", "desk", "revision").order_by("-id")
