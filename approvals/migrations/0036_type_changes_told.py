"""A notice may tell of a changed action type: which one, and the history row of what changed."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards

ABOUT = ("action", "break_glass", "action_type")


def about(name: str) -> models.Q:
    """A notice that is about this, and about nothing else."""
    return models.Q(**{f"{each}__isnull": each != name for each in ABOUT})


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away: SQLite makes no table anew that a trigger of another asks about."""
    guards.remove(schema_editor.connection)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


def forget(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the notices that the tables of before cannot hold, when migrating backwards."""
    deliveries = apps.get_model("approvals", "Delivery").objects.using(schema_editor.connection.alias)
    deliveries.filter(action_type__isnull=False).delete()


class Migration(migrations.Migration):
    """Add what such a notice is about, and that each is about one thing."""

    dependencies = [("approvals", "0035_who_asked_and_where_to")]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(remove, install),
        migrations.RemoveConstraint(model_name="delivery", name="delivery_of_one"),
        migrations.AddField(
            model_name="delivery",
            name="action_type",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="approvals.actiontype",
            ),
        ),
        migrations.AddField(model_name="delivery", name="change_id", field=models.UUIDField(null=True)),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(change_id__isnull=False),
                fields=("change_id", "person", "channel"),
                name="delivery_once_of_change",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=about("action")
                | about("break_glass")
                | about("action_type") & models.Q(change_id__isnull=False),
                name="delivery_of_one",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
