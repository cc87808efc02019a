"""What was carried out may be taken back: a kind of action names the one that undoes it, an action what it undoes."""

import django.db.models.deletion
from django.apps.registry import Apps
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
    """Say of each what undoes it."""

    dependencies = [("approvals", "0029_schema_text")]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(remove, install),
        migrations.AddField(
            model_name="action",
            name="compensates",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="compensated_as",
                to="approvals.action",
            ),
        ),
        migrations.AddField(
            model_name="actiontype",
            name="compensated_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Another kind of action of the same desk: a person starts it to undo one of these.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="approvals.actiontype",
                verbose_name="taken back by",
            ),
        ),
        migrations.AddField(
            model_name="historicalaction",
            name="compensates",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="approvals.action",
            ),
        ),
        migrations.AddField(
            model_name="historicalactiontype",
            name="compensated_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Another kind of action of the same desk: a person starts it to undo one of these.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="approvals.actiontype",
                verbose_name="taken back by",
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(
                condition=models.Q(("compensates__isnull", False)), fields=["compensates"], name="action_compensates"
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("compensates__isnull", False),
                    models.Q(("state__in", ["rejected", "expired", "withdrawn", "failed"]), _negated=True),
                ),
                fields=("compensates",),
                name="action_compensated_once",
            ),
        ),
        # SQLite made the tables anew, and dropped their triggers.
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
