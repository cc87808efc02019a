"""The action: what an agent proposes, and its state.

Only services call the transitions, on a locked row. A trigger refuses an illegal transition, and any change of state
without a new ledger entry.
"""

import uuid

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals.ids import uuid7
from approvals.models.action_types import ActionType
from approvals.models.agents import Agent
from approvals.models.amounts import AmountField
from approvals.models.clients import Client
from approvals.models.history import History
from approvals.models.people import Desk, NormalizedField, Person
from approvals.states import WITHOUT_EFFECT, ActionState, Tier
from approvals.text import normalize

S = ActionState
_WAITING = models.Q(state__in=[S.PROPOSED, S.PENDING])
_OF_NONE, _OF_ANY = models.Q(client__isnull=True), models.Q(client__isnull=False)
# In these states a reversal has reversed nothing.
NOT_REVERSED = list(WITHOUT_EFFECT)
# In these states something may still come of an action.
UNFINISHED = [S.PROPOSED, S.PENDING, S.APPROVED, S.MODIFIED, S.EXECUTING, S.UNCERTAIN]
# How many actions can be above an action, each the parent of the next.
MAX_DEPTH = 10


class Action(models.Model):
    """One proposed action; its payload lives in revisions and its free text in one text table."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Rows of one type, agent or desk are read in an order, which an index below keeps; nothing is read by its owner.
    action_type = models.ForeignKey(ActionType, on_delete=models.PROTECT, db_index=False, related_name="actions")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, db_index=False, related_name="actions")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False, related_name="+")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, db_index=False, related_name="actions")
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, db_index=False, related_name="actions", verbose_name=_("client")
    )
    state = FSMField(_("state"), max_length=12, choices=S.choices, default=S.PROPOSED, protected=False)
    entry = models.OneToOneField("LedgerEntry", on_delete=models.PROTECT, related_name="state_of")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    revision = models.OneToOneField("Revision", on_delete=models.PROTECT, related_name="current_for")
    evaluation = models.ForeignKey(
        "PolicyEvaluation", on_delete=models.PROTECT, null=True, db_index=False, related_name="in_force_for"
    )

    idempotency_key = models.CharField(_("idempotency key"), max_length=200)
    request_digest = models.CharField(max_length=64)
    confidence = models.FloatField(_("confidence"), null=True)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200, blank=True, default="")
    # The ids of the people that `on_behalf_of` matched when it was proposed; null if it matched nobody.
    requesters = models.JSONField(null=True, editable=False)
    thread = models.CharField(_("thread"), max_length=200, blank=True, default="")
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    normalized_subject = NormalizedField(of=lambda action: action.subject, by=normalize.subject, blank=True)
    reference = models.CharField(_("document number"), max_length=120, blank=True, default="")
    duplicate_fingerprint = models.CharField(max_length=32, blank=True, default="", editable=False)
    amount = AmountField(_("amount"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    amount_base = AmountField(_("amount in the base currency"), null=True)
    missing = models.JSONField(_("missing fields"), default=list)
    flags = models.JSONField(_("flags"), default=list)

    # The blocked action that this one overrides, and who requested the override; somebody else decides.
    overrides = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="overridden_as"
    )
    overridden_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )

    # The executed action that this one reverses.
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="reversed_by"
    )

    # The action that must be executed before this one may run, and how many such actions are above it.
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="children"
    )
    depth = models.PositiveSmallIntegerField(default=0, editable=False)

    risk = models.PositiveSmallIntegerField(_("risk score"), default=0)
    required_tier = models.PositiveSmallIntegerField(_("required tier"), choices=Tier.choices, default=Tier.JUNIOR)
    # Whom the open stage asks: one of the three, or nobody during an automatic check.
    assigned_desk = models.ForeignKey(
        Desk, on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    assigned_group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    assigned_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, editable=False, db_index=False, related_name="+"
    )
    due_at = models.DateTimeField(_("due"), null=True)
    created_at = models.DateTimeField(_("proposed"))
    routed_at = models.DateTimeField(_("routed"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    executed_at = models.DateTimeField(_("executed"), null=True)
    expires_at = models.DateTimeField(_("expires"), null=True)
    # When its effect ends, as its current revision says; and whether it is in effect and can still be ended.
    until = models.DateTimeField(_("until"), null=True)
    is_live = models.BooleanField(_("in effect"), default=False)
    # What its agent and its reviewers should know, such as that nobody is on duty in time; null if nothing.
    warnings = models.JSONField(_("warnings"), null=True, editable=False)
    # Time of the next lookup; an action is not routed while it waits for lookups before routing.
    next_lookup_at = models.DateTimeField(null=True, editable=False)

    # Whom the open stage asks stands in the history of the stage. What a trigger keeps as it was proposed and nobody
    # reads in a history, and what follows from another column, is not copied with every change.
    history = History(
        excluded_fields=[
            *("request_digest", "requesters", "warnings", "next_lookup_at"),
            *("idempotency_key", "thread", "created_at", "normalized_subject", "duplicate_fingerprint", "depth"),
            *("assigned_desk", "assigned_group", "assigned_person"),
        ]
    )

    class Meta:
        ordering = ("-id",)
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        permissions = [("override_policy", _("Can override policy blocks"))]
        constraints = [
            models.UniqueConstraint(fields=["agent", "idempotency_key"], name="action_idempotency_key_once"),
            models.CheckConstraint(condition=models.Q(state__in=S.values), name="action_state_known"),
            models.CheckConstraint(
                condition=models.Q(overrides__isnull=True, overridden_by__isnull=True)
                | models.Q(overrides__isnull=False, overridden_by__isnull=False),
                name="action_overridden_by_somebody",
            ),
            # A second override is possible only if nobody decided on the first and nothing can have happened.
            models.UniqueConstraint(
                fields=["overrides"],
                condition=models.Q(overrides__isnull=False) & ~models.Q(state__in=[S.EXPIRED, S.WITHDRAWN]),
                name="action_overridden_once",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True, depth=0)
                | models.Q(parent__isnull=False, depth__gte=1, depth__lte=MAX_DEPTH),
                name="action_depth_below_parent",
            ),
            # A second reversal is possible only if the first had no effect.
            models.UniqueConstraint(
                fields=["reverses"],
                condition=models.Q(reverses__isnull=False) & ~models.Q(state__in=NOT_REVERSED),
                name="action_reversed_once",
            ),
        ]
        indexes = [
            # Inbox and `queue/`: each desk and tier is read in its own order, so a page costs the same at any length.
            # What a group and what a person is asked follows in the same way. Clients have indexes of their own, which
            # are empty without any: those of all clients together, and of each.
            models.Index(
                "assigned_desk", "required_tier", models.F("risk").desc(), "due_at", "id",
                condition=models.Q(state="pending") & _OF_NONE, name="action_assigned_desk",
            ),
            models.Index(
                "assigned_desk", "required_tier", models.F("risk").desc(), "due_at", "id",
                condition=models.Q(state="pending") & _OF_ANY, name="action_assigned_clients",
            ),
            models.Index(
                "assigned_desk", "client", "required_tier", models.F("risk").desc(), "due_at", "id",
                condition=models.Q(state="pending") & _OF_ANY, name="action_assigned_client",
            ),
            models.Index(
                "assigned_group", "required_tier", models.F("risk").desc(), "due_at", "id", "client",
                condition=models.Q(state="pending", assigned_group__isnull=False), name="action_assigned_group",
            ),
            models.Index(
                "assigned_person", models.F("risk").desc(), "due_at", "id",
                condition=models.Q(state="pending", assigned_person__isnull=False), name="action_assigned_person",
            ),
            # Since when the oldest of them has waited, however many others were decided before it.
            models.Index(
                "assigned_desk", "required_tier", "id",
                condition=models.Q(state="pending") & _OF_NONE, name="action_oldest_of_desk",
            ),
            models.Index(
                "assigned_desk", "required_tier", "id",
                condition=models.Q(state="pending") & _OF_ANY, name="action_oldest_of_clients",
            ),
            models.Index(
                "assigned_desk", "client", "required_tier", "id",
                condition=models.Q(state="pending") & _OF_ANY, name="action_oldest_of_client",
            ),
            models.Index(
                "assigned_group", "required_tier", "id", "client",
                condition=models.Q(state="pending", assigned_group__isnull=False), name="action_oldest_of_group",
            ),
            # Routing: agents take turns, each is found by one step, and its rows in order from there. Counts them, too.
            models.Index("state", "agent", "id", condition=_WAITING, name="action_in_turn"),
            # How much waits at a desk, which intake limits.
            models.Index("desk", condition=_WAITING, name="action_waiting_at_desk"),
            # The sweep that asks what routing waits for, agent by agent.
            models.Index(
                "agent", "next_lookup_at", "id",
                condition=models.Q(next_lookup_at__isnull=False), name="action_to_look_up",
            ),
            # The sweeps that end what expired, and escalate what is overdue.
            models.Index("expires_at", condition=models.Q(state__in=["proposed", "pending"]), name="action_expiring"),
            models.Index("due_at", condition=models.Q(state="pending"), name="action_due"),
            # The sweep that ends what was not decided before its own end.
            models.Index(
                "until", condition=models.Q(state__in=["proposed", "pending"], until__isnull=False),
                name="action_ending",
            ),
            # What is in effect now: of each desk, what ends next first; and by REST, the newest first.
            models.Index("desk", "until", "id", condition=models.Q(is_live=True), name="action_live_at_desk"),
            models.Index(models.F("id").desc(), condition=models.Q(is_live=True), name="action_live"),
            models.Index(
                "client", "desk", "until", "id",
                condition=models.Q(is_live=True) & _OF_ANY, name="action_live_of_client",
            ),
            # The list by client.
            models.Index("client", models.F("id").desc(), condition=_OF_ANY, name="action_of_client"),
            # `GET actions/` of an agent, the list by agent, and its precedents.
            models.Index("agent", models.F("id").desc(), name="action_of_agent"),
            # Duplicates, the newest first: in the policy's facts, and beside the action.
            models.Index(
                "action_type", "duplicate_fingerprint", models.F("created_at").desc(),
                condition=~models.Q(duplicate_fingerprint=""), name="action_duplicates",
            ),
            # Those of which something may still come, however many are over: beside the action, and in the inbox.
            models.Index(
                "action_type", "duplicate_fingerprint", models.F("created_at").desc(),
                condition=models.Q(state__in=UNFINISHED) & ~models.Q(duplicate_fingerprint=""),
                name="action_open_duplicates",
            ),
            # What was granted to this subject before: facts, anomalies and precedents.
            models.Index(
                "action_type", "desk", "normalized_subject", models.F("id").desc(),
                condition=models.Q(state__in=["approved", "modified", "executing", "executed"])
                & ~models.Q(normalized_subject=""), name="action_of_subject",
            ),
            # The list by state, what is uncertain, and the oldest that is not routed.
            models.Index("state", models.F("id").desc(), name="action_in_state"),
            # The list by type and by desk, search by a type's name, replay, and what a person may see. By the columns
            # that are included, an agent's record and precedents are found without reading other actions.
            models.Index("action_type", models.F("id").desc(), include=["desk", "agent"], name="action_of_type"),
            models.Index("desk", models.F("id").desc(), name="action_of_desk"),
            # Search by a thread.
            models.Index("thread", models.F("id").desc(), condition=~models.Q(thread=""), name="action_thread"),
            # The months of the list, and the numbers of a period.
            models.Index("created_at", name="action_created"),
            # The list by when actions were decided.
            models.Index("decided_at", condition=models.Q(decided_at__isnull=False), name="action_decided"),
            # Search by an amount, and the list by a range of amounts.
            models.Index("amount", condition=models.Q(amount__isnull=False), name="action_amount"),
            # What overrides or reverses an action, whatever came of it: its page.
            models.Index(fields=["overrides"], condition=models.Q(overrides__isnull=False), name="action_overrides"),
            models.Index(fields=["reverses"], condition=models.Q(reverses__isnull=False), name="action_reverses"),
            # The children of an action, the newest first: its page and `GET actions/`.
            models.Index(
                "parent", models.F("id").desc(), condition=models.Q(parent__isnull=False), name="action_of_parent"
            ),
            # The sweep that ends children whose parents ended without effect.
            models.Index(
                "parent", "id",
                condition=models.Q(state__in=["proposed", "pending", "approved", "modified"], parent__isnull=False),
                name="action_below_parent",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.action_type} {self.pk}"

    def attach(self, entry_id: uuid.UUID) -> None:
        """Point to the ledger entry of the coming change of state."""
        self.entry_id = entry_id

    @transition(field=state, source=S.PROPOSED, target=S.PENDING)
    def queue(self) -> None:
        """Wait for a person's decision."""

    @transition(field=state, source=[S.PROPOSED, S.PENDING], target=S.APPROVED)
    def approve(self) -> None:
        """Allow it to run as proposed."""

    @transition(field=state, source=S.PENDING, target=S.MODIFIED)
    def modify(self) -> None:
        """Allow it to run as edited by a reviewer."""

    @transition(field=state, source=[S.PROPOSED, S.PENDING], target=S.REJECTED)
    def reject(self) -> None:
        """Refuse it, by a person or by policy."""

    @transition(field=state, source=[S.PROPOSED, S.PENDING, S.APPROVED, S.MODIFIED], target=S.EXPIRED)
    def expire(self) -> None:
        """Close it because nobody decided or nothing ran in time."""

    @transition(field=state, source=[S.PROPOSED, S.PENDING, S.APPROVED, S.MODIFIED], target=S.WITHDRAWN)
    def withdraw(self) -> None:
        """Close it because its agent withdrew it, or its parent ended without effect."""

    @transition(field=state, source=[S.APPROVED, S.MODIFIED, S.REJECTED], target=S.PENDING)
    def return_to_review(self) -> None:
        """Return it to review in a new round."""
        self.round += 1

    @transition(field=state, source=[S.APPROVED, S.MODIFIED], target=S.EXECUTING)
    def dispatch(self) -> None:
        """Start execution; an effect may have happened from here on."""

    @transition(field=state, source=[S.FAILED, S.UNCERTAIN], target=S.EXECUTING)
    def retry(self) -> None:
        """Execute it again, where no effect can happen twice."""

    @transition(field=state, source=[S.EXECUTING, S.UNCERTAIN], target=S.EXECUTED)
    def succeed(self) -> None:
        """Record that it happened."""

    @transition(field=state, source=[S.APPROVED, S.MODIFIED, S.EXECUTING, S.UNCERTAIN], target=S.FAILED)
    def fail(self) -> None:
        """Record that it did not happen."""

    @transition(field=state, source=S.EXECUTING, target=S.UNCERTAIN)
    def doubt(self) -> None:
        """Record that it was sent with an unknown result; a person resolves it."""
