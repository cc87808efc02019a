"""Handing over: a note that says to whom and why, and the claim that came of it."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew; a table that SQLite rebuilt has lost its own."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Say to whom a note hands an action over, and by which note a claim came."""

    dependencies = [("approvals", "0026_told_as_wished")]

    operations = [
        migrations.AlterField(
            model_name="note",
            name="kind",
            field=models.CharField(
                choices=[
                    ("comment", "Comment"),
                    ("question", "Question"),
                    ("answer", "Answer"),
                    ("handover", "Handed over"),
                ],
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="text",
            name="kind",
            field=models.CharField(
                choices=[
                    ("proposal", "The agent's words"),
                    ("rationale", "Rationale"),
                    ("comment", "Comment"),
                    ("question", "Question"),
                    ("answer", "Answer"),
                    ("override", "Why it was reopened"),
                    ("fetched", "A fact looked up"),
                    ("handover", "Why it was handed over"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="handed_to",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("handed_to__isnull", True), ("kind", "handover"), _connector="XOR"),
                name="note_handed_to",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="note",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="approvals.note",
            ),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
