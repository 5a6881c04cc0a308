import django.db.models.deletion
from django.db import migrations, models


def name_imports(apps, schema_editor):
    """Take over what imports up to now noted by themselves."""
    row = apps.get_model("dossiers", "RefusedRow")
    for batch in apps.get_model("dossiers", "Batch").objects.filter(reading__has_key="settled").iterator():
        settled = batch.reading.pop("settled")
        for at in range(0, len(settled), 500):
            row.objects.filter(pk__in=settled[at : at + 500], state="mended").update(settled_in=batch)
        batch.save(update_fields=["reading"])


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0009_added_by_spans_of_ids")]

    operations = [
        migrations.AddField(
            model_name="refusedrow",
            name="settled_in",
            field=models.ForeignKey(
                blank=True,
                help_text="The later import that told of its dossier, where nobody mended it here",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settled_rows",
                to="dossiers.batch",
            ),
        ),
        migrations.RunPython(name_imports, migrations.RunPython.noop),
    ]
