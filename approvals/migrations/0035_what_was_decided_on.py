"""A decision names how its action would be carried out."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import triggers


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away: SQLite makes no table anew that a trigger of another asks about."""
    triggers.remove(schema_editor.connection)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    triggers.install(schema_editor.connection)


class Migration(migrations.Migration):
    """One column; what was decided before names nothing, so that open stages ask once more."""

    dependencies = [("approvals", "0033_reasons_to_choose")]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(remove, install),
        migrations.AddField(
            model_name="decision",
            name="target_digest",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="target digest"),
        ),
        # SQLite made the table anew, and dropped its triggers.
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
