"""Lookup results of an action: each value with its source and time, and each failed attempt."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.models.ledger import LedgerEntry
from approvals.models.stages import Stage
from approvals.models.texts import Text
from approvals.states import FetchState


class LookupResult(models.Model):
    """One lookup result, never changed; for an automatic stage if one is named, else for the evaluation.

    The text holds ``{asked, value}`` or ``{asked, error}``, so that it can be erased; ``digest`` is the text's.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="fetched")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, related_name="fetched")
    name = models.CharField(_("name"), max_length=64)
    state = models.CharField(_("result"), max_length=12, choices=FetchState.choices)
    source = models.CharField(_("source"), max_length=200)
    text = models.OneToOneField(Text, on_delete=models.PROTECT, related_name="fetched")
    digest = models.CharField(_("digest"), max_length=64)
    fetched_at = models.DateTimeField(_("looked up"))
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, db_index=False, related_name="+")

    class Meta:
        ordering = ("id",)
        verbose_name = _("lookup result")
        verbose_name_plural = _("lookup results")

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"

    @property
    def asked(self) -> str:
        """The request sent to the source."""
        return str(self.text.content.get("asked", ""))

    @property
    def value(self) -> object:
        """The value, or None if there is none."""
        return self.text.content.get("value")

    @property
    def error(self) -> str:
        """Why there is no value."""
        return str(self.text.content.get("error", ""))
