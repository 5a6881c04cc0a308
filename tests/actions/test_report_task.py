"""Progress, evidence, submission, acceptance and return."""

from __future__ import annotations

from datetime import date

import pytest

from camket.actions import operations
from camket.actions.models import Task
from camket.documents.models import Evidence
from camket.documents.operations import EvidenceRefused, FileRefused, NewEvidence, withdraw_evidence
from camket.journal.models import Entry
from camket.journal.queries import history
from camket.org.policy import NotAllowed
from people import People
from work import NOW, PDF, at, make_task, submitted_task, unit_of

REPORT = NewEvidence(
    kind="document", title="Báo cáo", document_number="12/BC-UBND", document_date=date(2026, 6, 30)
)
SCAN = NewEvidence(kind="file", data=PDF, name="quy-trinh.pdf", content_type="application/pdf")


def state_of(task: Task) -> tuple[object, ...]:
    task.refresh_from_db()
    return task.state, task.progress, task.result, task.submitted_by_id, task.done_on, task.notes.count()


def test_progress_is_kept_with_its_note(people: People) -> None:
    task = make_task(people)
    operations.record_progress(
        actor=people.binh, task_id=task.pk, progress=40, note="Đang lấy ý kiến", now=NOW
    )
    task.refresh_from_db()
    assert task.progress == 40
    note = task.notes.get()
    assert (note.kind, note.text, note.by_id) == ("progress", "40%: Đang lấy ý kiến", people.binh.person_id)
    entry = Entry.objects.get(verb="task.progressed")
    assert (entry.before, entry.after, entry.reason) == ({"progress": 0}, {"progress": 40}, "Đang lấy ý kiến")


@pytest.mark.parametrize(
    ("progress", "note", "refusal"),
    [
        (101, "x", operations.ProgressOutOfRange),
        (-1, "x", operations.ProgressOutOfRange),
        (0, " ", operations.TextMissing),
    ],
)
def test_progress_is_refused(people: People, progress: int, note: str, refusal: type[Exception]) -> None:
    task = make_task(people)
    before = state_of(task)
    with pytest.raises(refusal):
        operations.record_progress(actor=people.binh, task_id=task.pk, progress=progress, note=note, now=NOW)
    assert state_of(task) == before


def test_progress_of_a_submitted_task_is_refused(people: People) -> None:
    task = submitted_task(people)
    with pytest.raises(operations.TaskClosed):
        operations.record_progress(actor=people.binh, task_id=task.pk, progress=10, note="x", now=NOW)


def test_a_submission_brings_result_and_evidence(people: People) -> None:
    task = make_task(people)
    operations.submit_task(
        actor=people.binh, task_id=task.pk, result="Đã ban hành.", evidence=[SCAN, REPORT], now=NOW
    )
    task.refresh_from_db()
    assert (task.state, task.result, task.progress) == ("submitted", "Đã ban hành.", 0)
    assert (task.submitted_by_id, task.submitted_at) == (people.binh.person_id, NOW)
    assert set(task.evidence.values_list("kind", flat=True)) == {"file", "document"}
    verbs = list(Entry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs[-1] == "task.submitted"
    assert verbs.count("task.evidence_added") == 2


def test_evidence_alone_is_enough(people: People) -> None:
    task = make_task(people)
    operations.submit_task(actor=people.binh, task_id=task.pk, result="", evidence=[REPORT], now=NOW)
    assert state_of(task)[0] == "submitted"


def test_a_submission_without_anything_is_refused(people: People) -> None:
    task = make_task(people)
    before = state_of(task)
    with pytest.raises(operations.ResultMissing):
        operations.submit_task(actor=people.binh, task_id=task.pk, result=" ", now=NOW)
    assert state_of(task) == before


@pytest.mark.parametrize(
    ("evidence", "refusal"),
    [
        (NewEvidence(kind="file", data=b"MZ\x90\x00", name="a.exe"), FileRefused),
        (NewEvidence(kind="link", url="javascript:alert(1)"), EvidenceRefused),
    ],
)
def test_bad_evidence_refuses_the_whole_submission(
    people: People, evidence: NewEvidence, refusal: type[Exception]
) -> None:
    task = make_task(people)
    before = state_of(task)
    with pytest.raises(refusal):
        operations.submit_task(
            actor=people.binh, task_id=task.pk, result="Xong", evidence=[REPORT, evidence], now=NOW
        )
    assert state_of(task) == before
    assert not Evidence.objects.exists()


def test_a_second_submission_is_refused(people: People) -> None:
    task = submitted_task(people)
    with pytest.raises(operations.TaskClosed):
        operations.submit_task(actor=people.binh, task_id=task.pk, result="Lại", now=NOW)


@pytest.mark.parametrize("who", ["binh", "dung", "an"])
def test_members_of_the_unit_and_the_secretary_submit(people: People, who: str) -> None:
    task = make_task(people)
    operations.submit_task(actor=getattr(people, who), task_id=task.pk, result="Xong", now=NOW)
    assert state_of(task)[0] == "submitted"


def test_another_lead_of_the_action_submits(people: People) -> None:
    task = make_task(people, lead=unit_of(people, 2))
    task.action.bodies.create(part="lead", text="Phòng Kinh tế", unit=unit_of(people, 1), order=1)
    operations.submit_task(actor=people.binh, task_id=task.pk, result="Xong", now=NOW)
    assert state_of(task)[0] == "submitted"


def test_everybody_belongs_to_all_sections(people: People) -> None:
    whole = people.agency.units.create(name="Các đơn vị thuộc xã", kind="all", order=9)
    task = make_task(people, lead=whole)
    operations.submit_task(actor=people.binh, task_id=task.pk, result="Xong", now=NOW)
    assert state_of(task)[0] == "submitted"


def test_other_units_do_not_report(people: People) -> None:
    task = make_task(people, lead=unit_of(people, 2), support=unit_of(people, 1))
    before = state_of(task)
    for call in (
        lambda: operations.submit_task(actor=people.binh, task_id=task.pk, result="Xong", now=NOW),
        lambda: operations.record_progress(actor=people.binh, task_id=task.pk, progress=5, note="", now=NOW),
        lambda: operations.attach_evidence(actor=people.binh, task_id=task.pk, evidence=[REPORT], now=NOW),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert state_of(task) == before


def test_a_stranger_finds_no_task(people: People) -> None:
    task = submitted_task(people)
    before = state_of(task)
    chi = {"actor": people.chi, "task_id": task.pk, "now": NOW}
    for call in (
        lambda: operations.record_progress(progress=5, note="x", **chi),
        lambda: operations.attach_evidence(evidence=[REPORT], **chi),
        lambda: operations.submit_task(result="x", **chi),
        lambda: operations.accept_task(**chi),
        lambda: operations.return_task(reason="x", **chi),
        lambda: operations.move_due(due_on=date(2026, 8, 1), reason="x", **chi),
        lambda: operations.assign_task(person_id=None, **chi),
        lambda: operations.cancel_task(reason="x", **chi),
        lambda: operations.reopen_task(reason="x", **chi),
        lambda: operations.comment_task(text="x", **chi),
    ):
        with pytest.raises(Task.DoesNotExist):
            call()
    assert state_of(task) == before


@pytest.mark.parametrize("who", ["an", "chau", "dung"])
def test_secretary_leaders_and_the_units_head_accept(people: People, who: str) -> None:
    task = submitted_task(people)
    operations.accept_task(actor=getattr(people, who), task_id=task.pk, now=at(date(2026, 7, 3)))
    task.refresh_from_db()
    assert (task.state, task.progress, task.done_on) == ("accepted", 100, date(2026, 7, 1))
    assert task.reviewed_by_id == getattr(people, who).person_id
    assert Entry.objects.filter(verb="task.accepted").count() == 1


def test_an_officer_named_as_monitor_accepts(people: People) -> None:
    task = submitted_task(people, actor=people.an, lead=unit_of(people, 0), monitor=unit_of(people, 1))
    operations.accept_task(actor=people.binh, task_id=task.pk, now=NOW)
    assert state_of(task)[0] == "accepted"


def test_heads_of_other_units_and_officers_do_not_review(people: People) -> None:
    task = submitted_task(people, actor=people.an, lead=unit_of(people, 0))
    before = state_of(task)
    for actor in (people.dung, people.binh):
        with pytest.raises(NotAllowed):
            operations.accept_task(actor=actor, task_id=task.pk, now=NOW)
        with pytest.raises(NotAllowed):
            operations.return_task(actor=actor, task_id=task.pk, reason="x", now=NOW)
    assert state_of(task) == before


def test_nobody_reviews_what_oneself_submitted(people: People) -> None:
    task = submitted_task(people, actor=people.an)
    before = state_of(task)
    with pytest.raises(operations.OwnSubmission):
        operations.accept_task(actor=people.an, task_id=task.pk, now=NOW)
    with pytest.raises(operations.OwnSubmission):
        operations.return_task(actor=people.an, task_id=task.pk, reason="x", now=NOW)
    assert state_of(task) == before


def test_an_open_task_is_not_reviewed(people: People) -> None:
    task = make_task(people)
    with pytest.raises(operations.TaskClosed):
        operations.accept_task(actor=people.an, task_id=task.pk, now=NOW)


def test_a_return_gives_its_reason_and_can_be_submitted_again(people: People) -> None:
    task = submitted_task(people)
    operations.return_task(actor=people.an, task_id=task.pk, reason="Thiếu quyết định ban hành", now=NOW)
    task.refresh_from_db()
    assert task.state == "returned"
    assert task.notes.order_by("-pk")[0].text == "Thiếu quyết định ban hành"
    operations.submit_task(actor=people.binh, task_id=task.pk, result="Đã bổ sung", now=at(date(2026, 7, 2)))
    operations.accept_task(actor=people.an, task_id=task.pk, now=at(date(2026, 7, 6)))
    task.refresh_from_db()
    assert task.done_on == date(2026, 7, 2)


def test_a_return_without_reason_is_refused(people: People) -> None:
    task = submitted_task(people)
    with pytest.raises(operations.ReasonMissing):
        operations.return_task(actor=people.an, task_id=task.pk, reason="  ", now=NOW)
    assert state_of(task)[0] == "submitted"


def test_evidence_is_attached_until_the_task_is_closed(people: People) -> None:
    task = submitted_task(people)
    operations.attach_evidence(actor=people.binh, task_id=task.pk, evidence=[REPORT], now=NOW)
    operations.accept_task(actor=people.an, task_id=task.pk, now=NOW)
    with pytest.raises(operations.TaskClosed):
        operations.attach_evidence(actor=people.binh, task_id=task.pk, evidence=[REPORT], now=NOW)
    assert task.evidence.count() == 1


def test_anyone_of_the_agency_comments_with_words(people: People) -> None:
    task = make_task(people)
    operations.comment_task(actor=people.chau, task_id=task.pk, text="Cố gắng xong sớm", now=NOW)
    with pytest.raises(operations.TextMissing):
        operations.comment_task(actor=people.chau, task_id=task.pk, text=" ", now=NOW)
    assert [note.text for note in task.notes.all()] == ["Cố gắng xong sớm"]
    assert Entry.objects.filter(verb="task.commented").count() == 1


def test_the_history_of_a_task_holds_what_became_of_its_evidence(people: People) -> None:
    task = make_task(people)
    operations.submit_task(actor=people.binh, task_id=task.pk, result="Đã gửi.", evidence=[REPORT], now=NOW)
    evidence = task.evidence.get()
    withdraw_evidence(actor=people.binh, evidence_id=evidence.pk, reason="Nhầm tệp", now=NOW)
    rows = history(people.an, subject_type="actions.task", subject_id=task.pk)
    assert ("evidence.withdrawn", "Nhầm tệp") in {(row.verb, row.reason) for row in rows}
