"""Delegations: a delegate decides for a delegator, within the delegator's authority."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.ids import uuid7
from approvals.models.history import History
from approvals.models.people import Desk, Person, active_person
from approvals.models.recorded import Recorded

# By the database's clock: a worker's clock may be wrong.
RUNNING = Q(starts_at__lte=Now(), ends_at__gt=Now(), ended_at__isnull=True)
IN_FORCE = RUNNING & active_person("person") & active_person("delegate")


def at_desk(desk_id: int) -> Q:
    """What holds at a desk: given for it, or for all desks of the person."""
    return Q(desk=desk_id) | Q(desk__isnull=True)


class Delegation(Recorded):
    """A person's authority delegated to another, at one desk or at all; it can only end early.

    Every decision checks that the delegator still has the authority.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="delegations_given", verbose_name=_("delegator")
    )
    delegate = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="delegations_held", verbose_name=_("delegate")
    )
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("desk"))
    starts_at = models.DateTimeField(pgettext_lazy("time", "from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("granted by"))
    granted_at = models.DateTimeField(_("granted"))
    ended_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended early"), null=True)

    history = History()

    class Meta:
        ordering = ("-starts_at", "-id")
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.CheckConstraint(condition=~Q(delegate=F("person")), name="delegation_to_another"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="delegation_in_order"),
            models.CheckConstraint(condition=Q(starts_at__gte=F("granted_at")), name="delegation_not_retroactive"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="delegation_ended_by_somebody",
            ),
        ]
        # For whom somebody can decide.
        indexes = [models.Index("delegate", "ends_at", name="delegation_held")]

    def __str__(self) -> str:
        return f"{self.delegate} for {self.person}"

    def end(self, person: Person, at: datetime) -> None:
        """End the delegation early."""
        self.ended_by, self.ended_at = person, at
