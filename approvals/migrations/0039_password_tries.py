"""How often passwords were tried."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table of bookkeeping."""

    dependencies = [("approvals", "0038_beats")]

    operations = [
        migrations.CreateModel(
            name="PasswordTries",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("tries", models.PositiveIntegerField(default=0, verbose_name="tries")),
                ("waits", models.PositiveSmallIntegerField(default=0, verbose_name="waits in a row")),
                ("last_at", models.DateTimeField(verbose_name="last tried")),
                ("until", models.DateTimeField(null=True, verbose_name="refused until")),
                ("is_noted", models.BooleanField(default=False, verbose_name="refusal recorded")),
                ("known_until", models.DateTimeField(null=True, verbose_name="known until")),
            ],
            options={
                "verbose_name": "tries of a password",
                "verbose_name_plural": "tries of passwords",
                "indexes": [models.Index(models.F("last_at"), name="password_tries_last")],
            },
        ),
    ]
