"""Waiting entries stand in the order in which they were inserted, which their ids alone do not say."""

import django.db.models.deletion
from django.db import migrations, models

# What waited before this migration waits again.
_WAIT_AGAIN = """
    INSERT INTO approvals_pending (entry_id)
    SELECT id FROM approvals_entry WHERE id NOT IN (SELECT entry_id FROM approvals_position) ORDER BY id
"""


class Migration(migrations.Migration):
    """Make the table of waiting entries anew, with a number."""

    dependencies = [("approvals", "0002_triggers")]

    operations = [
        migrations.DeleteModel("Pending"),
        migrations.CreateModel(
            name="Pending",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="waiting", to="approvals.entry"
                    ),
                ),
            ],
            options={
                "verbose_name": "entry to be sequenced",
                "verbose_name_plural": "entries to be sequenced",
            },
        ),
        migrations.RunSQL(_WAIT_AGAIN, migrations.RunSQL.noop),
    ]
