"""Plans that wait for approval learn from the journal who submitted them."""

from django.db import migrations


def fill_in(apps, schema_editor):
    plans = apps.get_model("objectives", "Plan")
    entries = apps.get_model("journal", "Entry")
    for plan in plans.objects.filter(state="submitted", submitted_by=None).only("pk"):
        latest = (
            entries.objects.filter(verb="plan.submitted", subject_type="objectives.plan", subject_id=plan.pk)
            .order_by("-sequence")
            .first()
        )
        if latest is not None:
            plans.objects.filter(pk=plan.pk).update(submitted_by_id=latest.by_id)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial"), ("objectives", "0004_submitted_by")]

    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
