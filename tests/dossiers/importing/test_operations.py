"""Bringing a file in: received, mapped, checked, imported, mended, undone; refusals change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from camket.documents.models import StoredFile
from camket.documents.queries import path_of
from camket.dossiers.importing import operations, queries, running
from camket.dossiers.importing import undo as undoing
from camket.dossiers.importing.operations import (
    BatchNotReady,
    DayNotPossible,
    Installation,
    RowSettled,
    RowStillRefused,
)
from camket.dossiers.importing.undo import UndoRefused, added_by
from camket.dossiers.models import Batch, Dossier, DossierChange, RefusedRow, Software
from camket.journal import queries as journal
from camket.journal.models import Entry
from camket.org.policy import NotAllowed
from dossiers.importing.exports import OPEN, RIGHT, WRONG, csv
from people import People, make_people
from procedures import make_procedure
from tallies import kept

pytestmark = pytest.mark.django_db

NOW = timezone.make_aware(datetime(2026, 7, 1, 8, 0))
DAY = date(2026, 6, 30)


def clock() -> datetime:
    return NOW


@pytest.fixture
def people() -> People:
    return make_people()


def received(people: People, *rows: Sequence[str], as_of: date = DAY, name: str = "ho-so.csv") -> Batch:
    return operations.receive_file(actor=people.an, name=name, data=csv(*rows), as_of=as_of, now=NOW)


def mapped(people: People, batch: Batch) -> Batch:
    reading = batch.reading
    return operations.set_mapping(
        actor=people.an, batch_id=batch.pk, mapping=reading["mapping"], words=reading["words"], now=NOW, clock=clock
    )  # fmt: skip


def imported(people: People, *rows: Sequence[str], as_of: date = DAY) -> Batch:
    batch = mapped(people, received(people, *rows, as_of=as_of))
    return operations.start_import(actor=people.an, batch_id=batch.pk, now=NOW, clock=clock)


def verbs(agency_id: int) -> list[str]:
    return list(Entry.objects.filter(agency_id=agency_id).order_by("sequence").values_list("verb", flat=True))


def test_a_file_is_received_checked_and_imported(people: People) -> None:
    batch = received(people, RIGHT, OPEN, WRONG)
    assert (batch.state, batch.total_rows) == (Batch.State.MAPPING, 3)
    assert batch.reading["mapping"]["code"] == "Số hồ sơ"
    checked = mapped(people, batch)
    assert (checked.state, checked.added, checked.changed, checked.same, checked.refused) == (
        "checked",
        2,
        0,
        0,
        1,
    )
    assert not Dossier.objects.exists()
    assert kept(people.agency.pk) == {}
    told = checked.reading["preview"]
    assert [each["code"] for each in told["additions"]] == [RIGHT[0], OPEN[0]]
    assert [reason["cell"] for each in told["refusals"] for reason in each["reasons"]] == ["F4"]
    done = operations.start_import(actor=people.an, batch_id=batch.pk, now=NOW, clock=clock)
    assert (done.state, done.added, done.refused, done.done_rows) == (Batch.State.DONE, 2, 1, 4)
    assert "preview" not in done.reading
    assert set(Dossier.objects.values_list("code", flat=True)) == {RIGHT[0], OPEN[0]}
    assert verbs(people.agency.pk) == [
        "file.stored",
        "dossiers.file_received",
        "dossiers.import_started",
        "dossiers.imported",
    ]
    assert journal.verify(people.agency.pk).whole


def test_a_check_names_what_the_catalogue_lacks_and_tells_a_wrong_date_once(people: People) -> None:
    make_procedure(people.agency)
    known = (RIGHT[0], "", *RIGHT[2:3], "Lĩnh vực mới", *RIGHT[4:])
    wrong = tuple("01/05/2026" if at == 7 else cell for at, cell in enumerate(OPEN[:8])) + ("Đã trả kết quả",)
    data = csv(known, wrong).decode().replace("Ngày có kết quả", "Ngày trả kết quả").encode()
    batch = operations.receive_file(actor=people.an, name="so.csv", data=data, as_of=DAY, now=NOW)
    told = mapped(people, batch).reading["preview"]
    assert told["procedures"] == []
    assert [[reason["cell"] for reason in each["reasons"]] for each in told["refusals"]] == [["H3"]]


def test_the_journal_holds_no_personal_data_of_applicants(people: People) -> None:
    imported(people, RIGHT, OPEN)
    told = repr(list(Entry.objects.values("before", "after", "subject_label", "reason")))
    assert "Mận" not in told
    assert "Đào" not in told


def test_the_same_file_again_is_known_and_changes_nothing(people: People) -> None:
    first = imported(people, RIGHT, OPEN)
    before = kept(people.agency.pk)
    again = received(people, RIGHT, OPEN)
    assert queries.imported_before(people.an, again.sha256, but=again.pk) == first
    assert StoredFile.objects.count() == 1
    mapped(people, again)
    done = operations.start_import(actor=people.an, batch_id=again.pk, now=NOW, clock=clock)
    assert (done.added, done.changed, done.same) == (0, 0, 2)
    assert kept(people.agency.pk) == before


def test_a_saved_way_of_reading_is_found_by_its_headings(people: People) -> None:
    batch = received(people, RIGHT)
    words = {"state": {"Xong rồi": "done"}}
    operations.set_mapping(
        actor=people.an, batch_id=batch.pk, mapping=batch.reading["mapping"], words=words,
        save_as="Một cửa Đông Giang", now=NOW, clock=clock,
    )  # fmt: skip
    assert Software.objects.get().name == "Một cửa Đông Giang"
    again = received(people, RIGHT, OPEN)
    assert again.software == Software.objects.get()
    assert again.reading["words"] == words


def test_a_day_to_come_is_refused_and_nothing_is_kept(people: People) -> None:
    with pytest.raises(DayNotPossible):
        received(people, RIGHT, as_of=NOW.date() + timedelta(days=1))
    assert not Batch.objects.exists()
    assert not StoredFile.objects.exists()


def test_who_may_not_import_is_refused(people: People) -> None:
    with pytest.raises(NotAllowed):
        operations.receive_file(actor=people.binh, name="a.csv", data=csv(RIGHT), as_of=DAY, now=NOW)
    batch = received(people, RIGHT)
    with pytest.raises(Batch.DoesNotExist):
        operations.discard_batch(actor=people.chi, batch_id=batch.pk, now=NOW)
    with pytest.raises(Batch.DoesNotExist):
        queries.batch(people.chi, batch.pk)


def test_a_discarded_file_leaves_nothing(people: People) -> None:
    batch = mapped(people, received(people, RIGHT, WRONG))
    place = path_of(StoredFile.objects.get().storage_name)
    assert place.exists()
    operations.discard_batch(actor=people.an, batch_id=batch.pk, now=NOW)
    batch.refresh_from_db()
    assert (batch.state, batch.file, batch.reading) == (Batch.State.DISCARDED, None, {})
    assert not StoredFile.objects.exists()
    assert not Dossier.objects.exists()
    assert not RefusedRow.objects.exists()
    with pytest.raises(BatchNotReady):
        operations.start_import(actor=people.an, batch_id=batch.pk, now=NOW, clock=clock)


def test_a_mended_row_goes_in_and_can_be_undone_by_itself(people: People) -> None:
    batch = imported(people, RIGHT, WRONG)
    refused = queries.refused_rows(people.an, batch.pk).get()
    assert refused.cells["Ngày tiếp nhận"] == "31/02/2026"
    cells = {**refused.cells, "Ngày tiếp nhận": "30/02/2026"}
    with pytest.raises(RowStillRefused) as again:
        operations.mend_row(actor=people.an, row_id=refused.pk, cells=cells, now=NOW)
    assert again.value.refused.reasons[0].field == "received_at"
    refused.refresh_from_db()
    assert (refused.state, refused.cells["Ngày tiếp nhận"]) == (RefusedRow.State.OPEN, "30/02/2026")
    before = kept(people.agency.pk)
    cells["Ngày tiếp nhận"] = "03/06/2026"
    mended = operations.mend_row(actor=people.an, row_id=refused.pk, cells=cells, now=NOW).batch
    assert mended is not None
    assert (mended.origin, mended.state, mended.added) == (Batch.Origin.MENDED, Batch.State.DONE, 1)
    assert Dossier.objects.get(code=WRONG[0]).first_batch == mended
    with pytest.raises(RowSettled):
        operations.mend_row(actor=people.an, row_id=refused.pk, cells=cells, now=NOW)
    operations.undo_batch(actor=people.an, batch_id=mended.pk, now=NOW, clock=clock)
    assert kept(people.agency.pk) == before
    assert not Dossier.objects.filter(code=WRONG[0]).exists()


def test_a_word_explained_once_mends_every_row_that_lacked_it(people: People) -> None:
    strange = (*OPEN[:-1], "Chuyển chuyên viên thụ lý hồ sơ ABC")
    other = ("H26.1-260602-0009", *strange[1:])
    batch = imported(people, RIGHT, strange, other)
    assert batch.refused == 2
    mended = operations.mend_word(
        actor=people.an, batch_id=batch.pk, field="state", word=strange[-1], meaning="processing", now=NOW
    )
    assert (mended.rows, mended.older, mended.has_more) == (2, 0, False)
    assert not queries.refused_rows(people.an, batch.pk).exists()
    assert Dossier.objects.get(code=other[0]).state == 4


def strange_rows(number: int) -> list[tuple[str, ...]]:
    return [
        (f"H26.1-260602-{place:04d}", *OPEN[1:-1], "Chuyển chuyên viên thụ lý")
        for place in range(1, number + 1)
    ]


def explained(people: People, batch: Batch) -> operations.Mended:
    return operations.mend_word(
        actor=people.an, batch_id=batch.pk, field="state", word="Chuyển chuyên viên thụ lý",
        meaning="processing", now=NOW,
    )  # fmt: skip


def test_a_word_of_many_rows_mends_some_at_a_time_and_goes_on(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = imported(people, RIGHT, *strange_rows(7))
    monkeypatch.setattr(operations, "_MENDED_IN_ONE", 2)
    monkeypatch.setattr(operations, "MENDED_AT_ONCE", 4)
    first = explained(people, batch)
    assert (first.rows, first.has_more) == (4, True)
    assert Dossier.objects.count() == 5
    second = explained(people, batch)
    assert (second.rows, second.has_more) == (3, False)
    assert not queries.refused_rows(people.an, batch.pk).exists()
    assert Entry.objects.filter(verb="dossiers.rows_mended").count() == 4
    assert Batch.objects.filter(origin=Batch.Origin.MENDED).get().added == 7


def test_a_word_cut_off_in_its_midst_leaves_whole_steps_and_goes_on(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = imported(people, *strange_rows(5))
    monkeypatch.setattr(operations, "_MENDED_IN_ONE", 2)
    whole, calls = operations.running.apply_rows, []

    def dies(**given: Any) -> Any:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(**given)

    monkeypatch.setattr(operations.running, "apply_rows", dies)
    with pytest.raises(KeyboardInterrupt):
        explained(people, batch)
    assert (Dossier.objects.count(), queries.refused_rows(people.an, batch.pk).count()) == (2, 3)
    assert explained(people, batch).rows == 3
    assert Dossier.objects.count() == 5


def test_two_rows_of_one_dossier_do_not_go_in_one_after_the_other(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = imported(people, *strange_rows(3))
    first = RefusedRow.objects.order_by("number").first()
    assert first is not None
    RefusedRow.objects.create(
        batch=batch, number=99, reasons=first.reasons, cells={**first.cells, "Ngày tiếp nhận": "05/06/2026"}
    )
    monkeypatch.setattr(operations, "_MENDED_IN_ONE", 2)
    assert explained(people, batch).rows == 3
    assert queries.refused_rows(people.an, batch.pk).get().number == 99


def test_a_mended_row_that_a_later_export_knows_says_so(people: People) -> None:
    batch = imported(people, RIGHT, WRONG, as_of=date(2026, 6, 10))
    refused = queries.refused_rows(people.an, batch.pk).get()
    fixed = {**refused.cells, "Ngày tiếp nhận": "03/06/2026"}
    imported(people, (WRONG[0], *OPEN[1:]), as_of=date(2026, 6, 20))
    RefusedRow.objects.update(state=RefusedRow.State.OPEN)
    before = Dossier.objects.get(code=WRONG[0])
    mended = operations.mend_row(actor=people.an, row_id=refused.pk, cells=fixed, now=NOW)
    assert (mended.rows, mended.older, mended.same) == (1, 1, 0)
    after = Dossier.objects.get(code=WRONG[0])
    assert (after.state, after.last_batch_id) == (before.state, before.last_batch_id)


def test_a_row_set_aside_is_not_asked_for_again(people: People) -> None:
    batch = imported(people, WRONG)
    refused = queries.refused_rows(people.an, batch.pk).get()
    with pytest.raises(BatchNotReady):
        operations.drop_batch_file(actor=people.an, batch_id=batch.pk, now=NOW)
    operations.drop_row(actor=people.an, row_id=refused.pk, now=NOW)
    assert not queries.refused_rows(people.an, batch.pk).exists()
    operations.drop_batch_file(actor=people.an, batch_id=batch.pk, now=NOW)
    assert not StoredFile.objects.exists()


def test_an_import_is_undone_and_its_dossiers_are_what_they_were(people: People) -> None:
    imported(people, RIGHT, OPEN, as_of=date(2026, 6, 10))
    before = kept(people.agency.pk)
    later = (*OPEN[:7], "04/06/2026", "Đã trả kết quả")
    second = imported(people, RIGHT, later, (*OPEN[:0], "H26.1-260610-0005", *OPEN[1:]))
    assert (second.added, second.changed, second.same) == (1, 1, 1)
    assert queries.touched(people.an, second.pk) == (1, 1)
    undone = operations.undo_batch(actor=people.an, batch_id=second.pk, now=NOW, clock=clock)
    assert (undone.state, undone.undone_by_id) == (Batch.State.UNDONE, people.an.person_id)
    assert kept(people.agency.pk) == before
    assert Dossier.objects.get(code=OPEN[0]).state == 4
    assert not DossierChange.objects.exists()
    assert journal.verify(people.agency.pk).whole


def test_an_import_under_a_later_one_is_not_undone(people: People) -> None:
    first = imported(people, OPEN, as_of=date(2026, 6, 10))
    imported(people, (*OPEN[:7], "04/06/2026", "Đã trả kết quả"))
    before = kept(people.agency.pk)
    with pytest.raises(UndoRefused, match=OPEN[0]):
        operations.undo_batch(actor=people.an, batch_id=first.pk, now=NOW, clock=clock)
    first.refresh_from_db()
    assert first.state == Batch.State.DONE
    assert kept(people.agency.pk) == before


def test_what_an_import_added_is_found_by_its_ids_and_no_other(people: People) -> None:
    first = imported(people, RIGHT, as_of=date(2026, 6, 10))
    second = imported(people, RIGHT, OPEN, ("H26.1-260610-0005", *OPEN[1:]))
    ids = dict(Dossier.objects.values_list("code", "pk"))
    assert first.spans == [[ids[RIGHT[0]]] * 2]
    assert second.spans == [[ids[OPEN[0]], ids["H26.1-260610-0005"]]]
    second.spans = [[ids[RIGHT[0]], ids["H26.1-260610-0005"]]]  # as of an import that ran beside another
    assert {each.code for each in added_by(second, second.spans[0])} == {OPEN[0], "H26.1-260610-0005"}
    if connection.vendor == "postgresql":  # which reads a table of three rows whole
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = added_by(second, second.spans[0]).order_by("pk").explain()
    assert "dossiers_dossier_pkey" in plan or "USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in plan


def test_an_import_undone_in_pieces_forgets_what_is_gone(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "_AT_ONCE", 1)
    batch = imported(people, RIGHT, OPEN)
    left = []
    monkeypatch.setattr(
        undoing, "let_others_write", lambda: left.append(Batch.objects.get(pk=batch.pk).spans)
    )
    undone = operations.undo_batch(actor=people.an, batch_id=batch.pk, now=NOW, clock=clock)
    [[_first, last]] = batch.spans
    assert left == [[[last, last]], []]
    assert (undone.state, undone.spans, Dossier.objects.exists()) == (Batch.State.UNDONE, [], False)


def test_large_files_wait_for_the_job(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "SMALL", 1)
    batch = mapped(people, received(people, RIGHT, OPEN))
    assert batch.state == Batch.State.CHECKING
    assert operations.run_waiting(clock=clock) == 1
    batch.refresh_from_db()
    assert (batch.state, batch.added) == (Batch.State.CHECKED, 2)
    batch = operations.start_import(actor=people.an, batch_id=batch.pk, now=NOW, clock=clock)
    assert batch.state == Batch.State.QUEUED
    operations.run_waiting(clock=clock)
    batch.refresh_from_db()
    assert (batch.state, batch.added) == (Batch.State.DONE, 2)
    batch = operations.undo_batch(actor=people.an, batch_id=batch.pk, now=NOW, clock=clock)
    assert batch.state == Batch.State.UNDOING
    operations.run_waiting(clock=clock)
    assert not Dossier.objects.exists()
    assert operations.run_waiting(clock=clock) == 0


def test_a_batch_that_shows_life_is_left_to_who_runs_it(people: People) -> None:
    batch = mapped(people, received(people, RIGHT))
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.RUNNING, beat_at=NOW)
    assert operations.run_waiting(clock=clock) == 0
    assert operations.run_waiting(clock=lambda: NOW + timedelta(minutes=2)) == 1
    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE


def test_a_file_that_is_gone_stops_the_import_with_the_reason(people: People) -> None:
    batch = mapped(people, received(people, RIGHT))
    path_of(StoredFile.objects.get().storage_name).unlink()
    stopped = operations.start_import(actor=people.an, batch_id=batch.pk, now=NOW, clock=clock)
    assert stopped.state == Batch.State.FAILED
    assert stopped.error["message"] == running.FILE_LOST


def test_the_command_line_acts_for_the_installation(people: People, tmp_path: Path) -> None:
    source = tmp_path / "xuat.csv"
    source.write_bytes(csv(RIGHT))
    who = Installation(people.agency.pk)
    batch = operations.receive_file(actor=who, name=source.name, path=source, as_of=DAY, now=NOW)
    operations.set_mapping(
        actor=who, batch_id=batch.pk, mapping=batch.reading["mapping"], words={}, is_checked=False, now=NOW,
        clock=clock,
    )  # fmt: skip
    done = operations.start_import(actor=who, batch_id=batch.pk, now=NOW, clock=clock)
    assert (done.state, done.created_by) == (Batch.State.DONE, None)
    assert source.exists()
    assert Entry.objects.filter(by_id=None, verb="dossiers.imported").count() == 1


def test_rows_of_an_undone_mending_are_to_be_mended_once_more(people: People) -> None:
    batch = imported(people, RIGHT, WRONG)
    refused = queries.refused_rows(people.an, batch.pk).get()
    cells = {**refused.cells, "Ngày tiếp nhận": "03/06/2026"}
    mended = operations.mend_row(actor=people.an, row_id=refused.pk, cells=cells, now=NOW).batch
    assert mended is not None
    operations.undo_batch(actor=people.an, batch_id=mended.pk, now=NOW, clock=clock)
    assert queries.refused_rows(people.an, batch.pk).get() == refused
    operations.mend_row(actor=people.an, row_id=refused.pk, cells=cells, now=NOW)
    assert Dossier.objects.filter(code=WRONG[0]).exists()


def test_a_refused_row_that_a_later_file_brings_in_is_settled_until_that_is_undone(people: People) -> None:
    batch = imported(people, RIGHT, WRONG)
    refused = queries.refused_rows(people.an, batch.pk).get()
    right_now = tuple("03/06/2026" if cell == "31/02/2026" else cell for cell in WRONG)
    later = imported(people, RIGHT, right_now)
    assert (later.added, later.same) == (1, 1)
    assert not queries.refused_rows(people.an, batch.pk).exists()
    refused.refresh_from_db()
    assert (refused.state, refused.settled_in) == (RefusedRow.State.MENDED, later)
    assert [(each.pk, each.brought) for each in queries.settled_in(people.an, batch.pk)] == [(later.pk, 1)]
    assert "dossiers.rows_settled" in verbs(people.agency.pk)
    operations.undo_batch(actor=people.an, batch_id=later.pk, now=NOW, clock=clock)
    assert queries.refused_rows(people.an, batch.pk).get() == refused
    assert not queries.settled_in(people.an, batch.pk)


def test_a_refused_row_is_settled_by_a_later_file_that_tells_what_was_known_before(people: People) -> None:
    imported(people, RIGHT, as_of=date(2026, 6, 28))
    faulty = tuple("31/02/2026" if at == 7 else cell for at, cell in enumerate(RIGHT))
    batch = imported(people, faulty, as_of=date(2026, 6, 29))
    refused = queries.refused_rows(people.an, batch.pk).get()
    older = imported(people, RIGHT, OPEN, as_of=date(2026, 6, 27))
    assert (older.added, older.same) == (1, 1)
    assert queries.refused_rows(people.an, batch.pk).get() == refused
    later = imported(people, RIGHT)
    assert (later.changed, later.same) == (0, 1)
    assert not queries.refused_rows(people.an, batch.pk).exists()
    operations.undo_batch(actor=people.an, batch_id=later.pk, now=NOW, clock=clock)
    assert queries.refused_rows(people.an, batch.pk).get() == refused


def test_a_refused_row_waits_while_later_files_bring_in_others(people: People) -> None:
    batch = imported(people, WRONG)
    imported(people, RIGHT)
    assert queries.refused_rows(people.an, batch.pk).exists()


def test_nothing_is_written_while_an_import_is_undone(people: People) -> None:
    first = imported(people, RIGHT, OPEN, WRONG, as_of=date(2026, 6, 10))
    finished = mapped(people, received(people, (*OPEN[:7], "04/06/2026", "Đã trả kết quả")))
    Batch.objects.filter(pk=first.pk).update(state=Batch.State.UNDOING, beat_at=None)
    waiting = operations.start_import(actor=people.an, batch_id=finished.pk, now=NOW, clock=clock)
    assert (waiting.state, waiting.done_rows) == (Batch.State.QUEUED, 0)
    refused = queries.refused_rows(people.an, first.pk).get()
    cells = {**refused.cells, "Ngày tiếp nhận": "03/06/2026"}
    with pytest.raises(running.UndoUnderWay):
        operations.mend_row(actor=people.an, row_id=refused.pk, cells=cells, now=NOW)
    assert not DossierChange.objects.exists()
    assert operations.run_waiting(clock=clock) == 2
    assert list(Dossier.objects.values_list("code", "state")) == [(OPEN[0], 10)]
    waiting.refresh_from_db()
    assert (waiting.state, waiting.added) == (Batch.State.DONE, 1)


def test_what_lies_ahead_is_refused_and_mended(people: People) -> None:
    ahead = (*RIGHT[:7], "02/07/2026", RIGHT[8])
    batch = imported(people, ahead, OPEN)
    assert (batch.added, batch.refused) == (1, 1)
    refused = queries.refused_rows(people.an, batch.pk).get()
    assert [(each["field"], each["params"]["today"]) for each in refused.reasons] == [
        ("finished_at", "01/07/2026")
    ]
    with pytest.raises(RowStillRefused):
        operations.mend_row(actor=people.an, row_id=refused.pk, cells=refused.cells, now=NOW)
    operations.mend_row(actor=people.an, row_id=refused.pk, cells=refused.cells, now=NOW + timedelta(days=1))
    assert queries.refused_counts(people.an, batch.pk) == {"mended": 1}


def test_what_nobody_foresaw_stops_an_import_and_is_told(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = mapped(people, received(people, RIGHT, OPEN))
    with monkeypatch.context() as patch:
        patch.setattr(running.Import, "write", lambda *_args, **_how: 1 // 0)
        stopped = operations.start_import(actor=people.an, batch_id=batch.pk, now=NOW, clock=clock)
    assert (stopped.state, stopped.error["message"]) == (Batch.State.FAILED, running.UNFORESEEN)
    done = operations.start_import(actor=people.an, batch_id=batch.pk, now=NOW, clock=clock)
    assert (done.state, done.added) == (Batch.State.DONE, 2)
