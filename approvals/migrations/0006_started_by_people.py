"""An agent may stand for a person who starts actions herself."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install every declared trigger again."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Say for whom an agent stands."""

    dependencies = [
        ("approvals", "0005_search"),
    ]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(migrations.RunPython.noop, install),
        migrations.AddField(
            model_name="agent",
            name="person",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                help_text="Whom it stands for, when somebody starts actions herself; it never has a key.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalagent",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                help_text="Whom it stands for, when somebody starts actions herself; it never has a key.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        # SQLite makes a table anew when it gets a column like this, and drops the table's triggers.
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
