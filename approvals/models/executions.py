"""Executions: each runs an approved revision at most once; their attempts, and requests to stop them."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals.actors import Door
from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.models.agents import Agent
from approvals.models.break_glass import BreakGlass
from approvals.models.ledger import LedgerEntry
from approvals.models.people import Person
from approvals.models.revisions import Revision
from approvals.models.texts import Text
from approvals.states import ExecutionMode, ExecutionState

S = ExecutionState


class Execution(models.Model):
    """One execution per (action, revision, round); ``fence`` rises with each lease and rejects late results.

    ``key`` is the idempotency key sent to the target: a hash of action, revision and round.
    ``target_digest`` is SHA-256 over the connector and target at the time of the decision.

    An end is an execution, too: it names the one that it ``reverses`` under the same decision, and starts when the
    effect ends. Of the ends of one execution at most one has an effect.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The unique constraint begins with the action: its page, its undo, and the lock of its execution.
    action = models.ForeignKey(Action, on_delete=models.PROTECT, db_index=False, related_name="executions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, db_index=False, related_name="executions")
    # The action's agent, so that an index can lead from agent to agent.
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, editable=False, db_index=False, related_name="+")
    round = models.PositiveSmallIntegerField(_("round"))
    digest = models.CharField(_("approved digest"), max_length=64)
    mode = models.CharField(_("executed by"), max_length=12, choices=ExecutionMode.choices)
    connector = models.CharField(_("connector"), max_length=40, blank=True, default="")
    target_digest = models.CharField(_("target digest"), max_length=64)
    # Where it was sent, kept for its end: by then the action type may send elsewhere. Null if it has no end.
    target = models.JSONField(_("connector target"), null=True)
    # 0 for what was decided, then its ends in order: which execution such a one reverses, and whether somebody asked
    # for it before its time.
    end_number = models.PositiveSmallIntegerField(_("end number"), default=0)
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="ends"
    )
    is_early = models.BooleanField(_("ended early"), default=False)
    # The parent of its action, until that is executed: meanwhile no worker looks at it.
    waits_for = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    # When somebody asked to cancel it while it ran; a `StopRequest` says who. No further attempt is begun then.
    cancel_asked_at = models.DateTimeField(_("cancellation requested"), null=True)
    key = models.CharField(_("idempotency key"), max_length=64)
    state = FSMField(_("state"), max_length=10, choices=S.choices, default=S.READY, protected=False)
    not_before = models.DateTimeField(_("earliest start"))
    expires_at = models.DateTimeField(_("approval expires"))
    fence = models.PositiveIntegerField(_("fence"), default=0)
    leased_until = models.DateTimeField(_("lease expires"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Leases in a row that lapsed without a word from their workers.
    lapses = models.PositiveSmallIntegerField(_("lapsed leases"), default=0)
    result = models.JSONField(_("result"), null=True)
    error = models.TextField(_("error"), blank=True, default="")
    created_at = models.DateTimeField(_("created"))
    dispatched_at = models.DateTimeField(_("dispatched"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("execution")
        verbose_name_plural = _("executions")
        constraints = [
            models.UniqueConstraint(fields=["action", "revision", "round", "end_number"], name="execution_once"),
            models.CheckConstraint(
                condition=models.Q(end_number=0, reverses__isnull=True)
                | models.Q(end_number__gt=0, reverses__isnull=False),
                name="execution_or_its_end",
            ),
            # A second end is possible only if the first had no effect.
            models.UniqueConstraint(
                fields=["reverses"],
                condition=models.Q(reverses__isnull=False) & ~models.Q(state__in=["failed", "canceled"]),
                name="execution_ended_once",
            ),
            models.UniqueConstraint(fields=["key"], name="execution_key_once"),
        ]
        indexes = [
            # What is due to be carried out, agent by agent.
            models.Index(
                "agent",
                "not_before",
                "id",
                condition=models.Q(state="ready", mode="connector", end_number=0, waits_for__isnull=True),
                name="execution_ready",
            ),
            # What waits for a parent, and the sweep that finds those whose parent was executed.
            models.Index(
                "waits_for", "id", condition=models.Q(state="ready", waits_for__isnull=False), name="execution_waiting"
            ),
            # The ends that are due; they wait behind no agent's backlog.
            models.Index(
                "not_before", "id", condition=models.Q(state="ready", end_number__gt=0), name="execution_ending"
            ),
            # The sweep that finds lapsed leases.
            models.Index("leased_until", condition=models.Q(state="running"), name="execution_leased"),
            # The sweep that ends approvals which nobody used.
            models.Index("expires_at", condition=models.Q(state="ready"), name="execution_expiring"),
        ]

    def __str__(self) -> str:
        what = _("end") if self.is_end else self._meta.verbose_name
        return f"{what} · {self.action_id} ({self.get_state_display()})"

    @property
    def is_end(self) -> bool:
        """Return whether this ends the effect of another execution."""
        return self.end_number > 0

    @transition(field=state, source=S.READY, target=S.RUNNING)
    def start(self, at: datetime, leased_until: datetime) -> None:
        """Start the first attempt; an effect may have happened from here on."""
        self.dispatched_at = at
        self.waits_for_id = None
        self.lapses = 0
        self.begin_attempt(leased_until)

    def begin_attempt(self, leased_until: datetime) -> None:
        """Count one more attempt and take a lease for it."""
        self.attempts += 1
        self.leased_until = leased_until

    @transition(field=state, source=[S.RUNNING, S.UNCERTAIN], target=S.SUCCEEDED)
    def succeed(self, at: datetime, result: Any) -> None:
        """Record that it happened."""
        self._finish(at, "", result)

    @transition(field=state, source=[S.READY, S.RUNNING, S.UNCERTAIN], target=S.FAILED)
    def fail(self, at: datetime, error: str, result: Any = None) -> None:
        """Record that it did not happen."""
        self._finish(at, error, result)

    @transition(field=state, source=S.RUNNING, target=S.UNCERTAIN)
    def doubt(self, error: str) -> None:
        """Record that it was sent with an unknown result."""
        self.error = error
        self.leased_until = None

    @transition(field=state, source=S.READY, target=S.CANCELED)
    def cancel(self, at: datetime, error: str = "") -> None:
        """Cancel it before anything is sent."""
        self._finish(at, error, None)

    def ask_to_cancel(self, at: datetime) -> None:
        """Begin no further attempt; the one that is under way goes on."""
        self.cancel_asked_at = at

    def _finish(self, at: datetime, error: str, result: Any) -> None:
        self.finished_at, self.error, self.result = at, error, result
        self.leased_until = self.waits_for_id = None


class AttemptStep(models.TextChoices):
    """The step that a row of an attempt records."""

    DISPATCHING = "dispatching", _("Dispatching")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")
    LATE = "late", _("Late response")


class Attempt(models.Model):
    """One step of one attempt; the intent is committed before the call, the response after it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    execution = models.ForeignKey(Execution, on_delete=models.PROTECT, related_name="attempt_rows")
    number = models.PositiveSmallIntegerField(_("attempt"))
    step = models.CharField(_("step"), max_length=12, choices=AttemptStep.choices)
    fence = models.PositiveIntegerField(_("fencing token"))
    at = models.DateTimeField(_("time"))
    detail = models.TextField(_("details"), blank=True, default="")

    class Meta:
        ordering = ("execution", "number", "id")
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return f"attempt {self.number}: {self.get_step_display()}"


class StopRequest(models.Model):
    """Who asked to stop an execution, when, why, and by which authority; append-only.

    If ``execution`` is an end, somebody asked for it early. Any other one, somebody asked to cancel while it ran.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    execution = models.OneToOneField(Execution, on_delete=models.PROTECT, related_name="stop_request")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    delegator = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("on behalf of")
    )
    break_glass = models.ForeignKey(
        BreakGlass, on_delete=models.PROTECT, null=True, db_index=False, related_name="stops"
    )
    door = models.CharField(_("entry point"), max_length=16, choices=Door.choices)
    rationale = models.ForeignKey(Text, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField(_("requested"))
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="stop_request")

    class Meta:
        ordering = ("-id",)
        verbose_name = _("stop request")
        verbose_name_plural = _("stop requests")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(agent__isnull=True), name="stop_of_person_or_agent"
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | models.Q(delegator__isnull=True, break_glass__isnull=True),
                name="stop_by_authority_of_person",
            ),
        ]
        # What was stopped with break-glass access.
        indexes = [
            models.Index("break_glass", condition=models.Q(break_glass__isnull=False), name="stop_with_break_glass")
        ]

    def __str__(self) -> str:
        return f"{self.said} by {self.by}"

    @property
    def by(self) -> str:
        """Who asked, and for whom if it was a delegate."""
        who = str(self.person or self.agent)
        if self.delegator is None:
            return who
        return gettext("%(who)s on behalf of %(whom)s") % {"who": who, "whom": self.delegator}

    @property
    def said(self) -> str:
        """What was asked and by which authority, as the record says it."""
        what = "Ended early" if self.execution.is_end else "Asked to cancel"
        for_whom = f", on behalf of {self.delegator}" if self.delegator else ""
        return f"{what}{for_whom}{', with break-glass access' if self.break_glass_id else ''}"

    @property
    def reason(self) -> str:
        """The rationale; empty if it was erased or never given."""
        return str(self.rationale.content["rationale"]) if self.rationale else ""
