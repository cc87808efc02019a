"""The database's own guards: no state change without its entry, only legal pairs, append-only where nothing changes."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install every declared trigger."""
    guards.install(schema_editor.connection)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away, when migrating backwards."""
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Install the triggers on PostgreSQL or SQLite."""

    dependencies = [("approvals", "0001_house")]

    operations = [migrations.RunPython(install, remove)]
