"""Who acts, and through which interface; every service requires an actor."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from approvals.models import Agent, Person


class Door(models.TextChoices):
    """The interface that a change came through."""

    ADMIN = "admin", _("Admin")
    API = "api", _("API")
    TOKEN = "token", _("Personal token")
    CELERY = "celery", _("Worker")
    CLOCK = "clock", _("Clock")
    COMMAND = "command", _("Command")
    DEMO = "demo", _("Demo")


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, an agent or the system, acting through one interface; ``key`` is the id of the key that was used."""

    door: Door
    person: "Person | None" = None
    agent: "Agent | None" = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    key: str = ""

    @property
    def pseudonym(self) -> str:
        """The name used in ledger entries; it holds no personal data."""
        if self.person is not None:
            return f"person:{self.person.pk}"
        if self.agent is not None:
            return f"agent:{self.agent.pk}"
        return f"system:{self.door.value}"

    @property
    def label(self) -> str:
        """The name that people read in the history."""
        if self.person is not None:
            return str(self.person)
        if self.agent is not None:
            return f"agent {self.agent.name}"
        return f"system ({self.door.label})"


def system(door: Door) -> Actor:
    """Return the actor for what the system does automatically."""
    return Actor(door=door)
