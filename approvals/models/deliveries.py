"""Notifications to deliver: a channel sends each row at least once."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals.ids import uuid7
from approvals.models.action_types import ActionType
from approvals.models.actions import Action
from approvals.models.backlogs import Backlog
from approvals.models.break_glass import BreakGlass
from approvals.models.flow import Breaker
from approvals.models.people import Person

# Kinds of notifications that ask for no decision; the others are named after their event.
LOW_CONFIDENCE, EDGE_CASE, BROKEN_GLASS = "confidence.low", "edge_case.found", "break_glass.opened"
# The end of an effect failed, or nobody knows what became of it.
END_FAILED, END_IN_DOUBT = "end.failed", "end.doubted"
# Sent whichever stage is open; a kind that can repeat in a round carries a number.
HANDED_OVER, HANDED_BACK = "action.handed_over", "action.handed_back"
ANSWERED, CORRECTED = "information.given", "action.corrected"
TYPE_CHANGED, BACKLOG_FULL = "action_type.changed", "backlog.full"
# What came of an action, for the person who asked to cancel it while it was executed.
CANCEL_ANSWERED = {"executed": "cancel.executed", "failed": "cancel.failed", "uncertain": "cancel.uncertain"}
# Nothing more is sent for an action, or to a system that does not answer for now.
GIVEN_UP, BREAKER_OPENED = "execution.given_up", "breaker.opened"
# Whoever answers for what a configuration change touches hears of it when it is asked for.
CHANGE_REQUESTED = "change.requested"
# About somebody's own account: the link that sets a password, and what others changed.
PASSWORD_LINK, PASSWORD_SET = "account.link", "account.password_set"
ADDRESS_CHANGED, POWER_CHANGED = "account.address_changed", "account.power_changed"
# What somebody asked for and waits for: the file of a list.
EXPORT_READY = "export.ready"
_OF_ACCOUNTS = {PASSWORD_LINK, PASSWORD_SET, ADDRESS_CHANGED, POWER_CHANGED, EXPORT_READY}
# Sent immediately despite all preferences: each reports a change of authority, an effect that outlives its end, or work
# that is turned away.
ALARMS = frozenset(
    {
        *(BROKEN_GLASS, TYPE_CHANGED, CHANGE_REQUESTED, BACKLOG_FULL, BREAKER_OPENED, END_FAILED, END_IN_DOUBT),
        *_OF_ACCOUNTS,
    }
)
_ASK_NOTHING = frozenset(
    {LOW_CONFIDENCE, EDGE_CASE, CHANGE_REQUESTED, GIVEN_UP, END_FAILED, END_IN_DOUBT, *CANCEL_ANSWERED.values()}
)

_ABOUT = ("action", "break_glass", "action_type", "backlog", "breaker", "account")
_OF_ACTION, _OF_GLASS, _OF_CHANGE, _OF_BACKLOG, _OF_BREAKER, _OF_ACCOUNT = (
    models.Q(**{f"{name}__isnull": name != about for name in _ABOUT}) for about in _ABOUT
)


class DeliveryState(models.TextChoices):
    """State of a delivery."""

    READY = "ready", _("Queued")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Failed")
    DROPPED = "dropped", _("No longer needed")


S = DeliveryState


class Delivery(models.Model):
    """One notification to one person by one channel, about one thing: an action, an account, a circuit breaker...

    ``change_id`` names the history row of what changed. ``address`` is where it goes, if that is not the person's
    address of now. One that is ``held`` waits, since that
    moment, to go out with others; ``digest`` is the message that it went out in.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The unique constraint begins with the action.
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, db_index=False, related_name="deliveries")
    break_glass = models.ForeignKey(
        BreakGlass, on_delete=models.PROTECT, null=True, db_index=False, related_name="deliveries"
    )
    action_type = models.ForeignKey(
        ActionType, on_delete=models.PROTECT, null=True, db_index=False, related_name="deliveries"
    )
    backlog = models.ForeignKey(Backlog, on_delete=models.PROTECT, null=True, db_index=False, related_name="deliveries")
    breaker = models.ForeignKey(Breaker, on_delete=models.PROTECT, null=True, db_index=False, related_name="deliveries")
    account = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    address = models.EmailField(_("email address"), blank=True, default="")
    change_id: uuid.UUID | None = models.UUIDField(null=True)  # type: ignore[assignment]
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False, related_name="+")
    channel = models.CharField(_("channel"), max_length=16, default="email")
    kind = models.CharField(_("kind"), max_length=24)
    round = models.PositiveSmallIntegerField(default=1)
    state = FSMField(_("state"), max_length=8, choices=S.choices, default=S.READY, protected=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("next attempt"))
    error = models.TextField(_("error"), blank=True, default="")
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    held_at = models.DateTimeField(_("held since"), null=True)
    digest = models.UUIDField(_("digest ID"), null=True)

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
            models.UniqueConstraint(
                fields=["change_id", "person", "channel"],
                condition=models.Q(change_id__isnull=False),
                name="delivery_once_of_change",
            ),
            models.CheckConstraint(
                condition=_OF_ACTION
                | _OF_GLASS
                | _OF_CHANGE & models.Q(change_id__isnull=False)
                | _OF_BACKLOG
                | _OF_BREAKER
                | _OF_ACCOUNT,
                name="delivery_of_one",
            ),
        ]
        indexes = [
            # The sweep that sends what is due.
            models.Index("not_before", condition=models.Q(state="ready"), name="delivery_ready"),
            # A person's recent and held notifications.
            models.Index("person", "created_at", name="delivery_of_person"),
            models.Index("person", condition=models.Q(state="ready", held_at__isnull=False), name="delivery_held"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.person} ({self.get_state_display()})"

    @staticmethod
    def write(rows: Iterable["Delivery"]) -> None:
        """Save what the methods below changed on many rows, in one statement."""
        changed = ["state", "attempts", "not_before", "held_at", "digest", "error", "sent_at"]
        Delivery.objects.bulk_update(rows, changed, batch_size=500)

    @property
    def event(self) -> str:
        """The event that it reports, without its number."""
        return self._parts[0]

    @property
    def number(self) -> int:
        """The number of its stage, or of its event in the round."""
        return self._parts[1]

    @property
    def _parts(self) -> tuple[str, int]:
        event, _dot, number = self.kind.rpartition(".")
        return (event, int(number)) if number.isdecimal() else (self.kind, 1)

    @property
    def asks_to_decide(self) -> bool:
        """Whether it is useful only while the action waits for a decision."""
        return self.action_id is not None and self.event not in _ASK_NOTHING

    def claim(self, until: datetime) -> None:
        """Reserve it for a sender; after ``until`` it is sent again."""
        self.attempts += 1
        self.not_before = until

    def hold(self, now: datetime, until: datetime) -> None:
        """Hold it until ``until``, to go out with other held notifications."""
        self.held_at, self.not_before = self.held_at or now, until

    @transition(field=state, source=S.READY, target=S.DROPPED)
    def drop(self) -> None:
        """Drop it because it is no longer needed."""

    @transition(field=state, source=S.READY, target=S.SENT)
    def keep(self, at: datetime) -> None:
        """Record that the channel accepted it."""
        self.sent_at = at
        self.error = ""

    def miss(self, error: str, most: int) -> None:
        """Record that the channel refused it; after ``most`` attempts it fails."""
        self.error = error
        if self.attempts >= most:
            self.give_up()

    @transition(field=state, source=S.READY, target=S.DEAD)
    def give_up(self) -> None:
        """It is not tried again."""
