"""What must reach whom: each row is a promise that a channel keeps, at least once."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.models.break_glass import BreakGlass
from approvals.models.people import Person

# Kinds of notices that ask for no decision; the others bear the name of the event that they tell of.
LOW_CONFIDENCE, EDGE_CASE, BROKEN_GLASS = "confidence.low", "edge_case.found", "break_glass.opened"


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    READY = "ready", _("Ready")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")


class Delivery(models.Model):
    """One notice of one action, or of glass that was broken, to one person by one channel."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, related_name="deliveries")
    break_glass = models.ForeignKey(
        BreakGlass, on_delete=models.PROTECT, null=True, db_index=False, related_name="deliveries"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(_("channel"), max_length=16, default="email")
    kind = models.CharField(_("kind"), max_length=24)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.READY)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"))
    error = models.TextField(_("error"), blank=True, default="")
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["action", "person", "channel", "kind", "round"], name="delivery_once"),
            models.UniqueConstraint(
                fields=["break_glass", "person", "channel", "kind"],
                condition=models.Q(break_glass__isnull=False),
                name="delivery_once_of_glass",
            ),
            models.CheckConstraint(
                condition=models.Q(action__isnull=True) ^ models.Q(break_glass__isnull=True), name="delivery_of_one"
            ),
        ]
        indexes = [models.Index("not_before", condition=models.Q(state="ready"), name="delivery_ready")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person} ({self.get_state_display()})"

    def keep(self, at: datetime) -> None:
        """The channel took it."""
        self.state = DeliveryState.SENT
        self.sent_at = at
        self.error = ""

    def miss(self, error: str, most: int) -> None:
        """The channel did not take it; after ``most`` attempts it is given up."""
        self.error = error
        if self.attempts >= most:
            self.state = DeliveryState.DEAD
