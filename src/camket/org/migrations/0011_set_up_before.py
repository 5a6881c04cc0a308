"""Agencies that have units were set up before there was a guided set-up: nobody is led there again."""

from django.db import migrations
from django.db.models import Exists, OuterRef
from django.utils import timezone


def note_set_up(apps, schema_editor):
    agency = apps.get_model("org", "Agency")
    unit = apps.get_model("org", "Unit")
    agency.objects.filter(Exists(unit.objects.filter(agency_id=OuterRef("pk"))), set_up_on=None).update(
        set_up_on=timezone.localdate()
    )


class Migration(migrations.Migration):
    dependencies = [("org", "0010_personal_data")]

    operations = [migrations.RunPython(note_set_up, migrations.RunPython.noop)]
