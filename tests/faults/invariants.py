"""What holds of every installation at every moment, whatever was killed, full or gone before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Count

from camket.actions.models import Action, Task, Trigger
from camket.core.registers import REGISTERS
from camket.documents.models import Evidence, StoredFile
from camket.documents.queries import path_of
from camket.dossiers import tally
from camket.dossiers.importing.undo import added_by
from camket.dossiers.models import Batch, Dossier, Field, Procedure
from camket.indicators.models import Reading
from camket.journal import queries as journal
from camket.journal.models import Entry
from camket.objectives.models import ObjectiveAction, Plan, Target
from camket.org.models import Agency
from camket.registers import tally as registers
from camket.registers.models import Batch as RegisterBatch
from camket.registers.models import Entry as RegisterEntry
from camket.registers.models import EntryCount
from camket.reporting.models import Report, UnitPart
from tallies import counted_plainly, kept

NATURAL_KEYS = (
    (StoredFile, ("agency", "sha256", "name")),
    (StoredFile, ("storage_name",)),
    (Task, ("action", "occurrence")),
    (Trigger, ("action", "event")),
    (Entry, ("agency", "sequence")),
    (Reading, ("indicator", "period_start", "period_end", "state")),
    (Dossier, ("agency", "code")),
    (RegisterEntry, ("agency", "register", "key")),
    (Report, ("subject", "plan", "unit", "kind", "period_start", "period_end", "version")),
)
REGISTER_CELL = ("day", "count", "unit_key", "kind", "mark")
WORK_WITHOUT_DATES = {"continuous"}


def violations() -> list[str]:
    """Return what is wrong, in words; an empty list where nothing is."""
    return [
        *_journal(),
        *_plans(),
        *_files(),
        *_duplicates(),
        *_reports(),
        *_parts_of_units(),
        *_evidence(),
        *_references(),
        *_dossiers(),
        *_registers(),
    ]


def _journal() -> Iterator[str]:
    for agency in Agency.objects.all():
        state = journal.verify(agency.pk)
        if not state.whole:
            yield f"the journal of {agency.code} is broken at {state.broken_at}"
    told = set(Entry.objects.values_list("verb", "subject_type", "subject_id"))
    for plan in Plan.objects.all():
        begun = {"plan.imported", "plan.created", "plan.copied", "plan.amendment_begun"}
        if not any((verb, "objectives.plan", plan.pk) in told for verb in begun):
            yield f"the journal does not tell how plan {plan.pk} began"
        settled = {"plan.promulgated", "plan.recorded_signed"}
        is_told = any((verb, "objectives.plan", plan.pk) in told for verb in settled)
        if is_told != (plan.promulgated_at is not None):
            yield f"plan {plan.pk} and the journal differ on whether it came into force"
    for file in StoredFile.objects.all():
        if ("file.stored", "documents.storedfile", file.pk) not in told:
            yield f"the journal does not tell of file {file.pk}"


def _plans() -> Iterator[str]:
    for plan in Plan.objects.all():
        is_in_force = plan.state == Plan.State.PROMULGATED
        if is_in_force and not (plan.number and plan.decided_on and plan.promulgated_at):
            yield f"plan {plan.pk} is in force without its decision"
        if is_in_force and Target.objects.filter(objective__plan=plan, indicator=None).exists():
            yield f"plan {plan.pk} is in force with a target that no indicator measures"
        actions = Action.objects.filter(
            pk__in=ObjectiveAction.objects.filter(objective__plan=plan).values("action")
        ).annotate(tasks_made=Count("tasks", distinct=True), events=Count("triggers", distinct=True))
        for action in actions:
            kinds = {entry["kind"] for entry in action.schedule}
            if is_in_force and action.state != Action.State.ACTIVE:
                yield f"plan {plan.pk} is in force and its action {action.pk} is not"
            if is_in_force and "on_event" in kinds and not action.events:
                yield f"action {action.pk} in force waits for no event"
            if is_in_force and kinds - {"on_event"} - WORK_WITHOUT_DATES and not action.tasks_made:
                yield f"action {action.pk} in force has no task"
            if plan.promulgated_at is None and action.continues_id is None and action.tasks_made:
                yield f"action {action.pk} of a plan that never came into force has tasks"
    doubles = (
        Plan.objects.filter(source_file__isnull=False)
        .exclude(state=Plan.State.DISCARDED)
        .values("agency", "source_file__sha256")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    )
    if doubles:
        yield "one file was brought in twice"
    years = (
        Plan.objects.filter(state=Plan.State.PROMULGATED)
        .values("agency", "year")
        .annotate(times=Count("pk"))
        .filter(times__gt=1)
    )
    if years:
        yield "two plans of a year are in force"


def _files() -> Iterator[str]:
    for file in StoredFile.objects.all():
        path = path_of(file.storage_name)
        if not path.exists():
            yield f"file {file.pk} is not there"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            yield f"file {file.pk} is not what was kept"


def unfinished() -> list[Path]:
    """Return files that somebody began to write and that bear no name yet."""
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.suffix == ".part"]


def _duplicates() -> Iterator[str]:
    for model, fields in NATURAL_KEYS:
        rows = model.objects.all()
        if model is Reading:
            rows = rows.exclude(state=Reading.State.WITHDRAWN)
        if rows.values(*fields).annotate(times=Count("pk")).filter(times__gt=1).exists():
            yield f"{model._meta.label} has the same {fields} twice"


def _reports() -> Iterator[str]:
    for report in Report.objects.all():
        is_issued = report.state in {Report.State.ISSUED, Report.State.REPLACED}
        whole = bool(report.docx_id and report.pdf_id and report.snapshot and report.number)
        if is_issued != whole:
            yield f"report {report.pk} is {report.state} and is {'whole' if whole else 'not whole'}"


def _parts_of_units() -> Iterator[str]:
    """A unit that has issued its report on a period is not asked for its part any more."""
    for report in Report.objects.filter(state=Report.State.ISSUED, unit__isnull=False):
        waiting = UnitPart.objects.filter(
            unit=report.unit, report__plan=report.plan, report__period_end=report.period_end, state="asked"
        )
        if waiting.exists():
            yield f"report {report.pk} is issued and its unit is still asked for the same"


def _evidence() -> Iterator[str]:
    for evidence in Evidence.objects.filter(kind=Evidence.Kind.FILE, file=None):
        yield f"evidence {evidence.pk} has no file"
    for task in Task.objects.filter(state__in=[Task.State.SUBMITTED, Task.State.ACCEPTED]):
        if not task.notes.exists():
            yield f"task {task.pk} is {task.state} and nobody said so"


def _dossiers() -> Iterator[str]:
    """Counts are those of the dossiers that are there, and batches tell what they brought."""
    for agency in Agency.objects.all():
        rows = Dossier.objects.filter(agency=agency)
        if kept(agency.pk) != counted_plainly(tally.facts_of(each) for each in rows):
            yield f"the counts of {agency.code} are not those of its dossiers"
    for batch in Batch.objects.filter(state__in=[Batch.State.RUNNING, Batch.State.DONE, Batch.State.FAILED]):
        if batch.added != Dossier.objects.filter(first_batch=batch).count():
            yield f"import {batch.pk} tells of {batch.added} dossiers that are not there"
        if batch.added != sum(added_by(batch, span).count() for span in batch.spans):
            yield f"import {batch.pk} does not find what it added by {batch.spans}"
    pointed = {"procedure": Procedure, "field": Field, "first_batch": Batch, "last_batch": Batch}
    for name, model in pointed.items():
        if Dossier.objects.exclude(**{f"{name}_id__in": model.objects.values("pk")}).exists():
            yield f"a dossier points to a {name} that is not there"


def _registers() -> Iterator[str]:
    for agency_id, register in RegisterEntry.objects.values_list("agency_id", "register").distinct():
        entries = RegisterEntry.objects.filter(agency_id=agency_id, register=register)
        counts = EntryCount.objects.filter(agency_id=agency_id, register=register).exclude(number=0)
        held = {tuple(each[:5]): each[5] for each in counts.values_list(*REGISTER_CELL, "number")}
        plain = registers.cells_of(
            entries, REGISTERS[register], registers.items_of(agency_id, REGISTERS[register])
        )
        if held != dict(plain):
            yield f"the counts of the register {register} differ from a plain count"
    for batch in RegisterBatch.objects.all():
        if batch.entries.count() != batch.added:
            yield f"spreadsheet {batch.pk} says that it added {batch.added} entries, and has {batch.entries.count()}"


def _references() -> Iterator[str]:
    """Check what the database itself promises: foreign keys, and on SQLite the file's own pages."""
    connection.check_constraints()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            (state,) = cursor.fetchone()
        if state != "ok":
            yield f"the database file is damaged: {state}"


def figures() -> dict[str, int]:
    """Return how many rows every table of the product has, and how often each verb stands in the journal."""
    rows = {
        model._meta.label: model.objects.count()
        for model in apps.get_models()
        if model.__module__.startswith("camket.") and model._meta.label != "jobs.Job"
    }
    verbs = Entry.objects.values("verb").annotate(times=Count("pk")).values_list("verb", "times")
    return rows | dict(verbs)
