"""Plans of several stages: the steps as policy wrote them, whom each asks, and whom the open one does."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away: SQLite makes no table anew that a trigger of another asks about."""
    guards.remove(schema_editor.connection)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Let a round have several stages."""

    dependencies = [
        ("approvals", "0019_lookups"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(remove, install),
        migrations.RemoveIndex(
            model_name="action",
            name="action_queue",
        ),
        migrations.AddField(
            model_name="action",
            name="asks_desk",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="approvals.desk",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="asks_group",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="auth.group",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="asks_person",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalstage",
            name="group",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="auth.group",
            ),
        ),
        migrations.AddField(
            model_name="historicalstage",
            name="is_elsewhere",
            field=models.BooleanField(null=True, verbose_name="at another desk than the action"),
        ),
        migrations.AddField(
            model_name="historicalstage",
            name="kind",
            field=models.CharField(
                choices=[("people", "People"), ("check", "Check")], max_length=8, null=True, verbose_name="kind"
            ),
        ),
        migrations.AddField(
            model_name="historicalstage",
            name="note",
            field=models.CharField(max_length=200, null=True, verbose_name="why this one"),
        ),
        migrations.AddField(
            model_name="historicalstage",
            name="step",
            field=models.JSONField(null=True, verbose_name="as policy wrote it"),
        ),
        migrations.AddField(
            model_name="stage",
            name="group",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="auth.group",
            ),
        ),
        migrations.AddField(
            model_name="stage",
            name="is_elsewhere",
            field=models.BooleanField(null=True, verbose_name="at another desk than the action"),
        ),
        migrations.AddField(
            model_name="stage",
            name="kind",
            field=models.CharField(
                choices=[("people", "People"), ("check", "Check")], max_length=8, null=True, verbose_name="kind"
            ),
        ),
        migrations.AddField(
            model_name="stage",
            name="note",
            field=models.CharField(max_length=200, null=True, verbose_name="why this one"),
        ),
        migrations.AddField(
            model_name="stage",
            name="step",
            field=models.JSONField(null=True, verbose_name="as policy wrote it"),
        ),
        migrations.AlterField(
            model_name="decision",
            name="source",
            field=models.CharField(
                choices=[
                    ("person", "Person"),
                    ("policy", "Policy"),
                    ("standing_rule", "Standing rule"),
                    ("deadline", "Deadline"),
                    ("check", "Automatic check"),
                ],
                max_length=14,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="historicalstage",
            name="opened_at",
            field=models.DateTimeField(null=True, verbose_name="opened"),
        ),
        migrations.AlterField(
            model_name="historicalstage",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("open", "Open"),
                    ("satisfied", "Satisfied"),
                    ("refused", "Refused"),
                    ("expired", "Expired"),
                    ("superseded", "Superseded"),
                ],
                default="open",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="stage",
            name="opened_at",
            field=models.DateTimeField(null=True, verbose_name="opened"),
        ),
        migrations.AlterField(
            model_name="stage",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("open", "Open"),
                    ("satisfied", "Satisfied"),
                    ("refused", "Refused"),
                    ("expired", "Expired"),
                    ("superseded", "Superseded"),
                ],
                default="open",
                max_length=12,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(
                models.F("asks_desk"),
                models.F("needs_tier"),
                models.OrderBy(models.F("risk"), descending=True),
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(("state", "pending")),
                name="action_asks_desk",
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(
                models.F("asks_group"),
                models.F("needs_tier"),
                models.OrderBy(models.F("risk"), descending=True),
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(("asks_group__isnull", False), ("state", "pending")),
                name="action_asks_group",
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(
                models.F("asks_person"),
                models.OrderBy(models.F("risk"), descending=True),
                models.F("due_at"),
                models.F("id"),
                condition=models.Q(("asks_person__isnull", False), ("state", "pending")),
                name="action_asks_person",
            ),
        ),
        migrations.AddIndex(
            model_name="stage",
            index=models.Index(
                models.F("desk"), models.F("action"), condition=models.Q(("is_elsewhere", True)), name="stage_elsewhere"
            ),
        ),
        migrations.AddIndex(
            model_name="stage",
            index=models.Index(
                models.F("group"),
                models.F("action"),
                condition=models.Q(("group__isnull", False)),
                name="stage_of_group",
            ),
        ),
        migrations.AddIndex(
            model_name="stage",
            index=models.Index(
                models.F("opened_at"), condition=models.Q(("kind", "check"), ("state", "open")), name="stage_to_check"
            ),
        ),
        # SQLite made the tables anew, and dropped their triggers.
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
