from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0003_approved_plans"),
    ]

    operations = [
        migrations.AlterField(
            model_name="publication",
            name="kind",
            field=models.CharField(
                choices=[
                    ("policy", "Quality policy"),
                    ("objectives", "Quality objectives and plan"),
                    ("results", "Results of the objectives"),
                    ("satisfaction", "Satisfaction results"),
                    ("procedures", "Administrative procedures"),
                    ("report", "Report"),
                    ("postings", "Postings of a quarter"),
                    ("changes", "Changes of documents and law"),
                ],
                max_length=15,
            ),
        ),
    ]
