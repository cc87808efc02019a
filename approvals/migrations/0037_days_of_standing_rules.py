"""An action type says how many decisions of its maker a day of a standing rule may be worth."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """One column, and its history."""

    dependencies = [("approvals", "0036_type_changes_told")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="standing_decisions",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Times the ceiling of whoever makes them. Beyond that, a second person confirms. Empty: 10.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="daily sum of standing rules, in decisions",
            ),
        )
        for model in ("actiontype", "historicalactiontype")
    ]
