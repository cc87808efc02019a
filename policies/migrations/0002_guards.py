"""The database's own guards: a published version stays as it is, and history stays."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from policies import guards


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install every declared trigger."""
    guards.install(schema_editor.connection)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away, when migrating backwards."""
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Install the guards on PostgreSQL or SQLite."""

    dependencies = [("policies", "0001_policies")]

    operations = [migrations.RunPython(install, remove)]
