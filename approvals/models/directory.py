"""The directory: who works here and for whom, who answers for which subject, and who is on duty at a desk."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.models.history import History
from approvals.models.people import Desk, Person

_OWNED = _("This subject, however it is spelled, has an owner from this day on already; change that row.")


class Employee(models.Model):
    """Somebody of the house, who need not sign in; the link to a person lets managers decide.

    ``normalized_key`` and ``normalized_name`` hold the plain spelling by which an action's requester is found.
    """

    key = models.CharField(_("key"), max_length=254, unique=True, help_text=_("An e-mail address or a user name."))
    name = models.CharField(_("name"), max_length=200)
    manager = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    department = models.CharField(_("department"), max_length=120, blank=True, default="")
    title = models.CharField(_("job title"), max_length=120, blank=True, default="")
    person = models.OneToOneField(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="employee",
        verbose_name=_("signs in as"),
        help_text=_("Whoever manages somebody decides only with a login."),
    )
    attributes = models.JSONField(
        _("more about them"), default=dict, blank=True, help_text=_("Any further facts by name, for look-ups.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    normalized_key = models.CharField(max_length=400, unique=True, editable=False)
    normalized_name = models.CharField(max_length=400, editable=False, db_index=True)

    history = History()

    class Meta:
        ordering = ("name", "key")
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        constraints = [models.CheckConstraint(condition=~Q(normalized_key=""), name="employee_spelled")]

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"


class SubjectOwner(models.Model):
    """Who answers for a subject, such as the account manager of a customer, from a day until a day, both included."""

    subject = models.CharField(_("subject"), max_length=200)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="subjects", verbose_name=_("owner"))
    from_on = models.DateField(pgettext_lazy("time", "from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    spelled = models.CharField(max_length=400, editable=False)

    history = History()

    class Meta:
        ordering = ("subject", "from_on")
        verbose_name = _("owner of a subject")
        verbose_name_plural = _("owners of subjects")
        constraints = [
            models.UniqueConstraint(
                fields=["spelled", "from_on"], name="owner_once_a_day", violation_error_message=_OWNED
            ),
            models.UniqueConstraint(
                fields=["spelled"],
                condition=Q(from_on__isnull=True),
                name="owner_once_ever",
                violation_error_message=_OWNED,
            ),
            models.CheckConstraint(condition=~Q(spelled=""), name="owner_spelled"),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="owner_until_after_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.subject}"


class Duty(models.Model):
    """When somebody is on duty at a desk."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="duties", verbose_name=_("desk"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duties", verbose_name=_("person"))
    starts_at = models.DateTimeField(pgettext_lazy("time", "from"))
    ends_at = models.DateTimeField(_("until"))

    history = History()

    class Meta:
        ordering = ("desk", "starts_at")
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(fields=["desk", "person", "starts_at"], name="duty_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="duty_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["desk", "ends_at"], name="duty_of_desk")]

    def __str__(self) -> str:
        return f"{self.person}, {self.desk}, {self.starts_at:%Y-%m-%d %H:%M}"
