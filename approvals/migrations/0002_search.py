"""Indexes of the search, which models cannot declare for one vendor alone."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# As Django writes ``istartswith`` on PostgreSQL; SQLite's LIKE needs none at the sizes that it is meant for.
PREFIXES = {
    "action_subject_start": "subject",
    "action_reference_start": "reference",
    "action_behalf_start": "on_behalf_of",
}

# A document's number is also looked for without the letters that it begins with.
BY_ITS_END = "action_reference_end"


def index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Index the upper-case text by its beginning."""
    if schema_editor.connection.vendor == "postgresql":
        for name, column in PREFIXES.items():
            schema_editor.execute(f"CREATE INDEX {name} ON approvals_action (UPPER({column}::text) text_pattern_ops)")
        schema_editor.execute(
            f"CREATE INDEX {BY_ITS_END} ON approvals_action (REVERSE(UPPER(reference::text)) text_pattern_ops)"
        )


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the indexes."""
    for name in (*PREFIXES, BY_ITS_END) if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    """Index what is searched by its beginning."""

    dependencies = [("approvals", "0001_initial")]

    operations = [migrations.RunPython(index, drop)]
