"""Facts may be looked up for an action before anybody is asked; what came is kept."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from typing import Any

import approvals.ids
from approvals import guards

KINDS = [
    ("proposal", "The agent's words"),
    ("rationale", "Rationale"),
    ("comment", "Comment"),
    ("question", "Question"),
    ("answer", "Answer"),
    ("override", "Why it was reopened"),
    ("fetched", "A fact looked up"),
]
READERS = ("Compliance", "Reviewers")
HELP = 'Before anybody is asked: [{"name": "role", "source": "directory", "target": {"entry": "{/email}"}}].'


def give(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let readers see what was looked up; Django itself makes permissions only after all migrations."""
    alias = schema_editor.connection.alias
    config: Any = apps.get_app_config("approvals")
    # An app as migrations know it has no module of models, and without one nothing would be made.
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    found = permissions.filter(content_type__app_label="approvals", codename="view_fetched")
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=READERS):
        group.permissions.add(*found)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


def _lookups() -> "models.JSONField[Any, Any]":
    return models.JSONField(blank=True, help_text=HELP, null=True, verbose_name="facts looked up")


class Migration(migrations.Migration):
    """Add what is to be looked up, when, and what came of it."""

    dependencies = [("approvals", "0018_notes")]

    operations = [
        migrations.AddField("actiontype", "lookups", _lookups()),
        migrations.AddField("historicalactiontype", "lookups", _lookups()),
        migrations.AddField("action", "fetch_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddIndex(
            "action",
            models.Index(models.F("fetch_at"), condition=models.Q(("fetch_at__isnull", False)), name="action_to_fetch"),
        ),
        migrations.AlterField("text", "kind", models.CharField(choices=KINDS, max_length=12)),
        migrations.CreateModel(
            name="Fetched",
            fields=[
                (
                    "id",
                    models.UUIDField(default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                (
                    "state",
                    models.CharField(
                        choices=[("found", "Found"), ("nothing", "Nothing found"), ("unreachable", "No answer")],
                        max_length=12,
                        verbose_name="what came",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("fetched_at", models.DateTimeField(verbose_name="fetched")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fetched", to="approvals.action"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.entry"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fetched",
                        to="approvals.stage",
                    ),
                ),
                (
                    "text",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="fetched", to="approvals.text"
                    ),
                ),
            ],
            options={
                "verbose_name": "fact looked up",
                "verbose_name_plural": "facts looked up",
                "ordering": ("id",),
            },
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
