"""People, the desks they review at, and how much each may decide there."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.history import History
from approvals.states import Stakes, Tier
from approvals.text.names import name

# What somebody is called, and the one plain spelling of each: the first two, and both parts of the full name as one.
NAMES = frozenset({"username", "email", "first_name", "last_name"})
NORMALIZED_FIELDS = ("normalized_username", "normalized_email", "normalized_name")
MAX_NORMALIZED = 400


class NotificationMode(models.TextChoices):
    """How somebody wants to be told of what waits for her."""

    EACH = "each", _("Each at once")
    MANY = "many", _("Each at once, and a digest when many wait")
    DIGEST = "digest", _("Digests only")


class NormalizedField(models.CharField):
    """One plain spelling of a name of the row, by which a text that names somebody finds them; set at every save."""

    def __init__(self, *args: Any, of: Callable[[Any], str] = str, **options: Any) -> None:
        for option, value in (("max_length", MAX_NORMALIZED), ("default", ""), ("editable", False)):
            options.setdefault(option, value)
        super().__init__(*args, **options)
        self.of = of

    def deconstruct(self) -> Any:
        """A migration makes a plain column of it."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Spell it anew, in bulk as well."""
        spelled = name(self.of(model_instance))[:MAX_NORMALIZED]
        setattr(model_instance, self.attname, spelled)
        return spelled


class Person(AbstractUser):
    """Somebody who signs in; groups give admin permissions, memberships give deciding power.

    ``spelled_*`` is the plain spelling of what they are called, by which an action's requester is found.
    What she wished about notices is null until she says it: a digest when many wait, and no quiet hours.
    """

    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(_("language"), max_length=8, default="en")
    toured_at = models.DateTimeField(_("tour"), null=True, editable=False)
    is_demo = models.BooleanField(_("demo login"), default=False, editable=False)
    notification_mode = models.CharField(
        _("notices"), max_length=8, choices=NotificationMode.choices, null=True, blank=True
    )
    digest_minutes = models.PositiveSmallIntegerField(_("minutes between digests"), null=True, blank=True)
    digest_times = models.JSONField(_("times of digests"), null=True, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    quiet_weekends = models.BooleanField(_("quiet at weekends"), null=True, blank=True)
    hold_urgent = models.BooleanField(_("what is urgent waits, too"), null=True, blank=True)

    normalized_username = NormalizedField(of=lambda person: person.username)
    normalized_email = NormalizedField(of=lambda person: person.email)
    normalized_name = NormalizedField(of=lambda person: person.get_full_name())

    history = History(excluded_fields=["password", "last_login", *NORMALIZED_FIELDS])

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        indexes = [models.Index(fields=[each], name=f"person_{each}") for each in NORMALIZED_FIELDS]

    def save(self, *args: Any, **options: Any) -> None:
        """Save the row; whoever names a part of a name saves its spelling along."""
        fields = options.get("update_fields")
        if fields is not None and not NAMES.isdisjoint(fields):
            options["update_fields"] = {*fields, *NORMALIZED_FIELDS}
        super().save(*args, **options)

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
