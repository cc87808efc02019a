"""Restores: when the database was found to lack what HITL had done, what it lacks, and when an operator went on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.people import Person


class Restore(models.Model):
    """A restored database was noticed or announced: from then on nothing is sent until it has a `RestoreEnd`.

    ``is_complete`` says whether a record outside the database reaches back to before the backup. Where none does,
    every action from before the restore might have been sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    began_at = models.DateTimeField(_("noticed"))
    door = models.CharField(_("noticed by"), max_length=10)
    is_complete = models.BooleanField(_("sent actions are known"))

    class Meta:
        ordering = ("-id",)
        verbose_name = _("restore")
        verbose_name_plural = _("restores")

    def __str__(self) -> str:
        return f"restore noticed {self.began_at:%Y-%m-%d %H:%M}"


class RestoreEnd(models.Model):
    """An operator went on after a restore, with a reason; ``ended_by`` is empty for a command."""

    restore = models.OneToOneField(Restore, on_delete=models.PROTECT, primary_key=True, related_name="end")
    at = models.DateTimeField(_("time"))
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("end of a restore")
        verbose_name_plural = _("ends of restores")

    def __str__(self) -> str:
        return f"went on {self.at:%Y-%m-%d %H:%M}"


class LostDispatch(models.Model):
    """An attempt that was sent and that the restored database does not know; its id is the attempt's.

    It comes from the file outside the database. The action itself might be lost, too, so nothing refers to it.
    ``proposal`` is a hash of the agent and its idempotency key, by which the same work proposed again is recognized.
    ``is_end`` tells the end of an effect from the effect.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    restore = models.ForeignKey(Restore, on_delete=models.PROTECT, related_name="lost")
    action_id = models.UUIDField(_("action"), db_index=True)
    proposal = models.CharField(_("proposal"), max_length=64, db_index=True)
    action_type = models.CharField(_("action type"), max_length=80)
    connector = models.CharField(_("connector"), max_length=40, blank=True, default="")
    host = models.CharField(_("host"), max_length=260, blank=True, default="")
    key = models.CharField(_("idempotency key"), max_length=64)
    sent_at = models.DateTimeField(_("sent"))
    sender = models.CharField(_("sent by"), max_length=200)
    is_end = models.BooleanField(_("end"), default=False)

    class Meta:
        ordering = ("sent_at", "id")
        verbose_name = _("lost dispatch")
        verbose_name_plural = _("lost dispatches")

    def __str__(self) -> str:
        return f"{self.action_type} sent {self.sent_at:%Y-%m-%d %H:%M}"
