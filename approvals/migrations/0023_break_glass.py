"""Break-glass: a senior's power for an hour, what was decided by it, and who is told."""

from typing import Any

import approvals.ids
import approvals.models.history
import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards


READERS, BREAKERS = ("Compliance", "Reviewers"), "Break-glass"


def give(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let readers see it, and make the group; nobody is in it."""
    alias = schema_editor.connection.alias
    config: Any = apps.get_app_config("approvals")
    # An app as migrations know it has no module of models, and without one nothing would be made.
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    permissions = permissions.filter(content_type__app_label="approvals")
    groups = apps.get_model("auth", "Group").objects.using(alias)
    for group in groups.filter(name__in=READERS):
        group.permissions.add(*permissions.filter(codename__in=["view_breakglass", "view_historicalbreakglass"]))
    breakers, _ = groups.get_or_create(name=BREAKERS)
    breakers.permissions.set(permissions.filter(codename__in=["break_glass", "view_breakglass"]))


def take(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the group away, when migrating backwards."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name=BREAKERS).delete()


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away: SQLite makes no table anew that a trigger of another asks about."""
    guards.remove(schema_editor.connection)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Add break-glass with its uses, its notices, its group and its guards."""

    dependencies = [
        ("approvals", "0022_accountability"),
    ]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(remove, install),
        migrations.CreateModel(
            name="BreakGlassUse",
            fields=[
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="under_glass",
                        serialize=False,
                        to="approvals.decision",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision under break-glass",
                "verbose_name_plural": "decisions under break-glass",
            },
        ),
        migrations.CreateModel(
            name="HistoricalBreakGlass",
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
                ("reason", models.CharField(max_length=500, verbose_name="why")),
                ("opened_at", models.DateTimeField(verbose_name="since")),
                ("expires_at", models.DateTimeField(verbose_name="until")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="given back")),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[("justified", "It was justified"), ("unjustified", "It was not justified")],
                        default="",
                        max_length=12,
                        verbose_name="finding",
                    ),
                ),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed")),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="what the review found"),
                ),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical break-glass",
                "verbose_name_plural": "historical break-glass",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="action",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="approvals.action"
            ),
        ),
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                (
                    "id",
                    models.UUIDField(default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="why")),
                ("opened_at", models.DateTimeField(verbose_name="since")),
                ("expires_at", models.DateTimeField(verbose_name="until")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="given back")),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[("justified", "It was justified"), ("unjustified", "It was not justified")],
                        default="",
                        max_length=12,
                        verbose_name="finding",
                    ),
                ),
                ("reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed")),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="what the review found"),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.desk"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "break-glass",
                "verbose_name_plural": "break-glass",
                "ordering": ("-id",),
                "permissions": [
                    ("break_glass", "Can take a senior's power for an hour"),
                    ("review_break_glass", "Can review break-glass at every desk"),
                ],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="break_glass",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="approvals.breakglass",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("break_glass__isnull", False)),
                fields=("break_glass", "person", "channel", "kind"),
                name="delivery_once_of_glass",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__isnull", True), ("break_glass__isnull", True), _connector="XOR"),
                name="delivery_of_one",
            ),
        ),
        migrations.AddField(
            model_name="breakglassuse",
            name="glass",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="approvals.breakglass"
            ),
        ),
        migrations.AddField(
            model_name="historicalbreakglass",
            name="desk",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="approvals.desk",
            ),
        ),
        migrations.AddField(
            model_name="historicalbreakglass",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="historicalbreakglass",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalbreakglass",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reviewed by",
            ),
        ),
        migrations.AddIndex(
            model_name="breakglass",
            index=models.Index(
                condition=models.Q(("reviewed_at__isnull", True)), fields=["desk"], name="break_glass_unreviewed"
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)), fields=("person", "desk"), name="break_glass_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("opened_at"))), name="break_glass_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finding", ""), ("reviewed_at__isnull", True), ("reviewed_by__isnull", True)),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("reviewed_at__isnull", False),
                        ("reviewed_by__isnull", False),
                        models.Q(("finding", ""), _negated=True),
                        models.Q(("note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="break_glass_reviewed_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewed_by__isnull", True),
                    models.Q(("reviewed_by", models.F("person")), _negated=True),
                    _connector="OR",
                ),
                name="break_glass_four_eyes",
            ),
        ),
        migrations.RunPython(give, take),
        migrations.RunPython(install, remove),
    ]
