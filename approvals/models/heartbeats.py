"""Beats: when a process that nobody talks to was last seen."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Beat(models.Model):
    """One row by name, moved on while the process lives; bookkeeping, so it has no history and no entry."""

    name = models.CharField(_("name"), max_length=30, primary_key=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
