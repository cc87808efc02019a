"""Indexes of the search, which models cannot declare for one vendor alone."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The words of whom and what an action is about, as `approvals.queries.record.search` asks for them: what divides words is
# a blank. It needs no extension, and SQLite none at the sizes that it is meant for.
WORDS = "action_words"
DIVIDERS = "/.-_:@,;+&#()"
TEXT = f"translate(subject || ' ' || reference || ' ' || on_behalf_of, '{DIVIDERS}', '{' ' * len(DIVIDERS)}')"

# A document's number is also looked for without the letters that it begins with.
BY_ITS_END = "action_reference_end"


def index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Index each word, and the upper-case document number by its end."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX {WORDS} ON approvals_action USING gin (to_tsvector('simple', {TEXT}))")
        schema_editor.execute(
            f"CREATE INDEX {BY_ITS_END} ON approvals_action (REVERSE(UPPER(reference::text)) text_pattern_ops)"
        )


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the indexes."""
    for name in (WORDS, BY_ITS_END) if schema_editor.connection.vendor == "postgresql" else ():
        schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    """Index what is searched by its words."""

    dependencies = [("approvals", "0001_initial")]

    operations = [migrations.RunPython(index, drop)]
