"""Reminders of stages, for whom somebody else decided, and what an action's people should be warned of."""

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
    """Add when people are reminded and were, for whom a decision was made, and warnings."""

    dependencies = [
        ("approvals", "0023_break_glass"),
    ]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(remove, install),
        migrations.AddField(
            model_name="action",
            name="warnings",
            field=models.JSONField(editable=False, null=True, verbose_name="warnings"),
        ),
        migrations.AddField(
            model_name="decision",
            name="for_person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="for",
            ),
        ),
        migrations.AddField(
            model_name="stage",
            name="remind_at",
            field=models.DateTimeField(null=True, verbose_name="reminder due"),
        ),
        migrations.AddField(
            model_name="stage",
            name="reminded_at",
            field=models.DateTimeField(null=True, verbose_name="reminded"),
        ),
        migrations.AddField(
            model_name="historicalstage",
            name="remind_at",
            field=models.DateTimeField(null=True, verbose_name="reminder due"),
        ),
        migrations.AddField(
            model_name="historicalstage",
            name="reminded_at",
            field=models.DateTimeField(null=True, verbose_name="reminded"),
        ),
        migrations.AddIndex(
            model_name="stage",
            index=models.Index(
                "remind_at",
                condition=models.Q(state="open", remind_at__isnull=False, reminded_at__isnull=True),
                name="stage_to_remind",
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
