"""Numbered, immutable revisions of a payload; 1 is the agent's, later ones are edits or answers."""

import json
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.models.agents import Agent
from approvals.models.people import Person


class Revision(models.Model):
    """One payload as canonical text (RFC 8785), and the digest that a decision names.

    ``digest`` covers {action, number, type, type version, agent, payload, nonce}, and ``until`` and ``attachments``
    where there are any; the nonce is 128 random bits.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The unique constraint begins with the action: its history, and its notes.
    action = models.ForeignKey(Action, on_delete=models.PROTECT, db_index=False, related_name="revisions")
    number = models.PositiveSmallIntegerField(_("number"))
    type_version = models.PositiveIntegerField(_("schema version"))
    body = models.TextField(_("payload"))
    # When the effect ends; null if it has no end.
    until = models.DateTimeField(_("until"), null=True)
    # The salted digests of the attachments, in order; null without any, so that nothing is read for them.
    attachments = models.JSONField(_("attachments"), null=True)
    nonce = models.CharField(max_length=32)
    digest = models.CharField(_("digest"), max_length=64)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    created_at = models.DateTimeField(_("created"))

    class Meta:
        ordering = ("action", "number")
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["action", "number"], name="revision_number_once"),
            models.CheckConstraint(
                condition=models.Q(agent__isnull=True) ^ models.Q(person__isnull=True), name="revision_has_one_author"
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number} · {self.action_id}"

    @cached_property
    def payload(self) -> dict[str, Any]:
        """The payload, parsed once because a revision never changes."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def author(self) -> Agent | Person | None:
        """The author of this revision."""
        return self.person or self.agent
