"""The yearly plan of what is made public: made from rules or last year's, tied to postings, how far each line is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from camket.core.posting_plan import Planned, Progress, progress
from camket.core.postings import Posted
from camket.journal.models import Entry
from camket.journal.reasons import ReasonMissing
from camket.org.models import Unit
from camket.org.policy import NotAllowed
from camket.paper.writing.docx import write_docx
from camket.publishing.models import ApprovedPostingPlan, Notice, Place, PlannedPosting
from camket.publishing.operations import posting_plan as operations
from camket.publishing.operations import postings
from camket.publishing.operations.posting_plan import LineData
from camket.publishing.operations.postings import At, PlaceData, PostingData
from camket.publishing.queries import posting_plan as queries
from people import TODAY, People
from work import NOW

LINE = LineData(subject="Dự toán ngân sách xã năm 2026", when="Tháng 01/2026", days=30)
JANUARY = date(2026, 1, 31)
POSTED = Posted(
    id=1,
    kind="office",
    rule="",
    matter=("a",),
    posted_on=date(2026, 1, 10),
    until=date(2026, 2, 10),
    removed_on=None,
    decided_on=None,
    has_proof=True,
    document=("a",),
    place=7,
)
PLANNED = Planned(2026, JANUARY, 30, frozenset({7}))


@pytest.fixture
def board(people: People) -> Place:
    return postings.save_place(
        actor=people.an, data=PlaceData("office", "Bảng tin trụ sở"), today=date(2026, 1, 5)
    )


def save(people: People, line: LineData = LINE, year: int = 2026, planned_id: int | None = None) -> int:
    made = operations.save_line(actor=people.an, year=year, data=line, planned_id=planned_id, today=TODAY)
    return made.pk


def post(people: People, at: Place, planned_id: int | None, posted_on: date, until: date | None) -> Notice:
    data = PostingData(rule="", subject="Dự toán", posted_on=posted_on, until=until, planned_id=planned_id)
    (made,) = postings.post(actor=people.an, data=data, at=[At(at.pk)], now=NOW)
    return made


def said(people: People, planned_id: int) -> tuple[str, ...]:
    return queries.planned_line(people.an, planned_id, TODAY).row.progress


@pytest.mark.parametrize(
    ("name", "planned", "made", "on", "expected"),
    [
        ("in time and long enough", PLANNED, (POSTED,), TODAY, "done"),
        ("nothing yet", PLANNED, (), JANUARY, "to_come"),
        ("nothing, its day over", PLANNED, (), date(2026, 2, 1), "overdue"),
        ("no day, the year runs", replace(PLANNED, due_on=None), (), date(2026, 12, 31), "to_come"),
        ("no day, the year over", replace(PLANNED, due_on=None), (), date(2027, 1, 1), "overdue"),
        ("after its day", PLANNED, (replace(POSTED, posted_on=date(2026, 2, 1), until=None),), TODAY, "late"),
        ("29 days", PLANNED, (replace(POSTED, removed_on=date(2026, 2, 8)),), TODAY, "short"),
        ("30 days", PLANNED, (replace(POSTED, removed_on=date(2026, 2, 9)),), TODAY, "done"),
        (
            "too short, and why is noted",
            PLANNED,
            (replace(POSTED, removed_on=date(2026, 2, 8), is_settled=True),),
            TODAY,
            "done",
        ),
        ("lacking a place", replace(PLANNED, places=frozenset({7, 8})), (POSTED,), TODAY, "partly"),
        (
            "permanent, taken down",
            replace(PLANNED, days=None),
            (replace(POSTED, until=None, removed_on=date(2026, 3, 1)),),
            TODAY,
            "short",
        ),
        (
            "permanent, replaced",
            replace(PLANNED, days=None),
            (
                replace(POSTED, until=None, removed_on=date(2026, 3, 1)),
                replace(POSTED, id=2, until=None, posted_on=date(2026, 3, 1), document=("b",)),
            ),
            TODAY,
            "done",
        ),
        (
            "loudspeaker for three days",
            replace(PLANNED, spoken_days=3),
            (replace(POSTED, kind="loudspeaker", removed_on=date(2026, 1, 13)),),
            TODAY,
            "done",
        ),
        (
            "loudspeaker for two days",
            replace(PLANNED, spoken_days=3),
            (replace(POSTED, kind="loudspeaker", removed_on=date(2026, 1, 12)),),
            TODAY,
            "short",
        ),
        ("out of the plan", replace(PLANNED, is_dropped=True), (), TODAY, "dropped"),
    ],
)
def test_a_line_says_how_far_it_is(
    name: str, planned: Planned, made: tuple[Posted, ...], on: date, expected: str
) -> None:
    assert progress(planned, made, on) == (Progress(expected),), name


def test_rules_make_the_plan_once_with_the_agencys_own_places(people: People, board: Place) -> None:
    count = operations.make_from_rules(actor=people.an, year=2026, today=TODAY)
    plan = queries.year_plan(people.an, 2026, TODAY)
    assert len(plan.rows) == count
    by_subject = {row.subject: row for row in plan.rows}
    lists = [row for row in plan.rows if row.rule == "posting_list"]
    assert [row.due_on for row in lists] == [
        date(2026, 4, 30),
        date(2026, 7, 30),
        date(2026, 10, 30),
        date(2027, 1, 30),
    ]
    assert lists[0].progress == ("overdue",)
    assert by_subject["Thủ tục hành chính do cấp xã giải quyết"].days is None
    assert {row.places for row in plan.rows} == {("Bảng tin trụ sở",)}
    assert not any(row.rule == "internal" for row in plan.rows)
    with pytest.raises(operations.NothingToAdd):
        operations.make_from_rules(actor=people.an, year=2026, today=TODAY)
    assert PlannedPosting.objects.count() == count


def test_last_years_plan_is_copied_with_its_years_moved(people: People, board: Place) -> None:
    unit = people.agency.units.order_by("order")[0]
    save(people, replace(LINE, due_on=JANUARY, unit_id=unit.pk, place_ids=(board.pk,)))
    dropped = save(people, replace(LINE, subject="Kế hoạch cũ"))
    operations.drop_line(actor=people.an, planned_id=dropped, reason="Không còn", today=TODAY)
    assert operations.copy_last_year(actor=people.an, year=2027, today=TODAY) == 1
    (row,) = queries.year_plan(people.an, 2027, TODAY).rows
    assert (row.subject, row.when, row.due_on) == (
        "Dự toán ngân sách xã năm 2027",
        "Tháng 01/2027",
        date(2027, 1, 31),
    )
    assert (row.unit_id, row.places, row.days) == (unit.pk, ("Bảng tin trụ sở",), 30)
    with pytest.raises(operations.NothingToAdd):
        operations.copy_last_year(actor=people.an, year=2027, today=TODAY)
    with pytest.raises(operations.YearNotPossible):
        operations.copy_last_year(actor=people.an, year=2028, today=TODAY)


def test_postings_are_tied_to_their_line(people: People, board: Place) -> None:
    line = save(people, replace(LINE, due_on=JANUARY, place_ids=(board.pk,)))
    assert said(people, line) == ("overdue",)
    assert queries.overdue(people.an, TODAY) == 1
    loose = post(people, board, None, date(2026, 1, 20), date(2026, 1, 25))
    detail = queries.planned_line(people.an, line, TODAY)
    assert [row.id for row in detail.offered] == [loose.pk]
    assert operations.tie_postings(actor=people.an, planned_id=line, notice_ids=[loose.pk], today=TODAY) == 1
    assert said(people, line) == ("done",)  # it hangs on: nobody took it down
    postings.take_down(actor=people.an, notice_id=loose.pk, removed_on=date(2026, 1, 26), today=TODAY)
    assert said(people, line) == ("short",)
    assert queries.overdue(people.an, TODAY) == 0
    assert queries.planned_line(people.an, line, TODAY).offered == ()
    postings.cancel(actor=people.an, notice_id=loose.pk, reason="Nhầm", today=TODAY)
    assert said(people, line) == ("overdue",)


def test_a_line_is_changed_dropped_and_put_back_with_its_history(people: People) -> None:
    line = save(people)
    save(people, replace(LINE, days=None), planned_id=line)
    with pytest.raises(ReasonMissing):
        operations.drop_line(actor=people.an, planned_id=line, reason=" ", today=TODAY)
    operations.drop_line(actor=people.an, planned_id=line, reason="Huyện không giao", today=TODAY)
    with pytest.raises(operations.AlreadySo):
        operations.drop_line(actor=people.an, planned_id=line, reason="x", today=TODAY)
    operations.restore_line(actor=people.an, planned_id=line, today=TODAY)
    entries = Entry.objects.filter(agency=people.agency, verb__startswith="planned_posting.")
    assert [(each.verb.split(".")[1], each.reason) for each in entries.order_by("sequence")] == [
        ("added", ""),
        ("changed", ""),
        ("dropped", "Huyện không giao"),
        ("restored", ""),
    ]
    changed = entries.get(verb="planned_posting.changed")
    assert (changed.before, changed.after) == ({"days_posted": 30}, {"days_posted": None})


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"subject": "  "}, operations.SubjectMissing),
        ({"when": ""}, operations.TimeMissing),
        ({"days": 0}, operations.DaysNotPossible),
        ({"days": 3_651}, operations.DaysNotPossible),
        ({"due_on": date(2025, 12, 31)}, operations.DayNotPossible),
        ({"due_on": date(2027, 4, 1)}, operations.DayNotPossible),
        ({"rule": "no-such-rule"}, operations.UnknownChoice),
        ({"unit_id": 999_999}, operations.UnknownChoice),
        ({"place_ids": (999_999,)}, operations.PlaceMissing),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    people: People, wrong: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        save(people, replace(LINE, **wrong))
    assert not PlannedPosting.objects.exists()


def test_another_agencys_places_units_postings_and_lines_are_not_there(people: People, board: Place) -> None:
    line = save(people)
    notice = post(people, board, None, date(2026, 1, 20), None)
    theirs = operations.save_line(actor=people.chi, year=2026, data=LINE, today=TODAY)
    unit = Unit.objects.filter(agency=people.agency).order_by("pk")[0]
    with pytest.raises(operations.PlaceMissing):
        operations.save_line(
            actor=people.chi,
            year=2026,
            data=replace(LINE, subject="x", place_ids=(board.pk,)),
            today=TODAY,
        )
    with pytest.raises(operations.UnknownChoice):
        operations.save_line(
            actor=people.chi, year=2026, data=replace(LINE, subject="x", unit_id=unit.pk), today=TODAY
        )
    with pytest.raises(Notice.DoesNotExist):
        operations.tie_postings(actor=people.chi, planned_id=theirs.pk, notice_ids=[notice.pk], today=TODAY)
    for act in (
        lambda: operations.drop_line(actor=people.chi, planned_id=line, reason="x", today=TODAY),
        lambda: operations.save_line(actor=people.chi, year=2026, data=LINE, planned_id=line, today=TODAY),
        lambda: queries.planned_line(people.chi, line, TODAY),
    ):
        with pytest.raises(PlannedPosting.DoesNotExist):
            act()
    with pytest.raises(NotAllowed):
        operations.make_from_rules(actor=people.binh, year=2026, today=TODAY)


def test_the_paper_names_what_stays_in_the_plan(people: People, board: Place) -> None:
    save(people, replace(LINE, place_ids=(board.pk,)))
    dropped = save(people, replace(LINE, subject="Việc đã bỏ"))
    operations.drop_line(actor=people.an, planned_id=dropped, reason="Không còn", today=TODAY)
    document, name = queries.plan_paper(people.an, 2026, TODAY)
    assert name == "ke-hoach-cong-khai-2026"
    assert (document.kind, document.letterhead.symbol) == ("Kế hoạch", "KH-UBND")
    table = document.body[2]
    rows = [["".join(run.text for line in cell.lines for run in line) for cell in row] for row in table.rows]  # type: ignore[union-attr]
    assert rows == [
        ["1", "Dự toán ngân sách xã năm 2026", "- Bảng tin trụ sở", "Tháng 01/2026", "30 ngày liên tục", "–"]
    ]
    assert write_docx(document).startswith(b"PK")


def approve(people: People, **more: str) -> ApprovedPostingPlan:
    seen = more.pop("seen", "") or queries.approved(people.chau, 2026, TODAY).stamp
    return operations.approve_plan(actor=people.chau, year=2026, seen=seen, now=NOW, **more)


def test_a_leader_approves_the_plan_as_it_was_read_and_it_stays_so(people: People, board: Place) -> None:
    line = save(people, replace(LINE, place_ids=(board.pk,)))
    stamp = queries.approved(people.chau, 2026, TODAY).stamp
    save(people, replace(LINE, subject="Quyết toán ngân sách xã năm 2025"))
    with pytest.raises(operations.PlanChanged):
        approve(people, seen=stamp)
    with pytest.raises(NotAllowed):
        operations.approve_plan(actor=people.an, year=2026, seen=stamp, now=NOW)
    first = approve(people, number="12/KH-UBND")
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.after["count"], entry.after["sha256"]) == (
        "posting_plan.approved",
        2,
        first.sha256,
    )
    with pytest.raises(operations.NothingToApprove):
        approve(people)
    operations.drop_line(actor=people.an, planned_id=line, reason="Không phát sinh", today=TODAY)
    state = queries.approved(people.chau, 2026, TODAY)
    assert (state.has_changes, state.may_approve, queries.approved(people.an, 2026, TODAY).may_approve) == (
        True,
        True,
        False,
    )
    assert "Dự toán ngân sách xã năm 2026" in str(queries.approved_paper(people.an, first.pk)[0])


def test_an_adjusted_plan_names_the_one_before_and_says_why(people: People) -> None:
    save(people)
    first = approve(people, number="12/KH-UBND")
    save(people, replace(LINE, subject="Quyết toán ngân sách xã năm 2025"))
    with pytest.raises(ReasonMissing):
        approve(people)
    second = approve(people, adjustment="Bổ sung quyết toán năm 2025")
    assert (second.replaces, second.content["replaces"]["number"]) == (first, "12/KH-UBND")
    said = str(queries.approved_paper(people.an, second.pk)[0])
    assert "Điều chỉnh Kế hoạch công khai thông tin" in said
    assert (
        "thay thế Kế hoạch số 12/KH-UBND ngày 01/07/2026. Nội dung điều chỉnh: Bổ sung quyết toán năm 2025."
        in said
    )
    assert "Điều chỉnh" not in str(queries.approved_paper(people.an, first.pk)[0])
    assert [each.id for each in queries.approved(people.an, 2026, TODAY).versions] == [second.pk, first.pk]
    with pytest.raises(ApprovedPostingPlan.DoesNotExist):
        queries.approved_paper(people.chi, first.pk)


def test_a_plan_without_lines_is_not_approved(people: People) -> None:
    with pytest.raises(operations.NothingToApprove):
        approve(people)
