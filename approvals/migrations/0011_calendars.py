"""When desks work: time zones, hours, holidays, and who is away; who may read it."""

from typing import Any

import approvals.ids
import approvals.models.calendars
import approvals.models.history
import django.db.models.deletion
import simple_history.models
import uuid
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards

READERS = ("Compliance", "Reviewers")
READ = ("calendar", "hours", "holiday", "absence")


def give(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let readers see them; Django itself makes permissions only after all migrations."""
    alias = schema_editor.connection.alias
    config: Any = apps.get_app_config("approvals")
    # An app as migrations know it has no module of models, and without one nothing would be made.
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = None
    names = [f"view_{part}{name}" for name in READ for part in ("", "historical")]
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    found = permissions.filter(content_type__app_label="approvals", codename__in=names)
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=READERS):
        group.permissions.add(*found)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Add calendars and absences with their history, their readers and their guards."""

    dependencies = [
        ("approvals", "0010_halts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        help_text="Its name, such as Europe/Berlin; hours and holidays are meant there, summer time included.",
                        max_length=64,
                        validators=[approvals.models.calendars.known_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "desk",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar",
                        to="approvals.desk",
                        verbose_name="desk",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar",
                "verbose_name_plural": "calendars",
                "ordering": ("desk",),
            },
        ),
        migrations.CreateModel(
            name="HistoricalAbsence",
            fields=[
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("admin", "Admin"),
                            ("api", "API"),
                            ("token", "Personal token"),
                            ("celery", "Worker"),
                            ("clock", "Clock"),
                            ("command", "Command"),
                            ("demo", "Demo"),
                        ],
                        default=approvals.models.history._current_door,
                        max_length=16,
                    ),
                ),
                ("actor", models.CharField(blank=True, default="", max_length=160)),
                ("id", models.UUIDField(db_index=True, default=approvals.ids.uuid7, editable=False)),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended early")),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical absence",
                "verbose_name_plural": "historical absences",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCalendar",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("admin", "Admin"),
                            ("api", "API"),
                            ("token", "Personal token"),
                            ("celery", "Worker"),
                            ("clock", "Clock"),
                            ("command", "Command"),
                            ("demo", "Demo"),
                        ],
                        default=approvals.models.history._current_door,
                        max_length=16,
                    ),
                ),
                ("actor", models.CharField(blank=True, default="", max_length=160)),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        help_text="Its name, such as Europe/Berlin; hours and holidays are meant there, summer time included.",
                        max_length=64,
                        validators=[approvals.models.calendars.known_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.desk",
                        verbose_name="desk",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical calendar",
                "verbose_name_plural": "historical calendars",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalHoliday",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("admin", "Admin"),
                            ("api", "API"),
                            ("token", "Personal token"),
                            ("celery", "Worker"),
                            ("clock", "Clock"),
                            ("command", "Command"),
                            ("demo", "Demo"),
                        ],
                        default=approvals.models.history._current_door,
                        max_length=16,
                    ),
                ),
                ("actor", models.CharField(blank=True, default="", max_length=160)),
                ("on", models.DateField(verbose_name="on")),
                ("name", models.CharField(blank=True, default="", max_length=120, verbose_name="name")),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.calendar",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical holiday",
                "verbose_name_plural": "historical holidays",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalHours",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "door",
                    models.CharField(
                        choices=[
                            ("admin", "Admin"),
                            ("api", "API"),
                            ("token", "Personal token"),
                            ("celery", "Worker"),
                            ("clock", "Clock"),
                            ("command", "Command"),
                            ("demo", "Demo"),
                        ],
                        default=approvals.models.history._current_door,
                        max_length=16,
                    ),
                ),
                ("actor", models.CharField(blank=True, default="", max_length=160)),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="day",
                    ),
                ),
                ("begins", models.TimeField(verbose_name="from")),
                (
                    "ends",
                    models.TimeField(
                        help_text="00:00 is the end of the day; a night is two rows.", verbose_name="until"
                    ),
                ),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.calendar",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical working hours",
                "verbose_name_plural": "historical working hours",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("entered_at", models.DateTimeField(verbose_name="entered")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended early")),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ("-starts_at",),
                "indexes": [
                    models.Index(
                        models.F("person"),
                        models.F("ends_at"),
                        condition=models.Q(("ended_at__isnull", True)),
                        name="absence_to_come",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="absence_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="absence_ended_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="on")),
                ("name", models.CharField(blank=True, default="", max_length=120, verbose_name="name")),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holidays", to="approvals.calendar"
                    ),
                ),
            ],
            options={
                "verbose_name": "holiday",
                "verbose_name_plural": "holidays",
                "ordering": ("on",),
                "constraints": [models.UniqueConstraint(fields=("calendar", "on"), name="holiday_once")],
            },
        ),
        migrations.CreateModel(
            name="Hours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="day",
                    ),
                ),
                ("begins", models.TimeField(verbose_name="from")),
                (
                    "ends",
                    models.TimeField(
                        help_text="00:00 is the end of the day; a night is two rows.", verbose_name="until"
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="approvals.calendar"
                    ),
                ),
            ],
            options={
                "verbose_name": "working hours",
                "verbose_name_plural": "working hours",
                "ordering": ("weekday", "begins"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("begins")), ("ends", "00:00"), _connector="OR"),
                        name="hours_in_order",
                        violation_error_message="Working hours end after they begin; 00:00 is the end of the day.",
                    )
                ],
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
