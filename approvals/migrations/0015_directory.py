"""Who works here and for whom, who answers for which subject, and who is on duty."""

from typing import Any

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


READERS = "Compliance"
TABLES = ("employee", "subjectowner", "duty")


def give(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let compliance officers read the directory; Django itself makes permissions only after all migrations."""
    alias = schema_editor.connection.alias
    config: Any = apps.get_app_config("approvals")
    # An app as migrations know it has no module of models, and without one nothing would be made.
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    names = [f"view_{kind}{table}" for kind in ("", "historical") for table in TABLES]
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name=READERS):
        group.permissions.add(*permissions.filter(content_type__app_label="approvals", codename__in=names))


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Add employees, owners of subjects and duties, with their history, its readers and its guards."""

    dependencies = [
        ("approvals", "0014_reopening"),
    ]

    operations = [
        migrations.CreateModel(
            name="Employee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="An e-mail address or a user name.", max_length=254, unique=True, verbose_name="key"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("department", models.CharField(blank=True, default="", max_length=120, verbose_name="department")),
                ("title", models.CharField(blank=True, default="", max_length=120, verbose_name="job title")),
                (
                    "attributes",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Any further facts by name, for look-ups.",
                        verbose_name="more about them",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("spelled_key", models.CharField(editable=False, max_length=400, unique=True)),
                ("spelled_name", models.CharField(db_index=True, editable=False, max_length=400)),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="approvals.employee",
                        verbose_name="manager",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        blank=True,
                        help_text="Whoever manages somebody decides only with a login.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="employee",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signs in as",
                    ),
                ),
            ],
            options={
                "verbose_name": "employee",
                "verbose_name_plural": "employees",
                "ordering": ("name", "key"),
            },
        ),
        migrations.CreateModel(
            name="HistoricalDuty",
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
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
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
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical duty",
                "verbose_name_plural": "historical duties",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEmployee",
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
                    "key",
                    models.CharField(
                        db_index=True, help_text="An e-mail address or a user name.", max_length=254, verbose_name="key"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("department", models.CharField(blank=True, default="", max_length=120, verbose_name="department")),
                ("title", models.CharField(blank=True, default="", max_length=120, verbose_name="job title")),
                (
                    "attributes",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Any further facts by name, for look-ups.",
                        verbose_name="more about them",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("spelled_key", models.CharField(db_index=True, editable=False, max_length=400)),
                ("spelled_name", models.CharField(db_index=True, editable=False, max_length=400)),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
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
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.employee",
                        verbose_name="manager",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Whoever manages somebody decides only with a login.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signs in as",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical employee",
                "verbose_name_plural": "historical employees",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSubjectOwner",
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
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("spelled", models.CharField(editable=False, max_length=400)),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
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
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical owner of a subject",
                "verbose_name_plural": "historical owners of subjects",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="SubjectOwner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("spelled", models.CharField(editable=False, max_length=400)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subjects",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "owner of a subject",
                "verbose_name_plural": "owners of subjects",
                "ordering": ("subject", "from_on"),
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="approvals.desk",
                        verbose_name="desk",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "duty",
                "verbose_name_plural": "duties",
                "ordering": ("desk", "starts_at"),
                "indexes": [models.Index(fields=["desk", "ends_at"], name="duty_of_desk")],
                "constraints": [
                    models.UniqueConstraint(fields=("desk", "person", "starts_at"), name="duty_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="duty_ends_after_it_starts"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="employee",
            constraint=models.CheckConstraint(
                condition=models.Q(("spelled_key", ""), _negated=True), name="employee_spelled"
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectowner",
            constraint=models.UniqueConstraint(
                fields=("spelled", "from_on"),
                name="owner_once_a_day",
                violation_error_message="This subject, however it is spelled, has an owner from this day on already; change that row.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectowner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("from_on__isnull", True)),
                fields=("spelled",),
                name="owner_once_ever",
                violation_error_message="This subject, however it is spelled, has an owner from this day on already; change that row.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subjectowner",
            constraint=models.CheckConstraint(condition=models.Q(("spelled", ""), _negated=True), name="owner_spelled"),
        ),
        migrations.AddConstraint(
            model_name="subjectowner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_on__isnull", True),
                    ("until_on__isnull", True),
                    ("until_on__gte", models.F("from_on")),
                    _connector="OR",
                ),
                name="owner_until_after_from",
            ),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
