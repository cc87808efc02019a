"""Heartbeats: when a background process was last alive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# What the names of folders of attachments begin with: they say where a host stores, not which process lives.
STORE = "store_"


class Beat(models.Model):
    """One row per process, updated while it runs; it has no history and no ledger entry."""

    name = models.CharField(_("name"), max_length=30, primary_key=True)
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
