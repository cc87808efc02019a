"""The directory: employees and their managers, subject owners, and duty shifts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.models.history import History
from approvals.models.people import Desk, Person
from approvals.models.recorded import Recorded

_OWNED = _("This subject already has an owner starting on this date. Edit that entry instead.")


class Employee(Recorded):
    """An employee of the organization, with or without a login; a manager needs a login to decide.

    ``normalized_key`` and ``normalized_name`` hold the plain spelling by which an action's requester is found.
    """

    key = models.CharField(
        _("key"), max_length=254, unique=True, help_text=_("Email address or username, for example ana@example.com.")
    )
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
        verbose_name=_("login"),
        help_text=_("A manager needs a login to make decisions."),
    )
    attributes = models.JSONField(
        _("attributes"),
        default=dict,
        blank=True,
        help_text=_('Additional data for lookups, for example {"site": "Berlin"}.'),
    )
    is_active = models.BooleanField(_("active"), default=True)
    normalized_key = models.CharField(max_length=400, unique=True, editable=False)
    # Whom a name in an action means.
    normalized_name = models.CharField(max_length=400, editable=False, db_index=True)

    # Every name that a person had.
    history = History(found_by=["person"])

    class Meta:
        ordering = ("name", "key")
        verbose_name = _("employee")
        verbose_name_plural = _("employees")
        constraints = [models.CheckConstraint(condition=~Q(normalized_key=""), name="employee_spelled")]

    def __str__(self) -> str:
        return f"{self.name} ({self.key})"


class SubjectOwner(Recorded):
    """Who is accountable for a subject, such as a customer's account manager; both dates are inclusive."""

    subject = models.CharField(_("subject"), max_length=200)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="subjects", verbose_name=_("owner"))
    from_on = models.DateField(pgettext_lazy("time", "from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)
    spelled = models.CharField(max_length=400, editable=False)

    history = History()

    class Meta:
        ordering = ("subject", "from_on")
        verbose_name = _("subject owner")
        verbose_name_plural = _("subject owners")
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


class Duty(Recorded):
    """One shift of a person on duty at a desk."""

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="duties", verbose_name=_("desk"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="duties", verbose_name=_("person"))
    starts_at = models.DateTimeField(pgettext_lazy("time", "from"))
    ends_at = models.DateTimeField(_("until"))

    history = History()

    class Meta:
        ordering = ("desk", "starts_at")
        verbose_name = _("duty shift")
        verbose_name_plural = _("duty shifts")
        constraints = [
            models.UniqueConstraint(fields=["desk", "person", "starts_at"], name="duty_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="duty_ends_after_it_starts"),
        ]
        # Who is on duty at a desk.
        indexes = [models.Index(fields=["desk", "ends_at"], name="duty_of_desk")]

    def __str__(self) -> str:
        return f"{self.person}, {self.desk}, {self.starts_at:%Y-%m-%d %H:%M}"
