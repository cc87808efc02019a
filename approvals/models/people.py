"""People, their desks, and their authority at each desk."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AbstractUser, Permission
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from approvals import conf
from approvals.models.history import History
from approvals.models.recorded import Recorded
from approvals.states import Stakes, Tier
from approvals.text.names import name

# The names of a person, and their normalized forms: username, email and full name.
NAMES = frozenset({"username", "email", "first_name", "last_name"})
NORMALIZED_FIELDS = ("normalized_username", "normalized_email", "normalized_name")
MAX_NORMALIZED = 400
# The group that reads everything.
COMPLIANCE = "Compliance"
# Permissions over the approval system itself: superusers have only those that they were given.
OVER_THE_GATE = frozenset(
    {
        "approvals.add_action",
        "approvals.add_halt",
        "approvals.break_glass",
        "approvals.change_breaker",
        "approvals.change_halt",
        "approvals.override_policy",
        "approvals.review_break_glass",
        "policies.add_version",
    }
)


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


class Person(Recorded, AbstractUser):
    """A person with a login; groups give admin permissions, memberships give authority to decide.

    ``spelled_*`` are the normalized names that match an action's requester. Notification preferences are null until
    the person sets them: then the defaults apply. ``password_set_by`` is who else may know the password, null where the
    owner set it by a mailed link; ``email_set_by`` is who changed the address, until somebody confirms it. Accounts
    with the same ``counts_as`` count as one person; it is null for an account that nobody else can use.
    """

    is_superuser = models.BooleanField(
        _("superuser status"),
        default=False,
        help_text=_(
            "Grants access to every form in the admin, including those for accounts, groups, and passwords. Does "
            "not grant permission to decide on actions, start actions or halts, override policy, publish policies, "
            "or use break-glass access."
        ),
    )
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

    password_set_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("password set by"),
    )
    email_set_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("email address changed by"),
    )
    counts_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    normalized_username = NormalizedField(of=lambda person: person.username)
    normalized_email = NormalizedField(of=lambda person: person.email)
    normalized_name = NormalizedField(of=lambda person: person.get_full_name())

    history = History(excluded_fields=["password", "last_login", "counts_as", *NORMALIZED_FIELDS])

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        # Whom a name in an action means.
        indexes = [models.Index(fields=[each], name=f"person_{each}") for each in NORMALIZED_FIELDS]

    def save(self, *args: Any, **options: Any) -> None:
        """Save the row; if a name is saved, save its normalized form too."""
        fields = options.get("update_fields")
        if fields is not None and not NAMES.isdisjoint(fields):
            options["update_fields"] = {*fields, *NORMALIZED_FIELDS}
        super().save(*args, **options)

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the person has a permission; being a superuser gives none over the approval system."""
        if self.is_superuser and perm in OVER_THE_GATE:
            return self.is_active and perm in self._given
        return super().has_perm(perm, obj)

    @cached_property
    def is_auditor(self) -> bool:
        """Whether the person is among those who read everything; asked once."""
        return self.groups.filter(name=COMPLIANCE).exists()

    @cached_property
    def _given(self) -> frozenset[str]:
        """The permissions that this person was given, in person or by a group; asked once."""
        given = Permission.objects.filter(Q(user=self) | Q(group__user=self)).order_by()
        pairs = given.values_list("content_type__app_label", "codename").distinct()
        return frozenset(f"{label}.{codename}" for label, codename in pairs)


def active_person(path: str = "person") -> Q:
    """The condition that a person may act: their account is active, and the directory does not list them as inactive.

    ``path`` leads from the row to the person; it is empty for the person's own row.
    """
    at = f"{path}__" if path else ""
    return Q(**{f"{at}is_active": True}) & ~Q(**{f"{at}employee__is_active": False})


class Desk(Recorded):
    """A team of reviewers, such as finance."""

    slug = models.SlugField(_("slug"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_solo = models.BooleanField(
        _("single-reviewer desk"),
        default=False,
        help_text=_(
            "At this desk, an agent’s owner can decide on the agent’s actions. Each of these decisions is recorded "
            "as an exception."
        ),
    )

    history = History()

    class Meta:
        ordering = ("name",)
        verbose_name = _("desk")
        verbose_name_plural = _("desks")

    def __str__(self) -> str:
        return self.name


class Membership(Recorded):
    """A person's authority at one desk, for one client, every client or none: a tier, maximum stakes and ceilings.

    Without ``client`` it is for actions of no client; with ``covers_clients``, for all actions of the desk.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="memberships")
    client = models.ForeignKey(
        "Client",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("client"),
        help_text=_("The person sees and decides on this client’s actions only. Leave empty for actions of no client."),
    )
    covers_clients = models.BooleanField(
        _("every client"), default=False, help_text=_("The person sees and decides on the actions of every client.")
    )
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier.choices, default=Tier.JUNIOR)
    max_stakes = models.CharField(_("maximum stakes"), max_length=8, choices=Stakes.choices, default=Stakes.HIGH)
    ceilings = models.JSONField(
        _("ceilings"),
        default=dict,
        blank=True,
        help_text=_("Largest amount per currency. Leave empty for no limit."),
    )
    daily_ceilings = models.JSONField(
        _("daily ceilings"),
        default=dict,
        blank=True,
        help_text=_(
            "Largest total per currency that this person can approve in 24 hours, standing rules included. Leave empty "
            "for no limit."
        ),
    )

    # Which seats a person left.
    history = History(found_by=["person"])

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "desk"], condition=Q(client__isnull=True), name="membership_once"
            ),
            models.UniqueConstraint(
                fields=["person", "desk", "client"],
                condition=Q(client__isnull=False),
                name="membership_once_for_client",
            ),
            models.CheckConstraint(
                condition=Q(covers_clients=False) | Q(client__isnull=True),
                name="membership_of_one_or_every_client",
                violation_error_message=_("Choose one client or every client, not both."),
            ),
        ]

    def __str__(self) -> str:
        seat = f"{self.person}, {self.get_tier_display()}, {self.desk}"
        return seat if self.client is None else f"{seat}, {self.client}"

    def covers(self, client_id: int | None) -> bool:
        """Whether it is for actions of this client, or of none."""
        return self.covers_clients or self.client_id == client_id

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

    def is_within_daily(self, total: Decimal, currency: str, worth: Decimal | None) -> bool:
        """Whether a total of 24 hours is within the daily ceilings; ``worth`` is that of all currencies, if known."""
        if not self.daily_ceilings:
            return True
        own, base = self.daily_ceilings.get(currency), self.daily_ceilings.get(conf.base_currency())
        if own is not None and total > Decimal(own):
            return False
        if base is None or worth is None:
            return own is not None
        return worth <= Decimal(base)

    def is_within_stakes(self, stakes: str) -> bool:
        """Whether the action type's stakes are within this member's maximum."""
        order = list(Stakes.values)
        return order.index(stakes) <= order.index(self.max_stakes)
