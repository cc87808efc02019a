"""Claims: which reviewer is working on an action, so that no two people do."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.actions import Action
from approvals.models.notes import Note
from approvals.models.people import Person


class Claim(models.Model):
    """A reviewer's claim on an action; it expires at ``until`` by the database's clock.

    ``note`` is the handover note of a colleague, if the claim was handed over.
    """

    action = models.OneToOneField(Action, on_delete=models.PROTECT, primary_key=True, related_name="claim")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_index=False, related_name="+")
    since = models.DateTimeField(_("claimed"))
    until = models.DateTimeField(_("expires"))
    note = models.ForeignKey(Note, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self) -> str:
        return f"{self.person} until {self.until:%Y-%m-%d %H:%M} UTC"

    def is_held_by_another(self, person: Person, now: datetime) -> bool:
        """Whether somebody else holds the claim now."""
        return self.until > now and self.person_id != person.pk
