"""Searching ten million actions by amount, or by how a subject or document number begins, reads an index."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# As Django writes ``istartswith`` on PostgreSQL; SQLite's LIKE needs none at the sizes that it is meant for.
_PREFIXES = {
    "action_subject_start": "subject",
    "action_reference_start": "reference",
    "action_behalf_start": "on_behalf_of",
}


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Index the upper-case text by its beginning."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, column in _PREFIXES.items():
        schema_editor.execute(f"CREATE INDEX {name} ON approvals_action (UPPER({column}::text) text_pattern_ops)")


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the indexes away, when migrating backwards."""
    if schema_editor.connection.vendor == "postgresql":
        for name in _PREFIXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    """Add the indexes of the search."""

    dependencies = [("approvals", "0004_groups")]

    operations = [
        migrations.AddIndex(
            model_name="action",
            index=models.Index("amount", condition=models.Q(("amount__isnull", False)), name="action_amount"),
        ),
        migrations.RunPython(make, drop),
    ]
