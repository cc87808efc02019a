"""Saved views of the inbox."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add saved views."""

    dependencies = [("approvals", "0030_taken_back")]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("filters", models.JSONField(default=dict, verbose_name="filters")),
                ("is_first", models.BooleanField(default=False, verbose_name="opened first")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("person"),
                        django.db.models.functions.text.Lower("name"),
                        name="saved_view_name_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_first", True)), fields=("person",), name="saved_view_first_of_person"
                    ),
                ],
            },
        ),
    ]
