"""A decision names how its action would be carried out, and an action keeps the people who asked for it."""

from collections import defaultdict

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards
from approvals.text.names import name, names_in

LONGEST, AT_ONCE = 400, 1_000
SPELLINGS = ("spelled_username", "spelled_email", "spelled_name")
# Nobody decides on any other.
OPEN = ("proposed", "pending", "approved", "modified", "rejected")


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away: SQLite makes no table anew that a trigger of another asks about."""
    guards.remove(schema_editor.connection)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


def spell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Spell the names of everybody who is there."""
    # Not the default database: the owner of the tables, who migrates, holds them locked.
    people, changed = apps.get_model("approvals", "Person").objects.using(schema_editor.connection.alias), []
    for person in people.iterator(AT_ONCE):
        person.spelled_username, person.spelled_email = name(person.username)[:LONGEST], name(person.email)[:LONGEST]
        person.spelled_name = name(f"{person.first_name} {person.last_name}")[:LONGEST]
        changed.append(person)
    people.bulk_update(changed, SPELLINGS, batch_size=AT_ONCE)


def find(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep whom the actions that may still be decided on name, by the names of today."""
    alias = schema_editor.connection.alias
    known: defaultdict[str, set[int]] = defaultdict(set)
    for key, *names in apps.get_model("approvals", "Person").objects.using(alias).values_list("pk", *SPELLINGS):
        for each in (*names, f"person:{key}"):
            known[each].add(key)
    employees = apps.get_model("approvals", "Employee").objects.using(alias).filter(person__isnull=False)
    for key, *names in employees.values_list("person", "spelled_key", "spelled_name"):
        for each in names:
            known[each].add(key)
    actions = apps.get_model("approvals", "Action").objects.using(alias)
    for action in actions.filter(state__in=OPEN).exclude(on_behalf_of="").only("on_behalf_of").iterator(AT_ONCE):
        if found := set().union(*(known.get(each[:LONGEST], ()) for each in names_in(action.on_behalf_of))):
            actions.filter(pk=action.pk).update(requesters=sorted(found))


class Migration(migrations.Migration):
    """One column of each; what was decided before names no target, so that open stages ask once more."""

    dependencies = [("approvals", "0033_reasons_to_choose")]

    operations = [
        # First, and so the last when migrating backwards, which makes tables anew as well.
        migrations.RunPython(remove, install),
        migrations.AddField(
            model_name="decision",
            name="target_digest",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="target digest"),
        ),
        migrations.AddField(model_name="action", name="requesters", field=models.JSONField(editable=False, null=True)),
        *(
            migrations.AddField(
                model_name="person",
                name=column,
                field=models.CharField(default="", editable=False, max_length=LONGEST),
            )
            for column in SPELLINGS
        ),
        *(
            migrations.AddIndex(model_name="person", index=models.Index(fields=[column], name=f"person_{column}"))
            for column in SPELLINGS
        ),
        migrations.RunPython(spell, migrations.RunPython.noop),
        migrations.RunPython(find, migrations.RunPython.noop),
        # SQLite made the tables anew, and dropped their triggers.
        migrations.RunPython(install, remove),
    ]
