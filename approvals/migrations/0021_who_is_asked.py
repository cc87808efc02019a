"""What waits already asks the desk that it waits at."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def ask(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put every pending action in the queue of its own desk, where it was before plans could ask elsewhere."""
    actions = apps.get_model("approvals", "Action").objects.using(schema_editor.connection.alias)
    actions.filter(state="pending").update(asks_desk=F("desk"))


class Migration(migrations.Migration):
    """Say of what waits whom it asks."""

    dependencies = [("approvals", "0020_plans")]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
