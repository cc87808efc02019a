"""The stages of an action's approval plan, fixed when it was routed."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.models.history import History
from approvals.models.people import Desk, Person
from approvals.states import StageKind, StageState, Tier

S = StageState


class Stage(models.Model):
    """One stage: who must decide, how many, by when, and what happens otherwise; or what is checked.

    ``step`` is the step from the policy. The desk's seniors take over on escalation; the desk decides if neither a
    person nor a group is named. ``note`` explains the assignment.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The unique constraint begins with the action: its plan, and the stage that is open.
    action = models.ForeignKey(Action, on_delete=models.PROTECT, db_index=False, related_name="stages")
    round = models.PositiveSmallIntegerField(_("round"))
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=StageKind.choices, default=StageKind.PEOPLE)
    state = FSMField(_("state"), max_length=12, choices=S.choices, default=S.OPEN, protected=False)
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier.choices)
    # The list of stages, by desk.
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    step = models.JSONField(_("policy step"))
    note = models.CharField(_("assignment note"), max_length=200, null=True)
    is_other_desk = models.BooleanField(_("assigned to a different desk"), default=False)
    quorum = models.PositiveSmallIntegerField(_("approvals needed"), default=1)
    is_escalated = models.BooleanField(_("escalated"), default=False)
    opened_at = models.DateTimeField(_("opened"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    on_timeout = models.CharField(_("when overdue"), max_length=12, default="expire")
    remind_at = models.DateTimeField(_("reminder due"), null=True)
    reminded_at = models.DateTimeField(_("reminder sent"), null=True)

    history = History()

    class Meta:
        ordering = ("action", "round", "number")
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [models.UniqueConstraint(fields=["action", "round", "number"], name="stage_number_once")]
        indexes = [
            # Whom a stage ever asked can see the action: a desk beside its own, a group, a person.
            models.Index("desk", "action", condition=models.Q(is_other_desk=True), name="stage_elsewhere"),
            models.Index("group", "action", condition=models.Q(group__isnull=False), name="stage_of_group"),
            models.Index("person", "action", condition=models.Q(person__isnull=False), name="stage_of_person"),
            # The sweep that answers automatic checks.
            models.Index("opened_at", condition=models.Q(kind="check", state="open"), name="stage_to_check"),
            # The sweep that reminds.
            models.Index(
                "remind_at",
                condition=models.Q(state="open", remind_at__isnull=False, reminded_at__isnull=True),
                name="stage_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"

    @property
    def is_check(self) -> bool:
        """Whether this is an automatic check."""
        return self.kind == StageKind.CHECK

    @property
    def asks_somebody(self) -> bool:
        """Whether a person or a group is asked; an escalated stage always asks a desk."""
        return not self.is_escalated and (self.person_id is not None or self.group_id is not None)

    @property
    def assigned_person(self) -> bool:
        """Whether one person is asked by name."""
        return self.asks_somebody and self.person_id is not None

    @property
    def assigned_group(self) -> bool:
        """Whether the people of a group are asked."""
        return self.asks_somebody and self.person_id is None

    @property
    def asked(self) -> str:
        """The name of the person, group or desk that it asks."""
        return str((self.person or self.group or self.desk) if self.asks_somebody else self.desk)

    @cached_property
    def written(self) -> dict[str, Any]:
        """The step from the policy."""
        return dict(self.step)

    @transition(field=state, source=S.WAITING, target=S.OPEN)
    def open(self, at: datetime, due_at: datetime | None) -> None:
        """Open the stage for decisions until it is due."""
        self.opened_at, self.due_at = at, due_at

    @transition(field=state, source=S.OPEN, target=S.SATISFIED)
    def satisfy(self) -> None:
        """Enough people approved, or what was checked holds."""

    @transition(field=state, source=S.OPEN, target=S.REFUSED)
    def refuse(self) -> None:
        """Somebody rejected, or what was checked does not hold."""

    @transition(field=state, source=S.OPEN, target=S.EXPIRED)
    def expire(self) -> None:
        """Nobody decided in time."""

    @transition(field=state, source=[S.WAITING, S.OPEN], target=S.SUPERSEDED)
    def supersede(self) -> None:
        """It is not asked any more: the action was settled, or another stage takes its place."""

    def ask_more(self, tier: int, quorum: int) -> None:
        """Raise the tier or the quorum; neither is ever lowered."""
        self.tier = max(self.tier, tier)
        self.quorum = max(self.quorum, quorum)
        self.is_escalated = True
