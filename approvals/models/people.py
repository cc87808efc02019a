"""People, the desks they review at, and how much each may decide there."""

from decimal import Decimal

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.history import History
from approvals.states import Stakes, Tier


class Telling(models.TextChoices):
    """How somebody wants to be told of what waits for her."""

    EACH = "each", _("Each at once")
    MANY = "many", _("Each at once, and a digest when many wait")
    DIGEST = "digest", _("Digests only")


class Person(AbstractUser):
    """Somebody who signs in; groups give admin permissions, memberships give deciding power.

    What she wished about notices is null until she says it: a digest when many wait, and no quiet hours.
    """

    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=8, default="en")
    toured_at = models.DateTimeField(_("tour"), null=True, editable=False)
    is_demo = models.BooleanField(_("demo login"), default=False, editable=False)
    telling = models.CharField(_("notices"), max_length=8, choices=Telling.choices, null=True, blank=True)
    digest_minutes = models.PositiveSmallIntegerField(_("minutes between digests"), null=True, blank=True)
    digest_times = models.JSONField(_("times of digests"), null=True, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    quiet_weekends = models.BooleanField(_("quiet at weekends"), null=True, blank=True)
    urgent_waits = models.BooleanField(_("what is urgent waits, too"), null=True, blank=True)

    history = History(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()


class Desk(models.Model):
    """A group of people who decide one kind of thing, such as finance."""

    slug = models.SlugField(_("slug"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_solo = models.BooleanField(
        _("solo"),
        default=False,
        help_text=_("A firm of one: an agent's owner may decide here; each such decision is recorded as an exception."),
    )

    history = History()

    class Meta:
        ordering = ("name",)
        verbose_name = _("desk")
        verbose_name_plural = _("desks")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's deciding power at one desk: a tier, and ceilings above which it ends."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="memberships")
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier.choices, default=Tier.JUNIOR)
    max_stakes = models.CharField(_("highest stakes"), max_length=8, choices=Stakes.choices, default=Stakes.HIGH)
    ceilings = models.JSONField(
        _("ceilings"),
        default=dict,
        blank=True,
        help_text=_('The largest amount per currency, as decimal text, such as {"EUR": "5000.00"}.'),
    )

    history = History()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["person", "desk"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_tier_display()}, {self.desk}"

    def is_within_ceiling(self, amount: Decimal | None, currency: str) -> bool:
        """Whether the amount, paid or refunded, is at most this member's ceiling in its currency.

        No ceilings at all means no limit; with any, an amount that nobody knows is above them.
        """
        if not self.ceilings:
            return True
        ceiling = self.ceilings.get(currency)
        return ceiling is not None and amount is not None and abs(amount) <= Decimal(ceiling)

    def is_within_stakes(self, stakes: str) -> bool:
        """Whether the action type's stakes are at most what this member may decide."""
        order = list(Stakes.values)
        return order.index(stakes) <= order.index(self.max_stakes)
