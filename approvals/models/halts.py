"""Halts: they stop everything, a desk, an action type, an agent or a connector until somebody lifts them."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.action_types import ActionType
from approvals.models.agents import Agent
from approvals.models.history import History
from approvals.models.people import Desk, Person
from approvals.models.recorded import Recorded
from approvals.states import HaltScope

# The field that names each scope's target; all others stay empty.
TARGETS = {
    HaltScope.DESK: "desk",
    HaltScope.ACTION_TYPE: "action_type",
    HaltScope.AGENT: "agent",
    HaltScope.CONNECTOR: "connector",
}
IN_FORCE = Q(lifted_at__isnull=True)


def _filled(field: str) -> Q:
    return ~Q(connector="") if field == "connector" else Q(**{f"{field}__isnull": False})


def _aimed(scope: str) -> Q:
    """Require that exactly the field of this scope is filled."""
    aim = Q(scope=scope)
    for each, field in TARGETS.items():
        aim &= _filled(field) if each == scope else ~_filled(field)
    return aim


def _any_aim() -> Q:
    aims = Q()
    for scope in HaltScope.values:
        aims |= _aimed(scope)
    return aims


class Halt(Recorded):
    """A halt: nothing new starts in its scope until it is lifted, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.CharField(_("scope"), max_length=12, choices=HaltScope.choices)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, related_name="halts")
    action_type = models.ForeignKey(ActionType, on_delete=models.PROTECT, null=True, related_name="halts")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="halts")
    connector = models.CharField(_("connector"), max_length=40, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("halted by"))
    started_at = models.DateTimeField(_("started"))
    lifted_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lift_reason = models.CharField(_("reason for lifting"), max_length=500, blank=True, default="")

    history = History()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("halt")
        verbose_name_plural = _("halts")
        constraints = [
            models.CheckConstraint(condition=_any_aim(), name="halt_aimed"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason=""),
                name="halt_lifted_with_reason",
            ),
            models.UniqueConstraint(fields=["scope"], condition=IN_FORCE & Q(scope="everything"), name="halt_once"),
            models.UniqueConstraint(fields=["desk"], condition=IN_FORCE, name="halt_once_of_desk"),
            models.UniqueConstraint(fields=["action_type"], condition=IN_FORCE, name="halt_once_of_type"),
            models.UniqueConstraint(fields=["agent"], condition=IN_FORCE, name="halt_once_of_agent"),
            models.UniqueConstraint(
                fields=["connector"], condition=IN_FORCE & Q(scope="connector"), name="halt_once_of_connector"
            ),
        ]

    def __str__(self) -> str:
        if self.scope == HaltScope.EVERYTHING:
            return gettext("Everything")
        words = {
            HaltScope.DESK: gettext("Desk %(name)s"),
            HaltScope.ACTION_TYPE: gettext("“%(name)s”"),
            HaltScope.AGENT: gettext("Agent %(name)s"),
            HaltScope.CONNECTOR: gettext("Connector %(name)s"),
        }
        return words[HaltScope(self.scope)] % {"name": self.target}

    @property
    def target(self) -> "Desk | ActionType | Agent | str":
        """What is halted; empty for everything."""
        return getattr(self, TARGETS[HaltScope(self.scope)]) if self.scope in TARGETS else ""

    @property
    def name(self) -> str:
        """The API name of what is halted: a slug, or an action type's or a connector's name."""
        target = self.target
        if isinstance(target, Desk):
            return target.slug
        return target if isinstance(target, str) else target.name

    @property
    def is_wide(self) -> bool:
        """Whether it is so broad that a second person must lift it."""
        return self.scope in {HaltScope.EVERYTHING, HaltScope.DESK, HaltScope.CONNECTOR}

    def lift(self, person: Person, at: datetime, reason: str) -> None:
        """Lift the halt, so that waiting work can start again."""
        self.lifted_by, self.lifted_at, self.lift_reason = person, at, reason
