"""Saved views: how somebody likes to look at the inbox."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from approvals.models.people import Person

MAX_NAME_LENGTH = 60


class SavedView(models.Model):
    """Filters of the inbox under a name; a convenience of one person alone, so it has no history.

    ``filters`` are as in the inbox's address; they are read by the same rules each time, so what a desk or kind that is
    gone stood for narrows to nothing rather than to everything.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=MAX_NAME_LENGTH)
    filters = models.JSONField(_("filters"), default=dict)
    is_first = models.BooleanField(_("opened first"), default=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint("person", Lower("name"), name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(is_first=True), name="saved_view_first_of_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name
