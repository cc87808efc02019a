"""Notes: comments, questions and answers on an action."""

import approvals.ids
import django.db.models.deletion
from django.conf import settings
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from approvals import guards


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every declared trigger anew."""
    guards.install(schema_editor.connection)


class Migration(migrations.Migration):
    """Add notes with their guards."""

    dependencies = [
        ("approvals", "0017_samples"),
    ]

    operations = [
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
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.UUIDField(default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("comment", "Comment"), ("question", "Question"), ("answer", "Answer")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("is_open", models.BooleanField(default=False, verbose_name="waits for an answer")),
                ("at", models.DateTimeField(verbose_name="written")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="approvals.action"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.agent"
                    ),
                ),
                (
                    "answers",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_by",
                        to="approvals.note",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="note", to="approvals.entry"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "text",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="note", to="approvals.text"
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ("id",),
                "indexes": [models.Index(models.F("action"), condition=models.Q(("is_open", True)), name="note_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person__isnull", True), ("agent__isnull", True), _connector="XOR"),
                        name="note_of_person_or_agent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_open", False), ("kind", "question"), _connector="OR"),
                        name="note_open_question",
                    ),
                ],
            },
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
