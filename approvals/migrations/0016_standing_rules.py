"""What a person decided once and for some time, within limits, and what each such rule let through."""

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
SEEN = ["view_standingrule", "view_historicalstandingrule", "view_standinguse"]


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
    """Add standing rules with their uses, history, readers and guards."""

    dependencies = [
        ("approvals", "0015_directory"),
    ]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(migrations.RunPython.noop, install),
        migrations.AddField(
            model_name="actiontype",
            name="standing_people",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (0, "never: a person decides each time"),
                    (1, "one reviewer"),
                    (2, "two: another one confirms it"),
                ],
                help_text="Empty: one reviewer.",
                null=True,
                verbose_name="standing rules take",
            ),
        ),
        migrations.AddField(
            model_name="historicalactiontype",
            name="standing_people",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[
                    (0, "never: a person decides each time"),
                    (1, "one reviewer"),
                    (2, "two: another one confirms it"),
                ],
                help_text="Empty: one reviewer.",
                null=True,
                verbose_name="standing rules take",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalStandingRule",
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
                        choices=[
                            ("proposed", "Waits for a second person"),
                            ("active", "In force"),
                            ("stopped", "Stopped"),
                            ("expired", "Expired"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("approve", "Always approve"), ("deny", "Always reject")],
                        max_length=8,
                        verbose_name="what it does",
                    ),
                ),
                ("subject", models.CharField(blank=True, default="", max_length=200, verbose_name="only this subject")),
                ("condition", models.TextField(blank=True, default="", verbose_name="only if")),
                ("max_amount", models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name="at most")),
                ("currency", models.CharField(blank=True, default="", max_length=3, verbose_name="currency")),
                ("count_per_day", models.PositiveIntegerField(null=True, verbose_name="actions in 24 hours")),
                (
                    "sum_per_day",
                    models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name="sum in 24 hours"),
                ),
                ("sample_rate", models.FloatField(default=0.05, verbose_name="share to be checked")),
                ("expires_at", models.DateTimeField(verbose_name="until")),
                ("reason", models.CharField(max_length=500, verbose_name="why")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("end_reason", models.CharField(blank=True, default="", max_length=500, verbose_name="why it ended")),
                (
                    "agent_version",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="agent's version"),
                ),
                ("type_version", models.PositiveIntegerField(verbose_name="schema version")),
                ("target_digest", models.CharField(max_length=64)),
                ("policies", models.JSONField(default=list, verbose_name="policies")),
                ("waives", models.JSONField(default=list, verbose_name="lets pass")),
                ("salt", models.CharField(max_length=32)),
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
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.decision",
                    ),
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
                        verbose_name="by",
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
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical standing rule",
                "verbose_name_plural": "historical standing rules",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="StandingRule",
            fields=[
                (
                    "id",
                    models.UUIDField(default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("proposed", "Waits for a second person"),
                            ("active", "In force"),
                            ("stopped", "Stopped"),
                            ("expired", "Expired"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("approve", "Always approve"), ("deny", "Always reject")],
                        max_length=8,
                        verbose_name="what it does",
                    ),
                ),
                ("subject", models.CharField(blank=True, default="", max_length=200, verbose_name="only this subject")),
                ("condition", models.TextField(blank=True, default="", verbose_name="only if")),
                ("max_amount", models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name="at most")),
                ("currency", models.CharField(blank=True, default="", max_length=3, verbose_name="currency")),
                ("count_per_day", models.PositiveIntegerField(null=True, verbose_name="actions in 24 hours")),
                (
                    "sum_per_day",
                    models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name="sum in 24 hours"),
                ),
                ("sample_rate", models.FloatField(default=0.05, verbose_name="share to be checked")),
                ("expires_at", models.DateTimeField(verbose_name="until")),
                ("reason", models.CharField(max_length=500, verbose_name="why")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("end_reason", models.CharField(blank=True, default="", max_length=500, verbose_name="why it ended")),
                (
                    "agent_version",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="agent's version"),
                ),
                ("type_version", models.PositiveIntegerField(verbose_name="schema version")),
                ("target_digest", models.CharField(max_length=64)),
                ("policies", models.JSONField(default=list, verbose_name="policies")),
                ("waives", models.JSONField(default=list, verbose_name="lets pass")),
                ("salt", models.CharField(max_length=32)),
                (
                    "action_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules_standing",
                        to="approvals.actiontype",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rules_standing", to="approvals.agent"
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rules_made", to="approvals.decision"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing rule",
                "verbose_name_plural": "standing rules",
                "ordering": ("-id",),
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="standing_rule",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="approvals.standingrule",
                verbose_name="standing rule",
            ),
        ),
        migrations.CreateModel(
            name="StandingUse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=19, null=True, verbose_name="amount")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="standing_use", to="approvals.action"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="approvals.standingrule",
                    ),
                ),
            ],
            options={
                "verbose_name": "use of a standing rule",
                "verbose_name_plural": "uses of standing rules",
            },
        ),
        migrations.AddIndex(
            model_name="standingrule",
            index=models.Index(
                models.F("action_type"),
                models.F("agent"),
                condition=models.Q(("state", "active")),
                name="standing_active",
            ),
        ),
        migrations.AddIndex(
            model_name="standingrule",
            index=models.Index(
                models.F("expires_at"),
                condition=models.Q(("state__in", ["active", "proposed"])),
                name="standing_expiring",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "active", "stopped", "expired"])),
                name="standing_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verdict", "deny"),
                    models.Q(("verdict", "approve"), ("count_per_day__isnull", False)),
                    _connector="OR",
                ),
                name="standing_approval_limited",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state__in", ["active", "proposed"])),
                    models.Q(
                        models.Q(("state__in", ["active", "proposed"]), _negated=True),
                        ("ended_at__isnull", False),
                        models.Q(("end_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="standing_end_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("sample_rate__gte", 0), ("sample_rate__lte", 1)),
                name="standing_sample_rate_is_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("made_by")), _negated=True),
                    _connector="OR",
                ),
                name="standing_confirmed_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="standinguse",
            index=models.Index(models.F("rule"), models.F("at"), name="standing_use_at"),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
        # SQLite may make a table anew when it gets a column, and drops the table's triggers.
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
