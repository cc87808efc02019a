"""When the clock was last seen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table of bookkeeping."""

    dependencies = [("approvals", "0037_days_of_standing_rules")]

    operations = [
        migrations.CreateModel(
            name="Beat",
            fields=[
                ("name", models.CharField(max_length=30, primary_key=True, serialize=False, verbose_name="name")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={"verbose_name": "sign of life", "verbose_name_plural": "signs of life"},
        ),
    ]
