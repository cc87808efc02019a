"""Clients: whose books an action belongs to, such as the customers of an accounting firm or business units."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.calendars import Calendar
from approvals.models.history import History
from approvals.models.people import Person
from approvals.models.recorded import Recorded


class Client(Recorded):
    """A client or unit; who has no membership for it sees nothing of its actions.

    ``currency`` is the currency of amounts whose payload names none, empty for no default. ``calendar`` replaces the
    desk's for the client's deadlines.
    """

    key = models.SlugField(_("key"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    responsible = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible person")
    )
    currency = models.CharField(
        _("default currency"),
        max_length=3,
        blank=True,
        default="",
        help_text=_("Used where the action’s data names no currency, for example EUR (optional)."),
    )
    calendar = models.ForeignKey(
        Calendar,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("calendar"),
        help_text=_("Working hours for this client’s deadlines. Leave empty to use the calendar of each desk."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    history = History()

    class Meta:
        ordering = ("name", "key")
        verbose_name = _("client")
        verbose_name_plural = _("clients")

    def __str__(self) -> str:
        return self.name
