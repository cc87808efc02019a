"""The rows that every installation begins with: groups with what they may see and do, and the built-in kinds."""

from collections.abc import Iterable
from typing import Any

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
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
CHANGE_KIND = "config.change"
CHANGE_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Change of the configuration",
    "type": "object",
    "additionalProperties": False,
    # Approved as asked, or not at all: what is shown and what is applied are one change.
    "readOnly": True,
    "required": ["title", "author", "changes", "digest", "exact"],
    "properties": {
        "title": {"type": "string", "title": "Change"},
        "author": {"type": "string", "title": "Requested by"},
        "changes": {
            "type": "array",
            "title": "What changes",
            "items": {
                "type": "object",
                "properties": {
                    "row": {"type": "string", "title": "What"},
                    "field": {"type": "string", "title": "Field"},
                    "from": {"type": "string", "title": "From"},
                    "to": {"type": "string", "title": "To"},
                },
            },
        },
        "digest": {"type": "string", "title": "Digest"},
        "exact": {"type": "string", "title": "The exact change"},
    },
}
CHANGE_ABOUT = (
    "Changes what decides how actions are judged, who is asked and where they go. Whoever saves a form asks, a second "
    "person decides, and what is approved is applied whole, or not at all if something has changed meanwhile."
)

READ_BY_COMPLIANCE = ("approvals", "policies", "auth")
# Bookkeeping, and what is each person's own.
NOT_READ = ("view_beat", "view_export", "view_flowstart", "view_passwordtries", "view_savedview", "view_webhookcursor")
READ_BY_REVIEWERS = (
    *("absence", "action", "actiontype", "agent", "attempt", "breakglass", "calendar", "decision", "delegation"),
    *(
        "delivery",
        "desk",
        "ledgerentry",
        "execution",
        "lookupresult",
        "halt",
        "holiday",
        "hours",
        "revision",
        "policyevaluation",
    ),
    *("samplecheck", "stage", "standingrule", "standinguse", "historicalabsence", "historicalbreakglass"),
    *("historicalcalendar", "historicaldelegation", "historicalhalt", "historicalholiday", "historicalhours"),
    *("historicalsamplecheck", "historicalstandingrule"),
)
# Who sets up. An administrator gets no key of an agent, and so cannot act as what they set up may; groups and
# permissions stay with superusers.
KEPT_BY_ADMINISTRATORS = (
    *("actiontype", "agent", "calendar", "desk", "duty", "employee", "exchangerate", "flowlimit", "holiday", "hours"),
    *("membership", "person", "subjectowner", "webhook"),
)
GONE_BY_ADMINISTRATORS = ("delete_duty", "delete_holiday", "delete_hours", "delete_membership", "delete_subjectowner")
# Who connects agents. They may draft action types; whoever owns an agent that may propose one is refused when they save.
MAY_INTEGRATE = (
    *("add_actiontype", "change_actiontype", "view_actiontype", "add_agent", "change_agent", "view_agent"),
    *("add_apikey", "change_apikey", "view_apikey", "view_desk", "view_exchangerate"),
    *("add_webhook", "change_webhook", "view_webhook", "view_webhookdelivery"),
)
# What else there are groups for; nobody is in them until somebody is put there.
POWERS: dict[str, tuple[str, ...]] = {
    "Halts": ("add_halt", "change_halt", "view_halt", "change_breaker"),
    "Overriders": ("override_policy",),
    "Break-glass": ("break_glass", "view_breakglass"),
}


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make them."""
    alias = schema_editor.connection.alias
    for label in READ_BY_COMPLIANCE:
        _permissions_of(apps, label, alias)
    of = "content_type__app_label"
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    ours = permissions.filter(**{of: "approvals"})
    view = permissions.filter(codename__startswith="view_")
    policies = permissions.filter(**{of: "policies"})
    _give(apps, alias, "Compliance", view.filter(**{f"{of}__in": READ_BY_COMPLIANCE}).exclude(codename__in=NOT_READ))
    _give(apps, alias, "Compliance", ours.filter(codename="erase_attachment"))
    _give(apps, alias, "Reviewers", ours.filter(codename__in=[f"view_{name}" for name in READ_BY_REVIEWERS]))
    _give(apps, alias, "Reviewers", policies.filter(codename__in=["view_policy", "view_version"]))
    _give(apps, alias, AUTHORS, policies.filter(codename__in=MAY))
    for name, codenames in POWERS.items():
        _give(apps, alias, name, ours.filter(codename__in=codenames))
    _give(apps, alias, "Administrators", ours.filter(codename__in=_may_administer()))
    _give(apps, alias, "Administrators", policies.filter(codename__in=MAY))
    _give(apps, alias, "Integrators", ours.filter(codename__in=MAY_INTEGRATE))
    _give(apps, alias, "Integrators", policies.filter(codename__in=["view_policy", "view_version"]))
    _built_in(apps, alias)


def _may_administer() -> list[str]:
    kept = [f"{verb}_{name}" for verb in ("add", "change", "view") for name in KEPT_BY_ADMINISTRATORS]
    return [*kept, *GONE_BY_ADMINISTRATORS, "change_apikey", "view_apikey", "view_webhookdelivery"]


def _permissions_of(apps: Apps, label: str, alias: str) -> None:
    config: Any = apps.get_app_config(label)
    # An app as migrations know it has no module of models, and without one nothing would be made.
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = None


def _give(apps: Apps, alias: str, name: str, permissions: Iterable[Any]) -> None:
    group, _made = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=name)
    group.permissions.add(*permissions)


BUILT_IN: dict[str, dict[str, Any]] = {
    KIND: {
        "title": "Publish a policy",
        "description": ABOUT,
        "schema": SCHEMA,
        "subject_pointer": "/policy",
        "reference_pointer": "/digest",
        "summary": "Publish version {/number} of the policy {/title}",
        "connector": "policy",
    },
    CHANGE_KIND: {
        "title": "Change the configuration",
        "description": CHANGE_ABOUT,
        "schema": CHANGE_SCHEMA,
        "subject_pointer": "/title",
        "reference_pointer": "/digest",
        "summary": "{/title}",
        "connector": "configuration",
    },
}


def _built_in(apps: Apps, alias: str) -> None:
    """The desk that decides on policies and the configuration, and the kinds of action by which both change."""
    desks = apps.get_model("approvals", "Desk").objects.using(alias)
    desk, _ = desks.get_or_create(slug=DESK, defaults={"name": "Policies"})
    shared = {
        "reversibility": "reversible",
        "stakes": "high",
        "data_classes": ["internal"],
        "domain": "compliance",
        "mode": "human_in_command",
        "desk": desk,
        "policy": "house",
        "execution": "connector",
        "undo_seconds": 0,
    }
    kinds = apps.get_model("approvals", "ActionType").objects.using(alias)
    for name, own in BUILT_IN.items():
        kinds.get_or_create(name=name, defaults=shared | own)


class Migration(migrations.Migration):
    """Make the groups, the desk and the kind of action."""

    dependencies = [
        ("approvals", "0002_search"),
        ("policies", "0002_guards"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
