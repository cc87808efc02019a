"""What policy blocked may be reopened: an action names the one that it is proposed in place of, and who did it."""

from typing import Any

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards

OVERRIDERS, PERMISSION = "Overriders", "reopen_action"


def give(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the group; nobody is in it, and Django itself makes permissions only after all migrations."""
    alias = schema_editor.connection.alias
    config: Any = apps.get_app_config("approvals")
    # An app as migrations know it has no module of models, and without one nothing would be made.
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = None
    found = apps.get_model("auth", "Permission").objects.using(alias)
    group, _ = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=OVERRIDERS)
    group.permissions.set(found.filter(content_type__app_label="approvals", codename=PERMISSION))


def take(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the group away, when migrating backwards."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name=OVERRIDERS).delete()


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away: SQLite makes no table anew that a trigger of another asks about."""
    guards.remove(schema_editor.connection)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


def _who(**options: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(editable=False, null=True, related_name="+", to=settings.AUTH_USER_MODEL, **options)


class Migration(migrations.Migration):
    """Add who reopened what, its group and its guards."""

    dependencies = [("approvals", "0013_claims")]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(remove, install),
        migrations.AlterModelOptions(
            name="action",
            options={
                "ordering": ("-id",),
                "permissions": [("reopen_action", "Can reopen what policy blocked")],
                "verbose_name": "action",
                "verbose_name_plural": "actions",
            },
        ),
        migrations.AddField(
            model_name="action",
            name="reopens",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reopened_as",
                to="approvals.action",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="reopened_by",
            field=_who(db_index=False, on_delete=django.db.models.deletion.PROTECT),
        ),
        migrations.AddField(
            model_name="historicalaction",
            name="reopens",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="approvals.action",
            ),
        ),
        migrations.AddField(
            model_name="historicalaction",
            name="reopened_by",
            field=_who(blank=True, db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reopened_by__isnull", True), ("reopens__isnull", True)),
                    models.Q(("reopened_by__isnull", False), ("reopens__isnull", False)),
                    _connector="OR",
                ),
                name="action_reopened_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("reopens__isnull", False), models.Q(("state__in", ["expired", "withdrawn"]), _negated=True)
                ),
                fields=("reopens",),
                name="action_reopened_once",
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(
                condition=models.Q(("reopens__isnull", False)), fields=["reopens"], name="action_reopens"
            ),
        ),
        migrations.AlterField(
            model_name="text",
            name="kind",
            field=models.CharField(
                choices=[
                    ("proposal", "The agent's words"),
                    ("rationale", "Rationale"),
                    ("override", "Why it was reopened"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(give, take),
        # SQLite made the tables anew, and dropped their triggers.
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
