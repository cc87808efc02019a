"""What was let through so far, for policies that count."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the running totals and their marks; they start empty, and count from the first policy that asks."""

    dependencies = [("approvals", "0008_more_guards")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.CharField(editable=False, max_length=32, primary_key=True, serialize=False)),
                ("scope", models.CharField(max_length=16, verbose_name="counted by")),
                ("number", models.BigIntegerField(default=0, verbose_name="actions")),
                ("minor", models.BigIntegerField(default=0, verbose_name="sum")),
                ("at", models.DateTimeField(verbose_name="last")),
            ],
            options={"verbose_name": "tally", "verbose_name_plural": "tallies"},
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField(verbose_name="actions")),
                ("minor", models.BigIntegerField(verbose_name="sum")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "tally",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="approvals.tally",
                    ),
                ),
            ],
            options={
                "verbose_name": "mark of a tally",
                "verbose_name_plural": "marks of tallies",
                "constraints": [models.UniqueConstraint(fields=("tally", "number"), name="mark_once")],
                "indexes": [
                    models.Index(
                        models.F("tally"), models.F("at"), models.F("number"), models.F("minor"), name="mark_before"
                    )
                ],
            },
        ),
    ]
