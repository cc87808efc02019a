"""Documents that agents attach to their actions; the bytes are in a store outside the database."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.models.agents import Agent


class Attachment(models.Model):
    """One file of an agent, found by the SHA-256 of its bytes and its name; both again are the same row.

    ``media_type`` is what the content was recognized as. Erasing empties ``sha256`` and ``name``, so that nobody can
    ask whether a file they hold was this one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, db_index=False, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(_("size (bytes)"), validators=[MinValueValidator(1)])
    media_type = models.CharField(_("media type"), max_length=64)
    name = models.CharField(_("name"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("uploaded"))
    # When the first action took it; what none takes is removed after a day.
    attached_at = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)
    erasure_reason = models.CharField(_("erasure reason"), max_length=500, blank=True, default="", editable=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        permissions = [("erase_attachment", _("Can erase attachments"))]
        constraints = [
            # Begins with the digest: who else has these bytes is asked before they go.
            models.UniqueConstraint(
                fields=["sha256", "agent", "name"], condition=models.Q(erased_at=None), name="attachment_once"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) ^ models.Q(sha256="", name=""), name="attachment_erased_whole"
            ),
        ]
        indexes = [
            # What an agent uploaded in a day.
            models.Index(fields=["agent", "created_at"], name="attachment_of_agent"),
            # What no action took.
            models.Index("created_at", condition=models.Q(attached_at=None), name="attachment_unattached"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class ActionAttachment(models.Model):
    """An attachment in its place in an action, from revision ``number`` on.

    ``digest`` is the HMAC-SHA256 of the file's SHA-256 with ``salt``. Revisions and the ledger hold this digest alone.
    Erasing empties the salt, so that an erased file cannot be guessed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The unique constraint begins with the action.
    action = models.ForeignKey(Action, on_delete=models.PROTECT, db_index=False, related_name="attached")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="held_by")
    number = models.PositiveSmallIntegerField(_("revision"), default=1)
    position = models.PositiveSmallIntegerField(_("position"))
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("action", "position")
        verbose_name = _("attachment of an action")
        verbose_name_plural = _("attachments of actions")
        constraints = [
            models.UniqueConstraint(fields=["action", "position"], name="attachment_place_once"),
            models.UniqueConstraint(fields=["action", "attachment"], name="attachment_once_an_action"),
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id} in {self.action_id}"
