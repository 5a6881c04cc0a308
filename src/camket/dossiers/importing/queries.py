"""Reading imports: the list of batches, one batch, its refused rows, saved ways of reading."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from camket.dossiers.importing.reading import Export
from camket.dossiers.importing.running import export_of
from camket.dossiers.models import Batch, DossierChange, RefusedRow, Software
from camket.org.policy import Actor, require


def batches(actor: Actor) -> QuerySet[Batch]:
    """Return the agency's imports, the newest first, each with ``to_mend``: its rows that are still refused."""
    require(actor, "dossier.view")
    still = RefusedRow.objects.filter(batch=OuterRef("pk"), state=RefusedRow.State.OPEN)
    counted = still.order_by().values("batch").annotate(count=Count("pk")).values("count")
    return (
        Batch.objects.filter(agency_id=actor.agency_id)
        .select_related("software", "created_by")
        .annotate(to_mend=Coalesce(Subquery(counted), 0))
        .order_by("-created_at", "-pk")
    )


def batch(actor: Actor, batch_id: int) -> Batch:
    """Return one import of the agency with ``to_mend``; raises Batch.DoesNotExist."""
    return batches(actor).select_related("file", "undone_by").get(pk=batch_id)


def latest(actor: Actor) -> Batch | None:
    """Return the import that shows the newest day."""
    done = Batch.objects.filter(agency_id=actor.agency_id, state=Batch.State.DONE)
    return done.order_by("-as_of", "-pk").first()


def imported_before(actor: Actor, sha256: str, *, but: int | None = None) -> Batch | None:
    """Return the import that brought the very same file in, if it still stands."""
    same = Batch.objects.filter(agency_id=actor.agency_id, sha256=sha256, state=Batch.State.DONE)
    same = same.exclude(origin=Batch.Origin.MENDED)
    if but is not None:
        same = same.exclude(pk=but)
    return same.select_related("created_by").order_by("-created_at").first()


def waiting(actor: Actor, sha256: str) -> Batch | None:
    """Return the import of the very same file that was received and waits for its columns or its start."""
    states = (Batch.State.MAPPING, Batch.State.CHECKING, Batch.State.CHECKED)
    same = Batch.objects.filter(agency_id=actor.agency_id, sha256=sha256, state__in=states)
    return same.order_by("-created_at").first()


def opened(actor: Actor, batch_id: int) -> Export:
    """Return the file of an import, opened, for the page of its columns; raises Batch.DoesNotExist, FileGone."""
    require(actor, "dossier.import")
    return export_of(Batch.objects.select_related("file").get(pk=batch_id, agency_id=actor.agency_id))


def refused_rows(
    actor: Actor, batch_id: int, *, state: str | None = RefusedRow.State.OPEN
) -> QuerySet[RefusedRow]:
    """Return the refused rows of an import in the order of the file; ``state`` None gives those settled too."""
    require(actor, "dossier.import")
    rows = RefusedRow.objects.filter(batch_id=batch_id, batch__agency_id=actor.agency_id)
    return (rows if state is None else rows.filter(state=state)).order_by("number")


def refused_counts(actor: Actor, batch_id: int) -> dict[str, int]:
    """Return how many refused rows of an import there are of each state, those without any left out."""
    rows = refused_rows(actor, batch_id, state=None).order_by().values_list("state")
    return dict(rows.annotate(Count("pk")))


def is_overtaken(actor: Actor, batch: Batch) -> bool:
    """Return whether another import ended or was undone after this one was checked: its figures may be others now."""
    if batch.beat_at is None:
        return False
    others = Batch.objects.filter(agency_id=actor.agency_id).exclude(pk=batch.pk)
    return others.filter(Q(ended_at__gt=batch.beat_at) | Q(undone_at__gt=batch.beat_at)).exists()


def settled_in(actor: Actor, batch_id: int) -> QuerySet[Batch]:
    """Return the later imports that told of refused rows' dossiers, each with how many as ``brought``, the first first."""
    require(actor, "dossier.import")
    mine = Batch.objects.filter(agency_id=actor.agency_id, settled_rows__batch_id=batch_id)
    return mine.annotate(brought=Count("settled_rows")).order_by("created_at", "pk")


def refused_row(actor: Actor, row_id: int) -> RefusedRow:
    """Return one refused row of the agency; raises RefusedRow.DoesNotExist."""
    require(actor, "dossier.import")
    return RefusedRow.objects.select_related("batch").get(pk=row_id, batch__agency_id=actor.agency_id)


def software(actor: Actor) -> QuerySet[Software]:
    """Return the saved ways of reading of the agency, by name, without those set aside."""
    require(actor, "dossier.import")
    return Software.objects.filter(agency_id=actor.agency_id, is_offered=True).order_by("name")


def touched(actor: Actor, batch_id: int) -> Sequence[int]:
    """Return how many dossiers undoing an import that is done removes, and how many it puts back.

    Those that it added it counted itself, with each step; raises Batch.DoesNotExist.
    """
    require(actor, "dossier.import")
    added = Batch.objects.values_list("added", flat=True).get(pk=batch_id, agency_id=actor.agency_id)
    changed = DossierChange.objects.filter(batch_id=batch_id, batch__agency_id=actor.agency_id)
    return added, changed.values("dossier_id").distinct().count()
