"""The strictness of a case is one of those that there are, whatever wrote the row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_gate_policies")]

    operations = [
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=models.Q(("policy__in", ["standard", "strict"])), name="case_policy_is_known"
            ),
        ),
    ]
