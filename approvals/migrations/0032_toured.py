"""Whether somebody has taken the tour, or does not want it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add when the tour was over; null says that it may be offered."""

    dependencies = [("approvals", "0031_saved_views")]

    operations = [
        migrations.AddField(
            model_name=model, name="toured_at", field=models.DateTimeField("tour", null=True, editable=False)
        )
        for model in ("person", "historicalperson")
    ]
