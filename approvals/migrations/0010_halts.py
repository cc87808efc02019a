"""Halts: the stop button, by scope; who may read them, and a group whose members halt and lift anything."""

from typing import Any

import approvals.ids
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

READERS, STOPPERS = ("Compliance", "Reviewers"), "Halts"


def give(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let readers see halts, and make the group; Django itself makes permissions only after all migrations."""
    alias = schema_editor.connection.alias
    config: Any = apps.get_app_config("approvals")
    # An app as migrations know it has no module of models, and without one nothing would be made.
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = None
    of = {"content_type__app_label": "approvals"}
    permissions = apps.get_model("auth", "Permission").objects.using(alias).filter(**of)
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for group in groups.filter(name__in=READERS):
        group.permissions.add(*permissions.filter(codename__in=["view_halt", "view_historicalhalt"]))
    stoppers, _ = groups.get_or_create(name=STOPPERS)
    stoppers.permissions.set(permissions.filter(codename__in=["add_halt", "change_halt", "view_halt"]))


def take(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the group away, when migrating backwards."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name=STOPPERS).delete()


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Add halts with their history, their readers and their guards."""

    dependencies = [
        ("approvals", "0009_tallies"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalHalt",
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
                    "scope",
                    models.CharField(
                        choices=[
                            ("everything", "Everything"),
                            ("desk", "A desk"),
                            ("action_type", "An action type"),
                            ("agent", "An agent"),
                            ("connector", "A connector"),
                        ],
                        max_length=12,
                        verbose_name="scope",
                    ),
                ),
                ("connector", models.CharField(blank=True, default="", max_length=40, verbose_name="connector")),
                ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="why")),
                ("started_at", models.DateTimeField(verbose_name="since")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
                (
                    "lift_reason",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="why it was lifted"),
                ),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "action_type",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.actiontype",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.agent",
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
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="halted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical halt",
                "verbose_name_plural": "historical halts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Halt",
            fields=[
                (
                    "id",
                    models.UUIDField(default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("everything", "Everything"),
                            ("desk", "A desk"),
                            ("action_type", "An action type"),
                            ("agent", "An agent"),
                            ("connector", "A connector"),
                        ],
                        max_length=12,
                        verbose_name="scope",
                    ),
                ),
                ("connector", models.CharField(blank=True, default="", max_length=40, verbose_name="connector")),
                ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="why")),
                ("started_at", models.DateTimeField(verbose_name="since")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
                (
                    "lift_reason",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="why it was lifted"),
                ),
                (
                    "action_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="halts",
                        to="approvals.actiontype",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="halts",
                        to="approvals.agent",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="halts",
                        to="approvals.desk",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="halted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "halt",
                "verbose_name_plural": "halts",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("scope", "everything"),
                                models.Q(("desk__isnull", False), _negated=True),
                                models.Q(("action_type__isnull", False), _negated=True),
                                models.Q(("agent__isnull", False), _negated=True),
                                ("connector", ""),
                            ),
                            models.Q(
                                ("scope", "desk"),
                                ("desk__isnull", False),
                                models.Q(("action_type__isnull", False), _negated=True),
                                models.Q(("agent__isnull", False), _negated=True),
                                ("connector", ""),
                            ),
                            models.Q(
                                ("scope", "action_type"),
                                models.Q(("desk__isnull", False), _negated=True),
                                ("action_type__isnull", False),
                                models.Q(("agent__isnull", False), _negated=True),
                                ("connector", ""),
                            ),
                            models.Q(
                                ("scope", "agent"),
                                models.Q(("desk__isnull", False), _negated=True),
                                models.Q(("action_type__isnull", False), _negated=True),
                                ("agent__isnull", False),
                                ("connector", ""),
                            ),
                            models.Q(
                                ("scope", "connector"),
                                models.Q(("desk__isnull", False), _negated=True),
                                models.Q(("action_type__isnull", False), _negated=True),
                                models.Q(("agent__isnull", False), _negated=True),
                                models.Q(("connector", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="halt_aimed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lift_reason", ""), ("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lift_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="halt_lifted_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True), ("scope", "everything")),
                        fields=("scope",),
                        name="halt_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)), fields=("desk",), name="halt_once_of_desk"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("action_type",),
                        name="halt_once_of_type",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)), fields=("agent",), name="halt_once_of_agent"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True), ("scope", "connector")),
                        fields=("connector",),
                        name="halt_once_of_connector",
                    ),
                ],
            },
        ),
        migrations.RunPython(give, take),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
