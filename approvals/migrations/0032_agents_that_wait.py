"""Whether anything of an agent waits at a desk is one look into a small index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Index what waits by agent and desk."""

    dependencies = [("approvals", "0031_saved_views")]

    operations = [
        migrations.AddIndex(
            model_name="action",
            index=models.Index("agent", "desk", condition=models.Q(state="pending"), name="action_agent_waits"),
        ),
    ]
