"""An answer can bring a new revision, and names it."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Guard the new column, too."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("approvals", "0027_handed_over")]

    operations = [
        migrations.AddField(
            model_name="note",
            name="revision",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="approvals.revision",
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
