"""Webhooks: where events are sent, how far each webhook has come, and what became of each delivery."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals.ids import uuid7
from approvals.models.action_types import ActionType
from approvals.models.actions import Action
from approvals.models.agents import Agent
from approvals.models.clients import Client
from approvals.models.history import History
from approvals.models.ledger import LedgerPosition
from approvals.models.people import Person
from approvals.models.recorded import Recorded

MAX_EVENTS = 50
MAX_URL_LENGTH = 500
# The pauses between the attempts at one delivery: about three days in all, then a person has to look.
WAITS = (
    *(timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30)),
    *(timedelta(hours=2), timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20)),
    timedelta(hours=24),
)
MAX_FAILURES = len(WAITS) + 1
# A receiver that is away is asked at least this often, with one delivery, while others wait behind it.
LONGEST_PAUSE = timedelta(minutes=10)
_EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)*(\.\*)?")


def known_shape(value: Any) -> None:
    """Accept a list of events, such as ``action.executed``, and of groups of them, such as ``decision.*``.

    :raises ValidationError: it is no such list, or too long.
    """
    if not isinstance(value, list) or len(value) > MAX_EVENTS:
        raise ValidationError(_("List at most %(most)d events."), params={"most": MAX_EVENTS})
    for each in value:
        if not isinstance(each, str) or not _EVENT.fullmatch(each):
            raise ValidationError(
                _("%(name)s is not an event. Enter names such as action.executed or decision.*."),
                params={"name": each},
            )


class Webhook(Recorded):
    """An address that is told of events: never more of them than its owner may see.

    ``events`` names events, or groups of them such as ``decision.*``; empty for all. Its secrets are not stored: they
    follow from a nonce and the keys of decisions. The former one is valid until ``former_until``. Without a nonce
    nothing is sent yet.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    url = models.CharField(
        _("address"),
        max_length=MAX_URL_LENGTH,
        help_text=_("An https address whose host your operator has allowed, for example https://example.com/hooks."),
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="webhooks",
        verbose_name=_("owner"),
        help_text=_("The webhook sends only events that this person may see."),
    )
    events = models.JSONField(_("events"), default=list, blank=True, validators=[known_shape])
    action_type = models.ForeignKey(
        ActionType, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("action type")
    )
    agent = models.ForeignKey(
        Agent,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agent"),
        help_text=_("If the owner also owns this agent, the webhook sends all events that the agent can read."),
    )
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("client")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("An inactive webhook sends nothing. Later it goes on where it stopped.")
    )
    nonce = models.CharField(max_length=32, blank=True, default="", editable=False)
    issued_at = models.DateTimeField(_("secret issued"), null=True, editable=False)
    former_nonce = models.CharField(max_length=32, blank=True, default="", editable=False)
    former_until = models.DateTimeField(_("former secret valid until"), null=True, editable=False)

    history = History()

    class Meta:
        ordering = ("name",)
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name

    def nonces(self, now: datetime) -> list[str]:
        """The nonces of the secrets that are valid: the newest first."""
        is_former_valid = self.former_until is not None and self.former_until > now
        return [self.nonce, *([self.former_nonce] if is_former_valid else [])] if self.nonce else []

    def renew(self, nonce: str, now: datetime, overlap: timedelta) -> None:
        """Begin with another secret; the one of now is valid for a while longer."""
        self.former_nonce, self.former_until = "", None
        if self.nonce and overlap:
            self.former_nonce, self.former_until = self.nonce, now + overlap
        self.nonce, self.issued_at = nonce, now


class WebhookCursor(models.Model):
    """How far a webhook has come: the promise that every later event follows.

    ``position`` is the last one looked at, ``sequence`` the number of the last delivery. While its receiver fails,
    nothing is sent until ``retry_at``. ``leased_at`` says when it last had its turn.
    """

    webhook = models.OneToOneField(Webhook, on_delete=models.PROTECT, primary_key=True, related_name="cursor")
    position = models.PositiveBigIntegerField(_("position"))
    sequence = models.PositiveBigIntegerField(_("deliveries"), default=0)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    retry_at = models.DateTimeField(_("next attempt"), null=True)
    leased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("webhook cursor")
        verbose_name_plural = _("webhook cursors")

    def __str__(self) -> str:
        return f"{self.webhook_id} at {self.position}"

    def recover(self) -> None:
        """Its receiver has accepted a delivery."""
        self.failures, self.retry_at = 0, None

    def pause(self, now: datetime) -> None:
        """Its receiver has not accepted a delivery: send nothing for a while, longer each time.

        Calls that were made together count once.
        """
        if self.retry_at is not None and self.retry_at > now:
            return
        self.failures += 1
        self.retry_at = now + min(WAITS[min(self.failures, len(WAITS)) - 1], LONGEST_PAUSE)


class WebhookDeliveryState(models.TextChoices):
    """State of a delivery to a webhook."""

    READY = "ready", _("Queued")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Failed")
    DROPPED = "dropped", _("No longer visible")


S = WebhookDeliveryState


class WebhookDelivery(models.Model):
    """One event on its way to one webhook, sent at least once and in order with the others of its action.

    ``sequence`` counts the deliveries of the webhook: 1, 2, 3, without gaps. ``attempts`` is also the fence: an answer
    counts only for the attempt that was the last to begin. ``failures`` counts since it was last queued.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Unique constraints begin with the webhook.
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, db_index=False, related_name="deliveries")
    position = models.ForeignKey(
        LedgerPosition, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("position")
    )
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("action")
    )
    event = models.CharField(_("event"), max_length=40)
    sequence = models.PositiveBigIntegerField(_("sequence"))
    state = FSMField(_("state"), max_length=8, choices=S.choices, default=S.READY, protected=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(_("next attempt"))
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("created"))
    # When it was sent, or given up.
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(fields=["webhook", "position"], name="webhook_delivery_once"),
            models.UniqueConstraint(fields=["webhook", "sequence"], name="webhook_delivery_in_sequence"),
        ]
        indexes = [
            # The sweep that sends what is due, webhook by webhook.
            models.Index("webhook", "not_before", condition=Q(state="ready"), name="webhook_delivery_ready"),
            # Whether an earlier event of the same action still waits.
            models.Index("webhook", "action", "position", condition=Q(state="ready"), name="webhook_delivery_order"),
            # What waits for a person, on the list of webhooks.
            models.Index("webhook", condition=Q(state="dead"), name="webhook_delivery_dead"),
            # The sweep that deletes old ones.
            models.Index("settled_at", condition=Q(state__in=["sent", "dropped"]), name="webhook_delivery_old"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.sequence}"

    @property
    def message_id(self) -> str:
        """What receivers know it by: at every attempt, and in a database that was restored since."""
        return f"msg_{self.position.entry_id.hex}"

    def lease(self, until: datetime) -> None:
        """Reserve it for one attempt."""
        self.attempts += 1
        self.leased_until = until

    @transition(field=state, source=S.READY, target=S.SENT)
    def keep(self, now: datetime) -> None:
        """The receiver accepted it."""
        self.leased_until, self.settled_at = None, now

    def miss(self, now: datetime) -> None:
        """The receiver did not accept it: try again later, and give up after the last pause."""
        self.failures += 1
        self.leased_until = None
        if self.failures >= MAX_FAILURES:
            self.give_up(now)
        else:
            self.not_before = now + WAITS[self.failures - 1]

    @transition(field=state, source=S.READY, target=S.DEAD)
    def give_up(self, now: datetime) -> None:
        """It is not sent again until a person says so."""
        self.settled_at = now

    @transition(field=state, source=S.READY, target=S.DROPPED)
    def drop(self, now: datetime) -> None:
        """The owner may no longer see it."""
        self.leased_until, self.settled_at = None, now

    @transition(field=state, source=[S.SENT, S.DEAD], target=S.READY)
    def queue_again(self, now: datetime) -> None:
        """Send it once more, with all its attempts."""
        self.failures, self.not_before, self.settled_at = 0, now, None


class WebhookAttempt(models.Model):
    """One attempt at a delivery: when it ended, how long it took, and what the receiver answered.

    ``status`` is null where no answer came; ``error`` says why it was not accepted. ``answer`` is the beginning of what
    the receiver said, as plain text.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(
        WebhookDelivery, on_delete=models.CASCADE, db_index=False, related_name="tries", verbose_name=_("delivery")
    )
    number = models.PositiveIntegerField(_("attempt"))
    at = models.DateTimeField(_("time"))
    milliseconds = models.PositiveIntegerField(_("duration in ms"))
    status: int | None = models.PositiveSmallIntegerField(_("status"), null=True)  # type: ignore[assignment]
    error = models.CharField(_("error"), max_length=400, blank=True, default="")
    answer = models.TextField(_("answer"), blank=True, default="")

    class Meta:
        ordering = ("number",)
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="webhook_attempt_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.number}"
