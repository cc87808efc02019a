"""Two groups: Compliance reads everything and changes nothing, Reviewers see what deciding needs.

Deciding power is no permission: it comes from memberships at desks.
"""

from typing import Any

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

COMPLIANCE, REVIEWERS = "Compliance", "Reviewers"
READ_BY_COMPLIANCE = ("approvals", "policies", "auth")
READ_BY_REVIEWERS = (
    "action",
    "actiontype",
    "agent",
    "attempt",
    "decision",
    "delivery",
    "desk",
    "entry",
    "execution",
    "revision",
    "ruling",
    "stage",
)


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the groups with their permissions, which Django itself would make only after all migrations."""
    alias = schema_editor.connection.alias
    for label in READ_BY_COMPLIANCE:
        _permissions_of(apps, label, alias)
    view = apps.get_model("auth", "Permission").objects.using(alias).filter(codename__startswith="view_")
    of = "content_type__app_label"
    _group(apps, alias, COMPLIANCE, view.filter(**{f"{of}__in": READ_BY_COMPLIANCE}))
    names = [f"view_{name}" for name in READ_BY_REVIEWERS]
    policy = view.filter(**{of: "policies"}, codename__in=["view_policy", "view_version"])
    _group(apps, alias, REVIEWERS, view.filter(**{of: "approvals"}, codename__in=names) | policy)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the groups away, when migrating backwards."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=[COMPLIANCE, REVIEWERS]).delete()


def _permissions_of(apps: Apps, label: str, alias: str) -> None:
    config: Any = apps.get_app_config(label)
    # An app as migrations know it has no module of models, and without one nothing would be made.
    config.models_module = True
    create_permissions(config, verbosity=0, apps=apps, using=alias)
    config.models_module = None


def _group(apps: Apps, alias: str, name: str, permissions: Any) -> None:
    group, _made = apps.get_model("auth", "Group").objects.using(alias).get_or_create(name=name)
    group.permissions.set(permissions)


class Migration(migrations.Migration):
    """Make the groups Compliance and Reviewers."""

    dependencies = [
        ("approvals", "0003_pending_in_order"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, remove)]
