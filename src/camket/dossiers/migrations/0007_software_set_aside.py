from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("dossiers", "0006_days_counted_from_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="software",
            name="is_offered",
            field=models.BooleanField(default=True, help_text="False: set aside, no file is read by it"),
        ),
    ]
