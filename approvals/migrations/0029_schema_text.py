"""The schema of a kind of action as it was written: a form has its fields in that order."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the order of a schema's keys, which PostgreSQL's JSON does not."""

    dependencies = [("approvals", "0028_answers_that_revise")]

    operations = [
        migrations.AddField(
            model_name="actiontype",
            name="schema_text",
            field=models.TextField(editable=False, null=True, verbose_name="schema as written"),
        ),
        migrations.AddField(
            model_name="historicalactiontype",
            name="schema_text",
            field=models.TextField(editable=False, null=True, verbose_name="schema as written"),
        ),
    ]
