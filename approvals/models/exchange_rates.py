"""Exchange rates into the base currency, by day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.history import History
from approvals.models.recorded import Recorded


class ExchangeRate(Recorded):
    """Value of one unit of a currency in the base currency, from a date on."""

    currency = models.CharField(_("currency"), max_length=3)
    valid_from = models.DateField(_("valid from"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)

    # Who set a rate lately.
    history = History(found_by=["history_user"])

    class Meta:
        ordering = ("currency", "-valid_from")
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [models.UniqueConstraint(fields=["currency", "valid_from"], name="rate_once_a_day")]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate} from {self.valid_from}"
