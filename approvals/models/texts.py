"""Free text of agents and people, in one table, so that personal data can be erased in one place."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.actions import Action


class TextKind(models.TextChoices):
    """Kind of a text."""

    PROPOSAL = "proposal", _("Agent text")
    RATIONALE = "rationale", _("Rationale")
    COMMENT = "comment", _("Comment")
    QUESTION = "question", _("Question")
    ANSWER = "answer", _("Answer")
    OVERRIDE = "override", _("Override reason")
    FETCHED = "fetched", _("Lookup result")
    HANDOVER = "handover", _("Handover reason")


class Text(models.Model):
    """One text, never changed; ``content`` of a proposal is ``{instruction, reasoning, evidence}``.

    ``digest`` is SHA-256 over the salt and the RFC 8785 bytes of the content. The ledger refers to a text only by its
    digest, and the salt keeps an erased text from being guessed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="texts")
    kind = models.CharField(max_length=12, choices=TextKind.choices)
    content = models.JSONField()
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.action_id}"
