"""More guards: a decision needs its entry, an execution its decision, and what a row was born with stays."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Install the guards that were added; backwards they stay, for they refuse nothing that was ever right."""

    dependencies = [("approvals", "0007_policy_publish")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
