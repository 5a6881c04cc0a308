from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document as open_docx

from camket.actions import operations as work
from camket.actions.models import ActionBody, Task
from camket.core.messages import Refusal
from camket.documents.queries.signing import SignerChoice, signer_choice
from camket.journal.models import Entry
from camket.org import operations as org
from camket.org import queries as org_queries
from camket.org.models import BodyName, Membership, Person, Seat
from camket.org.operations import NewSeat, SettingUp
from camket.org.policy import NotAllowed
from camket.paper.writing.docx import write_docx
from camket.paper.writing.model import Document
from camket.paper.writing.pdf import write_pdf
from camket.reporting import hand_over as leaving
from camket.reporting.minutes import file_name, minutes
from camket.reporting.models import HandOver
from people import TODAY, People
from work import NOW, in_force, make_action, make_task, submitted_task, unit_of

LAST_DAY = date(2026, 7, 31)
AFTER = date(2026, 8, 1)


@pytest.fixture
def leaver(people: People) -> People:
    """Bình with a task, a lead and a monitor by name, a name in documents and a seat; one task of his is done."""
    done = submitted_task(people, people.binh, lead=unit_of(people, 1), number="0")
    work.accept_task(actor=people.an, task_id=done.pk, now=NOW)
    Task.objects.filter(pk=done.pk).update(assignee_id=people.binh.person_id)
    task = make_task(people, number="1")
    work.assign_task(actor=people.an, task_id=task.pk, person_id=people.binh.person_id, now=NOW)
    in_force(people, make_action(people, lead_person=people.binh, number="2", text="Lập danh mục hồ sơ"))
    make_action(
        people, lead=unit_of(people, 0), monitor_person=people.binh, number="3", text="Niêm yết thủ tục"
    )
    BodyName.objects.create(
        agency=people.agency, text="Đ/c Bình", key="d/c binh", person_id=people.binh.person_id
    )
    org.set_up_committee(
        actor=people.an,
        name="Ban Chỉ đạo ISO",
        decision=SettingUp("45/QĐ-UBND", date(2026, 3, 2), "BCĐ"),
        seats=[NewSeat(people.chau.person_id, "head"), NewSeat(people.binh.person_id, "secretary")],
        valid_from=date(2026, 3, 5),
        today=TODAY,
    )
    return people


def everything_to(people: People, person_id: int, **changes: Any) -> dict[str, int | str]:
    holding = leaving.holding_of(people.an, people.binh.person_id, TODAY)
    return {item.key: changes.get(item.kind.value, person_id) for item in holding.items}


def hand_over(people: People, successors: dict[str, int | str], **changes: Any) -> HandOver:
    given: dict[str, Any] = {
        "actor": people.an,
        "person_id": people.binh.person_id,
        "last_day": LAST_DAY,
        "reason": "Nghỉ hưu theo chế độ",
        "successors": successors,
        "closes_account": True,
        "now": NOW,
    }
    return leaving.hand_over(**{**given, **changes})


def test_all_that_one_holds_is_listed(leaver: People) -> None:
    holding = leaving.holding_of(leaver.an, leaver.binh.person_id, TODAY)
    found = [(item.kind.value, item.text, item.needs_successor) for item in holding.items]
    assert ("post", "Phòng Kinh tế", False) in found
    assert ("part", "Lập danh mục hồ sơ", True) in found
    assert ("part", "Niêm yết thủ tục", True) in found
    assert ("seat", "Ban Chỉ đạo ISO", False) in found
    assert ("name", "Đ/c Bình", False) in found
    assert len(holding.of(leaving.Kind.TASK)) == 1
    assert [item.kind.value for item in holding.open_work] == ["task", "part", "part", "name"]


def test_the_listing_takes_few_statements(leaver: People, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(10):
        holding = leaving.holding_of(leaver.an, leaver.binh.person_id, TODAY)
    with django_assert_max_num_queries(1):
        assert leaving.open_work_of(leaver.an, leaver.binh.person_id) == len(holding.open_work) == 4
    with pytest.raises(NotAllowed):
        leaving.open_work_of(leaver.dung, leaver.binh.person_id)


def test_all_goes_over_at_once_and_closed_work_keeps_the_old_name(leaver: People) -> None:
    dung = leaver.dung.person_id
    row = hand_over(leaver, everything_to(leaver, dung))
    assert Task.objects.get(state="open").assignee_id == dung
    closed = Task.objects.get(state="accepted")
    assert (closed.assignee_id, closed.submitted_by_id) == (leaver.binh.person_id, leaver.binh.person_id)
    assert not ActionBody.objects.filter(person_id=leaver.binh.person_id).exists()
    assert BodyName.objects.get(text="Đ/c Bình").person_id == dung
    assert ActionBody.objects.get(part="monitor").text == "Trần Văn Bình"
    entry = Entry.objects.get(verb="person.handed_over")
    assert entry.reason == "Nghỉ hưu theo chế độ"
    assert entry.after["tasks"] == 1
    assert entry.after["to"] == [dung]
    assert row.account_closed_on is None


def test_posts_seats_and_account_go_by_the_last_day(leaver: People) -> None:
    hand_over(leaver, everything_to(leaver, leaver.dung.person_id))
    old = Membership.objects.get(person_id=leaver.binh.person_id)
    new = Membership.objects.get(person_id=leaver.dung.person_id, role="officer")
    assert (old.valid_to, new.valid_from, new.unit_id) == (LAST_DAY, AFTER, old.unit_id)
    seats = Seat.objects.filter(duty="secretary").order_by("pk")
    assert [(seat.person_id, seat.valid_from, seat.valid_to) for seat in seats] == [
        (leaver.binh.person_id, date(2026, 3, 5), LAST_DAY),
        (leaver.dung.person_id, AFTER, None),
    ]
    assert org_queries.posts_of(person_id=leaver.binh.person_id, on=LAST_DAY)
    assert not org_queries.posts_of(person_id=leaver.binh.person_id, on=AFTER)
    assert leaving.close_accounts(today=LAST_DAY) == 0
    assert Person.objects.get(pk=leaver.binh.person_id).is_active
    assert leaving.close_accounts(today=AFTER) == 1
    assert leaving.close_accounts(today=AFTER) == 0
    assert not Person.objects.get(pk=leaver.binh.person_id).is_active
    assert Entry.objects.get(verb="person.blocked").by_id is None


def test_one_who_got_a_post_again_keeps_the_account(leaver: People) -> None:
    hand_over(leaver, everything_to(leaver, leaver.dung.person_id))
    org.give_post(
        actor=leaver.an, person_id=leaver.binh.person_id, role="officer", unit_id=None, position="",
        valid_from=AFTER, today=TODAY,
    )  # fmt: skip
    assert leaving.close_accounts(today=AFTER) == 0
    assert Person.objects.get(pk=leaver.binh.person_id).is_active


def test_a_last_day_that_has_passed_closes_the_account_at_once(leaver: People) -> None:
    row = hand_over(leaver, everything_to(leaver, leaver.dung.person_id), last_day=TODAY - timedelta(days=1))
    assert row.account_closed_on == TODAY
    assert not Person.objects.get(pk=leaver.binh.person_id).is_active


def test_nothing_is_left_without_an_owner(leaver: People) -> None:
    complete = everything_to(leaver, leaver.dung.person_id)
    entries = Entry.objects.count()
    for key in complete:
        kept = {name: to for name, to in complete.items() if name != key}
        with pytest.raises(leaving.WorkWithoutOwner) as refused:
            hand_over(leaver, kept)
        assert refused.value.keys == {key}
    for kind in ("task", "part"):
        with pytest.raises(leaving.WorkWithoutOwner):
            hand_over(leaver, everything_to(leaver, leaver.dung.person_id, **{kind: leaving.NOBODY}))
    with pytest.raises(leaving.WorkWithoutOwner):
        hand_over(leaver, everything_to(leaver, leaver.dung.person_id, part=leaving.UNIT))
    assert Entry.objects.count() == entries
    assert Task.objects.get(state="open").assignee_id == leaver.binh.person_id
    assert Membership.objects.get(person_id=leaver.binh.person_id).valid_to is None


def test_tasks_may_go_back_to_their_unit_and_posts_may_end(leaver: People) -> None:
    dung = leaver.dung.person_id
    ends = dict.fromkeys(("post", "seat", "name"), leaving.NOBODY)
    hand_over(leaver, everything_to(leaver, dung, task=leaving.UNIT, **ends))
    task = Task.objects.get(state="open")
    assert (task.assignee_id, task.unit_id) == (None, unit_of(leaver, 1).pk)
    assert not Membership.objects.filter(person_id=dung, role="officer").exists()
    assert BodyName.objects.get(text="Đ/c Bình").person_id is None


@pytest.mark.parametrize("case", ["leaver", "stranger", "gone", "reason", "officer"])
def test_successors_and_reason_are_checked_and_nothing_moves(leaver: People, case: str) -> None:
    to = {"leaver": leaver.binh.person_id, "stranger": leaver.chi.person_id}.get(case, leaver.dung.person_id)
    successors = everything_to(leaver, to)
    if case == "gone":
        Membership.objects.filter(person_id=leaver.dung.person_id).update(valid_to=LAST_DAY)
    changes: dict[str, Any] = {"reason": " "} if case == "reason" else {}
    if case == "officer":
        changes = {"actor": leaver.dung}
    with pytest.raises((Refusal, NotAllowed)):
        hand_over(leaver, successors, **changes)
    assert not HandOver.objects.exists()
    assert Task.objects.get(state="open").assignee_id == leaver.binh.person_id


def test_the_only_secretary_hands_over_and_is_followed(people: People) -> None:
    holding = leaving.holding_of(people.an, people.an.person_id, TODAY)
    (post,) = holding.of(leaving.Kind.POST)
    assert post.is_only
    with pytest.raises(org.LastManager):
        hand_over(people, {post.key: leaving.NOBODY}, person_id=people.an.person_id)
    hand_over(people, {post.key: people.dung.person_id}, person_id=people.an.person_id)
    actor = org_queries.actor_of(person_id=people.dung.person_id, agency_id=people.agency.pk, on=AFTER)
    assert "secretary" in actor.roles
    assert not org_queries.posts_of(person_id=people.an.person_id, on=AFTER)


def test_a_last_post_with_open_work_ends_only_by_handing_over(leaver: People) -> None:
    post = Membership.objects.get(person_id=leaver.binh.person_id)
    with pytest.raises(leaving.WorkOpen, match="Trần Văn Bình"):
        leaving.end_post(actor=leaver.an, post_id=post.pk, ended_on=AFTER, today=TODAY)
    assert Membership.objects.get(pk=post.pk).valid_to is None
    free = Membership.objects.get(person_id=leaver.chau.person_id)
    assert (
        leaving.end_post(actor=leaver.an, post_id=free.pk, ended_on=AFTER, today=TODAY).valid_to == LAST_DAY
    )


def test_work_of_those_who_left_shows(leaver: People) -> None:
    assert leaving.stranded(leaver.an, TODAY) == ()
    Membership.objects.filter(person_id=leaver.binh.person_id).update(valid_to=date(2026, 6, 30))
    (row,) = leaving.stranded(leaver.an, TODAY)
    assert (row.full_name, row.tasks) == ("Trần Văn Bình", 1)


def test_another_agency_sees_and_does_nothing(leaver: People) -> None:
    row = hand_over(leaver, everything_to(leaver, leaver.dung.person_id))
    with pytest.raises(Person.DoesNotExist):
        leaving.holding_of(leaver.chi, leaver.binh.person_id, TODAY)
    with pytest.raises(HandOver.DoesNotExist):
        leaving.hand_over_of(leaver.chi, row.pk)
    assert leaving.hand_overs(leaver.chi) == ()


def text_of(document: Document) -> str:
    word = open_docx(io.BytesIO(write_docx(document)))
    cells = [cell.text for table in word.tables for line in table.rows for cell in line.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def test_who_stands_in_for_the_chairman_confirms_by_authority(leaver: People) -> None:
    row = hand_over(leaver, everything_to(leaver, leaver.dung.person_id))
    kept = leaving.hand_over_of(leaver.an, row.pk)
    deputy = SignerChoice("Phạm Tiến Dũng", "TRƯỞNG PHÒNG", "TUQ. CHỦ TỊCH")
    lines = text_of(minutes(kept, org_queries.agency_of(leaver.an), deputy)).splitlines()
    assert {"TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG"} <= set(lines)


def test_where_nobody_takes_over_nobody_signs_for_it(leaver: People) -> None:
    row = hand_over(leaver, everything_to(leaver, leaver.dung.person_id))
    alone = replace(leaving.hand_over_of(leaver.an, row.pk), lines=())
    text = text_of(minutes(alone, org_queries.agency_of(leaver.an), signer_choice(leaver.an, TODAY)))
    assert "Bên nhận: không có" in text
    assert "BÊN NHẬN" not in text
    assert "bên nhận chịu trách nhiệm" not in text


def test_the_record_is_printed_with_all_lines_and_three_signatures(leaver: People) -> None:
    row = hand_over(
        leaver, everything_to(leaver, leaver.dung.person_id, task=leaving.UNIT, name=leaving.NOBODY)
    )
    kept = leaving.hand_over_of(leaver.an, row.pk)
    document = minutes(kept, org_queries.agency_of(leaver.an), signer_choice(leaver.an, TODAY))
    text = text_of(document)
    for said in (
        "BIÊN BẢN",
        "Bàn giao công việc",
        "ngày 01 tháng 7 năm 2026",
        "Bên giao: Trần Văn Bình",
        "Bên nhận: Phạm Tiến Dũng",
        "Nghỉ hưu theo chế độ",
        "31/07/2026",
        "Bộ phận chủ trì",
        "Chưa xác định lại",
        "Ban Chỉ đạo ISO",
        "BÊN NHẬN",
        "TM. ỦY BAN NHÂN DÂN",
        "Lê Minh Châu",
        "/BB-UBND",
    ):
        assert said in text, said
    assert write_pdf(document).startswith(b"%PDF")
    assert "binh" not in file_name(kept)
