"""How fast connectors are called: limits that administrators set, starts that count, and circuit breakers."""

import uuid
from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals.ids import uuid7
from approvals.models.executions import Execution
from approvals.models.history import History
from approvals.models.recorded import Recorded

# So many failures in a row open a breaker that nobody set, and so long it pauses, in seconds.
FAILURES, PAUSE = 5, 60
MAX_FAILURES = 100
# Each probe that fails doubles the pause, up to this.
MAX_PAUSE = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
# How long a failure counts: longer than all attempts at one action take.
WINDOW = timedelta(hours=1)


def lane_name(connector: str, host: str) -> str:
    """What a connector, or one of its hosts, is called."""
    return f"{connector} ({host})" if host else connector


class FlowLimit(Recorded):
    """How fast a connector is called, or one of its hosts; without a host, all hosts that have no row of their own.

    A null is no limit. ``breaker_failures`` of 0 switches the circuit breaker off; ``breaker_pause`` is in seconds.
    """

    connector = models.CharField(_("connector"), max_length=40)
    host = models.CharField(
        _("host"),
        max_length=260,
        blank=True,
        default="",
        help_text=_("With its port, for example api.example.com:8443. Empty for all other hosts together."),
    )
    starts_per_minute = models.PositiveIntegerField(
        _("starts per minute"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("Empty for no limit."),
    )
    calls_at_once = models.PositiveSmallIntegerField(
        _("calls at the same time"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1_000)],
        help_text=_("Empty for no limit."),
    )
    breaker_failures = models.PositiveSmallIntegerField(
        _("failures that open the circuit breaker"),
        default=FAILURES,
        validators=[MaxValueValidator(MAX_FAILURES)],
        help_text=_("In a row, each of another action. 0 switches the circuit breaker off."),
    )
    breaker_pause = models.PositiveIntegerField(
        _("pause in seconds"),
        default=PAUSE,
        validators=[MinValueValidator(1), MaxValueValidator(86_400)],
        help_text=_(
            "How long nothing is sent before one action tries again. Doubles at each failure, up to 10 minutes."
        ),
    )

    history = History()

    class Meta:
        ordering = ("connector", "host")
        verbose_name = _("connector limit")
        verbose_name_plural = _("connector limits")
        constraints = [
            models.UniqueConstraint(fields=["connector", "host"], name="flow_limit_once"),
            models.CheckConstraint(
                condition=(Q(starts_per_minute=None) | Q(starts_per_minute__gt=0))
                & (Q(calls_at_once=None) | Q(calls_at_once__gt=0)),
                name="flow_limit_lets_through",
            ),
        ]

    def __str__(self) -> str:
        return lane_name(self.connector, self.host)


class FlowStart(models.Model):
    """One start that counts towards a limit; in flight until ``ended_at``, or until its lease is over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # An index begins with the limit.
    limit = models.ForeignKey(FlowLimit, on_delete=models.CASCADE, db_index=False, related_name="starts")
    execution = models.ForeignKey(Execution, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("time"))
    until = models.DateTimeField(_("lease expires"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("start")
        verbose_name_plural = _("starts")
        indexes = [
            # What a limit counts, and what it counts no longer.
            models.Index("limit", "at", name="flow_start_of_limit"),
        ]

    def __str__(self) -> str:
        return f"start of {self.execution_id}"


class BreakerState(models.TextChoices):
    """Whether a connector is called; ``probing`` means that one action tries."""

    CLOSED = "closed", _("Closed")
    OPEN = "open", _("Open")
    PROBING = "probing", _("Trying")


S = BreakerState


class Breaker(models.Model):
    """The circuit breaker of a connector, or of one of its hosts; there is no row before the first failure.

    ``failed`` holds, as pairs, the IDs of the actions that failed since the last success, and when each failed last;
    ``failed_at`` is the latest of these times. ``retry_at`` is when one action can try, or, while one tries, until when
    the others wait for it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connector = models.CharField(_("connector"), max_length=40)
    host = models.CharField(_("host"), max_length=260, blank=True, default="")
    state = FSMField(_("state"), max_length=8, choices=S.choices, default=S.CLOSED, protected=False)
    failed = models.JSONField(_("failed actions"), default=list)
    failed_at = models.DateTimeField(_("last failure"), null=True)
    error = models.TextField(_("error"), blank=True, default="")
    opened_at = models.DateTimeField(_("opened"), null=True)
    openings = models.PositiveIntegerField(_("openings"), default=0)
    retry_at = models.DateTimeField(_("next attempt"), null=True)
    probes = models.PositiveSmallIntegerField(_("failed attempts while open"), default=0)
    probe_id: uuid.UUID | None = models.UUIDField(_("execution that tries"), null=True)  # type: ignore[assignment]

    class Meta:
        ordering = ("connector", "host")
        verbose_name = _("circuit breaker")
        verbose_name_plural = _("circuit breakers")
        constraints = [
            models.UniqueConstraint(fields=["connector", "host"], name="breaker_once"),
            models.CheckConstraint(
                condition=Q(state=S.CLOSED) | Q(opened_at__isnull=False, retry_at__isnull=False), name="breaker_retries"
            ),
        ]

    def __str__(self) -> str:
        return lane_name(self.connector, self.host)

    def note(self, action: str, error: str, now: datetime) -> None:
        """Note an action that failed, each once, and forget those that failed long ago."""
        since = now - WINDOW
        lately = [pair for pair in self.failed if pair[0] != action and datetime.fromisoformat(pair[1]) > since]
        self.failed = [*lately, [action, now.isoformat()]][-MAX_FAILURES:]
        self.failed_at, self.error = now, error

    @transition(field=state, source=S.CLOSED, target=S.OPEN)
    def trip(self, at: datetime, now: datetime, pause: timedelta) -> None:
        """Let nothing through for a while."""
        self.opened_at, self.retry_at = at, now + pause
        self.openings += 1
        self.probes = 0

    @transition(field=state, source=[S.OPEN, S.PROBING], target=S.PROBING)
    def probe(self, execution_id: uuid.UUID, until: datetime) -> None:
        """Let one execution try; after ``until`` another one can."""
        self.probe_id, self.retry_at = execution_id, until

    @transition(field=state, source=S.PROBING, target=S.OPEN)
    def stay_open(self, now: datetime, pause: timedelta) -> None:
        """The one that tried failed: pause again, for longer."""
        self.probes += 1
        self.probe_id = None
        self.retry_at = now + min(pause * 2 ** min(self.probes, 10), max(pause, MAX_PAUSE))

    @transition(field=state, source=S.PROBING, target=S.OPEN)
    def try_another(self, now: datetime) -> None:
        """The one that should try was not sent: another one can."""
        self.probe_id, self.retry_at = None, now

    @transition(field=state, source=list(S), target=S.CLOSED)
    def close(self) -> None:
        """Let everything through again."""
        self.failed, self.error = [], ""
        self.failed_at = self.opened_at = self.retry_at = self.probe_id = None
        self.probes = 0
