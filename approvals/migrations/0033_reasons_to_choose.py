"""A kind of action has reasons in set words that its reviewers choose from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column, and its history."""

    dependencies = [("approvals", "0032_toured")]

    operations = [
        migrations.AddField(
            model_name="actiontype",
            name="reasons",
            field=models.JSONField(blank=True, null=True, verbose_name="reasons to choose from"),
        ),
        migrations.AddField(
            model_name="historicalactiontype",
            name="reasons",
            field=models.JSONField(blank=True, null=True, verbose_name="reasons to choose from"),
        ),
    ]
