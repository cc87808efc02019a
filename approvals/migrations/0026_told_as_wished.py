"""How people wish to be told, and notices that wait to go out together."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add wishes about notices to people, and to notices what a digest needs; null says what held before."""

    dependencies = [("approvals", "0025_first_rows")]

    operations = [
        *(
            migrations.AddField(model_name=model, name=name, field=field)
            for model in ("person", "historicalperson")
            for name, field in (
                (
                    "telling",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("each", "Each at once"),
                            ("many", "Each at once, and a digest when many wait"),
                            ("digest", "Digests only"),
                        ],
                        max_length=8,
                        null=True,
                        verbose_name="notices",
                    ),
                ),
                (
                    "digest_minutes",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes between digests"),
                ),
                ("digest_times", models.JSONField(blank=True, null=True, verbose_name="times of digests")),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="quiet until")),
                ("quiet_weekends", models.BooleanField(blank=True, null=True, verbose_name="quiet at weekends")),
                (
                    "urgent_waits",
                    models.BooleanField(blank=True, null=True, verbose_name="what is urgent waits, too"),
                ),
            )
        ),
        migrations.AddField(
            model_name="delivery",
            name="held_at",
            field=models.DateTimeField(null=True, verbose_name="held since"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="digest",
            field=models.UUIDField(null=True, verbose_name="sent together as"),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("ready", "Ready"),
                    ("sent", "Sent"),
                    ("dead", "Given up"),
                    ("dropped", "Not needed any more"),
                ],
                default="ready",
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(models.F("person"), models.F("created_at"), name="delivery_of_person"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.F("person"),
                condition=models.Q(("held_at__isnull", False), ("state", "ready")),
                name="delivery_held",
            ),
        ),
    ]
