"""Say on each batch between which ids the dossiers stand that it added, in place of an index of them.

Of batches up to now one span, from the first to the last: others may have added some in between, which is asked too.
"""

from django.db import migrations, models

_FILL = {
    "postgresql": """
        UPDATE dossiers_batch SET spans = jsonb_build_array(jsonb_build_array(added.low, added.high))
        FROM (SELECT first_batch_id, min(id) AS low, max(id) AS high FROM dossiers_dossier GROUP BY 1) AS added
        WHERE added.first_batch_id = dossiers_batch.id
    """,
    "sqlite": """
        UPDATE dossiers_batch SET spans = json_array(json_array(added.low, added.high))
        FROM (SELECT first_batch_id, min(id) AS low, max(id) AS high FROM dossiers_dossier GROUP BY 1) AS added
        WHERE added.first_batch_id = dossiers_batch.id
    """,
}


def fill(apps, schema_editor):
    schema_editor.execute(_FILL[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0008_office_hours")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="spans",
            field=models.JSONField(
                default=list,
                help_text="First and last id of the dossiers that it added and that are there, for each step",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="dossier", name="dossier_first_batch"),
    ]
