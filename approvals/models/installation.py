"""The installation itself: whether it is still being set up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.people import Person


class Installation(models.Model):
    """The end of the set-up; there is no row before it, and the one row never changes or goes."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    live_since = models.DateTimeField(_("live since"))
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="installation_is_one")]

    def __str__(self) -> str:
        return f"live since {self.live_since:%Y-%m-%d %H:%M}"
