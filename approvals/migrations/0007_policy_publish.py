"""The built-in kind of action by which a policy comes into force, and the desk that decides on it."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DESK, KIND = "policies", "policy.publish"
AUTHORS, MAY = "Policy authors", ("view_policy", "view_version", "add_version")
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Publication of a policy",
    "type": "object",
    "additionalProperties": False,
    # Approved as asked, or not at all: what changes and the replay belong to this text and no other.
    "readOnly": True,
    "required": ["policy", "title", "number", "digest", "changes", "replay", "text"],
    "properties": {
        "policy": {"type": "string", "title": "Policy"},
        "title": {"type": "string", "title": "Title"},
        "number": {"type": "integer", "title": "Version"},
        "takes_the_place_of": {"type": ["integer", "null"], "title": "Takes the place of version"},
        "changes": {"type": "array", "title": "What changes", "items": {"type": "string"}},
        "replay": {
            "type": "object",
            "title": "What it would have said of the latest actions",
            "properties": {
                "looked_at": {"type": "integer", "title": "Looked at"},
                "unchanged": {"type": "integer", "title": "Routed as they were"},
                "stricter": {"type": "integer", "title": "Routed more strictly"},
                "laxer": {"type": "integer", "title": "Routed less strictly"},
                "examples": {
                    "type": "array",
                    "title": "Examples",
                    "items": {
                        "type": "object",
                        "properties": {
                            "action": {"type": "string", "title": "Action"},
                            "was": {"type": "string", "title": "Was"},
                            "would_be": {"type": "string", "title": "Would be"},
                        },
                    },
                },
            },
        },
        "tests": {"type": "integer", "title": "Tests that it carries and passes"},
        "digest": {"type": "string", "title": "Digest"},
        "text": {"type": "string", "title": "The whole text"},
    },
}
ABOUT = (
    "Puts a version of a policy in force in the place of the one before. Its author asks, a second person decides, "
    "and what is approved is what was shown, by its digest."
)


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the desk, the kind and the group; an installation then gives desk and group their members."""
    # The owner's connection: the application's role has no rights yet on what is being made.
    alias = schema_editor.connection.alias
    group, _ = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=AUTHORS)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    group.permissions.set(permissions.filter(content_type__app_label="policies", codename__in=MAY))
    desks = apps.get_model("approvals", "Desk").objects.using(alias)
    desk, _ = desks.get_or_create(slug=DESK, defaults={"name": "Policies"})
    apps.get_model("approvals", "ActionType").objects.using(alias).get_or_create(
        name=KIND,
        defaults={
            "title": "Publish a policy",
            "description": ABOUT,
            "schema": SCHEMA,
            "subject_pointer": "/policy",
            "reference_pointer": "/digest",
            "summary": "Publish version {/number} of the policy {/title}",
            "reversibility": "reversible",
            "stakes": "high",
            "data_classes": ["internal"],
            "domain": "compliance",
            "mode": "human_in_command",
            "desk": desk,
            "policy": "house",
            "execution": "connector",
            "connector": "policy",
            "undo_seconds": 0,
        },
    )


class Migration(migrations.Migration):
    """Add the built-in kind of action and who may ask for it."""

    dependencies = [("approvals", "0006_started_by_people")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
