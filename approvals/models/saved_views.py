"""Saved views: a person's named filters of the inbox, or of the list of actions."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from approvals.models.people import Person

MAX_NAME_LENGTH = 60


class ViewPage(models.TextChoices):
    """The page that a view is of."""

    INBOX = "inbox", _("Inbox")
    ACTIONS = "actions", _("Actions")


class SavedView(models.Model):
    """Named filters of one person's inbox or list of actions; it has no history.

    ``filters`` are the page's query parameters. A filter for a deleted desk or action type matches nothing.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(_("page"), max_length=8, choices=ViewPage.choices, default=ViewPage.INBOX)
    name = models.CharField(_("name"), max_length=MAX_NAME_LENGTH)
    filters = models.JSONField(_("filters"), default=dict)
    is_first = models.BooleanField(_("default view"), default=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint("person", "page", Lower("name"), name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=["person", "page"], condition=models.Q(is_first=True), name="saved_view_first_of_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name
