"""Say of dossiers that were given a new date up to now which date that was, and likewise in their history.

Up to now it was the date that holds where that lies behind the first; one that came too late to hold stood on its
letter alone.
"""

from datetime import datetime

from django.db import migrations
from django.db.models import F
from django.utils import timezone

_NAMES = ("due_first", "due_now", "reappointed_at")


def fill(apps, schema_editor):
    Dossier = apps.get_model("dossiers", "Dossier")
    DossierChange = apps.get_model("dossiers", "DossierChange")
    Letter = apps.get_model("dossiers", "Letter")
    on_letters = {
        letter.dossier_id: letter.due_new
        for letter in Letter.objects.filter(state="issued", due_new__isnull=False).order_by("number")
    }
    Dossier.objects.filter(due_now__gt=F("due_first")).update(due_promised=F("due_now"))
    late = Dossier.objects.filter(pk__in=list(on_letters), due_promised=None, reappointed_at__isnull=False)
    for dossier in late:
        dossier.due_promised = on_letters[dossier.pk]
        dossier.save(update_fields=["due_promised"])
    told = DossierChange.objects.filter(dossier__due_promised__isnull=False).select_related("dossier")
    stands = {}
    for change in list(told.order_by("dossier_id", "-pk")):
        after = stands.get(change.dossier_id) or {name: getattr(change.dossier, name) for name in _NAMES}
        before = {**after, **{name: _moment(change.before[name]) for name in _NAMES if name in change.before}}
        stands = {change.dossier_id: before}
        promised = [_promised(each, on_letters.get(change.dossier_id)) for each in (before, after)]
        if promised[0] != promised[1]:
            change.before["due_promised"], change.after["due_promised"] = map(_plain, promised)
            change.save(update_fields=["before", "after"])


def _promised(stood, on_letter):
    first, now = stood["due_first"], stood["due_now"]
    if first is not None and now is not None and now > first:
        return now
    return on_letter if stood["reappointed_at"] is not None else None


def _moment(value):
    return datetime.fromisoformat(value) if value else None


def _plain(moment):
    return moment and timezone.localtime(moment).isoformat()


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0004_letters_withdrawn_and_dates_promised")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
