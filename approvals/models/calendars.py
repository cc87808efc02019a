"""Calendars: a desk's time zone, working hours and holidays; and who is out of office."""

import zoneinfo
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from approvals.ids import uuid7
from approvals.models.history import History
from approvals.models.people import Desk, Person
from approvals.models.recorded import Recorded


class Weekday(models.IntegerChoices):
    """A day of the week, as Python counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


def known_zone(name: str) -> None:
    """Accept the name of a time zone.

    :raises ValidationError: the name is unknown.
    """
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("%(name)s is not a known time zone. Enter a name such as Europe/Berlin."), params={"name": name}
        )


class Calendar(Recorded):
    """When a desk works; a desk without one works round the clock."""

    desk = models.OneToOneField(Desk, on_delete=models.CASCADE, related_name="calendar", verbose_name=_("desk"))
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[known_zone],
        help_text=_("For example, Europe/Berlin. Working hours and holidays use this time zone."),
    )

    history = History()

    class Meta:
        ordering = ("desk",)
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")

    def __str__(self) -> str:
        return f"{self.desk}, {self.time_zone}"


class Hours(Recorded):
    """Working hours on one weekday; several rows a day leave breaks between them."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices)
    begins = models.TimeField(pgettext_lazy("time", "from"))
    ends = models.TimeField(_("until"), help_text=_("Enter 00:00 for midnight. Enter a night shift as two rows."))

    history = History()

    class Meta:
        ordering = ("weekday", "begins")
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("begins")) | Q(ends="00:00"),
                name="hours_in_order",
                violation_error_message=_("The end must be after the start. Enter 00:00 for midnight."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}, {self.begins:%H:%M} – {self.ends:%H:%M}"


class Holiday(Recorded):
    """A day on which a desk does not work."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="holidays")
    on = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=120, blank=True, default="")

    history = History()

    class Meta:
        ordering = ("on",)
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [models.UniqueConstraint(fields=["calendar", "on"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.on} {self.name}".strip()


class Absence(Recorded):
    """A person's time out of office; it can only end early, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField(pgettext_lazy("time", "from"))
    ends_at = models.DateTimeField(_("until"))
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered"))
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("ended early"), null=True)

    history = History()

    class Meta:
        ordering = ("-starts_at",)
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_in_order"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="absence_ended_by_somebody",
            ),
        ]
        # Who is away, and who will be.
        indexes = [models.Index("person", "ends_at", condition=Q(ended_at__isnull=True), name="absence_to_come")]

    def __str__(self) -> str:
        return f"{self.person}, {self.starts_at:%Y-%m-%d %H:%M} – {self.ends_at:%Y-%m-%d %H:%M} UTC"

    def end(self, person: Person, at: datetime) -> None:
        """End the absence early."""
        self.ended_by, self.ended_at = person, at
