"""The database's own guards, frozen as they were for this release: later ones come with a migration of their own."""

from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BETWEEN = "\n-- next\n"


def statements(folder: str, vendor: str) -> list[str]:
    """The statements of one file, without what they are divided by."""
    text = (Path(__file__).parent / "frozen" / folder / f"{vendor}.sql").read_text(encoding="utf-8")
    return text.split(BETWEEN)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the guards."""
    for statement in statements("guards", schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the guards."""
    for statement in statements("guards_removed", schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Install the guards on PostgreSQL or SQLite."""

    dependencies = [("approvals", "0003_first_rows")]

    operations = [migrations.RunPython(install, remove)]
