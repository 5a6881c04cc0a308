

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("improvement", "0001_initial"),
        ("objectives", "0005_submitted_by_from_journal"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewdecision",
            name="objective",
            field=models.ForeignKey(
                blank=True,
                help_text="That of a plan's draft which brings it in",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="review_decisions",
                to="objectives.objective",
            ),
        ),
        migrations.AlterField(
            model_name="reviewdecision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("improvement", "Improvement"),
                    ("change", "Change of the system"),
                    ("resources", "Resources"),
                    ("objective", "Objective of the next year"),
                ],
                max_length=12,
            ),
        ),
    ]
