"""People, their desks, and their authority at each desk."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from approvals import conf
from approvals.models.history import History
from approvals.states import Stakes, Tier
from approvals.text.names import name

# The names of a person, and their normalized forms: username, email and full name.
NAMES = frozenset({"username", "email", "first_name", "last_name"})
NORMALIZED_FIELDS = ("normalized_username", "normalized_email", "normalized_name")
MAX_NORMALIZED = 400


class NotificationMode(models.TextChoices):
    """How a person wants to be notified of pending items."""

    EACH = "each", _("Immediately")
    MANY = "many", _("Immediately, or as a digest when many are pending")
    DIGEST = "digest", _("Digest only")


class NormalizedField(models.CharField):
    """The normalized form of a name, set at every save; texts that name the same are matched with it."""

    def __init__(
        self, *args: Any, of: Callable[[Any], str] = str, by: Callable[[str], str] = name, **options: Any
    ) -> None:
        for option, value in (("max_length", MAX_NORMALIZED), ("default", ""), ("editable", False)):
            options.setdefault(option, value)
        super().__init__(*args, **options)
        self.of = of
        self.by = by

    def deconstruct(self) -> Any:
        """Appear as a plain column in migrations."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Normalize the name again, also in bulk operations."""
        spelled = self.by(self.of(model_instance))[:MAX_NORMALIZED]
        setattr(model_instance, self.attname, spelled)
        return spelled


class Person(AbstractUser):
    """A person with a login; groups give admin permissions, memberships give authority to decide.

    ``spelled_*`` are the normalized names that match an action's requester. Notification preferences are null until
    the person sets them: then the defaults apply.
    """

    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=8, default="en")
    toured_at = models.DateTimeField(_("tour completed"), null=True, editable=False)
    is_demo = models.BooleanField(_("demo login"), default=False, editable=False)
    notification_mode = models.CharField(
        _("notifications"), max_length=8, choices=NotificationMode.choices, null=True, blank=True
    )
    digest_minutes = models.PositiveSmallIntegerField(_("digest interval (minutes)"), null=True, blank=True)
    digest_times = models.JSONField(_("digest times"), null=True, blank=True)
    quiet_from = models.TimeField(_("quiet hours start"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet hours end"), null=True, blank=True)
    quiet_weekends = models.BooleanField(_("quiet weekends"), null=True, blank=True)
    hold_urgent = models.BooleanField(_("hold urgent notifications"), null=True, blank=True)

    normalized_username = NormalizedField(of=lambda person: person.username)
    normalized_email = NormalizedField(of=lambda person: person.email)
    normalized_name = NormalizedField(of=lambda person: person.get_full_name())

    history = History(excluded_fields=["password", "last_login", *NORMALIZED_FIELDS])

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [models.Index(fields=[each], name=f"person_{each}") for each in NORMALIZED_FIELDS]

    def save(self, *args: Any, **options: Any) -> None:
        """Save the row; if a name is saved, save its normalized form too."""
        fields = options.get("update_fields")
        if fields is not None and not NAMES.isdisjoint(fields):
            options["update_fields"] = {*fields, *NORMALIZED_FIELDS}
        super().save(*args, **options)

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()


def active_person(path: str = "person") -> Q:
    """The condition that a person may act: their account is active, and the directory does not list them as inactive.

    ``path`` leads from the row to the person; it is empty for the person's own row.
    """
    at = f"{path}__" if path else ""
    return Q(**{f"{at}is_active": True}) & ~Q(**{f"{at}employee__is_active": False})


class Desk(models.Model):
    """A team of reviewers, such as finance."""

    slug = models.SlugField(_("slug"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_solo = models.BooleanField(
        _("single-reviewer desk"),
        default=False,
        help_text=_(
            "The owner of an agent can decide on its actions here. Each such decision is recorded as an exception."
        ),
    )

    history = History()

    class Meta:
        ordering = ("name",)
        verbose_name = _("desk")
        verbose_name_plural = _("desks")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's authority at one desk: a tier, maximum stakes and ceilings."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="memberships")
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier.choices, default=Tier.JUNIOR)
    max_stakes = models.CharField(_("maximum stakes"), max_length=8, choices=Stakes.choices, default=Stakes.HIGH)
    ceilings = models.JSONField(
        _("ceilings"),
        default=dict,
        blank=True,
        help_text=_('Largest amount per currency, for example {"EUR": "5000.00"}. Leave empty for no limit.'),
    )

    history = History()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["person", "desk"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_tier_display()}, {self.desk}"

    def is_within_ceiling(self, amount: Decimal | None, currency: str, worth: Decimal | None = None) -> bool:
        """Whether the amount, paid or refunded, is within this member's ceilings; ``worth`` is in base currency.

        Without ceilings there is no limit; otherwise an unknown amount is above them. A ceiling in base currency also
        holds for the worth of an amount in another currency.
        """
        if not self.ceilings:
            return True
        own, base = self.ceilings.get(currency), self.ceilings.get(conf.base_currency())
        if amount is None or (own is not None and abs(amount) > Decimal(own)):
            return False
        if own is not None and (base is None or worth is None or currency == conf.base_currency()):
            return True
        return base is not None and worth is not None and abs(worth) <= Decimal(base)

    def is_within_stakes(self, stakes: str) -> bool:
        """Whether the action type's stakes are within this member's maximum."""
        order = list(Stakes.values)
        return order.index(stakes) <= order.index(self.max_stakes)
