"""What ran by itself and was drawn to be checked afterwards."""

from typing import Any

import approvals.ids
import approvals.models.history
import django.core.validators
import django.db.models.deletion
import django_fsm
import simple_history.models
import uuid
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards

READERS = ("Compliance", "Reviewers")
SEEN = ["view_samplecheck", "view_historicalsamplecheck"]


def give(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let readers see them; Django itself makes permissions only after all migrations."""
    alias = schema_editor.connection.alias
    config: Any = apps.get_app_config("approvals")
    # An app as migrations know it has no module of models, and without one nothing would be made.
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    seen = permissions.filter(content_type__app_label="approvals", codename__in=SEEN)
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=READERS):
        group.permissions.add(*seen)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Add samples with their history, readers and guards."""

    dependencies = [
        ("approvals", "0016_standing_rules"),
    ]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(migrations.RunPython.noop, install),
        migrations.AddField(
            model_name="actiontype",
            name="sample_rate",
            field=models.FloatField(
                blank=True,
                help_text="0 to 1, of what policy alone lets run in the modes on the loop and autonomous. Empty: none.",
                null=True,
                validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)],
                verbose_name="share to be checked of what runs by itself",
            ),
        ),
        migrations.AddField(
            model_name="historicalactiontype",
            name="sample_rate",
            field=models.FloatField(
                blank=True,
                help_text="0 to 1, of what policy alone lets run in the modes on the loop and autonomous. Empty: none.",
                null=True,
                validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)],
                verbose_name="share to be checked of what runs by itself",
            ),
        ),
        migrations.CreateModel(
            name="SampleCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("open", "To be checked"), ("ok", "Right"), ("wrong", "Wrong")],
                        default="open",
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("drawn_at", models.DateTimeField(verbose_name="drawn")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="checked")),
                ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="note")),
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sample", to="approvals.action"
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="checked by",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.desk"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="samples",
                        to="approvals.standingrule",
                        verbose_name="standing rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "sample",
                "verbose_name_plural": "samples",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="HistoricalSampleCheck",
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
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("open", "To be checked"), ("ok", "Right"), ("wrong", "Wrong")],
                        default="open",
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("drawn_at", models.DateTimeField(verbose_name="drawn")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="checked")),
                ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="note")),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "action",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.action",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="checked by",
                    ),
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
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.standingrule",
                        verbose_name="standing rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical sample",
                "verbose_name_plural": "historical samples",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name="samplecheck",
            index=models.Index(
                models.F("desk"), models.F("id"), condition=models.Q(("state", "open")), name="sample_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="samplecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_at__isnull", True), ("checked_by__isnull", True), ("state", "open")),
                    models.Q(
                        ("checked_at__isnull", False), ("checked_by__isnull", False), ("state__in", ["ok", "wrong"])
                    ),
                    _connector="OR",
                ),
                name="sample_checked_by_somebody",
            ),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
        # SQLite may make a table anew when it gets a column, and drops the table's triggers.
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
