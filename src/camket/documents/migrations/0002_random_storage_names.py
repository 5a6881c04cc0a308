from django.db import migrations, models


def names_of_the_first_version(apps, schema_editor):
    """Files that are there stay where they are, under their SHA-256; only new ones get random names."""
    apps.get_model("documents", "StoredFile").objects.update(storage_name=models.F("sha256"))


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="storage_name",
            field=models.CharField(
                default="",
                help_text="32 random hex digits; files of the first version are under their SHA-256",
                max_length=64,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(names_of_the_first_version, migrations.RunPython.noop),
    ]
