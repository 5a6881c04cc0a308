"""Load the official days off and swapped working days of 2020 to 2027; 2027 has no decision yet."""

import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "calendar_2020_2027.json"


def load(apps, schema_editor):
    year_model = apps.get_model("org", "CalendarYear")
    day_model = apps.get_model("org", "CalendarDay")
    years = json.loads(DATA.read_text("utf-8"))
    year_model.objects.bulk_create(
        year_model(year=year["year"], is_confirmed=year["is_confirmed"], source=year["source"])
        for year in years
    )
    day_model.objects.bulk_create(
        day_model(day=day["day"], kind=day["kind"], name=day["name"], source=day["source"])
        for year in years
        for day in year["days"]
    )


class Migration(migrations.Migration):
    dependencies = [("org", "0002_calendar_year_of_agency")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
