"""Who answers for a kind of action, and how much of everything is left to an agent."""

from typing import Any

import django.core.validators
import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards

PEOPLE = {
    "owner": "owns the outcome",
    "confidence_person": "told when confidence is low",
    "edge_person": "told of edge cases",
}
GROUPS = {"overriders": "may override policy", "confidence_group": "group told when confidence is low"}
HELP = {
    "edge_person": "When something is missing or looks wrong.",
    "overriders": "Of the seniors who may override at all, only those of this group; empty: all of them.",
}
MODES = [
    ("human_in_command", "Human in command"),
    ("in_the_loop", "Human in the loop"),
    ("on_the_loop", "Human on the loop"),
    ("autonomous", "Autonomous"),
]


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away: SQLite makes no table anew that a trigger of another asks about."""
    guards.remove(schema_editor.connection)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


def _pointing(name: str, label: str, to: str, model: str) -> migrations.AddField:
    is_history = model.startswith("historical")
    kept = {"db_constraint": False, "on_delete": django.db.models.deletion.DO_NOTHING}
    options: dict[str, Any] = kept if is_history else {"on_delete": django.db.models.deletion.PROTECT}
    options |= {"help_text": HELP[name]} if name in HELP else {}
    field: Any = models.ForeignKey(blank=True, null=True, related_name="+", to=to, verbose_name=label, **options)
    return migrations.AddField(model_name=model, name=name, field=field)


def _plain(model: str) -> list[migrations.AddField]:
    bound = models.FloatField(
        blank=True,
        null=True,
        help_text="0 to 1; no confidence at all is always low.",
        validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)],
        verbose_name="low confidence is below",
    )
    tier = models.PositiveSmallIntegerField(
        blank=True,
        choices=[(1, "Junior"), (2, "Senior")],
        help_text="Without a person.",
        null=True,
        verbose_name="tier told of edge cases",
    )
    return [
        migrations.AddField(model_name=model, name="low_confidence", field=bound),
        migrations.AddField(model_name=model, name="edge_tier", field=tier),
    ]


def _mode(model: str) -> migrations.AddField:
    text = "Of this mode and that of the kind of action, the one that leaves less to the agent holds."
    mode = models.CharField(blank=True, choices=MODES, help_text=text, max_length=20, null=True, verbose_name="mode")
    return migrations.AddField(model_name=model, name="mode", field=mode)


class Migration(migrations.Migration):
    """Add the columns, which say nothing at first."""

    dependencies = [
        ("approvals", "0021_who_is_asked"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(remove, install),
        *(
            _pointing(name, label, to, model)
            for model in ("actiontype", "historicalactiontype")
            for to, names in ((settings.AUTH_USER_MODEL, PEOPLE), ("auth.group", GROUPS))
            for name, label in names.items()
        ),
        *(each for model in ("actiontype", "historicalactiontype") for each in _plain(model)),
        *(_mode(model) for model in ("agent", "historicalagent")),
        # SQLite made the tables anew, and dropped their triggers.
        migrations.RunPython(install, remove),
    ]
