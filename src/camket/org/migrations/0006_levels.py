"""Levels of government become data; every level that agencies already have is among those loaded."""

import json
from pathlib import Path

from django.db import migrations, models

SHIPPED = Path(__file__).resolve().parent.parent / "levels.json"


def load_levels(apps, schema_editor):
    model = apps.get_model("org", "Level")
    model.objects.bulk_create(model(**row) for row in json.loads(SHIPPED.read_text("utf-8")))


class Migration(migrations.Migration):
    dependencies = [("org", "0005_unique_where_null_counts")]

    operations = [
        migrations.CreateModel(
            name='Level',
            fields=[
                ('code', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('english_name', models.CharField(max_length=100)),
                ('order', models.PositiveIntegerField(default=0)),
                ('valid_from', models.DateField(blank=True, null=True)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('source', models.CharField(blank=True, max_length=255)),
                ('proposed_units', models.JSONField(blank=True, default=list, help_text='Units that a new agency of this level is offered: name, short_name, kind')),
            ],
        ),
        migrations.RunPython(load_levels, migrations.RunPython.noop),
    ]
